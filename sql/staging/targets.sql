-- One row per target of a plan, as it is written; `all` where it is not that of one pipeline, owner or team.
--
-- grain: file, line
-- warn:  period in ('month', 'quarter', 'year')

select
    system,                                  -- plans.
    period,                                  -- month, quarter or year.
    period_start,                            -- First day of the period.
    coalesce(pipeline, 'all') as pipeline,   -- Pipeline, or `all`.
    coalesce(owner, 'all') as owner,         -- Owner by name, e-mail or id, or `all`.
    coalesce(team, 'all') as team,           -- Team, or `all`.
    metric,                                  -- Metric.
    target,                                  -- What is to be reached, in its own currency.
    upper(currency) as currency,             -- ISO code of that currency, where it is money and the plan says it.
    file,                                    -- Number of the plan's file.
    line                                     -- Line in that file.
from feeds.targets
