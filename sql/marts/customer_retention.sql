-- One row per cohort of first purchases and quarter of a customer's life: how many had bought again, and how many were still there.
--
-- Each customer is asked at the same age, three, six, nine … months after its first won deal; who is younger is not asked yet (at_risk). Churn is
-- what marts.customers calls so: who has no renewal that was decided counts as retained.
--
-- grain: cohort, cohort_start, quarters_since
-- check: at_risk between 1 and customers
-- check: with_later_win between 0 and at_risk
-- check: churned between 0 and with_renewal_decided
-- check: with_renewal_decided <= at_risk

with firsts as (
    select d.customer_id, d.closed_at as first_won_at, c.quarter_start
    from marts.customer_deals as d
    join core.calendar as c on c.day = d.closed_on
    where d.sale_number = 1
),

ages as (
    select f.customer_id, f.quarter_start, k.quarters_since, f.first_won_at + to_months((k.quarters_since * 3)::integer) as asked_at
    from firsts as f
    cross join core.as_of as t
    cross join lateral (
        select unnest(generate_series(1, date_diff('month', f.first_won_at, t.as_of) // 3)) as quarters_since
    ) as k
    where f.first_won_at + to_months((k.quarters_since * 3)::integer) <= t.as_of
),

states as (
    select
        a.customer_id, a.quarter_start, a.quarters_since,
        count(*) filter (where d.status = 'won') > 1 as has_later_win,
        bool_or(d.business = 'renewal' and d.sale_number is distinct from 1) as has_decided,
        max(d.closed_at) filter (where d.status = 'lost') >= max(d.closed_at) filter (where d.status = 'won') as has_gone
    from ages as a
    join marts.customer_deals as d on d.customer_id = a.customer_id and d.closed_at <= a.asked_at
    group by all
),

sizes as (
    select 'quarter' as cohort, quarter_start as cohort_start, count(*) as customers
    from firsts
    group by quarter_start
    union all
    select 'all', min(p.period_start), count(*)
    from firsts
    join core.periods as p on p.period = 'all'
),

counted as (
    select
        z.cohort, z.cohort_start, s.quarters_since, z.customers,
        count(*) as at_risk,
        count(*) filter (where s.has_later_win) as with_later_win,
        count(*) filter (where s.has_decided) as with_renewal_decided,
        count(*) filter (where s.has_gone) as churned
    from states as s
    join sizes as z on z.cohort = 'all' or z.cohort_start = s.quarter_start
    group by all
)

select
    cohort,                                                         -- quarter of the first won deal, or all.
    cohort_start,                                                   -- Its first day.
    quarters_since,                                                 -- 1, 2, 3 …: three, six, nine … months after each customer's own first won deal.
    customers,                                                      -- Customers of the cohort.
    at_risk,                                                        -- Those that had reached that age by as-of: the rates are of them.
    with_later_win,                                                 -- Those that had won deals after the first by then, of any kind.
    with_later_win / at_risk::double as later_win_rate,             -- with_later_win ÷ at_risk.
    wilson_low(with_later_win / at_risk::double, at_risk::double) as later_win_rate_low,    -- Low end of its 95 % interval (Wilson).
    wilson_high(with_later_win / at_risk::double, at_risk::double) as later_win_rate_high,  -- High end of its 95 % interval (Wilson).
    with_renewal_decided,                                           -- Those with a renewal that was won or lost by then.
    churned,                                                        -- Those whose last decision by then was a lost renewal.
    1 - churned / at_risk::double as retained_rate,                 -- 1 − churned ÷ at_risk.
    wilson_low(1 - churned / at_risk::double, at_risk::double) as retained_rate_low,        -- Low end of its 95 % interval (Wilson).
    wilson_high(1 - churned / at_risk::double, at_risk::double) as retained_rate_high       -- High end of its 95 % interval (Wilson).
from counted
