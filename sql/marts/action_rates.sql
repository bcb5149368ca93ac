-- One row per pipeline, open stage and kind of action: how many stays went on with it and without it, counted at a landmark and naively.
--
-- A stay that ends soon has little time for an action, so that whoever stays long "had a call" (immortal-time bias). At the landmark, some days
-- after the entry, only stays that still go on are compared, by whether they had the action until then, in what becomes of them afterwards
-- (Anderson, Cain and Gelber 1983). The stays are those whose entry was recorded, in systems that record the action.
--
-- grain: pipeline, stage, action
-- check: stays = left_before_landmark + before_landmark + with_stays + without_stays
-- check: with_went_on between 0 and with_resolved
-- check: without_went_on between 0 and without_resolved
-- check: with_stays >= with_resolved
-- check: without_stays >= without_resolved

with acts as (
    select a.system, a.deal_id, k.action, a.occurred_at
    from core.actions as a
    cross join lateral (values (a.action), ('any')) as k (action)
),

recorded as (
    select distinct system, action
    from acts
),

stays as (
    select
        v.system, v.deal_id, v.visit_number, v.pipeline, v.stage, v.stage_order, v.entered_at, v.left_at, v.days, v.is_observed,
        v.outcome <> 'still_there' as is_resolved, v.outcome in ('advanced', 'won') as goes_on, l.median_days,
        case when l.median_days is null then 7 else greatest(ceil(l.median_days / 2), 1) end::integer as landmark_days
    from marts.stage_visits as v
    left join marts.survival as l
        on l.measure = 'stage' and l.pipeline = v.pipeline and l.stage = v.stage and l.size_band = 'all' and l.cohort = 'all'
    where v.stage_kind = 'open'
),

first_acts as (
    select s.system, s.deal_id, s.visit_number, a.action, min(a.occurred_at) as first_at
    from stays as s
    join acts as a on a.system = s.system and a.deal_id = s.deal_id
    where a.occurred_at >= s.entered_at and (s.left_at is null or a.occurred_at < s.left_at)
    group by all
),

placed as (
    select
        s.*, r.action,
        f.first_at is not null as has_action,
        coalesce(f.first_at < s.entered_at + to_days(s.landmark_days), false) as is_with,
        case
            when not s.is_observed then 'unknown entry'
            when s.entered_at + to_days(s.landmark_days) > t.as_of then 'before'
            when s.left_at <= s.entered_at + to_days(s.landmark_days) then 'left'
            else 'compared'
        end as state
    from stays as s
    join recorded as r on r.system = s.system
    cross join core.as_of as t
    left join first_acts as f on f.system = s.system and f.deal_id = s.deal_id and f.visit_number = s.visit_number and f.action = r.action
),

-- Kaplan and Meier (1958), for those still there at the landmark: as in marts.survival.
times as (
    select pipeline, stage, action, is_with, days, count(*) as spells, count(*) filter (where is_resolved) as leaving
    from placed
    where state = 'compared'
    group by all
),

exposed as (
    select *, (sum(spells) over (partition by pipeline, stage, action, is_with) - sum(spells) over so_far + spells)::double as at_risk
    from times
    window so_far as (partition by pipeline, stage, action, is_with order by days)
),

falling as (
    select
        *,
        -- All can leave at the last of the days only.
        case
            when leaving = at_risk then 0
            else exp(sum(case when leaving < at_risk then ln(1 - leaving / at_risk) else 0 end) over so_far)
        end as survival
    from exposed
    window so_far as (partition by pipeline, stage, action, is_with order by days)
),

medians as (
    select
        pipeline, stage, action,
        min(days) filter (where is_with and survival <= 0.5 + 1e-12) as with_median_days,
        min(days) filter (where not is_with and survival <= 0.5 + 1e-12) as without_median_days
    from falling
    group by all
),

counted as (
    select
        pipeline, stage, stage_order, action, median_days, landmark_days,
        count(*) filter (where is_observed) as stays,
        count(*) filter (where not is_observed) as stays_without_entry_time,
        count(*) filter (where is_observed and has_action) as stays_with_action,
        count(*) filter (where state = 'left') as left_before_landmark,
        count(*) filter (where state = 'before') as before_landmark,
        count(*) filter (where state = 'compared' and is_with) as with_stays,
        count(*) filter (where state = 'compared' and is_with and is_resolved) as with_resolved,
        count(*) filter (where state = 'compared' and is_with and goes_on) as with_went_on,
        count(*) filter (where state = 'compared' and not is_with) as without_stays,
        count(*) filter (where state = 'compared' and not is_with and is_resolved) as without_resolved,
        count(*) filter (where state = 'compared' and not is_with and goes_on) as without_went_on,
        count(*) filter (where is_observed and has_action and is_resolved) as naive_with_resolved,
        count(*) filter (where is_observed and has_action and goes_on) as naive_with_went_on,
        median(days) filter (where is_observed and has_action and is_resolved) as naive_with_median_days,
        count(*) filter (where is_observed and not has_action and is_resolved) as naive_without_resolved,
        count(*) filter (where is_observed and not has_action and goes_on) as naive_without_went_on,
        median(days) filter (where is_observed and not has_action and is_resolved) as naive_without_median_days
    from placed
    group by all
)

select
    c.pipeline,                                                     -- Pipeline.
    c.stage,                                                        -- Open stage.
    c.stage_order,                                                  -- Place of the stage in its pipeline.
    c.action,                                                       -- demo, content, e-mail, call, meeting, task or other; `any` for all of them.
    c.stays,                                                        -- Stays in the stage whose entry was recorded.
    c.stays_without_entry_time,                                     -- Stays whose entry was not: in none of these numbers.
    c.stays_with_action,                                            -- Stays in which it was done at any time.
    c.landmark_days,                                                -- Days after the entry at which is asked whether it was done.
    case
        when c.median_days is null then 'a week: half of its stays have not ended yet'
        else 'half the median time of the stage'
    end as landmark_basis,                                          -- How that was chosen.
    c.left_before_landmark,                                         -- Stays that ended up to then: not compared.
    c.before_landmark,                                              -- Stays whose landmark lies after as-of: not compared.
    c.with_stays,                                                   -- Stays still going at the landmark that had the action before it.
    c.with_resolved,                                                -- Those of them that ended later.
    c.with_went_on,                                                 -- Those of them that advanced or were won.
    m.with_median_days,                                             -- Days after the entry by which half of them had left, open ones counted as censored.
    c.without_stays,                                                -- Stays still going at the landmark without the action before it.
    c.without_resolved,                                             -- Those of them that ended later.
    c.without_went_on,                                              -- Those of them that advanced or were won.
    m.without_median_days,                                          -- Days after the entry by which half of them had left, open ones counted as censored.
    c.naive_with_resolved,                                          -- Naively: ended stays in which it was done at any time.
    c.naive_with_went_on,                                           -- Those of them that advanced or were won.
    c.naive_with_median_days,                                       -- Their median days, those still open left out.
    c.naive_without_resolved,                                       -- Naively: ended stays in which it was never done.
    c.naive_without_went_on,                                        -- Those of them that advanced or were won.
    c.naive_without_median_days                                     -- Their median days, those still open left out.
from counted as c
left join medians as m on m.pipeline = c.pipeline and m.stage = c.stage and m.action = c.action
