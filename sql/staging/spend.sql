-- One row per day, campaign and channel: what was spent, in its own currency.
--
-- grain: system, spent_on, campaign_id, channel

select
    'generic' as system,                     -- System that reports it.
    spent_on,                                -- Day.
    campaign_id,                             -- Campaign, by id or name.
    coalesce(channel, '') as channel,        -- Channel, '' where the file has none.
    sum(spend) as spend,                     -- Spend.
    any_value(currency) as currency,         -- ISO code of its currency.
    sum(impressions)::bigint as impressions, -- Impressions.
    sum(clicks)::bigint as clicks            -- Clicks.
from raw.generic_spend
group by all
