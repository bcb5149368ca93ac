-- One row per pipeline and open stage: what became of the deals that entered it.
--
-- grain: pipeline, stage
-- bars: conversion_among_resolved by pipeline, stage order by pipeline, stage_order
-- check: entered = advanced + lost + moved_back + handed_off + still_there
-- check: conversion_to_date between 0 and 1
-- check: conversion_among_resolved between 0 and 1
-- check: conversion_estimate between 0 and 1
-- check: deals_skipped >= 0

with stages as (
    select pipeline, stage, stage_order, row_number() over (partition by pipeline order by stage_order) = 1 as is_entrance
    from core.stages
    where kind = 'open'
),

ended as (
    select
        pipeline, stage,
        count(*) as entered,
        count(*) filter (where outcome in ('advanced', 'won')) as advanced,
        count(*) filter (where outcome = 'won') as won,
        count(*) filter (where outcome = 'lost') as lost,
        count(*) filter (where outcome = 'moved_back') as moved_back,
        count(*) filter (where outcome = 'handed_off') as handed_off,
        count(*) filter (where outcome = 'still_there') as still_there,
        count(distinct system || ' ' || deal_id) as deals_entered
    from marts.stage_visits
    where stage_kind = 'open'
    group by pipeline, stage
),

-- How far each deal ever came in each pipeline; a win has passed every stage.
furthest as (
    select system, deal_id, pipeline, max(case when stage_kind = 'won' then 1000000 else stage_order end) as furthest_order
    from marts.stage_visits
    where stage_kind in ('open', 'won')
    group by system, deal_id, pipeline
),

reached as (
    select s.pipeline, s.stage, sum(f.deals)::bigint as deals_reached
    from stages as s
    join (
        select pipeline, furthest_order, count(*) as deals
        from furthest
        group by pipeline, furthest_order
    ) as f on f.pipeline = s.pipeline and f.furthest_order >= s.stage_order
    group by s.pipeline, s.stage
),

measured as (
    select
        s.pipeline, s.stage, s.stage_order, s.is_entrance,
        coalesce(e.entered, 0) as entered,
        coalesce(e.advanced, 0) as advanced,
        coalesce(e.won, 0) as won,
        coalesce(e.lost, 0) as lost,
        coalesce(e.moved_back, 0) as moved_back,
        coalesce(e.handed_off, 0) as handed_off,
        coalesce(e.still_there, 0) as still_there,
        coalesce(e.deals_entered, 0) as deals_entered,
        coalesce(r.deals_reached, 0) as deals_reached,
        e.entered::double as trials,
        e.advanced::double / nullif(e.entered, 0) as conversion_to_date,
        nullif(e.entered - e.still_there, 0)::double as resolved,
        e.advanced::double / nullif(e.entered - e.still_there, 0) as conversion_among_resolved
    from stages as s
    left join ended as e on e.pipeline = s.pipeline and e.stage = s.stage
    left join reached as r on r.pipeline = s.pipeline and r.stage = s.stage
)

select
    i.pipeline,                                                               -- Pipeline.
    i.stage,                                                                  -- Open stage.
    i.stage_order,                                                            -- Place of the stage in its pipeline.
    i.entered,                                                                -- Entries into the stage, re-entries included.
    i.advanced,                                                               -- Entries that went on to a later stage, or were won.
    i.won,                                                                    -- Those of them that were won straight from here.
    i.lost,                                                                   -- Entries lost from here.
    i.moved_back,                                                             -- Entries that went back to an earlier stage.
    i.handed_off,                                                             -- Entries that left for another pipeline.
    i.still_there,                                                            -- Entries that are still there at as-of.
    i.conversion_to_date,                                                     -- advanced ÷ entered.
    wilson_low(i.conversion_to_date, i.trials) as conversion_to_date_low,     -- Low end of its 95 % interval (Wilson).
    wilson_high(i.conversion_to_date, i.trials) as conversion_to_date_high,   -- High end of its 95 % interval (Wilson).
    i.conversion_among_resolved,                                              -- advanced ÷ (entered − still_there).
    wilson_low(i.conversion_among_resolved, i.resolved) as conversion_among_resolved_low,    -- Low end of its 95 % interval (Wilson).
    wilson_high(i.conversion_among_resolved, i.resolved) as conversion_among_resolved_high,  -- High end of its 95 % interval (Wilson).
    v.estimate as conversion_estimate,                                        -- Share that goes on, entries still there counted as censored (Aalen–Johansen).
    v.estimate_low as conversion_estimate_low,                                -- Low end of its 95 % interval (log-log).
    v.estimate_high as conversion_estimate_high,                              -- High end of its 95 % interval (log-log).
    coalesce(v.spells, 0) as estimated_entries,                               -- Entries with a recorded time: those behind the estimate.
    v.unresolved_share,                                                       -- Share whose outcome is open even after the longest stay observed.
    i.deals_entered,                                                          -- Different deals that entered the stage.
    i.deals_reached,                                                          -- Deals that ever reached this stage or a later one, or were won.
    i.deals_reached - i.deals_entered as deals_skipped,                       -- Deals that reached a later stage without entering this one.
    i.deals_reached::double / nullif(e.deals_reached, 0) as share_of_pipeline -- deals_reached as a share of the first stage's.
from measured as i
join measured as e on e.pipeline = i.pipeline and e.is_entrance
left join marts.survival as v
    on v.measure = 'stage' and v.pipeline = i.pipeline and v.stage = i.stage and v.size_band = 'all' and v.cohort = 'all'
