-- One row per period of creation and pipeline: what became of the deals created then, whenever they closed.
--
-- By period of closing quick losses make a young company look bad, and by period of creation the youngest deals are not yet
-- decided: so three readings stand side by side. A cohort is mature when its youngest deal is older than nine in ten deals get.
--
-- grain: period, period_start, pipeline
-- check: created = won + lost + still_open
-- check: win_rate_to_date between 0 and 1
-- check: win_rate_among_resolved between 0 and 1
-- check: win_rate_estimate between 0 and 1

with deals as (
    select pipeline, created_on, status, amount, days_to_close from marts.deals where status in ('open', 'won', 'lost')
    union all
    select 'all', created_on, status, amount, days_to_close from marts.deals where status in ('open', 'won', 'lost')
),

-- No weeks: what became of a cohort needs more deals than a week creates.
counted as (
    select
        k.period,
        case k.period when 'month' then c.month_start when 'quarter' then c.quarter_start else c.year_start end as period_start,
        d.pipeline,
        max(d.created_on) as newest_on,
        count(*) as created,
        count(*) filter (where d.status = 'won') as won,
        count(*) filter (where d.status = 'lost') as lost,
        count(*) filter (where d.status = 'open') as still_open,
        sum(d.amount) as created_amount,
        sum(d.amount) filter (where d.status = 'won') as won_amount,
        sum(d.amount) filter (where d.status = 'lost') as lost_amount,
        count(*) - count(d.amount) as without_amount,
        count(d.amount) filter (where d.status = 'won') as won_with_amount,
        avg(d.days_to_close) filter (where d.status = 'won') as average_days_to_close,
        count(d.days_to_close) filter (where d.status = 'won') as with_cycle
    from deals as d
    join core.calendar as c on c.day = d.created_on
    cross join (values ('month'), ('quarter'), ('year')) as k (period)
    group by 1, 2, 3
),

measured as (
    select
        *,
        won::double / created as win_rate_to_date,
        won::double / nullif(won + lost, 0) as win_rate_among_resolved
    from counted
)

select
    m.period,                                                                    -- month, quarter or year of creation; quarters and years are fiscal.
    m.period_start,                                                              -- First day of it.
    m.pipeline,                                                                  -- Pipeline the deals stand in, or `all`.
    m.created,                                                                   -- Deals created in the period.
    m.won,                                                                       -- Those of them that are won by as-of.
    m.lost,                                                                      -- Those of them that are lost by as-of.
    m.still_open,                                                                -- Those of them that are open at as-of.
    coalesce(m.created_amount, 0)::decimal(18, 2) as created_amount,             -- Value of all of them that have an amount, in base currency.
    coalesce(m.won_amount, 0)::decimal(18, 2) as won_amount,                     -- Value of the won ones.
    coalesce(m.lost_amount, 0)::decimal(18, 2) as lost_amount,                   -- Value of the lost ones.
    m.without_amount as deals_without_amount,                                    -- Deals without an amount: in no amount here.
    m.win_rate_to_date,                                                          -- won ÷ created.
    wilson_low(m.win_rate_to_date, m.created::double) as win_rate_to_date_low,   -- Low end of its 95 % interval (Wilson).
    wilson_high(m.win_rate_to_date, m.created::double) as win_rate_to_date_high, -- High end of its 95 % interval (Wilson).
    m.win_rate_among_resolved,                                                   -- won ÷ (won + lost).
    wilson_low(m.win_rate_among_resolved, (m.won + m.lost)::double) as win_rate_among_resolved_low,    -- Low end of its 95 % interval (Wilson).
    wilson_high(m.win_rate_among_resolved, (m.won + m.lost)::double) as win_rate_among_resolved_high,  -- High end of its 95 % interval (Wilson).
    v.estimate as win_rate_estimate,                                             -- Share that is won, open deals counted as censored and lost as another end (Aalen–Johansen).
    v.estimate_low as win_rate_estimate_low,                                     -- Low end of its 95 % interval (log-log).
    v.estimate_high as win_rate_estimate_high,                                   -- High end of its 95 % interval (log-log).
    coalesce(v.spells, 0) as estimated_deals,                                    -- Deals behind the estimate: all that did not close before they were created.
    v.unresolved_share,                                                          -- Share whose outcome is open even at the oldest age observed.
    coalesce(m.newest_on + cast(ceil(w.p90_days) as integer) <= p.last_day, false) as is_mature,  -- Whether nine in ten of even the youngest should have closed.
    m.won_amount::double / nullif(m.won_with_amount, 0) as average_deal_size,    -- won_amount ÷ won deals with an amount.
    m.average_days_to_close,                                                     -- Mean days from creation to closing of the won deals: too short before the cohort is mature.
    m.won - m.with_cycle as deals_without_cycle                                  -- Won deals that closed before they were created (imported): in no days.
from measured as m
join core.periods as p on p.period = 'all'
left join marts.survival as v
    on v.measure = 'deal' and v.pipeline = m.pipeline and v.cohort = m.period and v.cohort_start = m.period_start
left join marts.survival as w on w.measure = 'deal' and w.pipeline = m.pipeline and w.cohort = 'all'
