-- One row per basis, period, pipeline and segment: win rate, deal size and time to close of each owner, team, size band, source, product and type.
--
-- basis: `closing` counts deals in the period in which they closed, `creation` in the one in which they were created.
--
-- grain: basis, period, period_start, pipeline, dimension, segment
-- check: deals = won + lost + still_open
-- check: win_rate between 0 and 1
-- check: (win_rate is null) = (won + lost = 0)

with facts as (
    select 'closing' as basis, closed_on as day, * exclude (created_on, closed_on) from marts.deals where status in ('won', 'lost')
    union all
    select 'creation', created_on, * exclude (created_on, closed_on) from marts.deals where status in ('open', 'won', 'lost')
),

-- No weeks: in one a segment closes no deal or two, and a week is no part of one month.
-- By month first: whatever is longer, and all pipelines together, are sums of this.
monthly as (
    select
        f.basis, c.month_start, c.quarter_start, c.year_start, f.pipeline, k.dimension,
        coalesce(case k.dimension
            when 'owner' then f.owner when 'team' then f.team when 'size band' then f.size_band when 'source' then f.lead_source
            when 'product' then f.product else f.deal_type
        end, 'unknown') as segment,
        count(*) as deals,
        count(*) filter (where f.status = 'won') as won,
        count(*) filter (where f.status = 'lost') as lost,
        sum(f.amount) filter (where f.status = 'won') as won_amount,
        sum(f.amount) filter (where f.status = 'lost') as lost_amount,
        count(f.amount) filter (where f.status = 'won') as won_with_amount,
        count(f.amount) filter (where f.status = 'lost') as lost_with_amount,
        coalesce(var_pop(f.amount::double) filter (where f.status = 'won') * count(f.amount) filter (where f.status = 'won'), 0) as size_squares,
        sum(f.amount::double * f.amount::double) filter (where f.status in ('won', 'lost')) as closed_squares,
        sum(f.days_to_close) filter (where f.status = 'won') as days_to_close,
        coalesce(var_pop(f.days_to_close) filter (where f.status = 'won') * count(f.days_to_close) filter (where f.status = 'won'), 0) as days_squares,
        count(f.days_to_close) filter (where f.status = 'won') as with_cycle
    from facts as f
    join core.calendar as c on c.day = f.day
    cross join (values ('owner'), ('team'), ('size band'), ('source'), ('product'), ('type')) as k (dimension)
    group by all
),

longer as (
    select
        m.* exclude (pipeline, month_start, quarter_start, year_start),
        k.period,
        case k.period
            when 'month' then m.month_start when 'quarter' then m.quarter_start when 'year' then m.year_start
            else (select period_start from core.periods where period = 'all')
        end as period_start,
        case s.scope when 'all' then 'all' else m.pipeline end as pipeline
    from monthly as m
    cross join (values ('month'), ('quarter'), ('year'), ('all')) as k (period)
    cross join (values ('one'), ('all')) as s (scope)
),

-- Squares around the mean of the whole, not of the month: sums of plain squares lose the digits that matter.
centred as (
    select
        *,
        (sum(won_amount) over whole)::double / nullif(sum(won_with_amount) over whole, 0)::double as mean_size,
        sum(days_to_close) over whole / nullif(sum(with_cycle) over whole, 0)::double as mean_days
    from longer
    window whole as (partition by basis, period, period_start, pipeline, dimension, segment)
),

counted as (
    select
        basis, period, period_start, pipeline, dimension, segment,
        sum(deals)::bigint as deals,
        sum(won)::bigint as won,
        sum(lost)::bigint as lost,
        coalesce(sum(won_amount), 0)::decimal(18, 2) as won_amount,
        coalesce(sum(lost_amount), 0)::decimal(18, 2) as lost_amount,
        sum(won_with_amount)::bigint as won_with_amount,
        sum(lost_with_amount)::bigint as lost_with_amount,
        sum(closed_squares) as closed_squares,
        sum(size_squares + coalesce(won_with_amount * power(won_amount::double / nullif(won_with_amount, 0) - mean_size, 2), 0)) as size_squares,
        sum(days_to_close) as days_to_close,
        sum(days_squares + coalesce(with_cycle * power(days_to_close / nullif(with_cycle, 0) - mean_days, 2), 0)) as days_squares,
        sum(with_cycle)::bigint as with_cycle
    from centred
    group by all
),

measured as (
    select
        *,
        won::double / nullif(won + lost, 0) as win_rate,
        won_amount::double / nullif((won_amount + lost_amount)::double, 0) as win_rate_by_amount,
        power((won_amount + lost_amount)::double, 2) / nullif(closed_squares, 0) as effective_trials,
        won_amount::double / nullif(won_with_amount, 0) as average_deal_size,
        days_to_close / nullif(with_cycle, 0) as average_days_to_close,
        student_t(won_with_amount - 1) * sqrt(size_squares / nullif(won_with_amount - 1, 0) / nullif(won_with_amount, 0)) as deal_size_margin,
        student_t(with_cycle - 1) * sqrt(days_squares / nullif(with_cycle - 1, 0) / nullif(with_cycle, 0)) as days_margin
    from counted
)

select
    basis,                                                                       -- closing or creation.
    period,                                                                      -- month, quarter, year or all; quarters and years are fiscal.
    period_start,                                                                -- First day of the period.
    pipeline,                                                                    -- Pipeline, or `all`.
    dimension,                                                                   -- owner, team, size band, source, product or type.
    segment,                                                                     -- Its value; `unknown` where the record has none.
    deals,                                                                       -- Deals closed, or created, in the period.
    won,                                                                         -- Those of them that are won.
    lost,                                                                        -- Those of them that are lost.
    deals - won - lost as still_open,                                            -- Those of them that are open at as-of.
    won_amount,                                                                  -- Value of the won ones that have an amount, in base currency.
    lost_amount,                                                                 -- Value of the lost ones that have an amount.
    won + lost - won_with_amount - lost_with_amount as closed_without_amount,    -- Closed ones without an amount: not in win_rate_by_amount.
    won - won_with_amount as won_without_amount,                                 -- Won ones without an amount: not in average_deal_size.
    win_rate,                                                                    -- won ÷ (won + lost); empty when nothing closed.
    wilson_low(win_rate, (won + lost)::double) as win_rate_low,                  -- Low end of its 95 % interval (Wilson).
    wilson_high(win_rate, (won + lost)::double) as win_rate_high,                -- High end of its 95 % interval (Wilson).
    win_rate_by_amount,                                                          -- won_amount ÷ (won_amount + lost_amount).
    wilson_low(win_rate_by_amount, effective_trials) as win_rate_by_amount_low,    -- Low end of its 95 % interval (Wilson, Kish's effective number).
    wilson_high(win_rate_by_amount, effective_trials) as win_rate_by_amount_high,  -- High end of its 95 % interval (Wilson, Kish's effective number).
    average_deal_size,                                                           -- won_amount ÷ won deals with an amount.
    average_deal_size - deal_size_margin as average_deal_size_low,               -- Low end of its 95 % interval (Student's t); empty under two deals.
    average_deal_size + deal_size_margin as average_deal_size_high,              -- High end of its 95 % interval (Student's t).
    average_days_to_close,                                                       -- Mean days from creation to closing of the won deals.
    average_days_to_close - days_margin as average_days_to_close_low,            -- Low end of its 95 % interval (Student's t); empty under two deals.
    average_days_to_close + days_margin as average_days_to_close_high,           -- High end of its 95 % interval (Student's t).
    won - with_cycle as deals_without_cycle                                      -- Won deals that closed before they were created (imported): in no days.
from measured
