-- One row per pipeline, dimension and obstacle: how many of the closed deals that have it were lost, beside the rest of the pipeline.
--
-- marts.obstacle_deals holds the deals and says which are asked.
--
-- grain: pipeline, dimension, obstacle
-- check: with_lost between 0 and with_closed
-- check: without_lost between 0 and without_closed

with counted as (
    select
        pipeline, dimension, obstacle, count(*) as with_closed, count(*) filter (where is_lost) as with_lost,
        (sum(count(*)) over whole - count(*))::bigint as without_closed,
        (sum(count(*) filter (where is_lost)) over whole - count(*) filter (where is_lost))::bigint as without_lost
    from marts.obstacle_deals
    where dimension <> 'missing step'
    group by pipeline, dimension, obstacle
    window whole as (partition by pipeline, dimension)
    union all
    select
        pipeline, dimension, obstacle,
        count(*) filter (where has_it), count(*) filter (where has_it and is_lost),
        count(*) filter (where not has_it), count(*) filter (where not has_it and is_lost)
    from marts.obstacle_deals
    where dimension = 'missing step'
    group by pipeline, dimension, obstacle
)

select
    pipeline,                                                       -- Pipeline.
    dimension,                                                      -- reason, source, size band, product, type or missing step.
    obstacle,                                                       -- Its value, or the stage that was missed; `unknown` where the record has none.
    with_closed,                                                    -- Closed deals that have it.
    with_lost,                                                      -- Those of them that were lost.
    without_closed,                                                 -- Closed deals of the pipeline that do not; of a reason the lost ones only.
    without_lost                                                    -- Those of them that were lost.
from counted
where with_closed > 0
