-- One row per closed deal, dimension and obstacle: whether the deal has it.
--
-- Of a missing step, an open stage that a deal never stood in, only deals are asked that came to a later open stage, won or lost: who is lost
-- before has missed nothing. Deals with a stay whose entry is assumed are left out there; those that stood in the stage have rows too. A reason is
-- known of lost deals only. marts.obstacle_rates counts these rows.
--
-- kind: view
-- grain: system, deal_id, dimension, obstacle
-- check: has_it or dimension = 'missing step'
-- check: is_lost or dimension <> 'reason'

with closed as not materialized (
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
        c.system, c.deal_id, c.pipeline, k.dimension,
        coalesce(case k.dimension
            when 'reason' then c.reason when 'source' then c.lead_source when 'size band' then c.size_band when 'product' then c.product
            else c.deal_type
        end, 'unknown') as obstacle,
        c.is_lost, true as has_it
    from closed as c
    cross join (values ('reason'), ('source'), ('size band'), ('product'), ('type')) as k (dimension)
    where c.is_lost or k.dimension <> 'reason'
    union all
    select r.system, r.deal_id, r.pipeline, 'missing step', s.stage, r.is_lost, not list_contains(r.stages, s.stage)
    from reached as r
    join core.stages as s on s.pipeline = r.pipeline and s.kind = 'open' and s.stage_order < r.furthest_order
    where r.is_known
)

select
    system,                                                         -- CRM that holds the deal.
    deal_id,                                                        -- Id of the deal in its CRM.
    pipeline,                                                       -- Pipeline it stands in.
    dimension,                                                      -- reason, source, size band, product, type or missing step.
    obstacle,                                                       -- Its value, or the stage in question; `unknown` where the record has none.
    is_lost,                                                        -- Whether the deal was lost, else won.
    has_it                                                          -- Whether it has the obstacle; of a missing step, whether it never stood in the stage.
from traits
