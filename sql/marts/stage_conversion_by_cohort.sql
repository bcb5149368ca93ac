-- One row per pipeline, open stage and fiscal quarter of entry: what became of the deals that entered then, in three readings.
--
-- A quarter is mature when its youngest entry is older than nine in ten stays in the stage last (Kaplan–Meier): before, what is
-- to date is too low, and what is among the resolved tells of the quick ones only.
--
-- grain: pipeline, stage, cohort_start
-- check: entered = advanced + lost + moved_back + handed_off + still_there
-- check: conversion_to_date between 0 and 1
-- check: conversion_among_resolved between 0 and 1
-- check: conversion_estimate between 0 and 1

with counted as (
    select
        v.pipeline, v.stage, max(v.stage_order) as stage_order, c.quarter_start as cohort_start, max(v.entered_on) as newest_on,
        count(*) as entered,
        count(*) filter (where v.outcome in ('advanced', 'won')) as advanced,
        count(*) filter (where v.outcome = 'won') as won,
        count(*) filter (where v.outcome = 'lost') as lost,
        count(*) filter (where v.outcome = 'moved_back') as moved_back,
        count(*) filter (where v.outcome = 'handed_off') as handed_off,
        count(*) filter (where v.outcome = 'still_there') as still_there
    from marts.stage_visits as v
    join core.calendar as c on c.day = v.entered_on
    where v.stage_kind = 'open'
    group by v.pipeline, v.stage, c.quarter_start
),

measured as (
    select
        *,
        nullif(entered - still_there, 0)::double as resolved,
        advanced::double / entered as conversion_to_date,
        advanced::double / nullif(entered - still_there, 0) as conversion_among_resolved
    from counted
)

select
    m.pipeline,                                                               -- Pipeline.
    m.stage,                                                                  -- Open stage.
    m.stage_order,                                                            -- Place of the stage in its pipeline.
    m.cohort_start,                                                           -- First day of the fiscal quarter in which they entered.
    m.entered,                                                                -- Entries into the stage, re-entries included.
    m.advanced,                                                               -- Entries that went on to a later stage, or were won.
    m.won,                                                                    -- Those of them that were won straight from here.
    m.lost,                                                                   -- Entries lost from here.
    m.moved_back,                                                             -- Entries that went back to an earlier stage.
    m.handed_off,                                                             -- Entries that left for another pipeline.
    m.still_there,                                                            -- Entries that are still there at as-of.
    m.conversion_to_date,                                                     -- advanced ÷ entered.
    wilson_low(m.conversion_to_date, m.entered::double) as conversion_to_date_low,    -- Low end of its 95 % interval (Wilson).
    wilson_high(m.conversion_to_date, m.entered::double) as conversion_to_date_high,  -- High end of its 95 % interval (Wilson).
    m.conversion_among_resolved,                                              -- advanced ÷ (entered − still_there).
    wilson_low(m.conversion_among_resolved, m.resolved) as conversion_among_resolved_low,    -- Low end of its 95 % interval (Wilson).
    wilson_high(m.conversion_among_resolved, m.resolved) as conversion_among_resolved_high,  -- High end of its 95 % interval (Wilson).
    v.estimate as conversion_estimate,                                        -- Share that goes on, entries still there counted as censored (Aalen–Johansen).
    v.estimate_low as conversion_estimate_low,                                -- Low end of its 95 % interval (log-log).
    v.estimate_high as conversion_estimate_high,                              -- High end of its 95 % interval (log-log).
    coalesce(v.spells, 0) as estimated_entries,                               -- Entries with a recorded time: those behind the estimate.
    v.unresolved_share,                                                       -- Share whose outcome is open even after the longest stay observed.
    coalesce(m.newest_on + cast(ceil(w.p90_days) as integer) <= p.last_day, false) as is_mature  -- Whether nine in ten of even the youngest entries should have ended.
from measured as m
join core.periods as p on p.period = 'all'
left join marts.survival as v
    on v.measure = 'stage' and v.pipeline = m.pipeline and v.stage = m.stage and v.size_band = 'all' and v.cohort = 'quarter'
    and v.cohort_start = m.cohort_start
left join marts.survival as w
    on w.measure = 'stage' and w.pipeline = m.pipeline and w.stage = m.stage and w.size_band = 'all' and w.cohort = 'all'
