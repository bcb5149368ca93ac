-- One row per capacity, with its names as marts have them.
--
-- grain: period, period_start, owner, team
-- warn:  copies = 1

with named as (
    select
        c.period, c.period_start,
        (c.period_start + to_months(months_in(c.period)))::date as period_end,
        coalesce(o.name, c.owner) as owner,
        coalesce(e.name, c.team) as team,
        c.open_deals_capacity, c.delivery_capacity, c.file, c.line,
        case when months_in(c.period) is null then 'period' end as no_period,
        case when c.owner <> 'all' and o.name is null then 'owner' end as no_owner,
        case when c.team <> 'all' and e.name is null then 'team' end as no_team
    from staging.capacities as c
    left join core.plan_names as o on o.kind = 'owner' and o.alias = lower(c.owner)
    left join core.plan_names as e on e.kind = 'team' and e.alias = lower(c.team)
)

select
    period,                                                                        -- month, quarter or year.
    period_start,                                                                  -- First day of the period.
    period_end,                                                                    -- First day after the period; empty where the period is not understood.
    owner,                                                                         -- Owner, or `all`.
    team,                                                                          -- Team, or `all`.
    open_deals_capacity,                                                           -- Open deals that can be worked at the same time.
    delivery_capacity,                                                             -- Won deals that can be delivered in the period.
    nullif(concat_ws(', ', no_period, no_owner, no_team), '') as not_found,        -- What of it we do not know: period, owner, team.
    count(*) over (partition by period, period_start, owner, team) as copies       -- Rows of plans that say it; the one read last holds.
from named
qualify row_number() over (partition by period, period_start, owner, team order by file desc, line desc) = 1
