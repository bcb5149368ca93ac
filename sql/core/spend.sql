-- One row per day, channel and campaign of an ad account: what was spent, in its own and in base currency.
--
-- A report over several days is spread evenly over them, what does not divide on the last one: the days add up to the report.
--
-- grain: system, spent_on, account, campaign_id, word, currency

with reports as (
    select
        s.*, touch_word(coalesce(nullif(s.channel, ''), s.system)) as word, s.spent_to - s.spent_on + 1 as days
    from staging.spend as s
    where s.spent_on <= (select as_of::date from core.as_of)
),

days as (
    select
        r.system, (r.spent_on + n.number::integer)::date as spent_on, r.account, r.campaign_id, r.campaign_name, r.word, r.currency,
        n.number + 1 = r.days as is_last, r.days, r.spend as of_report, r.impressions, r.clicks,
        trunc(r.spend / r.days, 4)::decimal(18, 4) as part
    from reports as r
    cross join lateral unnest(range(r.days)) as n (number)
),

spread as (
    select
        system, spent_on, account, campaign_id, word, currency, max(campaign_name) as campaign_name,
        sum(case when is_last then of_report - part * (days - 1) else part end)::decimal(18, 4) as spend,
        sum(impressions::double / days) as impressions, sum(clicks::double / days) as clicks
    from days
    group by all
)

select
    s.system,                                                          -- Platform that reports it.
    s.spent_on,                                                        -- Day.
    s.account,                                                         -- Account of the platform, '' where the file has none.
    s.campaign_id,                                                     -- Campaign, by id or name; '' for what no campaign is named for.
    coalesce(c.campaign_name, s.campaign_name, nullif(s.campaign_id, ''), 'none') as campaign,  -- Campaign, by name where known; `none` without one.
    s.word,                                                            -- The platform's word for the channel, else its name.
    case when o.rule is null and k.rule is not null then k.channel else coalesce(o.channel, 'Unassigned') end as channel,  -- Channel (core.channel_rules).
    s.currency,                                                        -- ISO code of its currency; '' where nothing says it.
    s.spend as spend_original,                                         -- Spend in that currency.
    try_cast(
        case
            when s.currency in ('', p.base_currency) then s.spend::decimal(38, 8)
            else s.spend::decimal(38, 8) * try_cast(r.rate as decimal(18, 8))
        end as decimal(18, 4)
    ) as spend,                                                        -- Spend in base currency at the rate of the day; empty without a rate.
    s.impressions,                                                     -- Impressions; of a report over several days an even part.
    s.clicks                                                           -- Clicks, in the same way.
from spread as s
cross join core.parameters as p
left join staging.campaigns as c on c.system = s.system and c.campaign_id = s.campaign_id
left join core.origins as o
    on o.word = s.word and o.source = '' and o.medium = '' and o.campaign = touch_word(coalesce(s.campaign_name, s.campaign_id)) and o.referrer = '' and o.click_id = ''
left join core.origins as k
    on k.word = touch_word(c.channel) and k.source = '' and k.medium = '' and k.campaign = '' and k.referrer = '' and k.click_id = ''
left join core.exchange_rates as r
    on r.currency = s.currency and s.spent_on >= r.valid_from and (r.valid_to is null or s.spent_on < r.valid_to)
