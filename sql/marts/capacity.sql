-- One row per period and owner, team or company: open deals against capacity, won amount against quota, and the coverage needed.
--
-- An owner's row has team `all`, a team's row has owner `all`, the company's both. Periods: those of the plans, and the
-- running month, fiscal quarter and fiscal year where no plan has one.
--
-- grain: period, period_start, owner, team
-- check: target_status in ('met', 'open', 'missed', 'no target', 'target unknown')
-- check: (target_status = 'met') = coalesce(booked >= quota, false)
-- check: trailing_win_rate between 0 and 1
-- check: coverage_needed >= 0
-- check: coverage_gap >= 0
-- check: open_deals >= open_without_amount

with plans as (
    select 'quota' as kind, period, period_start, period_end, owner, team, target as planned
    from core.targets
    where metric = 'won_amount' and pipeline = 'all'
    union all
    select k.kind, c.period, c.period_start, c.period_end, c.owner, c.team, k.planned
    from core.capacities as c
    cross join lateral (values ('open deals', c.open_deals_capacity), ('deliveries', c.delivery_capacity)) as k (kind, planned)
    where k.planned is not null
),

-- Of an owner who has a plan per team and none over all teams, their sum.
of_owners as (
    select
        p.kind, p.period, p.period_start, p.owner, t.team,
        case when bool_or(p.team = 'all') then any_value(p.planned) filter (where p.team = 'all') else full_sum(p.planned) end as planned
    from plans as p
    left join core.owner_teams as t on t.owner = p.owner
    where p.owner <> 'all'
    group by p.kind, p.period, p.period_start, p.owner, t.team
),

-- Of teams, and of the company where the plan says it.
of_teams as (
    select kind, period, period_start, team, planned, 'plan' as planned_by
    from plans
    where owner = 'all'
    union all
    select o.kind, o.period, o.period_start, o.team, full_sum(o.planned), 'sum of owners'
    from of_owners as o
    anti join (select kind, period, period_start, team from plans where owner = 'all') as p using (kind, period, period_start, team)
    where o.team is not null
    group by o.kind, o.period, o.period_start, o.team
),

of_all as (
    select kind, period, period_start
    from plans
    where owner = 'all' and team = 'all'
),

parts as (
    select kind, period, period_start, planned from of_teams
    union all
    select kind, period, period_start, planned from of_owners where team is null
),

agreed as (
    select kind, period, period_start, owner, 'all' as team, planned, 'plan' as planned_by from of_owners
    union all
    select kind, period, period_start, 'all', team, planned, planned_by from of_teams
    union all
    select s.kind, s.period, s.period_start, 'all', 'all', full_sum(s.planned), 'sum of teams and owners'
    from parts as s
    anti join of_all using (kind, period, period_start)
    group by s.kind, s.period, s.period_start
),

planned as (
    select
        period, period_start, owner, team,
        (any_value(planned) filter (where kind = 'quota'))::decimal(18, 2) as quota,
        any_value(planned_by) filter (where kind = 'quota') as quota_from,
        any_value(planned) filter (where kind = 'open deals') as open_deals_capacity,
        any_value(planned_by) filter (where kind = 'open deals') as open_deals_capacity_from,
        any_value(planned) filter (where kind = 'deliveries') as delivery_capacity,
        any_value(planned_by) filter (where kind = 'deliveries') as delivery_capacity_from
    from agreed
    group by period, period_start, owner, team
),

-- No week: nobody plans one.
running as (
    select k.period, k.period_start, c.day as today
    from core.run as r
    join core.calendar as c on c.day = r.as_of_on
    cross join lateral (values ('month', c.month_start), ('quarter', c.quarter_start), ('year', c.year_start)) as k (period, period_start)
),

periods as (
    select distinct period, period_start, period_end
    from plans
    where period_end is not null
    union all
    select r.period, r.period_start, (r.period_start + to_months(months_in(r.period)))::date
    from running as r
    where not exists (
        select 1
        from plans as p
        where p.period = r.period and p.period_start <= r.today and p.period_end > r.today
    )
),

deals as (
    select
        d.system, d.deal_id, d.status, d.amount, d.closed_at, d.closed_on, d.expected_close_on, d.owner,
        coalesce(d.team, t.team) as team
    from marts.deals as d
    left join core.owner_teams as t on t.owner = d.owner
    where d.status in ('open', 'won', 'lost')
),

facts as (
    select 'standing' as fact, d.owner, d.team, v.amount, v.from_on, coalesce(v.to_on, date 'infinity') as to_on, null::timestamp as closed_at
    from core.deal_states as v
    join deals as d using (system, deal_id)
    where v.kind = 'open' and v.record_status = 'live'
    union all
    select 'due', owner, team, amount, expected_close_on, expected_close_on, null from deals where status = 'open'
    union all
    select status, owner, team, amount, closed_on, closed_on, closed_at from deals
),

-- A deal counts for its owner, its team and the company.
shares as (
    select f.fact, w.owner, w.team, f.amount, f.from_on, f.to_on, f.closed_at
    from facts as f
    cross join lateral (values (f.owner, 'all'), ('all', f.team), ('all', 'all')) as w (owner, team)
    where w.owner is not null and w.team is not null
),

-- A deal is won, or due, on a day of the period; it is open when the last of them ends.
counted as (
    select
        p.period, p.period_start, s.owner, s.team,
        count(*) filter (where s.fact = 'standing') as open_deals,
        sum(s.amount) filter (where s.fact = 'standing') as open_amount,
        count(s.amount) filter (where s.fact = 'standing') as open_with_amount,
        count(*) filter (where s.fact = 'won') as won,
        sum(s.amount) filter (where s.fact = 'won') as booked,
        count(s.amount) filter (where s.fact = 'won') as won_with_amount,
        count(*) filter (where s.fact = 'due') as due_deals,
        sum(s.amount) filter (where s.fact = 'due') as coverage,
        count(s.amount) filter (where s.fact = 'due') as due_with_amount
    from periods as p
    join shares as s on s.from_on < p.period_end and s.to_on >= case s.fact when 'standing' then p.period_end else p.period_start end
    group by p.period, p.period_start, s.owner, s.team
),

-- The twelve months before as-of, counted back from it.
recent as (
    select
        s.owner, s.team, count(*) as closed,
        case
            when count(*) >= 10 then {
                'win_rate': count(*) filter (where s.fact = 'won') / count(*), 'closed': count(*),
                'whose': case when s.owner <> 'all' then 'owner' when s.team <> 'all' then 'team' else 'company' end
            }
        end as closings
    from shares as s
    cross join core.run as r
    where s.closed_at > r.as_of - interval 12 month and s.closed_at <= r.as_of
    group by s.owner, s.team
),

keys as (
    select period, period_start, 'all' as owner, 'all' as team from periods
    union
    select period, period_start, owner, team from counted where open_deals > 0 or won > 0
    union
    select period, period_start, owner, team from planned
),

measured as (
    select
        k.period, k.period_start, p.period_end, k.owner, k.team, t.team as owner_team,
        p.period_end <= r.as_of_on as has_ended, p.period_start > r.as_of_on as is_ahead,
        coalesce(c.open_deals, 0) as open_deals,
        coalesce(c.open_amount, 0) as open_amount,
        coalesce(c.open_deals - c.open_with_amount, 0) as open_without_amount,
        coalesce(c.won, 0) as won,
        coalesce(c.booked, 0) as booked,
        coalesce(c.won - c.won_with_amount, 0) as won_without_amount,
        coalesce(c.due_deals, 0) as due_deals,
        coalesce(c.coverage, 0) as coverage,
        coalesce(c.due_deals - c.due_with_amount, 0) as due_without_amount,
        n.quota, n.quota_from, n.open_deals_capacity, n.open_deals_capacity_from, n.delivery_capacity, n.delivery_capacity_from,
        not_below_zero(n.quota - coalesce(c.booked, 0))::double as remaining,
        coalesce(own.closings, of_team.closings, of_all.closings) as closings,
        coalesce(own.closed, 0) as own_closed
    from keys as k
    join periods as p using (period, period_start)
    cross join core.run as r
    left join counted as c using (period, period_start, owner, team)
    left join planned as n using (period, period_start, owner, team)
    left join recent as own using (owner, team)
    left join core.owner_teams as t on t.owner = k.owner
    left join recent as of_team on of_team.team = t.team
    left join recent as of_all on of_all.owner = 'all' and of_all.team = 'all'
),

judged as (
    select
        *,
        closings.win_rate as trailing_win_rate,
        case when remaining = 0 then 0 else remaining / nullif(closings.win_rate, 0) end as needed
    from measured
)

select
    period,                                                                         -- month, quarter or year.
    period_start,                                                                   -- First day of the period.
    period_end,                                                                     -- First day after the period.
    case when has_ended then 'ended' when is_ahead then 'ahead' else 'running' end as period_state, -- ended, running or ahead, at as-of.
    owner,                                                                          -- Owner, or `all`.
    team,                                                                           -- Team, or `all`; an owner's row has `all`.
    owner_team,                                                                     -- Team of the owner, where it is one only.
    open_deals,                                                                     -- Deals in an open stage at the end of the period, or at as-of.
    open_amount::decimal(18, 2) as open_amount,                                     -- Value of those that have an amount, in base currency.
    open_without_amount,                                                            -- Open deals without an amount: in no amount here.
    open_deals_capacity,                                                            -- Open deals that can be worked at the same time, by the plan.
    open_deals_capacity_from,                                                       -- plan, sum of owners, sum of teams and owners.
    open_deals / nullif(open_deals_capacity, 0) as capacity_used,                   -- open_deals ÷ open_deals_capacity.
    not_below_zero(open_deals - open_deals_capacity) as deals_over_capacity,        -- Open deals more than can be worked.
    won,                                                                            -- Deals won in the period.
    delivery_capacity,                                                              -- Won deals that can be delivered in the period, by the plan.
    delivery_capacity_from,                                                         -- plan, sum of owners, sum of teams and owners.
    won / nullif(delivery_capacity, 0) as delivery_used,                            -- won ÷ delivery_capacity.
    not_below_zero(won - delivery_capacity) as deals_over_delivery,                 -- Deals won more than can be delivered.
    booked::decimal(18, 2) as booked,                                               -- Amount of the deals won in the period, in base currency.
    won_without_amount,                                                             -- Won deals without an amount: not in booked.
    quota,                                                                          -- Target of won_amount, in base currency; empty without one.
    quota_from,                                                                     -- plan, sum of owners, sum of teams and owners.
    booked::double / nullif(quota, 0)::double as attainment,                        -- booked ÷ quota.
    case
        when quota_from is null then 'no target'
        when quota is null then 'target unknown'
        when booked >= quota then 'met'
        when has_ended then 'missed'
        else 'open'
    end as target_status,                                                           -- met, open, missed; no target; target unknown where one of its parts has no exchange rate.
    trailing_win_rate,                                                              -- won ÷ (won + lost) of the twelve months up to as-of; of whom, says trailing_win_rate_from.
    coalesce(closings.whose, 'too few closed deals') as trailing_win_rate_from,     -- owner, team or company: the first that closed ten deals; else too few closed deals.
    closings.closed as trailing_closed,                                             -- Deals behind trailing_win_rate: won and lost in those twelve months.
    own_closed,                                                                     -- Deals that this row's owner, team or company closed in them.
    case when not has_ended then due_deals end as due_deals,                        -- Open deals expected to close in the period; empty once it has ended.
    case when not has_ended then due_without_amount end as due_without_amount,      -- Those of them without an amount: not in coverage.
    case when not has_ended then coverage::decimal(18, 2) end as coverage,          -- Amount of the open deals expected to close in the period, in base currency.
    case when not has_ended then needed end as coverage_needed,                     -- (quota − booked) ÷ trailing_win_rate; 0 once the target is met, empty at a rate of 0.
    case when not has_ended then not_below_zero(needed - coverage::double) end as coverage_gap, -- coverage_needed − coverage, not below 0.
    case when not has_ended then coverage::double / nullif(remaining, 0) end as coverage_ratio, -- coverage ÷ (quota − booked); empty once the target is met.
    1 / nullif(trailing_win_rate, 0) as coverage_ratio_needed                       -- 1 ÷ trailing_win_rate.
from judged
