-- One row per metric, period, scope and outside benchmark: the own value beside target, previous period and benchmark.
--
-- Scopes: the company in every period of marts.pipeline_health, and every target's pipeline, owner and team in its period.
-- A target or benchmark of a metric that is not measured here has its row too.
--
-- grain: metric, period, period_start, pipeline, owner, team, benchmark_number
-- check: verdict in ('better', 'worse', 'within', 'no clear difference', 'not comparable', 'no benchmark', 'no own value', 'not measured here')
-- check: target_status in ('met', 'open', 'missed', 'no target', 'target unknown', 'no own value', 'not measured here', 'period not understood')
-- check: verdict not in ('better', 'worse', 'within', 'no clear difference') or is_comparable
-- check: value is null or value between value_low - 1e-9 and value_high + 1e-9

with clock as (
    select
        a.as_of::date as today,
        (select min(period_start) from marts.pipeline_health where period = 'all') as first_day,
        coalesce((select min(period_start) from marts.pipeline_health where period = 'all'), a.as_of::date) as since_ever
    from core.as_of as a
),

outside as (
    select
        coalesce(m.metric, b.metric) as metric,
        row_number() over (
            partition by coalesce(m.metric, b.metric) order by b.source, b.year nulls last, b.definition, b.file, b.line
        )::integer as benchmark_number,
        case when m.unit = 'rate' and b.value > 1 then b.value / 100 else b.value end as benchmark_value,
        case when m.unit = 'rate' and b.low > 1 then b.low / 100 else b.low end as benchmark_low,
        case when m.unit = 'rate' and b.high > 1 then b.high / 100 else b.high end as benchmark_high,
        b.source, b.year, b.definition, b.note, b.url,
        m.metric is not null
            and replace(replace(replace(lower(b.definition), ' ', ''), '÷', '/'), '×', '*') = replace(m.definition, ' ', '')
            and (b.currency is null or b.currency = p.base_currency or m.unit not in ('money', 'money per day')) as is_comparable
    from staging.benchmarks as b
    cross join core.parameters as p
    left join core.metric_definitions as m on b.metric in (m.metric, m.spanish)
),

wanted as (
    select m.metric, h.period, h.period_start, 'all' as pipeline, 'all' as owner, 'all' as team
    from marts.pipeline_health as h
    cross join core.metric_definitions as m
    where h.pipeline = 'all'
    union
    select metric, period, period_start, pipeline, owner, team from core.targets
    union
    select o.metric, 'all', c.since_ever, 'all', 'all', 'all'
    from outside as o
    cross join clock as c
),

bounded as (
    select
        period, period_start, pipeline, owner, team,
        case period
            when 'month' then (period_start + interval 1 month)::date
            when 'quarter' then (period_start + interval 3 month)::date
            when 'year' then (period_start + interval 1 year)::date
        end as period_end,
        case period
            when 'month' then (period_start - interval 1 month)::date
            when 'quarter' then (period_start - interval 3 month)::date
            when 'year' then (period_start - interval 1 year)::date
        end as previous_start
    from (select distinct period, period_start, pipeline, owner, team from wanted) as scopes
),

-- Each scope in its period and in the one before, as far as the exports reach.
spans as (
    select s.period, s.since, s.until, s.pipeline, s.owner, s.team
    from (
        select period, period_start as since, period_end as until, pipeline, owner, team from bounded
        union
        select period, previous_start, period_start, pipeline, owner, team from bounded where previous_start is not null
    ) as s
    cross join clock as c
    where s.since <= c.today and (s.until is null or s.until > c.first_day)
),

-- What marts.pipeline_health says already is taken from there; the rest is counted in the same way.
others as (
    select s.period, s.since, s.until, s.pipeline, s.owner, s.team
    from spans as s
    left join marts.pipeline_health as h
        on h.period = s.period and h.period_start = s.since and h.pipeline = s.pipeline and s.owner = 'all' and s.team = 'all'
    where h.period is null and s.until is not null
),

deals as (
    select
        d.system, d.deal_id, d.status, d.amount, d.days_to_close, d.created_at::date as created_on, d.closed_at::date as closed_on,
        d.pipeline, d.owner, coalesce(d.team, t.team) as team
    from marts.deals as d
    left join core.owner_teams as t on t.owner = d.owner
    where d.status in ('open', 'won', 'lost')
),

-- A deal once for each way in which the scopes choose deals: by pipeline, owner, team, or several of them.
shares as (
    select
        d.system, d.deal_id, d.status, d.amount, d.days_to_close, d.created_on, d.closed_on,
        case when w.by_pipeline then d.pipeline else 'all' end as pipeline,
        case when w.by_owner then d.owner else 'all' end as owner,
        case when w.by_team then d.team else 'all' end as team,
        w.by_pipeline
    from deals as d
    cross join (
        select distinct pipeline <> 'all' as by_pipeline, owner <> 'all' as by_owner, team <> 'all' as by_team from others
    ) as w
),

stays as (
    select
        case when d.by_pipeline then v.pipeline else 'all' end as pipeline, d.owner, d.team, v.amount,
        v.from_on as entered_on, v.to_on as left_on
    from core.deal_states as v
    join shares as d on d.system = v.system and d.deal_id = v.deal_id
    where v.kind = 'open' and v.record_status = 'live'
),

created as (
    select o.period, o.since, o.until, o.pipeline, o.owner, o.team, count(*) as deals_created
    from others as o
    join shares as d
        on d.pipeline = o.pipeline and d.owner = o.owner and d.team = o.team and d.created_on >= o.since and d.created_on < o.until
    group by o.period, o.since, o.until, o.pipeline, o.owner, o.team
),

standing as (
    select o.period, o.since, o.until, o.pipeline, o.owner, o.team, count(*) as deals_in_pipeline, sum(d.amount) as open_amount
    from others as o
    join stays as d
        on d.pipeline = o.pipeline and d.owner = o.owner and d.team = o.team and d.entered_on < o.until and (d.left_on is null or d.left_on >= o.until)
    group by o.period, o.since, o.until, o.pipeline, o.owner, o.team
),

closed as (
    select
        o.period, o.since, o.until, o.pipeline, o.owner, o.team,
        count(*) as closed,
        count(*) filter (where d.status = 'won') as won,
        coalesce(sum(d.amount) filter (where d.status = 'won'), 0)::double as won_amount,
        coalesce(sum(d.amount) filter (where d.status = 'lost'), 0)::double as lost_amount,
        coalesce(sum(d.amount), 0)::double as amount,
        count(d.amount) as with_amount,
        count(d.amount) filter (where d.status = 'won') as won_with_amount,
        sum(d.amount::double * d.amount::double) as squares,
        avg(d.days_to_close) filter (where d.status = 'won') as average_days_to_close,
        median(d.days_to_close) filter (where d.status = 'won') as median_days_to_close,
        count(d.days_to_close) filter (where d.status = 'won') as with_cycle
    from others as o
    join shares as d
        on d.pipeline = o.pipeline and d.owner = o.owner and d.team = o.team and d.closed_on >= o.since and d.closed_on < o.until
    where d.status in ('won', 'lost')
    group by o.period, o.since, o.until, o.pipeline, o.owner, o.team
),

rates as (
    select
        *,
        won::double / closed as win_rate,
        won_amount / nullif(amount, 0) as win_rate_by_amount,
        amount * amount / nullif(squares, 0) as effective,
        won_amount / nullif(won_with_amount, 0) as average_deal_size
    from closed
),

-- Wilson's interval: 1.959963984540054 is the 97.5 % quantile of the normal distribution, 3.841458820694124 its square.
intervals as (
    select
        *,
        (win_rate + 3.841458820694124 / (2 * closed)) / (1 + 3.841458820694124 / closed) as centre,
        1.959963984540054 / (1 + 3.841458820694124 / closed)
            * sqrt(win_rate * (1 - win_rate) / closed + 3.841458820694124 / (4 * closed::double * closed)) as margin,
        (win_rate_by_amount + 3.841458820694124 / (2 * effective)) / (1 + 3.841458820694124 / effective) as amount_centre,
        1.959963984540054 / (1 + 3.841458820694124 / effective) * sqrt(
            greatest(win_rate_by_amount * (1 - win_rate_by_amount), 0) / effective + 3.841458820694124 / (4 * effective * effective)
        ) as amount_margin
    from rates
),

health as (
    select
        s.period, s.since, s.until, s.pipeline, s.owner, s.team,
        h.deals_created, h.deals_in_pipeline, h.open_amount::double as open_amount, h.won, h.lost,
        h.won_amount::double as won_amount, h.lost_amount::double as lost_amount, h.closed_without_amount, h.won_without_amount,
        h.deals_without_cycle, h.win_rate, h.win_rate_low, h.win_rate_high, h.win_rate_by_amount, h.win_rate_by_amount_low,
        h.win_rate_by_amount_high, h.average_deal_size, h.average_days_to_close, h.median_days_to_close, h.velocity_per_day
    from spans as s
    join marts.pipeline_health as h
        on h.period = s.period and h.period_start = s.since and h.pipeline = s.pipeline and s.owner = 'all' and s.team = 'all'
    union all
    select
        o.period, o.since, o.until, o.pipeline, o.owner, o.team,
        coalesce(c.deals_created, 0), coalesce(s.deals_in_pipeline, 0), coalesce(s.open_amount, 0)::double, coalesce(i.won, 0),
        coalesce(i.closed - i.won, 0), coalesce(i.won_amount, 0), coalesce(i.lost_amount, 0), coalesce(i.closed - i.with_amount, 0),
        coalesce(i.won - i.won_with_amount, 0), coalesce(i.won - i.with_cycle, 0), i.win_rate,
        case when i.centre is not null then greatest(i.centre - i.margin, 0) end,
        case when i.centre is not null then least(i.centre + i.margin, 1) end,
        i.win_rate_by_amount,
        case when i.amount_centre is not null then greatest(i.amount_centre - i.amount_margin, 0) end,
        case when i.amount_centre is not null then least(i.amount_centre + i.amount_margin, 1) end,
        i.average_deal_size, i.average_days_to_close, i.median_days_to_close,
        coalesce(s.deals_in_pipeline, 0) * i.win_rate * i.average_deal_size / nullif(i.average_days_to_close, 0)
    from others as o
    left join created as c
        on c.period = o.period and c.since = o.since and c.until = o.until and c.pipeline = o.pipeline and c.owner = o.owner
        and c.team = o.team
    left join standing as s
        on s.period = o.period and s.since = o.since and s.until = o.until and s.pipeline = o.pipeline and s.owner = o.owner
        and s.team = o.team
    left join intervals as i
        on i.period = o.period and i.since = o.since and i.until = o.until and i.pipeline = o.pipeline and i.owner = o.owner
        and i.team = o.team
),

own as (
    select
        m.metric, h.period, h.since, h.until, h.pipeline, h.owner, h.team,
        case m.metric
            when 'deals_created' then h.deals_created::double
            when 'deals_in_pipeline' then h.deals_in_pipeline::double
            when 'open_amount' then h.open_amount
            when 'won' then h.won::double
            when 'lost' then h.lost::double
            when 'won_amount' then h.won_amount
            when 'lost_amount' then h.lost_amount
            when 'win_rate' then h.win_rate
            when 'win_rate_by_amount' then h.win_rate_by_amount
            when 'average_deal_size' then h.average_deal_size
            when 'average_days_to_close' then h.average_days_to_close
            when 'median_days_to_close' then h.median_days_to_close
            when 'velocity_per_day' then h.velocity_per_day
        end as value,
        case m.metric when 'win_rate' then h.win_rate_low when 'win_rate_by_amount' then h.win_rate_by_amount_low end as low,
        case m.metric when 'win_rate' then h.win_rate_high when 'win_rate_by_amount' then h.win_rate_by_amount_high end as high,
        case
            when m.metric = 'deals_created' then h.deals_created
            when m.metric in ('deals_in_pipeline', 'open_amount', 'velocity_per_day') then h.deals_in_pipeline
            when m.metric = 'won' then h.won
            when m.metric = 'lost' then h.lost
            when m.metric in ('won_amount', 'average_deal_size') then h.won - h.won_without_amount
            when m.metric = 'lost_amount' then h.lost - (h.closed_without_amount - h.won_without_amount)
            when m.metric = 'win_rate' then h.won + h.lost
            when m.metric = 'win_rate_by_amount' then h.won + h.lost - h.closed_without_amount
            else h.won - h.deals_without_cycle
        end as records,
        case
            when m.metric in ('won_amount', 'average_deal_size') then h.won_without_amount
            when m.metric = 'lost_amount' then h.closed_without_amount - h.won_without_amount
            when m.metric = 'win_rate_by_amount' then h.closed_without_amount
            when m.metric in ('average_days_to_close', 'median_days_to_close') then h.deals_without_cycle
            when m.metric not in ('open_amount', 'velocity_per_day') then 0
        end as missing
    from health as h
    cross join core.metric_definitions as m
),

beside as (
    select
        w.metric, w.period, w.period_start, w.pipeline, w.owner, w.team, b.period_end, m.definition, m.unit, m.better,
        n.value, coalesce(n.low, n.value) as value_low, coalesce(n.high, n.value) as value_high, n.records, n.missing,
        v.value as previous_value, t.target, t.target_original, t.metric is not null as has_target, t.not_found,
        coalesce(o.benchmark_number, 0) as benchmark_number, o.benchmark_value, o.benchmark_low, o.benchmark_high, o.source,
        o.year, o.definition as benchmark_definition, o.note, o.url, o.is_comparable,
        least(o.benchmark_value, o.benchmark_low, o.benchmark_high) as bottom,
        greatest(o.benchmark_value, o.benchmark_low, o.benchmark_high) as top,
        coalesce(b.period_end <= c.today, false) as has_ended
    from wanted as w
    cross join clock as c
    join bounded as b
        on b.period = w.period and b.period_start = w.period_start and b.pipeline = w.pipeline and b.owner = w.owner
        and b.team = w.team
    left join core.metric_definitions as m on m.metric = w.metric
    left join own as n
        on n.metric = w.metric and n.period = w.period and n.since = w.period_start and n.until is not distinct from b.period_end
        and n.pipeline = w.pipeline and n.owner = w.owner and n.team = w.team
    left join own as v
        on v.metric = w.metric and v.period = w.period and v.since = b.previous_start and v.until = w.period_start
        and v.pipeline = w.pipeline and v.owner = w.owner and v.team = w.team
    left join core.targets as t
        on t.metric = w.metric and t.period = w.period and t.period_start = w.period_start and t.pipeline = w.pipeline
        and t.owner = w.owner and t.team = w.team
    left join outside as o on o.metric = w.metric
)

select
    metric,                                                                         -- Metric, by the name of its column in marts.pipeline_health.
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
    records as value_records,                                                       -- Deals behind the value.
    missing as value_missing,                                                       -- Deals that it could not use; empty where that is not counted.
    previous_value,                                                                 -- The same of the period before.
    target,                                                                         -- What the plan wants, in base currency, a rate in 0..1.
    case
        when not has_target then 'no target'
        when definition is null then 'not measured here'
        when period_end is null then 'period not understood'
        when target is null then 'target unknown'
        when value is null and not has_ended then 'open'
        when value is null then 'no own value'
        when has_ended and better = 'higher' and value >= target then 'met'
        when has_ended and better = 'lower' and value <= target then 'met'
        when has_ended then 'missed'
        when metric in ('deals_created', 'won', 'won_amount') and value >= target then 'met'
        else 'open'
    end as target_status,                                                           -- met, open, missed; before the period ends only what cannot fall again is met.
    value - target as target_gap,                                                   -- value − target.
    not_found,                                                                      -- What of the target no export has: period, pipeline, owner, team, metric, exchange rate.
    benchmark_number,                                                               -- 1, 2, 3 … over the benchmarks of the metric, 0 where there is none.
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
        when benchmark_number = 0 or (definition is not null and is_comparable and bottom is null) then 'no benchmark'
        when definition is null then 'not measured here'
        when not is_comparable then 'not comparable'
        when value is null then 'no own value'
        when value between bottom and top then 'within'
        when value_low <= top and value_high >= bottom then 'no clear difference'
        when (value > top) = (better = 'higher') then 'better'
        else 'worse'
    end as verdict                                                                  -- better, worse; within its range; no clear difference where the own interval reaches it; not comparable, no benchmark, no own value, not measured here.
from beside
