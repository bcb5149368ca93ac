-- One row per currency in which the exports give an amount.
--
-- grain: currency

select
    currency,                     -- ISO code.
    sum(records)::bigint as records  -- Records with an amount in it.
from (
    select upper(currency) as currency, count(*) as records from feeds.deals where currency <> '' and amount is not null group by all
    union all
    select upper(currency), count(*) from feeds.spend where currency <> '' group by all
    union all
    select upper(currency), count(*) from feeds.campaigns where currency <> '' group by all
    union all
    select upper(currency), count(*) from feeds.targets where currency <> '' group by all
) as every
group by currency
