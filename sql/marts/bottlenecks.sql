-- One row per pipeline, open stage and month: what arrived, what left, the queue at the end, and how many days of work it holds.
--
-- Every month from the first creation or event to as-of has a row. A rate is that of three months: of this one and the two before.
--
-- grain: pipeline, stage, period_start
-- check: departures = went_on + lost + moved_back + handed_off
-- check: queue >= 0
-- check: (state = 'empty') = (queue = 0)
-- check: (days_of_work is null) = (state = 'no departures')

with months as (
    -- No weeks: rates are taken over three months, and three weeks say little of a queue.
    select
        p.period_start, p.ends_before, p.last_day,
        greatest(p.period_start - interval 2 month, date_trunc('month', a.period_start))::date as trailing_start
    from core.periods as p
    join core.periods as a on a.period = 'all'
    where p.period = 'month'
),

moves as (
    select date_trunc('month', entered_on)::date as period_start, pipeline, stage, 1 as arrived, null as outcome
    from marts.stage_visits
    where stage_kind = 'open'
    union all
    select date_trunc('month', left_on)::date, pipeline, stage, 0, outcome
    from marts.stage_visits
    where stage_kind = 'open' and left_on is not null
),

moved as (
    select
        period_start, pipeline, stage,
        sum(arrived)::bigint as arrivals,
        count(outcome) as departures,
        count(*) filter (where outcome in ('advanced', 'won')) as went_on,
        count(*) filter (where outcome = 'lost') as lost,
        count(*) filter (where outcome = 'moved_back') as moved_back,
        count(*) filter (where outcome = 'handed_off') as handed_off
    from moves
    group by all
),

counted as (
    select
        s.pipeline, s.stage, s.stage_order, m.period_start,
        coalesce(v.arrivals, 0) as arrivals,
        coalesce(v.departures, 0) as departures,
        coalesce(v.went_on, 0) as went_on,
        coalesce(v.lost, 0) as lost,
        coalesce(v.moved_back, 0) as moved_back,
        coalesce(v.handed_off, 0) as handed_off,
        -- Before the first day of marts.stage_daily nothing stood anywhere.
        coalesce(d.open_deals, 0) as queue,
        coalesce(d.open_amount, 0)::decimal(18, 2) as queue_amount,
        (m.last_day - m.trailing_start + 1)::double as trailing_days,
        l.limit_days
    from core.stages as s
    cross join months as m
    left join moved as v on v.pipeline = s.pipeline and v.stage = s.stage and v.period_start = m.period_start
    left join marts.stage_daily as d on d.pipeline = s.pipeline and d.stage = s.stage and d.day = m.last_day
    left join marts.stall_limits as l on l.pipeline = s.pipeline and l.stage = s.stage and l.size_band = 'all'
    where s.kind = 'open'
),

rated as (
    select
        *,
        coalesce(lag(queue, 3) over life, 0) as queue_before,
        sum(departures) over (life rows between 2 preceding and current row) / trailing_days as departures_per_day
    from counted
    window life as (partition by pipeline, stage order by period_start)
),

loaded as (
    select *, case when queue = 0 then 0 else queue / nullif(departures_per_day, 0) end as days_of_work
    from rated
)

select
    pipeline,                                                    -- Pipeline.
    stage,                                                       -- Open stage.
    stage_order,                                                 -- Place of the stage in its pipeline.
    period_start,                                                -- First day of the month.
    arrivals,                                                    -- Entries into the stage in the month.
    departures,                                                  -- Exits from it in the month, in any way.
    went_on,                                                     -- Those of them to a later stage, or won.
    lost,                                                        -- Those of them that were lost.
    moved_back,                                                  -- Those of them to an earlier stage.
    handed_off,                                                  -- Those of them to another pipeline.
    queue,                                                       -- Deals in the stage at the end of the month, or at as-of.
    queue_amount,                                                -- Their value on that day.
    queue_before,                                                -- Deals in it three months before.
    departures_per_day,                                          -- Exits per day in this month and the two before.
    days_of_work,                                                -- queue ÷ departures_per_day: how long the queue takes at that rate; empty when nothing leaves.
    limit_days,                                                  -- Days within which four in five that went on had left, as of now; empty where history is insufficient.
    case
        when queue = 0 then 'empty'
        when days_of_work is null then 'no departures'
        when queue > queue_before and days_of_work > limit_days then 'clogged'
        when queue > queue_before then 'filling'
        else 'flowing'
    end as state                                                 -- empty, no departures, clogged (growing, and more work than limit_days), filling (growing) or flowing.
from loaded
