-- One row per system, pipeline, open stage, owner and field that the stage needs: how many of the open deals have it.
--
-- grain: system, pipeline, stage, owner, field
-- check: missing between 0 and deals
-- check: complete_rate between 0 and 1

with counted as (
    select
        d.system, d.pipeline, d.stage, d.stage_order, coalesce(d.owner, 'unknown') as owner, r.field, r.blinds,
        count(*) as deals, count(m.deal_id) as missing,
        coalesce(sum(m.amount), 0)::decimal(18, 2) as amount_blocked
    from marts.deals as d
    join core.required_fields as r on r.pipeline = d.pipeline and r.stage = d.stage
    left join quality.missing_fields as m on m.system = d.system and m.deal_id = d.deal_id and m.field = r.field
    where d.status = 'open'
    group by all
)

select
    system,                                                         -- CRM that holds the deals.
    pipeline,                                                       -- Pipeline.
    stage,                                                          -- Open stage.
    stage_order,                                                    -- Place of the stage in its pipeline.
    owner,                                                          -- Owner; `unknown` where a deal has none.
    field,                                                          -- Field that the stage needs.
    deals,                                                          -- Open deals there.
    missing,                                                        -- Those of them that lack the field.
    1 - missing / deals::double as complete_rate,                   -- 1 − missing ÷ deals.
    amount_blocked,                                                 -- Value of those that lack it, as far as it is known, in base currency.
    blinds                                                          -- What cannot be measured without the field.
from counted
