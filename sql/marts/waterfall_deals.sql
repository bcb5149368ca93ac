-- One row per deal and line of the waterfall it is in, by scope, period, pipeline and owner: what marts.pipeline_waterfall adds up.
--
-- Of each deal, pipeline and owner: opening + all other lines = closing, in deals and to the cent. What nets to nothing has no row.
-- Of weeks only what moves has rows in scope open, and what stood before the first of them: a deal stands open for many weeks.
-- A deal is worth its own amount at the rate of the day; at as-of, and when it leaves for the stage in which it is closed at
-- as-of, at the rate of core.deals, so that closing and won are what marts.deals says.
--
-- grain: scope, period, period_start, system, deal_id, pipeline, owner, line
-- check: scope in ('open', 'due')
-- check: line <> 'value up' or amount >= 0
-- check: line <> 'value down' or amount <= 0

with states as (
    -- Without the stages between which nothing changes that the waterfall shows: most of them.
    -- floating: the currency whose rate of the day moves the worth; empty where the CRM converts, and in base currency.
    select
        s.system, s.deal_id, s.state_number, s.from_on, s.pipeline, coalesce(s.owner, 'unknown') as owner, s.kind, s.close_on,
        s.amount, s.amount_original, s.currency,
        case
            when s.currency = p.base_currency or (s.currency = d.currency and d.exchange_rate is null and not d.lacks_rate) then null
            else s.currency
        end as floating
    from core.deal_states as s
    join core.deals as d on d.system = s.system and d.deal_id = s.deal_id
    left join core.parameters as p on true
    window life as (partition by s.system, s.deal_id order by s.state_number)
    qualify
        lag(s.state_number) over life is null or s.kind <> lag(s.kind) over life or s.pipeline <> lag(s.pipeline) over life
        or s.owner is distinct from lag(s.owner) over life or s.close_on is distinct from lag(s.close_on) over life
        or s.amount_original is distinct from lag(s.amount_original) over life or s.amount is distinct from lag(s.amount) over life
        or s.currency is distinct from lag(s.currency) over life
),

rates as (
    select c.day, r.currency, r.rate
    from core.exchange_rates as r
    join core.calendar as c on c.day >= r.valid_from and c.day < coalesce(r.valid_to, date '9999-12-31')
    where r.currency in (select s.floating from states as s where s.floating is not null)
),

lives as (
    select
        system, deal_id, state_number, from_on, lead(from_on) over life as to_on, pipeline, owner, kind, close_on, amount, amount_original, currency,
        floating, lag(pipeline) over life as pipeline_before, lag(owner) over life as owner_before, lag(kind) over life as kind_before,
        lag(close_on) over life as close_on_before, lag(amount) over life as amount_before,
        lag(amount_original) over life as amount_original_before, lag(currency) over life as currency_before,
        lag(floating) over life as floating_before,
        lead(kind) over life as kind_after, lead(close_on) over life as close_on_after,
        min(case when kind = 'open' then state_number end) over deal as first_open,
        max(case when kind = 'open' then state_number end) over deal as last_open
    from states
    window
        life as (partition by system, deal_id order by state_number),
        deal as (partition by system, deal_id)
),

-- All time has no deals before it, also none that were deleted before the first day of the others.
windows as (
    select
        k.scope, p.period, p.period_start, p.last_day, p.is_running,
        case when p.period = 'all' then date '0001-01-01' else p.period_start end as begins_on,
        coalesce(p.ends_before, date '9999-12-31') as ends_before,
        -- What stands at both ends of a week marts.pipeline_waterfall adds up from what moves, but for what stood before the first one.
        p.period <> 'week' or k.scope = 'due' or p.previous_start is null as has_opening,
        p.period <> 'week' or k.scope = 'due' as has_closing
    from core.periods as p
    join (values ('open'), ('due')) as k (scope) on k.scope = 'open' or p.period <> 'all'
),

-- Each state of a deal that is in the scope, in each period which it overlaps; whether the deal was in it from the period before
-- or in its state before, and whether it outlasts the period or stays in the scope in its next state.
stays as (
    select
        w.scope, w.period, w.period_start, w.has_opening, w.has_closing, l.system, l.deal_id, l.pipeline, l.owner, l.kind_before, l.kind_after,
        l.pipeline_before, l.owner_before, l.amount, l.amount_original, l.currency, l.floating,
        l.amount_before, l.amount_original_before, l.currency_before, l.floating_before, l.state_number = l.first_open as is_first,
        l.from_on < w.begins_on as is_carried,
        coalesce(
            l.from_on >= w.begins_on and l.kind_before = 'open'
            and (w.scope = 'open' or (l.close_on_before >= w.begins_on and l.close_on_before < w.ends_before)), false
        ) as was_in,
        coalesce(l.to_on >= w.ends_before, true) as outlasts,
        coalesce(
            l.kind_after = 'open' and (w.scope = 'open' or (l.close_on_after >= w.begins_on and l.close_on_after < w.ends_before)), false
        ) as stays_in,
        case when l.from_on < w.begins_on then w.begins_on - 1 else l.from_on end as day_in,
        case when l.to_on < w.ends_before then l.to_on else w.last_day end as day_out,
        case when l.to_on is null then w.is_running else l.to_on < w.ends_before and l.state_number = l.last_open and l.kind_after in ('won', 'lost') end
            as is_settled
    from lives as l
    join windows as w on l.from_on < w.ends_before and coalesce(l.to_on, date '9999-12-31') >= w.begins_on
    where
        l.kind = 'open' and (w.scope = 'open' or (l.close_on >= w.begins_on and l.close_on < w.ends_before))
        -- What only stands there would have no row.
        and (w.has_opening or w.has_closing or l.floating is not null or l.from_on >= w.begins_on or l.to_on < w.ends_before)
),

valued as (
    select
        s.scope, s.period, s.period_start, s.has_opening, s.has_closing, s.system, s.deal_id, s.pipeline, s.owner, s.kind_before, s.kind_after, s.pipeline_before,
        s.owner_before, s.is_first, s.is_carried, s.was_in, s.outlasts, s.stays_in, s.currency is not distinct from s.currency_before as keeps_currency,
        case when s.floating_before is null then s.amount_before else converted(s.amount_original_before, b.rate) end as worth_before,
        case when s.floating is null then s.amount else converted(s.amount_original, i.rate) end as worth_in,
        case when s.floating is null or s.is_settled then s.amount else converted(s.amount_original, o.rate) end as worth_out
    from stays as s
    left join rates as b on b.currency = s.floating_before and b.day = s.day_in
    left join rates as i on i.currency = s.floating and i.day = s.day_in
    left join rates as o on o.currency = s.floating and o.day = s.day_out
),

-- What changes goes out as it was and comes in as it is, on the same line.
ways as (
    select signed from (values (-1), (1)) as w (signed)
),

moves as (
    select
        scope, period, period_start, system, deal_id, pipeline, owner, worth_in as worth, 1 as signed,
        case when is_first then 'created' when kind_before <> 'open' then 'reopened' else 'pulled in' end as line
    from valued
    where not was_in and not is_carried

    union all

    select
        v.scope, v.period, v.period_start, v.system, v.deal_id, v.pipeline_before, v.owner_before,
        case when w.signed < 0 then v.worth_before else v.worth_in end, w.signed,
        case
            when not v.keeps_currency then 'currency'
            when coalesce(v.worth_in, 0) < coalesce(v.worth_before, 0) or (v.worth_in is null and v.worth_before = 0) then 'value down'
            else 'value up'
        end
    from valued as v
    cross join ways as w
    where v.was_in and v.worth_before is distinct from v.worth_in

    union all

    select
        v.scope, v.period, v.period_start, v.system, v.deal_id, case when w.signed < 0 then v.pipeline_before else v.pipeline end,
        v.owner_before, v.worth_in, w.signed, 'moved between pipelines'
    from valued as v
    cross join ways as w
    where v.was_in and v.pipeline_before <> v.pipeline

    union all

    select
        v.scope, v.period, v.period_start, v.system, v.deal_id, v.pipeline, case when w.signed < 0 then v.owner_before else v.owner end,
        v.worth_in, w.signed, 'moved between owners'
    from valued as v
    cross join ways as w
    where v.was_in and v.owner_before <> v.owner

    union all

    select
        v.scope, v.period, v.period_start, v.system, v.deal_id, v.pipeline, v.owner,
        case when w.signed < 0 then v.worth_in else v.worth_out end, w.signed, 'currency'
    from valued as v
    cross join ways as w
    where v.worth_in is distinct from v.worth_out

    union all

    select
        scope, period, period_start, system, deal_id, pipeline, owner, worth_out, -1,
        case when kind_after = 'open' then 'pushed out' else kind_after end
    from valued
    where not outlasts and not stays_in
),

-- A deal stands but once at the beginning and at the end: only what happens between needs to be added up.
entries as (
    select
        scope, period, period_start, system, deal_id, pipeline, owner, line, sum(signed) as deals,
        sum(signed * coalesce(worth, 0)) as amount, sum(case when worth is null then signed else 0 end) as deals_without_amount
    from moves
    group by scope, period, period_start, system, deal_id, pipeline, owner, line

    union all

    select
        scope, period, period_start, system, deal_id, pipeline, owner, 'opening', 1, coalesce(worth_in, 0),
        case when worth_in is null then 1 else 0 end
    from valued
    where is_carried and has_opening

    union all

    select
        scope, period, period_start, system, deal_id, pipeline, owner, 'closing', 1, coalesce(worth_out, 0),
        case when worth_out is null then 1 else 0 end
    from valued
    where outlasts and has_closing
)

select
    scope,                                                                       -- open: all open deals; due: open deals whose close date lies in the period.
    period,                                                                      -- week, month, quarter, year or all; all in scope open only.
    period_start,                                                                -- First day of the period.
    system,                                                                      -- CRM that holds the deal.
    deal_id,                                                                     -- Id of the deal in its CRM.
    pipeline,                                                                    -- Pipeline then.
    owner,                                                                       -- Owner then; `unknown` without one.
    line,                                                                        -- Line of the waterfall.
    deals::bigint as deals,                                                      -- 1 for each time that it came, −1 for each time that it left.
    amount::decimal(18, 2) as amount,                                            -- What that added or took, in base currency.
    deals_without_amount::bigint as deals_without_amount                         -- Of `deals`, those whose amount was unknown.
from entries
where deals <> 0 or amount <> 0 or deals_without_amount <> 0
