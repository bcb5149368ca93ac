-- One row per currency and time for which one rate into the base currency holds.
--
-- A rate of the settings holds always. Else a table of rates in the exports holds from its first day on, each rate until the
-- next one; before that, and for currencies that it lacks, the reference rates of the European Central Bank hold.
--
-- grain: currency, valid_from
-- check: rate > 0
-- check: valid_to is null or valid_to > valid_from

with exported as (
    select currency, rate_on, rate from staging.exchange_rates, core.parameters where into_currency = base_currency
    union all
    select into_currency, rate_on, 1 / rate
    from staging.exchange_rates as r, core.parameters as p
    where r.currency = p.base_currency
        and not exists (
            select 1 from staging.exchange_rates as d where d.currency = r.into_currency and d.into_currency = p.base_currency
        )
),

begun as (
    select currency, min(rate_on) as begins_on
    from exported
    group by currency
),

every as (
    select currency, date '0001-01-01' as rate_on, rate, 'settings' as source
    from settings.exchange_rates

    union all

    select e.currency, e.rate_on, e.rate, 'exports'
    from exported as e
    where e.currency not in (select currency from settings.exchange_rates)

    union all

    select b.currency, b.rate_on, b.rate, 'European Central Bank'
    from core.ecb_rates as b
    left join begun as g on g.currency = b.currency
    where b.currency not in (select currency from settings.exchange_rates)
        and (g.begins_on is null or b.rate_on < g.begins_on)
)

select
    currency,                                                                       -- ISO code.
    rate_on as valid_from,                                                          -- First day on which it holds.
    lead(rate_on) over (partition by currency order by rate_on) as valid_to,        -- First day on which it holds no more; empty for the newest.
    rate,                                                                           -- Units of base currency that one unit buys.
    source                                                                          -- settings, exports or European Central Bank.
from every
