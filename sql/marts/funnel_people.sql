-- One row per person who counts in the funnel: how far they came, and what share of all purchases comes within the time since they were first heard of.
--
-- Nobody who is a test, or was only ever disqualified, counts. A stage counts as reached when it, or a later one, was (marts.funnel_stages). matured: what
-- share of its purchases a crowd of their age has behind it, from the times that customers needed (Kaplan–Meier over everybody, who is no customer yet
-- counted as censored).
--
-- grain: person
-- check: is_mql or not is_sql
-- check: is_sql or not is_opportunity
-- check: is_opportunity or not is_customer
-- check: matured between 0 and 1 + 1e-9

with people as (
    select
        f.person, f.channel, coalesce(f.campaign, 'none') as campaign, coalesce(f.lead_source, 'none') as lead_source,
        coalesce(p.owner, 'nobody') as owner, coalesce(p.team, 'none') as team,
        least(f.first_lead_at, f.first_mql_at, f.first_sql_at, f.first_opportunity_at, f.first_customer_at, f.first_post_sale_at) as began_at,
        f.first_mql_at is not null or f.mql_is_inferred as is_mql,
        f.first_sql_at is not null or f.sql_is_inferred as is_sql,
        f.first_opportunity_at is not null or f.opportunity_is_inferred as is_opportunity,
        f.first_customer_at is not null or f.customer_is_inferred as is_customer,
        coalesce(f.first_customer_at, f.first_post_sale_at) as customer_at
    from marts.funnel_stages as f
    left join core.people as p on p.person = f.person
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
)

select
    person,                                                                        -- The person of core.people.
    channel,                                                                       -- Channel of their first touch, else of the lead source.
    campaign,                                                                      -- Campaign of their first touch, `none` without one.
    lead_source,                                                                   -- Where they came from, as the record says; `none` without.
    owner,                                                                         -- Owner, by name where known; `nobody` without one.
    team,                                                                          -- Team of that owner; `none` without one.
    began_at,                                                                      -- When they entered their first stage.
    month_start,                                                                   -- First day of that month, in the business time zone.
    age_days,                                                                      -- Days from then to as-of.
    is_mql,                                                                        -- Whether they became MQL or more.
    is_sql,                                                                        -- Whether they became SQL or more.
    is_opportunity,                                                                -- Whether they got a deal or more.
    is_customer,                                                                   -- Whether they bought.
    customer_days,                                                                 -- Days from began_at to the first purchase.
    matured                                                                        -- Share of purchases that come within age_days; empty under 20 customers in all.
from expected
