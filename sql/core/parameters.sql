-- One row: what the run was told, or decided for all tables.
--
-- grain: one

with currencies as (
    select currency, count(*) as deals
    from staging.deals
    where currency is not null
    group by currency
    order by deals desc, currency
    limit 1
)

select
    1 as one,                                                                                -- Always 1.
    coalesce(nullif(r.base_currency, ''), c.currency, '') as base_currency,                  -- ISO code of all amounts in marts; '' when no export names any.
    case
        when r.base_currency <> '' then 'settings'
        when c.currency is not null then 'the most frequent currency of the deals'
        else 'no currency is named anywhere'
    end as base_currency_from,                                                               -- Where that comes from.
    r.time_zone,                                                                             -- Time zone of times that carry none.
    r.business_time_zone,                                                                    -- Time zone in which days, months and quarters begin.
    r.fiscal_year_begins,                                                                    -- Month in which the fiscal year begins.
    r.attribution_half_life_days,                                                            -- Days after which a touch counts half in the attribution by time decay.
    r.acquisition_lag_days,                                                                  -- Days by which a purchase is taken to follow the spend on it; empty for the median of own purchases.
    r.holidays,                                                                              -- Country whose holidays are no working days; '' for none.
    r.as_of                                                                                  -- The as-of that was asked for, if any.
from settings.run as r
left join currencies as c on true
