-- One row per month in which people became leads, channel and campaign: how many reached each stage since, and what is to be expected of the young months.
--
-- A stage counts as reached when it, or a later one, was (marts.funnel_stages). Nobody who is a test counts. `all` rows are totals: over channels, over the
-- campaigns of a channel, over months. maturity: the share of all the customers that a cohort will have which the age of its people lets expect by now, from
-- the times that customers needed (Kaplan–Meier over everybody, who is no customer yet counted as censored).
--
-- grain: cohort, cohort_start, channel, campaign
-- check: leads >= mqls and mqls >= sqls and sqls >= opportunities and opportunities >= customers
-- check: lead_to_customer between 0 and 1
-- check: maturity between 0 and 1 + 1e-9
-- check: lead_to_customer_low is null or lead_to_customer between lead_to_customer_low - 1e-9 and lead_to_customer_high + 1e-9

with people as (
    select
        f.person, f.channel, coalesce(f.campaign, 'none') as campaign,
        least(f.first_lead_at, f.first_mql_at, f.first_sql_at, f.first_opportunity_at, f.first_customer_at, f.first_post_sale_at) as began_at,
        f.first_mql_at is not null or f.mql_is_inferred as is_mql,
        f.first_sql_at is not null or f.sql_is_inferred as is_sql,
        f.first_opportunity_at is not null or f.opportunity_is_inferred as is_opportunity,
        f.first_customer_at is not null or f.customer_is_inferred as is_customer,
        coalesce(f.first_customer_at, f.first_post_sale_at) as customer_at
    from marts.funnel_stages as f
    where not f.is_test and f.furthest_stage not in ('none', 'disqualified')
),

aged as (
    select
        p.*,
        date_trunc('month', day_of(p.began_at, s.business_time_zone))::date as month_start,
        date_diff('microsecond', p.began_at, a.as_of) / 86400000000.0 as age_days,
        date_diff('microsecond', p.began_at, p.customer_at) / 86400000000.0 as customer_days
    from people as p
    cross join core.as_of as a
    left join core.parameters as s on true
),

-- Kaplan–Meier of the days to the first sale.
moments as (
    select coalesce(customer_days, age_days) as days, count(*) filter (where is_customer) as sold, count(*) as gone
    from aged
    group by 1
),

at_risk as (
    select days, sold, sum(gone) over (order by days desc) as at_risk
    from moments
),

curve as (
    select days, sold, 1 - exp(sum(case when sold < at_risk then ln(1 - sold::double / at_risk::double) else -1000 end) over (order by days)) as share
    from at_risk
),

whole as (
    select max(share) as share, sum(sold) as customers
    from curve
),

expected as (
    select p.*, case when w.customers >= 20 then coalesce(c.share, 0) / w.share end as matured
    from aged as p
    cross join whole as w
    asof left join curve as c on p.age_days >= c.days
),

scoped as (
    select k.cohort, case k.cohort when 'month' then e.month_start else min(e.month_start) over () end as cohort_start, h.channel, h.campaign, e.* exclude (channel, campaign)
    from expected as e
    cross join (values ('month'), ('all')) as k (cohort)
    cross join lateral (values (e.channel, e.campaign), (e.channel, 'all'), ('all', 'all')) as h (channel, campaign)
),

counted as (
    select
        cohort, cohort_start, channel, campaign,
        count(*) as leads, count(*) filter (where is_mql) as mqls, count(*) filter (where is_sql) as sqls,
        count(*) filter (where is_opportunity) as opportunities, count(*) filter (where is_customer) as customers,
        sum(matured) as matured_leads,
        median(customer_days) as median_days_to_customer
    from scoped
    group by cohort, cohort_start, channel, campaign
),

estimated as (
    select
        *, customers::double / leads as lead_to_customer, matured_leads / leads as maturity,
        -- Under a tenth of what is to come, a quotient would be a guess.
        case when matured_leads / leads >= 0.1 then least(customers / matured_leads, 1) end as estimate
    from counted
)

select
    cohort,                                                                        -- month, or `all`.
    cohort_start,                                                                  -- First day of the month in which they became leads, in the business time zone; of `all` that of the first month.
    channel,                                                                       -- Channel of their first touch, else of the lead source; or `all`.
    campaign,                                                                      -- Campaign of their first touch, `none` without one; or `all`.
    leads,                                                                         -- People who became leads then.
    mqls,                                                                          -- Those who became MQL or more, at any time since.
    sqls,                                                                          -- Those who became SQL or more.
    opportunities,                                                                 -- Those who got a deal or more.
    customers,                                                                     -- Those who bought.
    mqls::double / leads as lead_to_mql,                                           -- mqls ÷ leads, to date.
    sqls::double / nullif(mqls, 0) as mql_to_sql,                                  -- sqls ÷ mqls, to date.
    opportunities::double / nullif(sqls, 0) as sql_to_opportunity,                 -- opportunities ÷ sqls, to date.
    customers::double / nullif(opportunities, 0) as opportunity_to_customer,       -- customers ÷ opportunities, to date.
    lead_to_customer,                                                              -- customers ÷ leads, to date.
    wilson_low(lead_to_customer, leads::double) as lead_to_customer_low,           -- Low end of its 95 % interval (Wilson).
    wilson_high(lead_to_customer, leads::double) as lead_to_customer_high,         -- High end of its 95 % interval (Wilson).
    median_days_to_customer,                                                       -- Median days from lead to customer, of the customers.
    maturity,                                                                      -- Share of its customers that a cohort of this age has by now; empty under 20 customers in all.
    maturity >= 0.9 as is_mature,                                                  -- Whether lead_to_customer can be read as it is.
    estimate as lead_to_customer_estimate,                                         -- customers ÷ (leads × maturity): what lead_to_customer will come to; empty under a maturity of 0.1.
    wilson_low(estimate, matured_leads) as lead_to_customer_estimate_low,    -- Low end of its 95 % interval (Wilson, of the matured leads).
    wilson_high(estimate, matured_leads) as lead_to_customer_estimate_high   -- High end of its 95 % interval (Wilson, of the matured leads).
from estimated
