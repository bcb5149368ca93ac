-- One row per period and owner, team or company: open deals against capacity, won amount against quota, and the coverage needed.
--
-- An owner's row has team `all`, a team's row has owner `all`, the company's both. Periods: those of the plans, and the
-- running month, quarter and year where no plan has one.
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
    select 'open deals', period, period_start, period_end, owner, team, open_deals_capacity
    from core.capacities
    where open_deals_capacity is not null
    union all
    select 'deliveries', period, period_start, period_end, owner, team, delivery_capacity
    from core.capacities
    where delivery_capacity is not null
),

of_owners as (
    -- Of an owner who has a plan per team and none over all teams, their sum.
    select
        p.kind, p.period, p.period_start, p.owner, t.team,
        case
            when count(*) filter (where p.team = 'all') > 0 then sum(p.planned) filter (where p.team = 'all')
            when count(*) = count(p.planned) then sum(p.planned)
        end as planned
    from plans as p
    left join core.owner_teams as t on t.owner = p.owner
    where p.owner <> 'all'
    group by p.kind, p.period, p.period_start, p.owner, t.team
),

of_teams as (
    select kind, period, period_start, team, planned, 'plan' as planned_by
    from plans
    where owner = 'all' and team <> 'all'
    union all
    select
        o.kind, o.period, o.period_start, o.team, case when count(*) = count(o.planned) then sum(o.planned) end,
        'sum of owners'
    from of_owners as o
    left join plans as p
        on p.kind = o.kind and p.period = o.period and p.period_start = o.period_start and p.team = o.team and p.owner = 'all'
    where o.team is not null and p.kind is null
    group by o.kind, o.period, o.period_start, o.team
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
    select kind, period, period_start, 'all', 'all', planned, 'plan' from plans where owner = 'all' and team = 'all'
    union all
    select
        s.kind, s.period, s.period_start, 'all', 'all', case when count(*) = count(s.planned) then sum(s.planned) end,
        'sum of teams and owners'
    from parts as s
    left join plans as p
        on p.kind = s.kind and p.period = s.period and p.period_start = s.period_start and p.team = 'all' and p.owner = 'all'
    where p.kind is null
    group by s.kind, s.period, s.period_start
),

planned as (
    select
        period, period_start, owner, team,
        max(planned) filter (where kind = 'quota') as quota,
        max(planned_by) filter (where kind = 'quota') as quota_from,
        max(planned) filter (where kind = 'open deals') as open_deals_capacity,
        max(planned_by) filter (where kind = 'open deals') as open_deals_capacity_from,
        max(planned) filter (where kind = 'deliveries') as delivery_capacity,
        max(planned_by) filter (where kind = 'deliveries') as delivery_capacity_from
    from agreed
    group by period, period_start, owner, team
),

running as (
    select 'month' as period, date_trunc('month', as_of)::date as period_start, as_of::date as today from core.as_of
    union all
    select 'quarter', date_trunc('quarter', as_of)::date, as_of::date from core.as_of
    union all
    select 'year', date_trunc('year', as_of)::date, as_of::date from core.as_of
),

periods as (
    select distinct period, period_start, period_end
    from plans
    where period_end is not null
    union all
    select
        r.period, r.period_start,
        case r.period
            when 'month' then (r.period_start + interval 1 month)::date
            when 'quarter' then (r.period_start + interval 3 month)::date
            else (r.period_start + interval 1 year)::date
        end as period_end
    from running as r
    where not exists (
        select 1
        from plans as p
        where p.period = r.period and p.period_start <= r.today and p.period_end > r.today
    )
),

deals as (
    select
        d.system, d.deal_id, d.status, d.amount, d.closed_at, d.closed_at::date as closed_on, d.expected_close_on, d.owner,
        coalesce(d.team, t.team) as team
    from marts.deals as d
    left join core.owner_teams as t on t.owner = d.owner
    where d.status in ('open', 'won', 'lost')
),

-- A deal counts for its owner, its team and the company.
shares as (
    select system, deal_id, status, amount, closed_at, closed_on, expected_close_on, owner, 'all' as team
    from deals
    where owner is not null
    union all
    select system, deal_id, status, amount, closed_at, closed_on, expected_close_on, 'all', team from deals where team is not null
    union all
    select system, deal_id, status, amount, closed_at, closed_on, expected_close_on, 'all', 'all' from deals
),

stays as (
    select s.owner, s.team, v.amount, v.from_on as entered_on, v.to_on as left_on
    from core.deal_states as v
    join shares as s on s.system = v.system and s.deal_id = v.deal_id
    where v.kind = 'open' and v.record_status = 'live'
),

standing as (
    select
        p.period, p.period_start, s.owner, s.team,
        count(*) as open_deals, sum(s.amount) as open_amount, count(*) - count(s.amount) as open_without_amount
    from periods as p
    join stays as s on s.entered_on < p.period_end and (s.left_on is null or s.left_on >= p.period_end)
    group by p.period, p.period_start, s.owner, s.team
),

booked as (
    select
        p.period, p.period_start, s.owner, s.team,
        count(*) as won, sum(s.amount) as booked, count(*) - count(s.amount) as won_without_amount
    from periods as p
    join shares as s on s.status = 'won' and s.closed_on >= p.period_start and s.closed_on < p.period_end
    group by p.period, p.period_start, s.owner, s.team
),

due as (
    select
        p.period, p.period_start, s.owner, s.team,
        count(*) as due_deals, sum(s.amount) as coverage, count(*) - count(s.amount) as due_without_amount
    from periods as p
    join shares as s on s.status = 'open' and s.expected_close_on >= p.period_start and s.expected_close_on < p.period_end
    group by p.period, p.period_start, s.owner, s.team
),

-- The four quarters before as-of, counted back from it.
recent as (
    select
        s.owner, s.team, count(*) as closed,
        case when count(*) >= 10 then count(*) filter (where s.status = 'won')::double / count(*) end as win_rate
    from shares as s
    cross join core.as_of as a
    where s.status in ('won', 'lost') and s.closed_at > a.as_of - interval 12 month and s.closed_at <= a.as_of
    group by s.owner, s.team
),

keys as (
    select period, period_start, 'all' as owner, 'all' as team from periods
    union
    select period, period_start, owner, team from standing
    union
    select period, period_start, owner, team from booked
    union
    select period, period_start, owner, team from planned
),

measured as (
    select
        k.period, k.period_start, p.period_end, k.owner, k.team, t.team as owner_team,
        case
            when p.period_end <= a.as_of::date then 'ended'
            when p.period_start > a.as_of::date then 'ahead'
            else 'running'
        end as period_state,
        coalesce(s.open_deals, 0) as open_deals,
        coalesce(s.open_amount, 0) as open_amount,
        coalesce(s.open_without_amount, 0) as open_without_amount,
        coalesce(b.won, 0) as won,
        coalesce(b.booked, 0) as booked,
        coalesce(b.won_without_amount, 0) as won_without_amount,
        n.quota::decimal(18, 2) as quota, n.quota_from, n.open_deals_capacity, n.open_deals_capacity_from,
        n.delivery_capacity, n.delivery_capacity_from,
        case
            when coalesce(b.booked, 0) >= n.quota::decimal(18, 2) then 0
            else (n.quota::decimal(18, 2) - coalesce(b.booked, 0))::double
        end as remaining,
        case when p.period_end > a.as_of::date then coalesce(d.due_deals, 0) end as due_deals,
        case when p.period_end > a.as_of::date then coalesce(d.coverage, 0) end as coverage,
        case when p.period_end > a.as_of::date then coalesce(d.due_without_amount, 0) end as due_without_amount,
        coalesce(own.win_rate, of_team.win_rate, of_all.win_rate) as trailing_win_rate,
        case
            when own.win_rate is not null
                then case when k.owner <> 'all' then 'owner' when k.team <> 'all' then 'team' else 'company' end
            when of_team.win_rate is not null then 'team'
            when of_all.win_rate is not null then 'company'
            else 'too few closed deals'
        end as trailing_win_rate_from,
        case
            when own.win_rate is not null then own.closed
            when of_team.win_rate is not null then of_team.closed
            when of_all.win_rate is not null then of_all.closed
        end as trailing_closed,
        coalesce(own.closed, 0) as own_closed
    from keys as k
    join periods as p on p.period = k.period and p.period_start = k.period_start
    cross join core.as_of as a
    left join core.owner_teams as t on t.owner = k.owner
    left join standing as s
        on s.period = k.period and s.period_start = k.period_start and s.owner = k.owner and s.team = k.team
    left join booked as b
        on b.period = k.period and b.period_start = k.period_start and b.owner = k.owner and b.team = k.team
    left join due as d on d.period = k.period and d.period_start = k.period_start and d.owner = k.owner and d.team = k.team
    left join planned as n
        on n.period = k.period and n.period_start = k.period_start and n.owner = k.owner and n.team = k.team
    left join recent as own on own.owner = k.owner and own.team = k.team
    left join recent as of_team on of_team.owner = 'all' and of_team.team = t.team
    left join recent as of_all on of_all.owner = 'all' and of_all.team = 'all'
),

judged as (
    select
        *,
        case
            when remaining = 0 then 0
            else remaining / nullif(trailing_win_rate, 0)
        end as needed
    from measured
)

select
    period,                                                                         -- month, quarter or year.
    period_start,                                                                   -- First day of the period.
    period_end,                                                                     -- First day after the period.
    period_state,                                                                   -- ended, running or ahead, at as-of.
    owner,                                                                          -- Owner, or `all`.
    team,                                                                           -- Team, or `all`; an owner's row has `all`.
    owner_team,                                                                     -- Team of the owner, where it is one only.
    open_deals,                                                                     -- Deals in an open stage at the end of the period, or at as-of.
    open_amount::decimal(18, 2) as open_amount,                                     -- Value of those that have an amount, in base currency.
    open_without_amount,                                                            -- Open deals without an amount: in no amount here.
    open_deals_capacity,                                                            -- Open deals that can be worked at the same time, by the plan.
    open_deals_capacity_from,                                                       -- plan, sum of owners, sum of teams and owners.
    open_deals / nullif(open_deals_capacity, 0) as capacity_used,                   -- open_deals ÷ open_deals_capacity.
    case when open_deals > open_deals_capacity then open_deals - open_deals_capacity when open_deals_capacity is not null then 0 end
        as deals_over_capacity,                                                     -- Open deals more than can be worked.
    won,                                                                            -- Deals won in the period.
    delivery_capacity,                                                              -- Won deals that can be delivered in the period, by the plan.
    delivery_capacity_from,                                                         -- plan, sum of owners, sum of teams and owners.
    won / nullif(delivery_capacity, 0) as delivery_used,                            -- won ÷ delivery_capacity.
    case when won > delivery_capacity then won - delivery_capacity when delivery_capacity is not null then 0 end
        as deals_over_delivery,                                                     -- Deals won more than can be delivered.
    booked::decimal(18, 2) as booked,                                               -- Amount of the deals won in the period, in base currency.
    won_without_amount,                                                             -- Won deals without an amount: not in booked.
    quota,                                                                          -- Target of won_amount, in base currency; empty without one.
    quota_from,                                                                     -- plan, sum of owners, sum of teams and owners.
    booked::double / nullif(quota, 0)::double as attainment,                        -- booked ÷ quota.
    case
        when quota_from is null then 'no target'
        when quota is null then 'target unknown'
        when booked >= quota then 'met'
        when period_state = 'ended' then 'missed'
        else 'open'
    end as target_status,                                                           -- met, open, missed; no target; target unknown where one of its parts has no exchange rate.
    trailing_win_rate,                                                              -- won ÷ (won + lost) of the twelve months up to as-of; of whom, says trailing_win_rate_from.
    trailing_win_rate_from,                                                         -- owner, team or company: the first that closed ten deals; else too few closed deals.
    trailing_closed,                                                                -- Deals behind trailing_win_rate: won and lost in those twelve months.
    own_closed,                                                                     -- Deals that this row's owner, team or company closed in them.
    due_deals,                                                                      -- Open deals expected to close in the period; empty once it has ended.
    due_without_amount,                                                             -- Those of them without an amount: not in coverage.
    coverage::decimal(18, 2) as coverage,                                           -- Amount of the open deals expected to close in the period, in base currency.
    case when period_state <> 'ended' then needed end as coverage_needed,           -- (quota − booked) ÷ trailing_win_rate; 0 once the target is met, empty at a rate of 0.
    case when period_state = 'ended' then null when needed <= coverage then 0 else needed - coverage::double end as coverage_gap,  -- coverage_needed − coverage, not below 0.
    coverage::double / nullif(remaining, 0) as coverage_ratio,                      -- coverage ÷ (quota − booked); empty once the target is met.
    1 / nullif(trailing_win_rate, 0) as coverage_ratio_needed                       -- 1 ÷ trailing_win_rate.
from judged
