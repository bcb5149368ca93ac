-- One row per month in which people became leads, channel, campaign and segment: how many reached each stage since, and what is to be expected of the young months.
--
-- A stage counts as reached when it, or a later one, was. `all` rows are totals: over channels, over the campaigns of a channel, over months, over segments
-- (dimension `all`); segments are counted per channel, not per campaign. maturity: the share of all the customers that a cohort will have which the age of its
-- people lets expect by now (marts.funnel_people).
--
-- grain: cohort, cohort_start, channel, campaign, dimension, segment
-- bars: leads by cohort_start where cohort = 'month' and channel = 'all' and campaign = 'all' and dimension = 'all' order by cohort_start
-- check: leads >= mqls and mqls >= sqls and sqls >= opportunities and opportunities >= customers
-- check: lead_to_customer between 0 and 1
-- check: maturity between 0 and 1 + 1e-9
-- check: lead_to_customer_low is null or lead_to_customer between lead_to_customer_low - 1e-9 and lead_to_customer_high + 1e-9

with cohorts as (
    select
        k.cohort, case k.cohort when 'month' then p.month_start else min(p.month_start) over () end as cohort_start, s.channel, s.campaign, s.dimension, s.segment,
        p.is_mql, p.is_sql, p.is_opportunity, p.is_customer, p.matured, p.customer_days
    from marts.funnel_people as p
    cross join (values ('month'), ('all')) as k (cohort)
    cross join lateral (
        values
            (p.channel, p.campaign, 'all', 'all'), (p.channel, 'all', 'all', 'all'), ('all', 'all', 'all', 'all'),
            (p.channel, 'all', 'lead source', p.lead_source), ('all', 'all', 'lead source', p.lead_source),
            (p.channel, 'all', 'owner', p.owner), ('all', 'all', 'owner', p.owner), (p.channel, 'all', 'team', p.team), ('all', 'all', 'team', p.team)
    ) as s (channel, campaign, dimension, segment)
),

counted as (
    select
        cohort, cohort_start, channel, campaign, dimension, segment,
        count(*) as leads, count(*) filter (where is_mql) as mqls, count(*) filter (where is_sql) as sqls,
        count(*) filter (where is_opportunity) as opportunities, count(*) filter (where is_customer) as customers,
        sum(matured) as matured_leads,
        median(customer_days) as median_days_to_customer
    from cohorts
    group by all
),

rates as (
    select
        *, mqls::double / leads as lead_to_mql, sqls::double / nullif(mqls, 0) as mql_to_sql, opportunities::double / nullif(sqls, 0) as sql_to_opportunity,
        customers::double / nullif(opportunities, 0) as opportunity_to_customer, customers::double / leads as lead_to_customer,
        matured_leads / leads as maturity,
        -- Under a tenth of what is to come, a quotient would be a guess.
        case when matured_leads / leads >= 0.1 then least(customers / matured_leads, 1) end as estimate
    from counted
)

select
    cohort,                                                                        -- month, or `all`.
    cohort_start,                                                                  -- First day of the month in which they became leads, in the business time zone; of `all` that of the first month.
    channel,                                                                       -- Channel of their first touch, else of the lead source; or `all`.
    campaign,                                                                      -- Campaign of their first touch, `none` without one; or `all`.
    dimension,                                                                     -- lead source, owner or team; or `all`.
    segment,                                                                       -- Its value; or `all`.
    leads,                                                                         -- People who became leads then.
    mqls,                                                                          -- Those who became MQL or more, at any time since.
    sqls,                                                                          -- Those who became SQL or more.
    opportunities,                                                                 -- Those who got a deal or more.
    customers,                                                                     -- Those who bought.
    lead_to_mql,                                                                   -- mqls ÷ leads, to date.
    wilson_low(lead_to_mql, leads::double) as lead_to_mql_low,-- Low end of its 95 % interval (Wilson).
    wilson_high(lead_to_mql, leads::double) as lead_to_mql_high,-- High end of its 95 % interval (Wilson).
    mql_to_sql,                                                                    -- sqls ÷ mqls, to date.
    wilson_low(mql_to_sql, mqls::double) as mql_to_sql_low,-- Low end of its 95 % interval (Wilson).
    wilson_high(mql_to_sql, mqls::double) as mql_to_sql_high,-- High end of its 95 % interval (Wilson).
    sql_to_opportunity,                                                            -- opportunities ÷ sqls, to date.
    wilson_low(sql_to_opportunity, sqls::double) as sql_to_opportunity_low,-- Low end of its 95 % interval (Wilson).
    wilson_high(sql_to_opportunity, sqls::double) as sql_to_opportunity_high,-- High end of its 95 % interval (Wilson).
    opportunity_to_customer,                                                       -- customers ÷ opportunities, to date.
    wilson_low(opportunity_to_customer, opportunities::double) as opportunity_to_customer_low,-- Low end of its 95 % interval (Wilson).
    wilson_high(opportunity_to_customer, opportunities::double) as opportunity_to_customer_high,-- High end of its 95 % interval (Wilson).
    lead_to_customer,                                                              -- customers ÷ leads, to date.
    wilson_low(lead_to_customer, leads::double) as lead_to_customer_low,           -- Low end of its 95 % interval (Wilson).
    wilson_high(lead_to_customer, leads::double) as lead_to_customer_high,         -- High end of its 95 % interval (Wilson).
    median_days_to_customer,                                                       -- Median days from lead to customer, of the customers.
    maturity,                                                                      -- Share of its customers that a cohort of this age has by now; empty under 20 customers in all.
    maturity >= 0.9 as is_mature,                                                  -- Whether lead_to_customer can be read as it is.
    estimate as lead_to_customer_estimate,                                         -- customers ÷ (leads × maturity): what lead_to_customer will come to; empty under a maturity of 0.1.
    wilson_low(estimate, matured_leads) as lead_to_customer_estimate_low,    -- Low end of its 95 % interval (Wilson, of the matured leads).
    wilson_high(estimate, matured_leads) as lead_to_customer_estimate_high   -- High end of its 95 % interval (Wilson, of the matured leads).
from rates
