-- One row per period, channel and campaign: what was spent, and the touches, leads, deals and sales that began with it; `all` rows are totals.
--
-- People are credited to the channel and campaign of their first touch (marts.funnel_stages), deals to those that they began with
-- (marts.deal_origins): everybody and every deal once. Spend without results and results without spend have rows.
--
-- grain: period, period_start, channel, campaign
-- sum: spend, impressions, clicks, leads, mqls, sqls, deals, won, won_amount, won_without_amount
-- apart: period
-- bars: won_amount by channel where period = 'all' and channel <> 'all' and campaign = 'all'
-- check: leads >= 0 and deals >= 0 and won >= 0
-- check: won >= won_without_amount

with zone as (
    select max(business_time_zone) as zone
    from settings.run
),

deals as (
    select d.created_on, d.closed_on, d.status, d.amount, o.channel, o.campaign
    from marts.deals as d
    join marts.deal_origins as o on o.system = d.system and o.deal_id = d.deal_id
),

entries as (
    select f.channel, coalesce(f.campaign, 'none') as campaign, e.stage, e.entered_at
    from marts.funnel_stages as f
    cross join lateral (
        values ('lead', f.first_lead_at), ('mql', f.first_mql_at), ('sql', f.first_sql_at)
    ) as e (stage, entered_at)
    where not f.is_test and e.entered_at is not null
),

facts as (
    select
        spent_on as day, channel, campaign, spend, (spend is null)::bigint as spend_without_rate, impressions, clicks,
        0 as touches, 0 as leads, 0 as mqls, 0 as sqls, 0 as deals, 0 as won, null::decimal(18, 2) as won_amount, 0 as won_without_amount
    from core.spend
    union all by name
    select
        day_of(t.occurred_at, z.zone) as day,
        t.channel, coalesce(t.campaign, 'none') as campaign, 1 as touches
    from core.touches as t
    cross join zone as z
    where t.side = 'marketing' and t.excluded is null
    union all by name
    select
        day_of(e.entered_at, z.zone) as day, e.channel, e.campaign,
        (e.stage = 'lead')::bigint as leads, (e.stage = 'mql')::bigint as mqls, (e.stage = 'sql')::bigint as sqls
    from entries as e
    cross join zone as z
    union all by name
    select created_on as day, channel, campaign, 1 as deals from deals
    union all by name
    select closed_on as day, channel, campaign, 1 as won, amount as won_amount, (amount is null)::bigint as won_without_amount
    from deals
    where status = 'won'
),

spans as (
    select
        k.period,
        case k.period
            when 'week' then c.week_start when 'month' then c.month_start when 'quarter' then c.quarter_start when 'year' then c.year_start
        end as period_start,
        c.day
    from core.calendar as c
    cross join (values ('week'), ('month'), ('quarter'), ('year')) as k (period)
),

-- All time has no first day before which something would be left out.
dated as (
    select s.period, s.period_start, f.*
    from facts as f
    join spans as s on s.day = f.day
    union all
    select 'all', (select min(day) from facts), f.*
    from facts as f
),

scoped as (
    select period, period_start, k.channel, k.campaign, d.* exclude (period, period_start, channel, campaign)
    from dated as d
    cross join lateral (values (d.channel, d.campaign), (d.channel, 'all'), ('all', 'all')) as k (channel, campaign)
),

summed as (
    select
        period, period_start, channel, campaign,
        coalesce(sum(spend), 0)::decimal(18, 4) as spend, coalesce(sum(spend_without_rate), 0) as days_without_rate,
        coalesce(sum(impressions), 0) as impressions, coalesce(sum(clicks), 0) as clicks,
        coalesce(sum(touches), 0) as touches, coalesce(sum(leads), 0) as leads, coalesce(sum(mqls), 0) as mqls, coalesce(sum(sqls), 0) as sqls,
        coalesce(sum(deals), 0) as deals, coalesce(sum(won), 0) as won, coalesce(sum(won_amount), 0) as won_amount,
        coalesce(sum(won_without_amount), 0) as won_without_amount
    from scoped
    group by period, period_start, channel, campaign
)

select
    period,                                                                  -- week, month, quarter, year or all; weeks begin on Monday.
    period_start,                                                            -- First day of the period, in the business time zone; of `all` that of the first spend, touch, lead or deal.
    channel,                                                                 -- Channel, or `all`.
    campaign,                                                                -- Campaign, `none` without one, or `all`.
    spend,                                                                   -- Spend in the period, in base currency.
    days_without_rate::bigint as days_without_rate,                          -- Days of an account and campaign whose spend has no exchange rate: not in spend.
    impressions,                                                             -- Impressions that the platforms count.
    clicks,                                                                  -- Clicks that the platforms count.
    touches::bigint as touches,                                              -- Marketing touches in the period.
    leads::bigint as leads,                                                  -- People who became leads in the period.
    mqls::bigint as mqls,                                                    -- People who first became MQL in the period, where it is recorded.
    sqls::bigint as sqls,                                                    -- People who first became SQL in the period, where it is recorded.
    deals::bigint as deals,                                                  -- Deals created in the period.
    won::bigint as won,                                                      -- Deals won in the period.
    won_amount::decimal(18, 2) as won_amount,                                -- Their value, of those with an amount.
    won_without_amount::bigint as won_without_amount,                        -- Those without an amount.
    case when spend > 0 then spend::double / nullif(leads, 0) end as cost_per_lead,  -- spend ÷ leads of the same period; empty without spend, as all that follows.
    case when spend > 0 then spend::double / nullif(mqls, 0) end as cost_per_mql,    -- spend ÷ mqls.
    case when spend > 0 then spend::double / nullif(sqls, 0) end as cost_per_sql,    -- spend ÷ sqls.
    case when spend > 0 then spend::double / nullif(deals, 0) end as cost_per_deal,  -- spend ÷ deals.
    case when spend > 0 then spend::double / nullif(won, 0) end as cost_per_won,     -- spend ÷ won deals of the same period: what a sale cost (CAC without a lag).
    case when spend > 0 then (won_amount::double - spend::double) / spend::double end as roi  -- (won_amount − spend) ÷ spend.
from summed
