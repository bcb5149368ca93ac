-- One row per metric, period, scope and outside benchmark: the own value beside target, previous period and benchmark.
--
-- Scopes: the company in every period of marts.pipeline_health but weeks, and every target's pipeline, owner and team in its period. What is counted in people
-- (marts.funnel_conversion) is of all time, and of the months of leads that are mature: a young one would look bad beside any benchmark.
-- A target or benchmark of a metric that is not measured here has its row too.
--
-- grain: metric, period, period_start, pipeline, owner, team, benchmark_number
-- check: verdict in ('better', 'worse', 'within', 'no clear difference', 'not comparable', 'no benchmark', 'no own value', 'not measured here')
-- check: target_status in ('met', 'open', 'missed', 'no target', 'target unknown', 'no own value', 'not measured here', 'period not understood')
-- check: verdict not in ('better', 'worse', 'within', 'no clear difference') or is_comparable
-- check: value is null or value between value_low - 1e-9 and value_high + 1e-9

with clock as (
    select r.as_of_on as today, h.period_start as first_day
    from core.run as r
    left join marts.pipeline_health as h on h.period = 'all' and h.pipeline = 'all'
),

outside as (
    select
        coalesce(m.metric, b.metric) as metric,
        row_number() over (
            partition by coalesce(m.metric, b.metric) order by b.source, b.year nulls last, b.definition, b.file, b.line
        )::integer as benchmark_number,
        in_unit(b.value, m.unit) as benchmark_value, in_unit(b.low, m.unit) as benchmark_low, in_unit(b.high, m.unit) as benchmark_high,
        b.source, b.year, b.definition as benchmark_definition, b.note, b.url,
        m.metric is not null
            and replace(replace(replace(lower(b.definition), ' ', ''), '÷', '/'), '×', '*') = replace(m.definition, ' ', '')
            and (b.currency is null or b.currency = p.base_currency or m.unit not in ('money', 'money per day')) as is_comparable
    from staging.benchmarks as b
    cross join core.parameters as p
    left join core.metric_definitions as m on b.metric in (m.metric, m.spanish)
),

-- No target and no benchmark is of a week.
known as (
    select *
    from marts.pipeline_health
    where period <> 'week'
),

asked as (
    select m.metric, h.period, h.period_start, 'all' as pipeline, 'all' as owner, 'all' as team
    from known as h
    cross join core.metric_definitions as m
    where h.pipeline = 'all' and (h.period = 'all' or m.basis = 'deals')
    union
    select metric, period, period_start, pipeline, owner, team from core.targets
    union
    select o.metric, 'all', coalesce(c.first_day, c.today), 'all', 'all', 'all'
    from outside as o
    cross join clock as c
),

wanted as (
    select
        *,
        (period_start + to_months(months_in(period)))::date as period_end,
        (period_start - to_months(months_in(period)))::date as previous_start
    from asked
),

-- Each scope in its period and in the one before, as far as the exports reach.
spans as (
    select s.period, s.period_start, s.pipeline, s.owner, s.team, t.is_before, t.since, t.until
    from (select distinct period, period_start, period_end, previous_start, pipeline, owner, team from wanted) as s
    cross join clock as c
    cross join lateral (
        values (false, s.period_start, s.period_end), (true, s.previous_start, s.period_start)
    ) as t (is_before, since, until)
    where t.since <= c.today and (t.until is null or t.until > c.first_day)
),

health as (
    select
        period, period_start as since, pipeline, 'all' as owner, 'all' as team, deals_created, deals_in_pipeline, open_amount, won, lost,
        won_amount, lost_amount, won - won_without_amount as won_with_amount,
        lost - (closed_without_amount - won_without_amount) as lost_with_amount, won - deals_without_cycle as with_cycle,
        win_rate, win_rate_low, win_rate_high, win_rate_by_amount, win_rate_by_amount_low, win_rate_by_amount_high,
        average_deal_size, average_days_to_close, median_days_to_close, velocity_per_day
    from known
),

-- What marts.pipeline_health says already is taken from there; the rest is counted in the same way.
others as (
    select s.period, s.period_start, s.pipeline, s.owner, s.team, s.is_before, s.since, s.until
    from spans as s
    anti join health as h using (period, since, pipeline, owner, team)
    where s.until is not null
),

deals as (
    select
        d.system, d.deal_id, d.status, d.amount, d.days_to_close, d.created_on, d.closed_on, d.pipeline, d.owner,
        coalesce(d.team, t.team) as team
    from marts.deals as d
    left join core.owner_teams as t on t.owner = d.owner
    where d.status in ('open', 'won', 'lost')
),

facts as (
    select 'created' as fact, pipeline, owner, team, amount, days_to_close, created_on as from_on, created_on as to_on
    from deals
    union all
    select status, pipeline, owner, team, amount, days_to_close, closed_on, closed_on
    from deals
    union all
    select 'standing', v.pipeline, d.owner, d.team, v.amount, null, v.from_on, coalesce(v.to_on, date 'infinity')
    from core.deal_states as v
    join deals as d using (system, deal_id)
    where v.kind = 'open' and v.record_status = 'live'
),

-- A fact once for each way in which the scopes choose deals: by pipeline, owner, team, or several of them.
shares as (
    select
        f.fact, f.amount, f.days_to_close, f.from_on, f.to_on,
        case when w.by_pipeline then f.pipeline else 'all' end as pipeline,
        case when w.by_owner then f.owner else 'all' end as owner,
        case when w.by_team then f.team else 'all' end as team
    from facts as f
    cross join (
        select distinct pipeline <> 'all' as by_pipeline, owner <> 'all' as by_owner, team <> 'all' as by_team from others
    ) as w
),

-- A deal is created or closed on a day of the period; it stands in the pipeline when the last of them ends.
counted as (
    select
        o.period, o.period_start, o.pipeline, o.owner, o.team, o.is_before,
        count(*) filter (where s.fact = 'created') as deals_created,
        count(*) filter (where s.fact = 'standing') as deals_in_pipeline,
        coalesce(sum(s.amount) filter (where s.fact = 'standing'), 0) as open_amount,
        count(*) filter (where s.fact = 'won') as won,
        count(*) filter (where s.fact = 'lost') as lost,
        coalesce(sum(s.amount) filter (where s.fact = 'won'), 0) as won_amount,
        coalesce(sum(s.amount) filter (where s.fact = 'lost'), 0) as lost_amount,
        count(s.amount) filter (where s.fact = 'won') as won_with_amount,
        count(s.amount) filter (where s.fact = 'lost') as lost_with_amount,
        sum(power(s.amount::double, 2)) filter (where s.fact in ('won', 'lost')) as squares,
        count(s.days_to_close) filter (where s.fact = 'won') as with_cycle,
        avg(s.days_to_close) filter (where s.fact = 'won') as average_days_to_close,
        median(s.days_to_close) filter (where s.fact = 'won') as median_days_to_close
    from others as o
    left join shares as s
        on s.pipeline = o.pipeline and s.owner = o.owner and s.team = o.team and s.from_on < o.until
        and s.to_on >= case s.fact when 'standing' then o.until else o.since end
    group by o.period, o.period_start, o.pipeline, o.owner, o.team, o.is_before
),

rates as (
    select
        *,
        (won + lost)::double as trials,
        won::double / nullif(won + lost, 0) as win_rate,
        won_amount::double / nullif((won_amount + lost_amount)::double, 0) as win_rate_by_amount,
        power((won_amount + lost_amount)::double, 2) / squares as effective_trials,
        won_amount::double / nullif(won_with_amount, 0) as average_deal_size
    from counted
),

measured as (
    select
        s.period, s.period_start, s.pipeline, s.owner, s.team, s.is_before, h.deals_created, h.deals_in_pipeline, h.open_amount, h.won, h.lost,
        h.won_amount, h.lost_amount, h.won_with_amount, h.lost_with_amount, h.with_cycle, h.win_rate, h.win_rate_low, h.win_rate_high,
        h.win_rate_by_amount, h.win_rate_by_amount_low, h.win_rate_by_amount_high, h.average_deal_size, h.average_days_to_close,
        h.median_days_to_close, h.velocity_per_day
    from spans as s
    join health as h using (period, since, pipeline, owner, team)
    union all
    select
        period, period_start, pipeline, owner, team, is_before, deals_created, deals_in_pipeline, open_amount, won, lost, won_amount,
        lost_amount, won_with_amount, lost_with_amount, with_cycle, win_rate, wilson_low(win_rate, trials), wilson_high(win_rate, trials),
        win_rate_by_amount, wilson_low(win_rate_by_amount, effective_trials), wilson_high(win_rate_by_amount, effective_trials),
        average_deal_size, average_days_to_close, median_days_to_close,
        deals_in_pipeline * win_rate * average_deal_size / nullif(average_days_to_close, 0)
    from rates
),

-- Each metric with its interval, the deals behind it, and those that it could not use.
own as (
    select h.period, h.period_start, h.pipeline, h.owner, h.team, h.is_before, m.metric, m.value, m.low, m.high, m.records, m.missing
    from measured as h
    cross join lateral (
        values
        ('deals_created', h.deals_created::double, null::double, null::double, h.deals_created, 0),
        ('deals_in_pipeline', h.deals_in_pipeline, null, null, h.deals_in_pipeline, 0),
        ('open_amount', h.open_amount, null, null, h.deals_in_pipeline, null),
        ('won', h.won, null, null, h.won, 0),
        ('lost', h.lost, null, null, h.lost, 0),
        ('won_amount', h.won_amount, null, null, h.won_with_amount, h.won - h.won_with_amount),
        ('lost_amount', h.lost_amount, null, null, h.lost_with_amount, h.lost - h.lost_with_amount),
        ('win_rate', h.win_rate, h.win_rate_low, h.win_rate_high, h.won + h.lost, 0),
        (
            'win_rate_by_amount', h.win_rate_by_amount, h.win_rate_by_amount_low, h.win_rate_by_amount_high,
            h.won_with_amount + h.lost_with_amount, h.won + h.lost - (h.won_with_amount + h.lost_with_amount)
        ),
        ('average_deal_size', h.average_deal_size, null, null, h.won_with_amount, h.won - h.won_with_amount),
        ('average_days_to_close', h.average_days_to_close, null, null, h.with_cycle, h.won - h.with_cycle),
        ('median_days_to_close', h.median_days_to_close, null, null, h.with_cycle, h.won - h.with_cycle),
        ('velocity_per_day', h.velocity_per_day, null, null, h.deals_in_pipeline, null)
    ) as m (metric, value, low, high, records, missing)
),

mature as (
    select sum(leads) as leads, sum(mqls) as mqls, sum(sqls) as sqls, sum(opportunities) as opportunities, sum(customers) as customers
    from marts.funnel_conversion
    where cohort = 'month' and channel = 'all' and dimension = 'all' and is_mature
),

people as (
    select m.metric, m.reached::double / m.people as value, m.people
    from mature
    cross join lateral (
        values
        ('lead_to_mql', mqls, leads), ('mql_to_sql', sqls, mqls), ('sql_to_opportunity', opportunities, sqls),
        ('opportunity_to_customer', customers, opportunities), ('lead_to_customer', customers, leads)
    ) as m (metric, reached, people)
    where m.people > 0
),

present as (
    select p.metric, w.period, w.period_start, 'all' as pipeline, 'all' as owner, 'all' as team, p.value, wilson_low(p.value, p.people::double) as value_low,
        wilson_high(p.value, p.people::double) as value_high, p.people::bigint as records, 0 as missing
    from people as p
    join asked as w on w.metric = p.metric and w.period = 'all' and w.pipeline = 'all' and w.owner = 'all' and w.team = 'all'
    union all
    select metric, period, period_start, pipeline, owner, team, value, coalesce(low, value) as value_low, coalesce(high, value) as value_high, records, missing
    from own
    where not is_before
),

past as (
    select metric, period, period_start, pipeline, owner, team, value as previous_value
    from own
    where is_before
),

beside as (
    select
        w.metric, w.period, w.period_start, w.pipeline, w.owner, w.team, w.period_end, m.definition, m.unit, n.value, n.value_low, n.value_high,
        n.records, n.missing, b.previous_value, t.copies, t.target, t.not_found,
        case m.better when 'higher' then n.value >= t.target else n.value <= t.target end as is_reached,
        w.period_end <= c.today as has_ended,
        m.better, o.benchmark_number, o.benchmark_value, o.benchmark_low, o.benchmark_high, o.source, o.year, o.benchmark_definition, o.note,
        o.url, o.is_comparable,
        least(o.benchmark_value, o.benchmark_low, o.benchmark_high) as bottom,
        greatest(o.benchmark_value, o.benchmark_low, o.benchmark_high) as top
    from wanted as w
    cross join clock as c
    left join core.metric_definitions as m using (metric)
    left join present as n using (metric, period, period_start, pipeline, owner, team)
    left join past as b using (metric, period, period_start, pipeline, owner, team)
    left join core.targets as t using (metric, period, period_start, pipeline, owner, team)
    left join outside as o using (metric)
)

select
    metric,                                                                         -- Metric, by the name of its column in marts.pipeline_health or marts.funnel_conversion.
    definition,                                                                     -- How it is counted here; empty where it is not measured here.
    unit,                                                                           -- deals, money, rate, days or money per day.
    period,                                                                         -- month, quarter, year or all.
    period_start,                                                                   -- First day of the period.
    pipeline,                                                                       -- Pipeline, or `all`.
    owner,                                                                          -- Owner, or `all`.
    team,                                                                           -- Team, or `all`.
    value,                                                                          -- Own value in the period, up to as-of; money in base currency, a rate in 0..1.
    value_low,                                                                      -- Low end of its 95 % interval, as marts.pipeline_health gives it; the value itself without one.
    value_high,                                                                     -- High end of the same.
    records as value_records,                                                       -- Deals, or people, behind the value.
    missing as value_missing,                                                       -- Deals that it could not use; empty where that is not counted.
    previous_value,                                                                 -- The same of the period before.
    target,                                                                         -- What the plan wants, in base currency, a rate in 0..1.
    case
        when copies is null then 'no target'
        when definition is null then 'not measured here'
        when period_end is null then 'period not understood'
        when target is null then 'target unknown'
        when value is null and has_ended then 'no own value'
        when is_reached and (has_ended or metric in ('deals_created', 'won', 'won_amount')) then 'met'
        when has_ended then 'missed'
        else 'open'
    end as target_status,                                                           -- met, open, missed; before the period ends only what cannot fall again is met.
    value - target as target_gap,                                                   -- value − target.
    not_found,                                                                      -- What of the target no export has: period, pipeline, owner, team, metric, exchange rate.
    coalesce(benchmark_number, 0) as benchmark_number,                              -- 1, 2, 3 … over the benchmarks of the metric, 0 where there is none.
    benchmark_value,                                                                -- Outside value.
    benchmark_low,                                                                  -- Low end of the outside range.
    benchmark_high,                                                                 -- High end of the outside range.
    source as benchmark_source,                                                     -- Who says it.
    year as benchmark_year,                                                         -- Year that it describes; empty where nobody says it.
    benchmark_definition,                                                           -- How they count it.
    note as benchmark_note,                                                         -- What else is to be known.
    url as benchmark_url,                                                           -- Where it stands.
    is_comparable,                                                                  -- Whether their definition and currency are ours; empty without a benchmark.
    case
        when benchmark_number is null then 'no benchmark'
        when definition is null then 'not measured here'
        when not is_comparable then 'not comparable'
        when bottom is null then 'no benchmark'
        when value is null then 'no own value'
        when value between bottom and top then 'within'
        when value_low <= top and value_high >= bottom then 'no clear difference'
        when (value > top) = (better = 'higher') then 'better'
        else 'worse'
    end as verdict                                                                  -- better, worse; within its range; no clear difference where the own interval reaches it; not comparable, no benchmark, no own value, not measured here.
from beside
