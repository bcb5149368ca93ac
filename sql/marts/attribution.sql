-- One row per model, milestone and touch that it credits: of each deal, and of each person without a deal; without any touch one row that says so.
--
-- The credits of a conversion are 1 in every model, and the amounts what the CRM says, to the cent: what rounding leaves over is in the later
-- touches. `unattributed` rows carry what no touch can be credited for.
--
-- grain: milestone, model, system, deal_id, person, touch_system, touch_id
-- check: credit between 0 and 1
-- check: (touch_id = '') = (unattributed is not null)

with effects as (
    select
        p.*, sum(coalesce(e.removal_effect, 0)) over whole as path_effect, coalesce(e.removal_effect, 0) as effect,
        coalesce(p.is_lead_touch, false) as is_lead, coalesce(p.is_opportunity_touch, false) as is_opportunity
    from marts.conversion_paths as p
    left join marts.removal_effects as e on e.milestone = p.milestone and e.channel = p.channel
    window whole as (partition by p.milestone, p.system, p.deal_id, p.person)
),

-- How many touches stand between the anchors of a model: they share what it leaves for them.
parts as (
    select
        *, touch_number = 1 as is_first, touch_number = touches as is_last,
        count(*) filter (where touch_number > 1 and not is_lead) over whole as u_between,
        count(*) filter (where touch_number > 1 and not is_lead and not is_opportunity) over whole as w_between,
        count(*) filter (where touch_number > 1 and not is_lead and not is_opportunity and not is_won_touch) over whole as full_between
    from effects
    window whole as (partition by milestone, system, deal_id, person)
),

weighted as (
    select p.milestone, p.system, p.deal_id, p.person, p.touch_system, p.touch_id, p.occurred_at, p.channel, p.campaign, p.touch_number, p.touches, m.model, m.weight
    from parts as p
    cross join core.parameters as s
    cross join lateral (
        values
            ('first_touch', case when p.is_first then 1.0 else 0.0 end),
            ('last_touch', case when p.is_last then 1.0 else 0.0 end),
            ('linear', 1.0),
            ('position_based', case when p.touches < 3 then 1.0 when p.is_first or p.is_last then 0.4 else 0.2 / (p.touches - 2) end),
            ('time_decay', power(0.5, p.days_before_last / s.attribution_half_life_days)),
            ('u_shaped', case when p.is_first or p.is_lead then p.is_first::int * 40.0 + p.is_lead::int * 40.0 else 20.0 / p.u_between end),
            (
                'w_shaped',
                case
                    when p.is_first or p.is_lead or p.is_opportunity then p.is_first::int * 30.0 + p.is_lead::int * 30.0 + p.is_opportunity::int * 30.0
                    else 10.0 / p.w_between
                end
            ),
            (
                'full_path',
                case
                    when p.is_first or p.is_lead or p.is_opportunity or p.is_won_touch
                        then p.is_first::int * 22.5 + p.is_lead::int * 22.5 + p.is_opportunity::int * 22.5 + p.is_won_touch::int * 22.5
                    else 10.0 / p.full_between
                end
            ),
            ('markov', case when p.path_effect > 0 then p.effect else 1.0 end)
    ) as m (model, weight)
    where m.weight > 0
),

shared as (
    select
        w.*, c.amount, w.weight / sum(w.weight) over whole as credit, sum(w.weight) over way / sum(w.weight) over whole as credit_so_far,
        lead(w.touch_number) over way is null as is_end
    from weighted as w
    join marts.conversions as c on c.milestone = w.milestone and c.system = w.system and c.deal_id = w.deal_id and c.person = w.person
    window
        whole as (partition by w.milestone, w.system, w.deal_id, w.person, w.model),
        way as (partition by w.milestone, w.system, w.deal_id, w.person, w.model order by w.touch_number)
),

-- Rounded sums, not rounded parts: the last of them is the whole amount.
paid as (
    select *, case when is_end then amount else round(amount * credit_so_far, 2)::decimal(18, 2) end as paid_so_far
    from shared
),

models as (
    select unnest([
        'first_touch', 'last_touch', 'linear', 'position_based', 'time_decay', 'u_shaped', 'w_shaped', 'full_path', 'markov'
    ]) as model
)

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
    credit,                                                                        -- Share of the conversion, 0..1.
    (paid_so_far - coalesce(lag(paid_so_far) over (
        partition by milestone, system, deal_id, person, model order by touch_number
    ), 0))::decimal(18, 2) as amount,                                              -- Share of the deal's amount, in base currency; empty where that is unknown, and for people.
    null as unattributed                                                           -- Why no touch is credited: the milestone is not recorded, or no touch before it is known.
from paid

union all

select
    c.milestone, m.model, c.system, c.deal_id, c.person, '', '', null, 'unattributed', null, null, 0, 1, c.amount,
    case when c.converted_at is null then 'milestone not recorded' else 'no touch before it' end
from marts.conversions as c
cross join models as m
where not exists (
    select 1 from marts.conversion_paths as p where p.milestone = c.milestone and p.system = c.system and p.deal_id = c.deal_id and p.person = c.person
)
