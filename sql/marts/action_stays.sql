-- One row per stay of a deal in an open stage and kind of action that its CRM records: whether it was done, and whether the stay is compared.
--
-- A stay that ends soon has little time for an action, so that whoever stays long "had a call" (immortal-time bias). At the landmark, some days
-- after the entry, only stays that still go on are compared, by whether they had the action until then, in what becomes of them afterwards
-- (Anderson, Cain and Gelber 1983). marts.action_rates counts these rows.
--
-- kind: view
-- grain: system, deal_id, visit_number, action
-- check: state in ('compared', 'left', 'before', 'unknown entry')
-- check: has_action or not is_with

with acts as not materialized (
    select a.system, a.deal_id, k.action, a.occurred_at
    from core.actions as a
    cross join lateral (values (a.action), ('any')) as k (action)
),

recorded as (
    select distinct system, action
    from acts
),

stays as not materialized (
    select
        v.system, v.deal_id, v.visit_number, v.pipeline, v.stage, v.stage_order, v.entered_at, v.left_at, v.days, v.is_observed,
        v.outcome, v.outcome <> 'still_there' as is_resolved, v.outcome in ('advanced', 'won') as goes_on, l.median_days,
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
)

select
    s.system,                                                       -- CRM that holds the deal.
    s.deal_id,                                                      -- Id of the deal in its CRM.
    s.visit_number,                                                 -- Number of the stay along the deal's life.
    s.pipeline,                                                     -- Pipeline.
    s.stage,                                                        -- Open stage.
    s.stage_order,                                                  -- Place of the stage in its pipeline.
    r.action,                                                       -- demo, content, e-mail, call, meeting, task or other; `any` for all of them.
    s.entered_at,                                                   -- When the deal entered the stage.
    s.left_at,                                                      -- When it left; empty while it is there.
    s.days,                                                         -- Days in the stage, up to as-of while it is there.
    s.is_observed,                                                  -- Whether the time of entry was recorded, not assumed.
    s.outcome,                                                      -- How the stay ended, as in marts.stage_visits.
    s.is_resolved,                                                  -- Whether it has ended.
    s.goes_on,                                                      -- Whether it ended with the deal advanced or won.
    s.median_days,                                                  -- Median time of the stage; empty while half of its stays have not ended.
    s.landmark_days,                                                -- Days after the entry at which is asked whether the action was done.
    f.first_at,                                                     -- When it was first done within the stay.
    f.first_at is not null as has_action,                           -- Whether it was done at any time of the stay.
    coalesce(f.first_at < s.entered_at + to_days(s.landmark_days), false) as is_with,  -- Whether it was done before the landmark.
    case
        when not s.is_observed then 'unknown entry'
        when s.entered_at + to_days(s.landmark_days) > t.as_of then 'before'
        when s.left_at <= s.entered_at + to_days(s.landmark_days) then 'left'
        else 'compared'
    end as state                                                    -- compared; left (ended up to the landmark), before (the landmark lies after as-of), unknown entry.
from stays as s
join recorded as r on r.system = s.system
cross join core.as_of as t
left join first_acts as f on f.system = s.system and f.deal_id = s.deal_id and f.visit_number = s.visit_number and f.action = r.action
