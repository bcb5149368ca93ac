-- One row per pipeline, dimension and obstacle: how many of the closed deals that have it were lost, beside the rest of the pipeline.
--
-- Of a missing step, an open stage that a deal never stood in, only deals are counted that came to a later open stage, won or lost: who is lost
-- before has missed nothing. Deals with a stay whose entry is assumed are left out there. A reason is known of lost deals only.
--
-- grain: pipeline, dimension, obstacle
-- check: with_lost between 0 and with_closed
-- check: without_lost between 0 and without_closed

with closed as (
    select d.system, d.deal_id, d.pipeline, d.status = 'lost' as is_lost, d.lead_source, d.size_band, d.product, d.deal_type, r.reason
    from marts.deals as d
    left join core.loss_reasons as r on r.lost_reason = d.lost_reason
    where d.status in ('won', 'lost')
),

reached as (
    select
        v.system, v.deal_id, c.pipeline, c.is_lost, bool_and(v.is_observed) as is_known,
        max(v.stage_order) filter (where v.stage_kind = 'open' and v.pipeline = c.pipeline) as furthest_order,
        list(v.stage) filter (where v.pipeline = c.pipeline) as stages
    from closed as c
    join marts.stage_visits as v on v.system = c.system and v.deal_id = c.deal_id
    group by v.system, v.deal_id, c.pipeline, c.is_lost
),

traits as (
    select
        c.pipeline, k.dimension, c.is_lost,
        coalesce(case k.dimension
            when 'reason' then c.reason when 'source' then c.lead_source when 'size band' then c.size_band when 'product' then c.product
            else c.deal_type
        end, 'unknown') as obstacle
    from closed as c
    cross join (values ('reason'), ('source'), ('size band'), ('product'), ('type')) as k (dimension)
    where c.is_lost or k.dimension <> 'reason'
),

counted as (
    select
        pipeline, dimension, obstacle, count(*) as with_closed, count(*) filter (where is_lost) as with_lost,
        (sum(count(*)) over whole - count(*))::bigint as without_closed,
        (sum(count(*) filter (where is_lost)) over whole - count(*) filter (where is_lost))::bigint as without_lost
    from traits
    group by pipeline, dimension, obstacle
    window whole as (partition by pipeline, dimension)
    union all
    select
        r.pipeline, 'missing step', s.stage,
        count(*) filter (where not list_contains(r.stages, s.stage)), count(*) filter (where r.is_lost and not list_contains(r.stages, s.stage)),
        count(*) filter (where list_contains(r.stages, s.stage)), count(*) filter (where r.is_lost and list_contains(r.stages, s.stage))
    from reached as r
    join core.stages as s on s.pipeline = r.pipeline and s.kind = 'open' and s.stage_order < r.furthest_order
    where r.is_known
    group by r.pipeline, s.stage
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
