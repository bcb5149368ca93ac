-- One row per open deal with a sign that it does not move: too long in its stage, past its close date, pushed, no next step, silent.
--
-- A sign that cannot be judged is empty, and `not_known` says why.
--
-- grain: system, deal_id
-- sum: amount
-- bars: rows by pipeline, stage order by pipeline, stage_order
-- check: signs between 1 and 5
-- check: amount_known = (amount is not null)

with today as (
    select a.as_of, p.last_day as today
    from core.as_of as a
    join core.periods as p on p.period = 'all'
),

changes as (
    select
        system, deal_id, valid_from,
        event_number is not null
            or amount_original is distinct from lag(amount_original) over life
            or currency is distinct from lag(currency) over life
            or close_on is distinct from lag(close_on) over life
            or owner is distinct from lag(owner) over life as is_change
    from core.deal_states
    window life as (partition by system, deal_id order by state_number)
),

last_changes as (
    select system, deal_id, max(valid_from) as last_changed_at
    from changes
    where is_change
    group by system, deal_id
),

-- What is done by as-of is no next step; what was done later still was one, if it was recorded by then.
actions as (
    select
        a.system, a.deal_id,
        bool_or(
            (a.due_on >= t.today or a.occurred_at > t.as_of) and coalesce(a.created_at <= t.as_of, not coalesce(a.is_done, false))
            and (not coalesce(a.is_done, false) or a.occurred_at > t.as_of)
        ) as has_next_step,
        max(a.occurred_at) filter (where was_done(a.is_done, a.occurred_at, t.as_of)) as last_activity_at
    from staging.activities as a
    cross join today as t
    where a.deal_id <> ''
    group by a.system, a.deal_id
),

pushed as (
    select
        system, deal_id, count(*) as pushes, count(*) filter (where is_to_later_quarter) as quarter_pushes,
        sum(close_on - close_on_before)::bigint as days_pushed, max(pushed_on) as last_pushed_on
    from core.close_date_pushes
    group by system, deal_id
),

acting as (
    select distinct system from staging.activities where deal_id <> ''
),

dating as (
    select distinct system from staging.deal_edits where field = 'close_on'
),

facts as (
    select
        d.system, d.deal_id, d.deal_name, d.pipeline, d.stage, d.stage_order, d.owner, d.team, d.account, d.amount, d.size_band,
        d.expected_close_on, d.days_in_stage, l.limit_days, l.limit_basis, l.cases, c.last_changed_at, n.last_activity_at,
        (t.today - d.expected_close_on)::bigint as days_past_close_date,
        case when g.system is not null then coalesce(p.pushes, 0) end as pushes,
        case when g.system is not null then coalesce(p.quarter_pushes, 0) end as quarter_pushes,
        case when g.system is not null then coalesce(p.days_pushed, 0) end as days_pushed,
        p.last_pushed_on,
        case when r.system is not null then not coalesce(n.has_next_step, false) end as has_no_next_step,
        date_diff('microsecond', greatest(d.stage_entered_at, c.last_changed_at, n.last_activity_at), t.as_of) / 86400000000.0 as days_silent
    from marts.deals as d
    cross join today as t
    left join marts.stall_limits as l on l.pipeline = d.pipeline and l.stage = d.stage and l.size_band = d.size_band
    left join last_changes as c on c.system = d.system and c.deal_id = d.deal_id
    left join actions as n on n.system = d.system and n.deal_id = d.deal_id
    left join pushed as p on p.system = d.system and p.deal_id = d.deal_id
    left join acting as r on r.system = d.system
    left join dating as g on g.system = d.system
    where d.status = 'open'
),

judged as (
    select
        *,
        days_in_stage > limit_days as is_over_limit,
        days_past_close_date > 0 as is_past_close_date,
        pushes >= 2 as is_pushed,
        days_silent > 30 as is_silent
    from facts
),

worded as (
    select
        *,
        coalesce(is_over_limit, false)::bigint + coalesce(is_past_close_date, false)::bigint + coalesce(is_pushed, false)::bigint
            + coalesce(has_no_next_step, false)::bigint + is_silent::bigint as signs,
        concat_ws(
            '; ',
            case when is_over_limit then concat(
                'in ', stage, ' for ', round(days_in_stage, 1)::decimal(18, 1), ' days, longer than the ', round(limit_days, 1)::decimal(18, 1),
                ' within which four in five of ', cases, case limit_basis when 'deals of all sizes' then ' stays' else ' stays of deals of its size' end,
                ' that went on had ended'
            ) end,
            case when is_past_close_date
                then concat('expected to close on ', expected_close_on, ', ', days_past_close_date, case days_past_close_date when 1 then ' day ago' else ' days ago' end) end,
            case when is_pushed then concat('close date moved to a later month ', pushes, ' times, by ', days_pushed, ' days in all') end,
            case when has_no_next_step then 'no next step is planned' end,
            case when is_silent then concat('nothing has happened for ', floor(days_silent)::bigint, ' days') end
        ) as reasons,
        concat_ws(
            '; ',
            case when limit_days is null then concat('how long is too long: only ', coalesce(cases, 0), ' stays in this stage went on so far') end,
            case when expected_close_on is null then 'when it should close: it has no close date' end,
            case when pushes is null then 'moved close dates: the exports record no changes of them' end,
            case when has_no_next_step is null then 'next steps: the exports hold no activities about deals' end
        ) as not_known
    from judged
)

select
    row_number() over (order by amount desc nulls last, signs desc, days_in_stage desc, system, deal_id) as priority,  -- 1, 2, 3 … by value at risk, then by signs.
    system,                                                      -- CRM that holds the deal.
    deal_id,                                                     -- Id of the deal in its CRM.
    deal_name,                                                   -- Name.
    pipeline,                                                    -- Pipeline it stands in.
    stage,                                                       -- Stage it stands in.
    stage_order,                                                 -- Place of that stage in its pipeline.
    owner,                                                       -- Owner, by name where known.
    team,                                                        -- Team of the owner.
    account,                                                     -- Account, by name where known.
    amount,                                                      -- The value at risk, in base currency; empty when unknown.
    amount is not null as amount_known,                          -- Whether the value at risk is known.
    signs,                                                       -- How many of the five signs it shows.
    upper(left(reasons, 1)) || substring(reasons, 2) || '.' as why,  -- The signs in words.
    nullif(not_known, '') as not_known,                          -- Which signs could not be judged, and why not.
    is_over_limit,                                               -- Longer in its stage than limit_days; empty where history is insufficient.
    days_in_stage,                                               -- Days in that stage up to as-of.
    size_band,                                                   -- Band of its amount.
    limit_days,                                                  -- Days within which four in five that went on had left (marts.stall_limits).
    limit_basis,                                                 -- What the limit was taken from.
    coalesce(cases, 0)::bigint as cases,                         -- Stays that went on behind the limit.
    case when is_over_limit then days_in_stage - limit_days end as days_over_limit,  -- Days beyond the limit.
    days_in_stage / nullif(limit_days, 0) as times_over,         -- days_in_stage ÷ limit_days.
    is_past_close_date,                                          -- Whether its expected close date lies before the day of as-of; empty without one.
    expected_close_on,                                           -- Expected close date.
    case when is_past_close_date then days_past_close_date end as days_past_close_date,  -- Days since that date.
    is_pushed,                                                   -- Whether it was pushed twice or more; empty where no changes of close dates are exported.
    pushes,                                                      -- Days on which its close date moved to a later month.
    quarter_pushes,                                              -- Those of them on which it moved to a later fiscal quarter.
    days_pushed,                                                 -- By how many days they moved it together.
    last_pushed_on,                                              -- The last of them.
    has_no_next_step,                                            -- No open activity about it is due from today on; empty where its CRM's exports hold no activities about deals.
    is_silent,                                                   -- Whether nothing happened to it for more than 30 days.
    days_silent,                                                 -- Days since its stage, amount, close date or owner changed, or an activity about it was done.
    last_changed_at,                                             -- When its stage, amount, close date or owner last changed.
    last_activity_at                                             -- When an activity about it was last done.
from worded
where signs > 0
