-- One row per day and pair of currencies that the exports give a rate for.
--
-- grain: rate_on, currency, into_currency
-- check: rate > 0

select
    rate_on,                      -- First day on which it holds.
    currency,                     -- One unit of this currency …
    into_currency,                -- … in this one …
    max(rate) as rate             -- … is this much.
from feeds.exchange_rates
where rate > 0 and currency <> '' and into_currency <> ''
group by all
