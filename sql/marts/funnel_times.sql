-- One row per step of the buyer's life and channel: how long people take from one stage to the next, those who are still waiting counted as censored.
--
-- From the first time in one stage to the first time in the other. Who went on without a recorded time, or is recorded in the later stage first, is in no
-- time and counted apart. The curve is Kaplan and Meier's (1958); naive figures are those of the people who have arrived.
--
-- grain: step, channel
-- check: people = arrived + waiting
-- check: median_days is null or p75_days is null or median_days <= p75_days

with steps as (
    select
        f.channel, s.place, s.step,
        case when s.to_at is not null then date_diff('microsecond', s.from_at, s.to_at) else date_diff('microsecond', s.from_at, a.as_of) end / 86400000000.0 as days,
        s.to_at is not null as has_arrived,
        s.to_at is null and s.is_further as lacks_time
    from marts.funnel_stages as f
    cross join core.as_of as a
    cross join lateral (
        values
            (1, 'lead to mql', f.first_lead_at, f.first_mql_at, f.mql_is_inferred),
            (2, 'mql to sql', f.first_mql_at, f.first_sql_at, f.sql_is_inferred),
            (3, 'sql to opportunity', f.first_sql_at, f.first_opportunity_at, f.opportunity_is_inferred),
            (4, 'opportunity to customer', f.first_opportunity_at, f.first_customer_at, f.customer_is_inferred),
            (5, 'lead to customer', f.first_lead_at, f.first_customer_at, f.customer_is_inferred)
    ) as s (place, step, from_at, to_at, is_further)
    where not f.is_test and s.from_at is not null
),

scoped as (
    select s.* exclude (channel), k.channel
    from steps as s
    cross join lateral (values (s.channel), ('all')) as k (channel)
),

spells as (
    select step, channel, days, count(*) as gone, count(*) filter (where has_arrived) as arrived
    from scoped
    where days >= 0 and not lacks_time
    group by all
),

at_risk as (
    select *, sum(gone) over (partition by step, channel order by days desc) as at_risk
    from spells
),

curves as (
    select
        step, channel, days,
        exp(sum(case when arrived < at_risk then ln(1 - arrived::double / at_risk::double) else -1000 end) over (partition by step, channel order by days)) as waiting
    from at_risk
),

-- A curve that falls to one half but for the last digit has fallen to one half.
quantiles as (
    select
        step, channel, min(days) filter (where waiting <= 0.5 + 1e-12) as median_days, min(days) filter (where waiting <= 0.25 + 1e-12) as p75_days,
        min(days) filter (where waiting <= 0.1 + 1e-12) as p90_days
    from curves
    group by step, channel
)

select
    s.step,                                                                        -- lead to mql, mql to sql, sql to opportunity, opportunity to customer, or lead to customer.
    any_value(s.place) as step_order,                                              -- 1 to 5, in that order.
    s.channel,                                                                     -- Channel of their first touch, else of the lead source; or `all`.
    count(*) filter (where s.days >= 0 and not s.lacks_time) as people,            -- People with a time in the first of the two stages, and none in the other one or a later one.
    count(*) filter (where s.days >= 0 and s.has_arrived) as arrived,              -- Those who have got to the other.
    count(*) filter (where s.days >= 0 and not s.lacks_time and not s.has_arrived) as waiting,  -- Those who have not yet, or never will.
    count(*) filter (where s.lacks_time) as without_time,                          -- People who went on without a recorded time: in none of the figures.
    count(*) filter (where s.days < 0) as backwards,                               -- People recorded in the later stage before the earlier: in none of the figures.
    any_value(q.median_days) as median_days,                                       -- Days after which half have arrived; empty when fewer have.
    any_value(q.p75_days) as p75_days,                                             -- Days after which three quarters have.
    any_value(q.p90_days) as p90_days,                                             -- Days after which nine tenths have.
    median(s.days) filter (where s.days >= 0 and s.has_arrived) as naive_median_days  -- Median days of those who have arrived: too short while others wait.
from scoped as s
left join quantiles as q on q.step = s.step and q.channel = s.channel
group by s.step, s.channel
