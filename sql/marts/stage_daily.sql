-- One row per day, pipeline and open stage: the deals that stood in it at the end of the day; `all` rows are totals.
--
-- grain: day, pipeline, stage
-- sum: open_deals, open_amount
-- apart: day
-- bars: open_deals by day where pipeline = 'all' and stage = 'all' order by day
-- check: open_deals >= 0
-- check: entered >= 0 and "left" >= 0

with moves as (
    select entered_on as day, pipeline, stage, 1 as entered, 0 as departed, null::decimal(18, 2) as amount
    from marts.stage_visits
    where stage_kind = 'open'
    union all
    select left_on, pipeline, stage, 0, 1, null
    from marts.stage_visits
    where stage_kind = 'open' and left_on is not null
    union all
    -- The amount goes in and out with each of its values, so that every day has the amount of that day.
    select from_on, pipeline, stage, 0, 0, amount
    from core.deal_states
    where kind = 'open' and record_status = 'live'
    union all
    select to_on, pipeline, stage, 0, 0, -amount
    from core.deal_states
    where kind = 'open' and record_status = 'live' and to_on is not null
),

by_stage as (
    select day, pipeline, stage, sum(entered) as entered, sum(departed) as departed, sum(amount) as amount
    from moves
    group by day, pipeline, stage
),

scoped as (
    select day, pipeline, stage, entered, departed, amount from by_stage
    union all
    select day, pipeline, 'all', sum(entered), sum(departed), sum(amount) from by_stage group by day, pipeline
    union all
    select day, 'all', 'all', sum(entered), sum(departed), sum(amount) from by_stage group by day
),

scopes as (
    select pipeline, stage, stage_order from core.stages where kind = 'open'
    union all
    select distinct pipeline, 'all', null::integer from core.stages where kind = 'open'
    union all
    select distinct 'all', 'all', null::integer from core.stages where kind = 'open'
),

days as (
    select c.day
    from core.calendar as c
    join core.periods as p on p.period = 'all' and c.day <= p.last_day
    where c.day >= (select min(entered_on) from marts.stage_visits)
)

select
    g.day,                                                                           -- Day, in the business time zone.
    s.pipeline,                                                                      -- Pipeline, or `all`.
    s.stage,                                                                         -- Open stage, or `all`.
    s.stage_order,                                                                   -- Place of the stage in its pipeline; empty for `all`.
    (sum(coalesce(m.entered, 0) - coalesce(m.departed, 0)) over so_far)::bigint as open_deals,  -- Deals in it at the end of the day.
    (sum(coalesce(m.amount, 0)) over so_far)::decimal(18, 2) as open_amount,           -- Their value on that day, in base currency at the rates of marts.deals.
    coalesce(m.entered, 0)::bigint as entered,                                       -- Entries on that day.
    coalesce(m.departed, 0)::bigint as "left"                                        -- Exits on that day.
from days as g
cross join scopes as s
left join scoped as m on m.day = g.day and m.pipeline = s.pipeline and m.stage = s.stage
window so_far as (partition by s.pipeline, s.stage order by g.day)
