-- One row per pipeline, open stage and kind of action: how many stays went on with it and without it, counted at a landmark and naively.
--
-- marts.action_stays holds the stays and says how they are placed.
--
-- grain: pipeline, stage, action
-- check: stays = left_before_landmark + before_landmark + with_stays + without_stays
-- check: with_went_on between 0 and with_resolved
-- check: without_went_on between 0 and without_resolved
-- check: with_stays >= with_resolved
-- check: without_stays >= without_resolved

-- Found once for both uses of it.
with placed as materialized (
    select *
    from marts.action_stays
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
