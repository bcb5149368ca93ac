-- One row per pipeline and forecast category at as-of: value and weighted value of the open deals; `all` rows are totals.
--
-- grain: pipeline, forecast_category
-- sum: open_deals, open_amount, deals_without_amount, crm_weighted_amount, deals_without_probability, own_weighted_amount, deals_without_history
-- bars: own_weighted_amount by forecast_category where pipeline = 'all' and forecast_category <> 'all'
-- check: forecast_category in ('pipeline', 'best case', 'most likely', 'commit', 'closed', 'omitted', 'unknown', 'all')
-- check: open_conflicts between 0 and conflicts

with categories as (
    select name
    from (values ('pipeline'), ('best case'), ('most likely'), ('commit'), ('closed'), ('omitted'), ('unknown'), ('all')) as c (name)
),

scopes as (
    select distinct s.pipeline, c.name as forecast_category
    from (select pipeline from core.stages union all select 'all' from core.stages) as s
    cross join categories as c
),

deals as (
    select p.scope as pipeline, c.scope as forecast_category, d.status, d.amount, d.crm_probability, d.own_probability, d.crm_weighted_amount, d.own_weighted_amount, d.conflict
    from marts.deal_forecasts as d
    cross join lateral (values (d.pipeline), ('all')) as p (scope)
    cross join lateral (values (d.category), ('all')) as c (scope)
),

counted as (
    select
        pipeline, forecast_category,
        count(*) filter (where status = 'open') as open_deals,
        sum(amount) filter (where status = 'open') as open_amount,
        count(*) filter (where status = 'open' and amount is null) as deals_without_amount,
        sum(crm_weighted_amount) as crm_weighted_amount,
        count(*) filter (where status = 'open' and crm_probability is null) as deals_without_probability,
        sum(own_weighted_amount) as own_weighted_amount,
        count(*) filter (where status = 'open' and own_probability is null) as deals_without_history,
        count(conflict) as conflicts,
        count(conflict) filter (where status = 'open') as open_conflicts
    from deals
    group by pipeline, forecast_category
)

select
    s.pipeline,                                                                  -- Pipeline, or `all`.
    s.forecast_category,                                                         -- pipeline, best case, most likely, commit, closed, omitted, unknown (none, or a word of its own), or `all`.
    coalesce(c.open_deals, 0) as open_deals,                                     -- Open deals.
    coalesce(c.open_amount, 0)::decimal(18, 2) as open_amount,                   -- Value of those that have an amount, in base currency.
    coalesce(c.deals_without_amount, 0) as deals_without_amount,                 -- Open deals whose amount is unknown: in no amount here.
    coalesce(c.crm_weighted_amount, 0)::decimal(18, 2) as crm_weighted_amount,   -- Sum of amount × the CRM's probability, rounded per deal.
    coalesce(c.deals_without_probability, 0) as deals_without_probability,       -- Open deals without a probability from 0 to 1: not in crm_weighted_amount.
    coalesce(c.own_weighted_amount, 0)::decimal(18, 2) as own_weighted_amount,   -- Sum of amount × own_probability of the stage, rounded per deal.
    coalesce(c.deals_without_history, 0) as deals_without_history,               -- Open deals in stages with insufficient history: not in own_weighted_amount.
    coalesce(c.conflicts, 0) as conflicts,                                       -- Open, won and lost deals whose stage and probability disagree.
    coalesce(c.open_conflicts, 0) as open_conflicts                              -- The open ones of them.
from scopes as s
left join counted as c on c.pipeline = s.pipeline and c.forecast_category = s.forecast_category
