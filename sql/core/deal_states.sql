-- One row per deal and stretch of its life in which its stage, amount, close date and owner stayed the same, up to as-of.
--
-- Where several things happen at one time, the values change before the stage does. Amounts are in base currency at the rate of
-- core.deals, so that only the deal moves them and never the exchange rate.
--
-- grain: system, deal_id, state_number
-- check: valid_to is null or valid_to >= valid_from
-- check: kind in ('open', 'won', 'lost', 'deleted', 'merged')

with points as (
    select system, deal_id, entered_at as valid_from, 1 as position, event_number, pipeline, stage, stage_order, kind, null::timestamp as version_from
    from core.stage_events

    union all

    select v.system, v.deal_id, v.valid_from, 0, null, null, null, null, null, v.valid_from
    from core.deal_values as v

    union all

    select d.system, d.deal_id, greatest(d.ended_at, max(e.entered_at)), 2, null, null, null, null, d.record_status, null
    from core.deals as d
    join core.stage_events as e on e.system = d.system and e.deal_id = d.deal_id
    where d.record_status in ('deleted', 'merged')
    group by d.system, d.deal_id, d.ended_at, d.record_status
),

filled as (
    select
        system, deal_id, valid_from, position, event_number,
        last_value(pipeline ignore nulls) over so_far as pipeline,
        last_value(stage ignore nulls) over so_far as stage,
        last_value(stage_order ignore nulls) over so_far as stage_order,
        last_value(kind ignore nulls) over so_far as kind,
        last_value(version_from ignore nulls) over so_far as version_from
    from points
    window so_far as (
        partition by system, deal_id order by valid_from, position, event_number rows between unbounded preceding and current row
    )
),

lives as (
    select
        *,
        row_number() over life as state_number,
        lead(valid_from) over life as valid_to
    from filled
    where stage is not null
    window life as (partition by system, deal_id order by valid_from, position, event_number)
),

zone as (
    select max(business_time_zone) as zone
    from settings.run
)

select
    l.system,                                                    -- CRM that holds the deal.
    l.deal_id,                                                   -- Id of the deal in its CRM.
    l.state_number::integer as state_number,                     -- 1, 2, 3 … along the deal's life.
    l.valid_from,                                                -- From when on.
    l.valid_to,                                                  -- Until when; empty for what holds at as-of.
    day_of(l.valid_from, zone) as from_on,  -- Day of its beginning, in the business time zone.
    day_of(l.valid_to, zone) as to_on,        -- Day of its end.
    l.pipeline,                                                  -- Pipeline.
    l.stage,                                                     -- Stage.
    l.stage_order,                                               -- Its place in the pipeline.
    l.kind,                                                      -- open, won, lost, deleted or merged.
    l.event_number,                                              -- Event of core.stage_events that begins it; empty where only a value changed.
    case when v.deal_id is null then d.owner else v.owner end as owner,  -- Owner then.
    case
        when v.deal_id is null then d.amount
        when v.amount = d.amount_original and coalesce(v.currency, d.currency) is not distinct from d.currency then d.amount
        when coalesce(v.currency, d.currency) is not distinct from d.currency then converted(v.amount, d.base_per_unit)
        when v.currency = p.base_currency then v.amount
        else converted(v.amount, r.rate)
    end::decimal(18, 2) as amount,                               -- Value then, in base currency at the rate of core.deals.
    case when v.deal_id is null then d.amount_original else v.amount end as amount_original,  -- Value then, in its own currency.
    coalesce(v.currency, d.currency) as currency,                -- ISO code of that currency.
    case when v.deal_id is null then d.close_on else v.close_on end as close_on,              -- Close date as it stood then.
    case when v.deal_id is null then d.probability else v.probability end as probability,     -- Probability of winning then, 0..1.
    case when v.deal_id is null then d.forecast_category else v.forecast_category end as forecast_category,  -- Forecast category then.
    d.record_status                                              -- At as-of: live, deleted or merged.
from lives as l
join core.deals as d on d.system = l.system and d.deal_id = l.deal_id
cross join zone
left join core.parameters as p on true
left join core.deal_values as v on v.system = l.system and v.deal_id = l.deal_id and v.valid_from = l.version_from
left join core.exchange_rates as r
    on r.currency = v.currency and v.currency is distinct from d.currency
    and d.valued_on >= r.valid_from and (r.valid_to is null or d.valued_on < r.valid_to)
