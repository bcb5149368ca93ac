-- One row per company that has won deals or renewals: what it bought after its first purchase, what is due, and whether it has gone.
--
-- A lost renewal means that it has gone, until a later win; without renewals in the exports nobody is known to go.
--
-- grain: customer_id
-- sum: won_deals, won_amount, won_without_amount, repeat_purchases
-- bars: rows by customer_status
-- check: customer_status in ('customer', 'renewal due', 'churned')
-- check: won_deals = (won_deals > 0)::integer + repeat_purchases + renewals + expansions + contractions
-- check: (customer_status = 'churned') = (churned_at is not null)
-- check: days_to_second_purchase is null or days_to_second_purchase between 0 and days_since_first_won

with sales as (
    select
        *,
        max(closed_at) filter (where status = 'won') over (partition by customer_id) as last_won_at
    from marts.customer_deals
),

summed as (
    select
        customer_id,
        min(account) as account,
        min(closed_at) filter (where status = 'won') as first_won_at,
        min(closed_on) filter (where status = 'won') as first_won_on,
        max(amount) filter (where sale_number = 1) as first_amount,
        coalesce(bool_or(business not in ('new', 'unknown')) filter (where sale_number = 1), true) as was_customer_before,
        count(*) filter (where status = 'won') as won_deals,
        coalesce(sum(amount) filter (where status = 'won'), 0)::decimal(18, 2) as won_amount,
        count(*) filter (where status = 'won' and amount is null) as won_without_amount,
        count(*) filter (where sale = 'repeat purchase') as repeat_purchases,
        count(*) filter (where sale = 'renewal') as renewals,
        count(*) filter (where sale = 'expansion') as expansions,
        count(*) filter (where sale = 'contraction') as contractions,
        count(*) filter (where status = 'lost') as renewals_lost,
        count(*) filter (where status = 'open') as renewals_due,
        coalesce(sum(amount) filter (where status = 'open'), 0)::decimal(18, 2) as renewals_due_amount,
        min(closed_at) filter (where sale = 'repeat purchase') as second_bought_at,
        max(last_won_at) as last_won_at,
        min(closed_at) filter (where status = 'lost' and (last_won_at is null or closed_at >= last_won_at)) as churned_at
    from sales
    group by customer_id
)

select
    s.customer_id,                                                  -- The company: `system:id` of the first of its account records.
    s.account,                                                      -- Account, by name where known.
    case
        when s.churned_at is not null then 'churned'
        when s.renewals_due > 0 then 'renewal due'
        else 'customer'
    end as customer_status,                                         -- churned (its last decision was a lost renewal), renewal due (one is open), customer.
    s.first_won_at,                                                 -- When its first won deal closed; empty where the exports hold renewals only.
    s.first_won_on,                                                 -- Day of that, in the business time zone.
    date_trunc('month', s.first_won_on)::date as cohort_month,      -- First day of that month.
    s.first_amount,                                                 -- Value of that deal, in base currency; empty when unknown.
    s.was_customer_before,                                          -- Whether that deal was not new business, so that its first purchase is older than the exports.
    s.won_deals,                                                    -- Won deals.
    s.won_amount,                                                   -- Value of those with an amount, in base currency.
    s.won_without_amount,                                           -- Those without an amount.
    s.repeat_purchases,                                             -- Won deals after the first, of new or existing business or of a kind not known.
    s.renewals,                                                     -- Won renewals after the first won deal.
    s.expansions,                                                   -- Won expansions after it.
    s.contractions,                                                 -- Won downgrades after it.
    s.renewals_lost,                                                -- Lost renewals.
    s.renewals_due,                                                 -- Open renewals.
    s.renewals_due_amount,                                          -- Value of those with an amount, in base currency.
    date_diff('microsecond', s.first_won_at, s.second_bought_at) / 86400000000.0 as days_to_second_purchase,  -- Days from the first won deal to the first repeat purchase; empty while there is none.
    date_diff('microsecond', s.first_won_at, t.as_of) / 86400000000.0 as days_since_first_won,  -- Days from the first won deal to as-of: so long was there time for a second.
    s.last_won_at,                                                  -- When its last won deal closed.
    s.churned_at                                                    -- When the first renewal was lost after which nothing was won.
from summed as s
cross join core.as_of as t
