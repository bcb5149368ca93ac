-- One row per period and pipeline: the four health metrics, by period of closing, with every count behind them.
--
-- `_previous` is the same figure of the period before, `_trailing` that of the four quarters (52 weeks, twelve months, one year) up
-- to the end of the period.
--
-- grain: period, period_start, pipeline
-- sum: deals_created, won, lost, won_amount, lost_amount, closed_without_amount, won_without_amount
-- apart: period
-- bars: won by period_start where period = 'quarter' and pipeline = 'all' order by period_start
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
    select p.pipeline, d.status, d.created_on, d.closed_on, d.amount, d.days_to_close
    from marts.deals as d
    join pipelines as p on p.of_pipeline = d.pipeline
    where d.status in ('open', 'won', 'lost')
),

spans as (
    select
        c.day, k.period,
        case k.period
            when 'week' then c.week_start when 'month' then c.month_start when 'quarter' then c.quarter_start when 'year' then c.year_start
            else (select period_start from core.periods where period = 'all')
        end as period_start
    from core.calendar as c
    cross join (values ('week'), ('month'), ('quarter'), ('year'), ('all')) as k (period)
),

closed as (
    select
        s.period, s.period_start, d.pipeline,
        count(*) filter (where d.status = 'won') as won,
        count(*) filter (where d.status = 'lost') as lost,
        sum(d.amount) filter (where d.status = 'won') as won_amount,
        sum(d.amount) filter (where d.status = 'lost') as lost_amount,
        count(d.amount) as with_amount,
        count(d.amount) filter (where d.status = 'won') as won_with_amount,
        sum(d.amount::double * d.amount::double) as squares,
        stddev_samp(d.amount::double) filter (where d.status = 'won') as deal_size_deviation,
        sum(d.days_to_close) filter (where d.status = 'won') as days_to_close,
        stddev_samp(d.days_to_close) filter (where d.status = 'won') as days_deviation,
        median(d.days_to_close) filter (where d.status = 'won') as median_days_to_close,
        list(d.days_to_close order by d.days_to_close) filter (where d.status = 'won' and d.days_to_close is not null) as sorted_days,
        count(d.days_to_close) filter (where d.status = 'won') as with_cycle
    from deals as d
    join spans as s on s.day = d.closed_on
    where d.status <> 'open'
    group by s.period, s.period_start, d.pipeline
),

created as (
    select s.period, s.period_start, d.pipeline, count(*) as deals_created
    from deals as d
    join spans as s on s.day = d.created_on
    group by s.period, s.period_start, d.pipeline
),

counted as (
    select
        c.period, c.period_start, p.pipeline,
        coalesce(n.deals_created, 0) as deals_created,
        coalesce(s.open_deals, 0) as deals_in_pipeline,
        coalesce(s.open_amount, 0) as open_amount,
        coalesce(x.won, 0) as won,
        coalesce(x.lost, 0) as lost,
        coalesce(x.won_amount, 0) as won_amount,
        coalesce(x.lost_amount, 0) as lost_amount,
        coalesce(x.with_amount, 0) as with_amount,
        coalesce(x.won_with_amount, 0) as won_with_amount,
        coalesce(x.with_cycle, 0) as with_cycle,
        coalesce(x.days_to_close, 0) as days_to_close,
        x.squares, x.deal_size_deviation, x.days_deviation, x.median_days_to_close, x.sorted_days
    from core.periods as c
    cross join (select distinct pipeline from pipelines) as p
    left join closed as x on x.period = c.period and x.period_start = c.period_start and x.pipeline = p.pipeline
    left join created as n on n.period = c.period and n.period_start = c.period_start and n.pipeline = p.pipeline
    left join marts.stage_daily as s on s.day = c.last_day and s.pipeline = p.pipeline and s.stage = 'all'
),

-- 357 days back begin 51 weeks, eleven months, three quarters or no year earlier: with the row itself, a year (of weeks, 52).
with_year as (
    select
        *,
        sum(won) over trail as won_trailing,
        sum(won + lost) over trail as closed_trailing,
        sum(won_amount) over trail as won_amount_trailing,
        sum(won_with_amount) over trail as won_with_amount_trailing,
        sum(days_to_close) over trail as days_trailing,
        sum(with_cycle) over trail as with_cycle_trailing
    from counted
    window trail as (
        partition by period, pipeline order by period_start range between interval 357 days preceding and current row
    )
),

measured as (
    select
        *,
        won::double / nullif(won + lost, 0) as win_rate,
        (won + lost)::double as trials,
        won_amount::double / nullif((won_amount + lost_amount)::double, 0) as win_rate_by_amount,
        power((won_amount + lost_amount)::double, 2) / nullif(squares, 0) as effective_trials,
        won_amount::double / nullif(won_with_amount, 0) as average_deal_size,
        student_t(won_with_amount - 1) * deal_size_deviation / sqrt(nullif(won_with_amount, 0)) as deal_size_margin,
        days_to_close / nullif(with_cycle, 0) as average_days_to_close,
        student_t(with_cycle - 1) * days_deviation / sqrt(nullif(with_cycle, 0)) as days_margin,
        -- The ranks between which the median lies with 95 % probability (binomial, by its normal approximation).
        cast(floor(with_cycle / 2.0 - 1.959963984540054 * sqrt(with_cycle) / 2) as integer) as median_rank
    from with_year
)

select
    period,                                                                      -- week, month, quarter, year or all; weeks begin on Monday, quarters and years are fiscal.
    period_start,                                                                -- First day of the period, in the business time zone.
    pipeline,                                                                    -- Pipeline, or `all`.
    deals_created,                                                               -- Deals created in the period.
    deals_in_pipeline,                                                           -- Deals in an open stage at the end of the period (or as-of).
    open_amount::decimal(18, 2) as open_amount,                                  -- Their value then, in base currency.
    won,                                                                         -- Deals won in the period.
    lost,                                                                        -- Deals lost in the period.
    won_amount::decimal(18, 2) as won_amount,                                    -- Value of the won deals that have an amount.
    lost_amount::decimal(18, 2) as lost_amount,                                  -- Value of the lost deals that have an amount.
    won + lost - with_amount as closed_without_amount,                           -- Won and lost deals without an amount: not in win_rate_by_amount.
    won - won_with_amount as won_without_amount,                                 -- Won deals without an amount: not in average_deal_size.
    win_rate,                                                                    -- won ÷ (won + lost); empty when nothing closed.
    wilson_low(win_rate, trials) as win_rate_low,                                -- Low end of its 95 % interval (Wilson).
    wilson_high(win_rate, trials) as win_rate_high,                              -- High end of its 95 % interval (Wilson).
    win_rate_by_amount,                                                          -- won_amount ÷ (won_amount + lost_amount).
    wilson_low(win_rate_by_amount, effective_trials) as win_rate_by_amount_low,    -- Low end of its 95 % interval (Wilson, Kish's effective number).
    wilson_high(win_rate_by_amount, effective_trials) as win_rate_by_amount_high,  -- High end of its 95 % interval (Wilson, Kish's effective number).
    average_deal_size,                                                           -- won_amount ÷ won deals with an amount, in base currency.
    average_deal_size - deal_size_margin as average_deal_size_low,               -- Low end of its 95 % interval (Student's t); empty under two deals.
    average_deal_size + deal_size_margin as average_deal_size_high,              -- High end of its 95 % interval (Student's t).
    average_days_to_close,                                                       -- Mean days from creation to closing of the won deals.
    average_days_to_close - days_margin as average_days_to_close_low,            -- Low end of its 95 % interval (Student's t); empty under two deals.
    average_days_to_close + days_margin as average_days_to_close_high,           -- High end of its 95 % interval (Student's t).
    median_days_to_close,                                                        -- Median of the same.
    case when median_rank >= 1 then sorted_days[median_rank] end as median_days_to_close_low,                     -- Low end of its 95 % interval (order statistics); empty under six deals.
    case when median_rank >= 1 then sorted_days[with_cycle + 1 - median_rank] end as median_days_to_close_high,   -- High end of its 95 % interval (order statistics).
    won - with_cycle as deals_without_cycle,                                     -- Won deals that closed before they were created (imported): in neither.
    deals_in_pipeline * win_rate * average_deal_size / nullif(average_days_to_close, 0) as velocity_per_day,  -- deals_in_pipeline × win_rate × average_deal_size ÷ average_days_to_close, in base currency per day.
    lag(deals_in_pipeline) over life as deals_in_pipeline_previous,              -- deals_in_pipeline of the period before.
    lag(average_deal_size) over life as average_deal_size_previous,              -- average_deal_size of the period before.
    lag(win_rate) over life as win_rate_previous,                                -- win_rate of the period before.
    lag(median_days_to_close) over life as median_days_to_close_previous,        -- median_days_to_close of the period before.
    case when period <> 'all' then won_trailing::double / nullif(closed_trailing, 0) end as win_rate_trailing,  -- won ÷ (won + lost) of the trailing year.
    case when period <> 'all' then closed_trailing::bigint end as closed_trailing,                              -- Deals closed in the trailing year.
    case when period <> 'all' then won_amount_trailing::double / nullif(won_with_amount_trailing, 0) end as average_deal_size_trailing,  -- average_deal_size of the trailing year.
    case when period <> 'all' then days_trailing / nullif(with_cycle_trailing, 0) end as average_days_to_close_trailing  -- average_days_to_close of the trailing year.
from measured
window life as (partition by period, pipeline order by period_start)
