-- One row per capacity of a plan, as it is written; `all` where it is not that of one owner or team.
--
-- grain: file, line
-- warn:  period in ('month', 'quarter', 'year')

select
    system,                                  -- plans.
    period,                                  -- month, quarter or year.
    period_start,                            -- First day of the period.
    coalesce(owner, 'all') as owner,         -- Owner by name, e-mail or id, or `all`.
    coalesce(team, 'all') as team,           -- Team, or `all`.
    open_deals_capacity,                     -- Open deals that can be worked at the same time.
    delivery_capacity,                       -- Won deals that can be delivered in the period.
    file,                                    -- Number of the plan's file.
    line                                     -- Line in that file.
from feeds.capacities
