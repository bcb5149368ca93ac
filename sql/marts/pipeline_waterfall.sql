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

groups as (
    select scope, period, period_start, pipeline, owner
    from summed
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
    g.period,                                                                    -- month, quarter, year or all; all in scope open only.
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
left join summed as s
    on s.scope = g.scope and s.period = g.period and s.period_start = g.period_start and s.pipeline = g.pipeline and s.owner = g.owner
    and s.line = l.line
