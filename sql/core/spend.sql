-- One row per day, channel and campaign of an ad account: what was spent, in its own and in base currency; and of a campaign that only the CRM knows.
--
-- A report over several days is spread evenly over them, what does not divide on the last one: the days add up to the report. The actual cost of a CRM's
-- campaign (a fair, a webinar) counts where no ad account reports a campaign of that name or id, over its days up to as-of.
--
-- grain: system, spent_on, account, campaign_id, word, currency

with reported as (
    select touch_word(campaign_name) as name from staging.spend where campaign_name <> ''
    union
    select touch_word(campaign_id) from staging.spend where campaign_id <> ''
),

costs as (
    select
        c.system, c.starts_on as spent_on, least(greatest(c.ends_on, c.starts_on), a.as_of::date) as spent_to, c.campaign_id, c.campaign_name, c.channel,
        c.cost as spend, c.currency
    from staging.campaigns as c
    cross join core.as_of as a
    where c.cost > 0 and touch_word(c.campaign_name) not in (select name from reported) and touch_word(c.campaign_id) not in (select name from reported)
),

reports as (
    select
        s.system, s.spent_on, s.spent_to, s.account, s.campaign_id, s.campaign_name, s.currency, s.spend, s.impressions, s.clicks,
        touch_word(coalesce(nullif(s.channel, ''), s.system)) as word, s.spent_to - s.spent_on + 1 as days
    from (
        select * from staging.spend
        union all by name
        select system, spent_on, coalesce(spent_to, spent_on) as spent_to, '' as account, campaign_id, campaign_name, channel, coalesce(currency, '') as currency, spend
        from costs
    ) as s
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
    s.system,                                                          -- Platform that reports it, or CRM whose campaign it is.
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
