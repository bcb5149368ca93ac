-- One row per day, campaign and channel: what was spent, in its own currency.
--
-- Platforms report the same spend by campaign, ad group, ad, keyword and account. Of one day and account the level nearest to
-- the campaign is taken and the others are left out, so that nothing is counted twice.
--
-- grain: system, spent_on, account, campaign_id, channel, currency

with levels as (
    select
        *,
        case coalesce(level, 'campaign')
            when 'campaign' then 1 when 'ad group' then 2 when 'ad' then 3 when 'keyword' then 4 when 'breakdown' then 5 else 6
        end as distance
    from feeds.spend
),

nearest as (
    select system, coalesce(account, '') as account, spent_on, min(distance) as distance
    from levels
    group by all
)

select
    l.system,                                                    -- System that reports it.
    l.spent_on,                                                  -- Day, or the first day of a range.
    max(coalesce(l.spent_to, l.spent_on)) as spent_to,           -- Last day of the range; the same day, where the report is by day.
    coalesce(l.account, '') as account,                          -- Account of the platform, '' where the file has none.
    coalesce(l.campaign_id, '') as campaign_id,                  -- Campaign, by id or name; '' for what no campaign is named for.
    max(l.campaign_name) as campaign_name,                       -- Name of the campaign, where the report has it.
    coalesce(l.channel, '') as channel,                          -- Channel, '' where the file has none.
    coalesce(l.currency, '') as currency,                        -- ISO code of its currency, '' where nothing says it.
    sum(l.spend)::decimal(18, 4) as spend,                       -- Spend.
    sum(l.impressions)::bigint as impressions,                   -- Impressions.
    sum(l.clicks)::bigint as clicks,                             -- Clicks.
    sum(l.conversions) as conversions                            -- Conversions, as the platform counts them.
from levels as l
join nearest as n
    on n.system = l.system and n.account = coalesce(l.account, '') and n.spent_on = l.spent_on and n.distance = l.distance
group by all
