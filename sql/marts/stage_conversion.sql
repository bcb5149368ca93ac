-- One row per pipeline and open stage: what became of the deals that entered it.
--
-- grain: pipeline, stage
-- check: entered = advanced + lost + moved_back + handed_off + still_there
-- check: conversion_to_date between 0 and 1
-- check: conversion_among_resolved between 0 and 1
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
),

-- Wilson's interval: 1.959963984540054 is the 97.5 % quantile of the normal distribution, 3.841458820694124 its square.
intervals as (
    select
        *,
        (conversion_to_date + 3.841458820694124 / (2 * trials)) / (1 + 3.841458820694124 / trials) as centre,
        1.959963984540054 / (1 + 3.841458820694124 / trials)
            * sqrt(conversion_to_date * (1 - conversion_to_date) / trials + 3.841458820694124 / (4 * trials * trials)) as margin,
        (conversion_among_resolved + 3.841458820694124 / (2 * resolved)) / (1 + 3.841458820694124 / resolved) as resolved_centre,
        1.959963984540054 / (1 + 3.841458820694124 / resolved) * sqrt(
            conversion_among_resolved * (1 - conversion_among_resolved) / resolved + 3.841458820694124 / (4 * resolved * resolved)
        ) as resolved_margin
    from measured
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
    case when i.centre is not null then greatest(i.centre - i.margin, 0) end as conversion_to_date_low,               -- Low end of its 95 % interval (Wilson).
    case when i.centre is not null then least(i.centre + i.margin, 1) end as conversion_to_date_high,                 -- High end of its 95 % interval (Wilson).
    i.conversion_among_resolved,                                              -- advanced ÷ (entered − still_there).
    case when i.resolved_centre is not null then greatest(i.resolved_centre - i.resolved_margin, 0) end as conversion_among_resolved_low,  -- Low end of its 95 % interval (Wilson).
    case when i.resolved_centre is not null then least(i.resolved_centre + i.resolved_margin, 1) end as conversion_among_resolved_high,    -- High end of its 95 % interval (Wilson).
    i.deals_entered,                                                          -- Different deals that entered the stage.
    i.deals_reached,                                                          -- Deals that ever reached this stage or a later one, or were won.
    i.deals_reached - i.deals_entered as deals_skipped,                       -- Deals that reached a later stage without entering this one.
    i.deals_reached::double / nullif(e.deals_reached, 0) as share_of_pipeline -- deals_reached as a share of the first stage's.
from intervals as i
join intervals as e on e.pipeline = i.pipeline and e.is_entrance
