-- One row per line of the waterfall, period, pipeline and owner: opening + the lines between = closing, with nothing left over.
--
-- Each combination of pipeline and owner that had a deal in the period has all lines; `all` rows are totals, there for each period.
--
-- grain: scope, period, period_start, pipeline, owner, line
-- sum: deals, amount, deals_without_amount
-- apart: scope, period, period_start, line
-- check: scope in ('open', 'due')
-- check: line_order between 1 and 15

with scoped as (
    select d.scope, d.period, d.period_start, d.pipeline, d.owner, d.line, d.deals, d.amount, d.deals_without_amount
    from marts.waterfall_deals as d
    union all
    select d.scope, d.period, d.period_start, d.pipeline, 'all', d.line, d.deals, d.amount, d.deals_without_amount
    from marts.waterfall_deals as d
    union all
    select d.scope, d.period, d.period_start, 'all', d.owner, d.line, d.deals, d.amount, d.deals_without_amount
    from marts.waterfall_deals as d
    union all
    select d.scope, d.period, d.period_start, 'all', 'all', d.line, d.deals, d.amount, d.deals_without_amount
    from marts.waterfall_deals as d
),

summed as (
    select
        scope, period, period_start, pipeline, owner, line,
        sum(deals) as deals, sum(amount) as amount, sum(deals_without_amount) as deals_without_amount
    from scoped
    group by scope, period, period_start, pipeline, owner, line
),

-- Of weeks marts.waterfall_deals tells what moves: what stands at the end of one is all that came and left until then.
moved as (
    select pipeline, owner, period_start, sum(deals) as deals, sum(amount) as amount, sum(deals_without_amount) as deals_without_amount
    from summed
    where scope = 'open' and period = 'week'
    group by pipeline, owner, period_start
),

standing as (
    select
        k.pipeline, k.owner, p.period_start,
        sum(coalesce(m.deals, 0)) over life as deals,
        sum(coalesce(m.amount, 0)) over life as amount,
        sum(coalesce(m.deals_without_amount, 0)) over life as deals_without_amount
    from (select distinct pipeline, owner from moved) as k
    join core.periods as p on p.period = 'week'
    left join moved as m on m.pipeline = k.pipeline and m.owner = k.owner and m.period_start = p.period_start
    window life as (partition by k.pipeline, k.owner order by p.period_start rows between unbounded preceding and current row)
),

complete as (
    select scope, period, period_start, pipeline, owner, line, deals, amount, deals_without_amount
    from summed
    union all
    select 'open', 'week', period_start, pipeline, owner, 'closing', deals, amount, deals_without_amount
    from standing
    where deals <> 0
    union all
    select 'open', 'week', p.period_start, s.pipeline, s.owner, 'opening', s.deals, s.amount, s.deals_without_amount
    from standing as s
    join core.periods as p on p.period = 'week' and p.previous_start = s.period_start
    where s.deals <> 0
),

groups as (
    select scope, period, period_start, pipeline, owner
    from complete
    union
    select k.scope, p.period, p.period_start, 'all', 'all'
    from core.periods as p
    join (values ('open'), ('due')) as k (scope) on k.scope = 'open' or p.period <> 'all'
),

lines as (
    select line, line_order
    from (
        values
            ('opening', 1), ('created', 2), ('reopened', 3), ('pulled in', 4), ('value up', 5), ('value down', 6), ('currency', 7),
            ('pushed out', 8), ('moved between pipelines', 9), ('moved between owners', 10), ('won', 11), ('lost', 12),
            ('deleted', 13), ('merged', 14), ('closing', 15)
    ) as l (line, line_order)
)

select
    g.scope,                                                                     -- open: all open deals; due: open deals whose close date lies in the period.
    g.period,                                                                    -- week, month, quarter, year or all; all in scope open only.
    g.period_start,                                                              -- First day of the period.
    g.pipeline,                                                                  -- Pipeline then, or `all`.
    g.owner,                                                                     -- Owner then, `unknown` without one, or `all`.
    l.line,                                                                      -- Line of the waterfall.
    l.line_order,                                                                -- Its place: 1 for opening, 15 for closing.
    coalesce(s.deals, 0)::bigint as deals,                                       -- Deals that came, less those that left; in opening and closing those that stood.
    coalesce(s.amount, 0)::decimal(18, 2) as amount,                             -- What that added or took, in base currency.
    coalesce(s.deals_without_amount, 0)::bigint as deals_without_amount          -- Of `deals`, those whose amount was unknown: in no amount here.
from groups as g
cross join lines as l
left join complete as s
    on s.scope = g.scope and s.period = g.period and s.period_start = g.period_start and s.pipeline = g.pipeline and s.owner = g.owner
    and s.line = l.line
