-- One row per model, milestone and touch that it credits: of each deal, and of each person without a deal; without any touch one row that says so.
--
-- The credits of a conversion are 1 in every model, and the amounts what the CRM says, to the cent: what rounding leaves over is in the later
-- touches. `unattributed` rows carry what no touch can be credited for.
--
-- kind: view
-- grain: milestone, model, system, deal_id, person, touch_system, touch_id
-- check: credit between 0 and 1
-- check: (touch_id = '') = (unattributed is not null)

with credited as (
    select *, 'first_touch' as model, 0.0::double as share_before, (touch_number = 1)::integer::double as share
    from marts.credited_touches
    union all
    select *, 'last_touch', 0.0, (touch_number = touches)::integer::double
    from marts.credited_touches
    union all
    select *, 'linear', (touch_number - 1)::double / touches, touch_number::double / touches
    from marts.credited_touches
    union all
    select
        *, 'position_based',
        case when touches < 3 then (touch_number - 1)::double / touches when touch_number = 1 then 0 else 0.4 + 0.2 * (touch_number - 2) / (touches - 2) end,
        case
            when touches < 3 then touch_number::double / touches
            when touch_number = touches then 1
            else 0.4 + 0.2 * (touch_number - 1) / (touches - 2)
        end
    from marts.credited_touches
    union all
    select *, 'time_decay', time_decay_before, time_decay
    from marts.credited_touches
    union all
    select *, 'u_shaped', u_shaped_before, u_shaped
    from marts.credited_touches
    union all
    select *, 'w_shaped', w_shaped_before, w_shaped
    from marts.credited_touches
    union all
    select *, 'full_path', full_path_before, full_path
    from marts.credited_touches
    union all
    select *, 'markov', markov_before, markov
    from marts.credited_touches
),

models as (
    select unnest([
        'first_touch', 'last_touch', 'linear', 'position_based', 'time_decay', 'u_shaped', 'w_shaped', 'full_path', 'markov'
    ]) as model
)

-- Rounded sums, not rounded parts: together they are the whole amount.
select
    milestone,                                                                     -- lead, mql, sql, opportunity (the deal was created) or won.
    model,                                                                         -- first_touch, last_touch, linear, position_based, time_decay, u_shaped, w_shaped, full_path or markov.
    system,                                                                        -- CRM that holds the deal; '' for a person without a deal.
    deal_id,                                                                       -- Id of the deal; '' for a person without a deal.
    person,                                                                        -- The person without a deal (core.people); '' for a deal.
    touch_system,                                                                  -- System that recorded the touch; '' where it is unattributed.
    touch_id,                                                                      -- Id of the touch; '' where it is unattributed.
    occurred_at,                                                                   -- When the touch took place.
    channel,                                                                       -- Its channel, or `unattributed`.
    campaign,                                                                      -- Its campaign, by name where known.
    touch_number,                                                                  -- 1, 2, 3 … on the way to the milestone.
    touches,                                                                       -- Touches on that way; 0 where it is unattributed.
    share - share_before as credit,                                                -- Share of the conversion, 0..1.
    (
        case when share = 1 then amount else round(amount * share, 2)::decimal(18, 2) end - round(amount * share_before, 2)::decimal(18, 2)
    )::decimal(18, 2) as amount,                                                   -- Share of the deal's amount, in base currency; empty where that is unknown, and for people.
    null::varchar as unattributed                                                  -- Why no touch is credited: the milestone is not recorded, or no touch before it is known.
from credited
where share > share_before

union all

select
    c.milestone, m.model, c.system, c.deal_id, c.person, '', '', null, 'unattributed', null, null, 0, 1, c.amount,
    case when c.converted_at is null then 'milestone not recorded' else 'no touch before it' end
from marts.conversions as c
cross join models as m
where not exists (select 1 from marts.conversion_paths as p where p.conversion = c.conversion)
