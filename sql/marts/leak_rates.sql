-- One row per pipeline, open stage, dimension and segment: how many of the deals that left the stage were lost, beside the rest of the stage.
--
-- grain: pipeline, stage, dimension, segment
-- check: lost between 0 and resolved
-- check: rest_lost between 0 and rest_resolved

with endings as (
    select
        e.pipeline, e.stage, e.stage_order, k.dimension, e.is_lost, e.amount,
        coalesce(case k.dimension
            when 'all' then 'all' when 'owner' then e.owner when 'team' then e.team when 'size band' then e.size_band
            when 'source' then e.lead_source when 'product' then e.product else e.deal_type
        end, 'unknown') as segment
    from marts.stage_endings as e
    cross join (values ('all'), ('owner'), ('team'), ('size band'), ('source'), ('product'), ('type')) as k (dimension)
),

counted as (
    select
        pipeline, stage, stage_order, dimension, segment,
        count(*) as resolved, count(*) filter (where is_lost) as lost,
        sum(amount) filter (where is_lost) as lost_amount, count(amount) filter (where is_lost) as lost_with_amount,
        sum(amount) as resolved_amount, count(amount) as resolved_with_amount
    from endings
    group by pipeline, stage, stage_order, dimension, segment
),

wholes as (
    select
        *,
        sum(resolved) over whole as stage_resolved,
        sum(lost) over whole as stage_lost
    from counted
    window whole as (partition by pipeline, stage, dimension)
)

select
    pipeline,                                                    -- Pipeline.
    stage,                                                       -- Open stage.
    stage_order,                                                 -- Place of the stage in its pipeline.
    dimension,                                                   -- all, owner, team, size band, source, product or type.
    segment,                                                     -- Its value; `unknown` where the record has none.
    resolved,                                                    -- Deals that left the stage.
    lost,                                                        -- Those of them that were lost from it.
    coalesce(lost_amount, 0)::decimal(18, 2) as lost_amount,     -- Value of the lost ones that have an amount.
    lost - lost_with_amount as lost_without_amount,              -- Lost ones without an amount.
    coalesce(resolved_amount, 0)::decimal(18, 2) as resolved_amount,  -- Value of the deals that left it, of those with an amount.
    resolved_with_amount,                                        -- How many of them have one.
    (stage_resolved - resolved)::bigint as rest_resolved,        -- Deals that left the stage and are in another segment.
    (stage_lost - lost)::bigint as rest_lost                     -- Those of them that were lost from it.
from wholes
