-- One row per period, channel and campaign: what a new customer cost, by the spend of the time in which they were won over, and when it was paid back.
--
-- A sale follows its spend by weeks or months, so two readings stand here that a quotient of one month is not. Customers of a period are set against what
-- was spent `lag_days` earlier; and what was spent in a period against the sales, up to as-of, of the deals that began in it (marts.deal_origins).
-- `all` rows are totals.
--
-- grain: period, period_start, channel, campaign
-- check: new_customers >= 0 and deals_begun >= won
-- check: paid_back_on is null or return_on_spend >= 0

with deals as (
    select o.channel, o.campaign, o.began_on, d.status, d.closed_on, d.amount, coalesce(c.sale = 'first purchase', false) as is_first_purchase
    from marts.deal_origins as o
    join marts.deals as d on d.system = o.system and d.deal_id = o.deal_id
    left join marts.customer_deals as c on c.system = o.system and c.deal_id = o.deal_id
),

-- Under twenty purchases the median is a guess, and nothing is shifted.
own_lag as (
    select case when count(*) >= 20 then greatest(round(median(closed_on - began_on)), 0) else 0 end::integer as days
    from deals
    where is_first_purchase
),

lags as (
    select coalesce(s.acquisition_lag_days, o.days)::integer as days
    from own_lag as o
    left join core.parameters as s on true
),

facts as (
    select spent_on as day, channel, campaign, spend, null::decimal(18, 4) as earlier_spend, 0 as new_customers, 0 as deals_begun, 0 as won,
        null::decimal(18, 2) as won_amount, null::date as won_on
    from core.spend
    union all by name
    select (s.spent_on + l.days)::date as day, s.channel, s.campaign, s.spend as earlier_spend
    from core.spend as s
    cross join lags as l
    join core.run as r on s.spent_on + l.days <= r.as_of_on
    union all by name
    select closed_on as day, channel, campaign, 1 as new_customers
    from deals
    where is_first_purchase
    union all by name
    select
        began_on as day, channel, campaign, 1 as deals_begun, (status = 'won')::integer as won,
        case when status = 'won' then amount end as won_amount, case when status = 'won' then closed_on end as won_on
    from deals
),

-- No weeks: a sale follows its spend by more than one.
dated as (
    select k.period, k.period_start, f.*
    from facts as f
    join core.calendar as c on c.day = f.day
    cross join lateral (values ('month', c.month_start), ('quarter', c.quarter_start), ('year', c.year_start)) as k (period, period_start)
    union all
    select 'all', (select min(day) from facts), f.*
    from facts as f
),

scoped as (
    select d.period, d.period_start, k.channel, k.campaign, d.* exclude (period, period_start, day, channel, campaign)
    from dated as d
    cross join lateral (values (d.channel, d.campaign), (d.channel, 'all'), ('all', 'all')) as k (channel, campaign)
),

summed as (
    select
        period, period_start, channel, campaign, coalesce(sum(spend), 0) as spend, coalesce(sum(earlier_spend), 0) as earlier_spend,
        coalesce(sum(new_customers), 0) as new_customers, coalesce(sum(deals_begun), 0) as deals_begun, coalesce(sum(won), 0) as won, coalesce(sum(won_amount), 0) as won_amount
    from scoped
    group by all
),

-- Sale by sale, until the spend is back.
returns as (
    select
        period, period_start, channel, campaign, won_on,
        sum(won_amount) over (partition by period, period_start, channel, campaign order by won_on) as won_so_far
    from scoped
    where won_on is not null and period <> 'all'
),

paid_back as (
    select s.period, s.period_start, s.channel, s.campaign, min(r.won_on) as paid_back_on
    from summed as s
    join returns as r on r.period = s.period and r.period_start = s.period_start and r.channel = s.channel and r.campaign = s.campaign
    where s.spend > 0 and r.won_so_far >= s.spend
    group by all
)

select
    s.period,                                                                      -- month, quarter, year or all.
    s.period_start,                                                                -- First day of the period, in the business time zone; of `all` that of the first spend or deal.
    s.channel,                                                                     -- Channel, or `all`.
    s.campaign,                                                                    -- Campaign, `none` without one, or `all`.
    l.days as lag_days,                                                            -- Days by which a purchase is taken to follow the spend: the setting, else the median of own first purchases.
    s.earlier_spend::decimal(18, 4) as earlier_spend,                              -- Spend of the period's days, each lag_days earlier, in base currency.
    s.new_customers::bigint as new_customers,                                      -- Companies that bought for the first time in the period.
    case when s.earlier_spend > 0 then s.earlier_spend::double / nullif(s.new_customers, 0) end as cac,  -- earlier_spend ÷ new_customers: customer acquisition cost; empty without spend or customers.
    s.spend::decimal(18, 4) as spend,                                              -- Spend in the period, in base currency.
    s.deals_begun::bigint as deals_begun,                                          -- Deals that began in the period.
    s.won::bigint as won,                                                          -- Those of them that are won by as-of.
    s.won_amount::decimal(18, 2) as won_amount,                                    -- Their value, of those with an amount.
    case when s.spend > 0 then (s.won_amount::double - s.spend::double) / s.spend::double end as return_on_spend,  -- (won_amount − spend) ÷ spend so far; empty without spend.
    b.paid_back_on,                                                                -- Day of the sale with which won_amount reached the spend; empty while it has not, and for `all`.
    b.paid_back_on - s.period_start as payback_days                                -- Days from the beginning of the period to that day.
from summed as s
cross join lags as l
left join paid_back as b on b.period = s.period and b.period_start = s.period_start and b.channel = s.channel and b.campaign = s.campaign
