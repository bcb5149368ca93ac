-- One row per deal and open stage that it has left: whether it was lost there, and why.
--
-- A deal counts once per stage, with its last stay there, and is lost from one stage only: from the last open one, if it is lost at as-of.
--
-- grain: system, deal_id, pipeline, stage
-- check: is_lost = (reason is not null)

with last_stays as (
    select system, deal_id, pipeline, stage, stage_order, outcome, visit_number
    from marts.stage_visits
    where stage_kind = 'open'
    qualify row_number() over (partition by system, deal_id, pipeline, stage order by visit_number desc) = 1
),

numbered as (
    select *, max(visit_number) over (partition by system, deal_id) as last_number
    from last_stays
),

judged as (
    select
        s.system, s.deal_id, s.pipeline, s.stage, s.stage_order, d.amount, d.owner, d.team, d.size_band, d.lead_source, d.product, d.deal_type,
        d.lost_reason, d.status = 'lost' and s.outcome = 'lost' and s.visit_number = s.last_number as is_lost
    from numbered as s
    join marts.deals as d on d.system = s.system and d.deal_id = s.deal_id
    where s.outcome <> 'still_there'
)

select
    j.system,                                                                    -- CRM that holds the deal.
    j.deal_id,                                                                   -- Id of the deal in its CRM.
    j.pipeline,                                                                  -- Pipeline.
    j.stage,                                                                     -- Open stage that the deal left.
    j.stage_order,                                                               -- Place of the stage in its pipeline.
    j.is_lost,                                                                   -- Whether it was lost from there, and is lost at as-of.
    case when j.is_lost then coalesce(r.reason, 'unknown') end as reason,        -- Why, in one of ten words (core.loss_reasons); `unknown` without a text.
    case when j.is_lost then j.lost_reason end as lost_reason,                   -- Why, in the words of the CRM.
    j.amount,                                                                    -- Value in base currency; empty when unknown.
    j.owner,                                                                     -- Owner, by name where known.
    j.team,                                                                      -- Team of the owner.
    j.size_band,                                                                 -- Band of its amount.
    j.lead_source,                                                               -- Where the deal came from, as the CRM says.
    j.product,                                                                   -- Product, of several the dearest.
    j.deal_type                                                                  -- New or existing business.
from judged as j
left join core.loss_reasons as r on r.lost_reason = j.lost_reason
