-- One row per period and pipeline: the four health metrics, by period of closing, with every count behind them.
--
-- grain: period, period_start, pipeline
-- check: win_rate between 0 and 1
-- check: (win_rate is null) = (won + lost = 0)
-- check: win_rate is null or win_rate between win_rate_low - 1e-9 and win_rate_high + 1e-9
-- check: average_days_to_close >= 0

with pipelines as (
    select distinct pipeline, pipeline as of_pipeline from core.stages
    union all
    select distinct 'all', pipeline from core.stages
),

deals as (
    select p.pipeline, d.status, d.created_at::date as created_on, d.closed_at::date as closed_on, d.amount, d.days_to_close
    from marts.deals as d
    join pipelines as p on p.of_pipeline = d.pipeline
    where d.status in ('open', 'won', 'lost')
),

bounds as (
    select
        least((select min(created_on) from deals), (select min(entered_at)::date from marts.stage_visits)) as first_day,
        (select as_of::date from core.as_of) as last_day
),

days as (
    select day::date as day
    from (select unnest(generate_series(b.first_day, b.last_day, interval 1 day)) as day from bounds as b)
),

kinds as (
    select period from (values ('month'), ('quarter'), ('year'), ('all')) as k (period)
),

calendar as (
    select
        k.period,
        case k.period
            when 'month' then date_trunc('month', g.day)::date
            when 'quarter' then date_trunc('quarter', g.day)::date
            when 'year' then date_trunc('year', g.day)::date
            else (select first_day from bounds)
        end as period_start,
        max(g.day) as last_day
    from days as g
    cross join kinds as k
    group by 1, 2
),

closed as (
    select
        k.period,
        case k.period
            when 'month' then date_trunc('month', d.closed_on)::date
            when 'quarter' then date_trunc('quarter', d.closed_on)::date
            when 'year' then date_trunc('year', d.closed_on)::date
            else (select first_day from bounds)
        end as period_start,
        d.pipeline,
        count(*) filter (where d.status = 'won') as won,
        count(*) filter (where d.status = 'lost') as lost,
        sum(d.amount) filter (where d.status = 'won') as won_amount,
        sum(d.amount) filter (where d.status = 'lost') as lost_amount,
        count(d.amount) as with_amount,
        count(d.amount) filter (where d.status = 'won') as won_with_amount,
        sum(d.amount::double * d.amount::double) as squares,
        avg(d.days_to_close) filter (where d.status = 'won') as average_days_to_close,
        median(d.days_to_close) filter (where d.status = 'won') as median_days_to_close,
        count(d.days_to_close) filter (where d.status = 'won') as with_cycle
    from deals as d
    cross join kinds as k
    where d.status <> 'open'
    group by 1, 2, 3
),

created as (
    select
        k.period,
        case k.period
            when 'month' then date_trunc('month', d.created_on)::date
            when 'quarter' then date_trunc('quarter', d.created_on)::date
            when 'year' then date_trunc('year', d.created_on)::date
            else (select first_day from bounds)
        end as period_start,
        d.pipeline,
        count(*) as deals_created
    from deals as d
    cross join kinds as k
    group by 1, 2, 3
),

measured as (
    select
        c.period, c.period_start, p.pipeline,
        coalesce(n.deals_created, 0) as deals_created,
        coalesce(s.open_deals, 0) as deals_in_pipeline,
        coalesce(s.open_amount, 0) as open_amount,
        coalesce(x.won, 0) as won,
        coalesce(x.lost, 0) as lost,
        coalesce(x.won_amount, 0) as won_amount,
        coalesce(x.lost_amount, 0) as lost_amount,
        coalesce(x.won + x.lost - x.with_amount, 0) as closed_without_amount,
        coalesce(x.won - x.won_with_amount, 0) as won_without_amount,
        coalesce(x.won - x.with_cycle, 0) as deals_without_cycle,
        x.won::double / nullif(x.won + x.lost, 0) as win_rate,
        (x.won + x.lost)::double as trials,
        coalesce(x.won_amount, 0)::double / nullif((coalesce(x.won_amount, 0) + coalesce(x.lost_amount, 0))::double, 0) as win_rate_by_amount,
        power((coalesce(x.won_amount, 0) + coalesce(x.lost_amount, 0))::double, 2) / nullif(x.squares, 0) as effective_trials,
        x.won_amount::double / nullif(x.won_with_amount, 0) as average_deal_size,
        x.average_days_to_close,
        x.median_days_to_close
    from calendar as c
    cross join (select distinct pipeline from pipelines) as p
    left join closed as x on x.period = c.period and x.period_start = c.period_start and x.pipeline = p.pipeline
    left join created as n on n.period = c.period and n.period_start = c.period_start and n.pipeline = p.pipeline
    left join marts.stage_daily as s on s.day = c.last_day and s.pipeline = p.pipeline and s.stage = 'all'
),

-- Wilson's interval: 1.959963984540054 is the 97.5 % quantile of the normal distribution, 3.841458820694124 its square.
intervals as (
    select
        *,
        (win_rate + 3.841458820694124 / (2 * trials)) / (1 + 3.841458820694124 / trials) as centre,
        1.959963984540054 / (1 + 3.841458820694124 / trials)
            * sqrt(win_rate * (1 - win_rate) / trials + 3.841458820694124 / (4 * trials * trials)) as margin,
        (win_rate_by_amount + 3.841458820694124 / (2 * effective_trials)) / (1 + 3.841458820694124 / effective_trials)
            as amount_centre,
        1.959963984540054 / (1 + 3.841458820694124 / effective_trials) * sqrt(
            greatest(win_rate_by_amount * (1 - win_rate_by_amount), 0) / effective_trials
            + 3.841458820694124 / (4 * effective_trials * effective_trials)
        ) as amount_margin
    from measured
)

select
    period,                                                                      -- month, quarter, year or all.
    period_start,                                                                -- First day of the period, UTC.
    pipeline,                                                                    -- Pipeline, or `all`.
    deals_created,                                                               -- Deals created in the period.
    deals_in_pipeline,                                                           -- Deals in an open stage at the end of the period (or as-of).
    open_amount::decimal(18, 2) as open_amount,                                  -- Their value, by the amounts known at as-of, in base currency.
    won,                                                                         -- Deals won in the period.
    lost,                                                                        -- Deals lost in the period.
    won_amount::decimal(18, 2) as won_amount,                                    -- Value of the won deals that have an amount.
    lost_amount::decimal(18, 2) as lost_amount,                                  -- Value of the lost deals that have an amount.
    closed_without_amount,                                                       -- Won and lost deals without an amount: not in win_rate_by_amount.
    won_without_amount,                                                          -- Won deals without an amount: not in average_deal_size.
    win_rate,                                                                    -- won ÷ (won + lost); empty when nothing closed.
    case when centre is not null then greatest(centre - margin, 0) end as win_rate_low,                                -- Low end of its 95 % interval (Wilson).
    case when centre is not null then least(centre + margin, 1) end as win_rate_high,                                  -- High end of its 95 % interval (Wilson).
    win_rate_by_amount,                                                          -- won_amount ÷ (won_amount + lost_amount).
    case when amount_centre is not null then greatest(amount_centre - amount_margin, 0) end as win_rate_by_amount_low,        -- Low end of its 95 % interval (Wilson, Kish's effective number).
    case when amount_centre is not null then least(amount_centre + amount_margin, 1) end as win_rate_by_amount_high,          -- High end of its 95 % interval (Wilson, Kish's effective number).
    average_deal_size,                                                           -- won_amount ÷ won deals with an amount, in base currency.
    average_days_to_close,                                                       -- Mean days from creation to closing of the won deals.
    median_days_to_close,                                                        -- Median of the same.
    deals_without_cycle,                                                         -- Won deals that closed before they were created (imported): in neither.
    deals_in_pipeline * win_rate * average_deal_size / nullif(average_days_to_close, 0) as velocity_per_day  -- deals_in_pipeline × win_rate × average_deal_size ÷ average_days_to_close, in base currency per day.
from intervals
