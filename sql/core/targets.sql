-- One row per target, with its names and metric as marts have them and its value in base currency.
--
-- A target in another currency is converted at the rate of the first day of its period, but not of a day after as-of.
--
-- grain: period, period_start, pipeline, owner, team, metric
-- warn:  copies = 1

with named as (
    select
        t.period, t.period_start,
        (t.period_start + to_months(months_in(t.period)))::date as period_end,
        coalesce(p.name, t.pipeline) as pipeline,
        coalesce(o.name, t.owner) as owner,
        coalesce(e.name, t.team) as team,
        coalesce(m.metric, t.metric) as metric,
        m.unit, t.target, t.currency, t.file, t.line,
        case when months_in(t.period) is null then 'period' end as no_period,
        case when t.pipeline <> 'all' and p.name is null then 'pipeline' end as no_pipeline,
        case when t.owner <> 'all' and o.name is null then 'owner' end as no_owner,
        case when t.team <> 'all' and e.name is null then 'team' end as no_team,
        case when m.metric is null then 'metric' end as no_metric,
        least(t.period_start, r.as_of_on) as valued_on
    from staging.targets as t
    cross join core.run as r
    left join core.plan_names as p on p.kind = 'pipeline' and p.alias = lower(t.pipeline)
    left join core.plan_names as o on o.kind = 'owner' and o.alias = lower(t.owner)
    left join core.plan_names as e on e.kind = 'team' and e.alias = lower(t.team)
    left join core.metric_definitions as m on t.metric in (m.metric, m.spanish)
),

valued as (
    select
        n.*,
        case
            when n.unit in ('money', 'money per day') and n.currency <> b.base_currency then converted(n.target, r.rate)::double
            else n.target::double
        end as amount
    from named as n
    cross join core.parameters as b
    left join core.exchange_rates as r
        on r.currency = n.currency and n.valued_on >= r.valid_from and (r.valid_to is null or n.valued_on < r.valid_to)
)

select
    period,                                                                        -- month, quarter or year.
    period_start,                                                                  -- First day of the period.
    period_end,                                                                    -- First day after the period; empty where the period is not understood.
    pipeline,                                                                      -- Pipeline, or `all`.
    owner,                                                                         -- Owner, or `all`.
    team,                                                                          -- Team, or `all`.
    metric,                                                                        -- Metric.
    in_unit(amount, unit) as target,                                               -- What is to be reached; money in base currency, a rate in 0..1.
    target as target_original,                                                     -- The same as it is written.
    currency,                                                                      -- ISO code of its own currency.
    nullif(
        concat_ws(
            ', ', no_period, no_pipeline, no_owner, no_team, no_metric,
            case when amount is null then 'exchange rate' end
        ), ''
    ) as not_found,                                                                -- What of it we do not know: period, pipeline, owner, team, metric, exchange rate.
    count(*) over (partition by period, period_start, pipeline, owner, team, metric) as copies  -- Rows of plans that say it; the one read last holds.
from valued
qualify row_number() over (
    partition by period, period_start, pipeline, owner, team, metric order by file desc, line desc
) = 1
