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
        p.*, case when p.milestone = 'won' then p.touches end as sale_number, power(0.5, p.days_before_last / s.attribution_half_life_days) as recency,
        coalesce(e.removal_effect, 0) as effect
    from marts.conversion_paths as p
    left join core.parameters as s on true
    left join marts.removal_effects as e on e.milestone = p.milestone and e.channel = p.channel
),

summed as (
    select
        *, sum(recency) over way as recency_so_far,
        -- Where all channels of a way have no effect they share alike.
        case when sum(effect) over whole > 0 then sum(effect) over way else touch_number end as effect_so_far
    from effects
    window way as (partition by conversion order by touch_number), whole as (partition by conversion)
),

-- The share of the way up to a touch, and up to the one before it.
shared as (
    select
        *, recency_so_far / max(recency_so_far) over whole as recency_share, coalesce(lag(recency_so_far) over way, 0) / max(recency_so_far) over whole as recency_before,
        effect_so_far / max(effect_so_far) over whole as effect_share, coalesce(lag(effect_so_far) over way, 0) / max(effect_so_far) over whole as effect_before
    from summed
    window way as (partition by conversion order by touch_number), whole as (partition by conversion)
),

credited as (
    select w.*, m.model, m.share_before, m.share
    from shared as w
    cross join lateral (
        values
            ('first_touch', 0.0::double, (w.touch_number = 1)::integer::double),
            ('last_touch', 0.0, (w.touch_number = w.touches)::integer::double),
            ('linear', (w.touch_number - 1)::double / w.touches, w.touch_number::double / w.touches),
            (
                'position_based',
                case when w.touches < 3 then (w.touch_number - 1)::double / w.touches when w.touch_number = 1 then 0 else 0.4 + 0.2 * (w.touch_number - 2) / (w.touches - 2) end,
                case
                    when w.touches < 3 then w.touch_number::double / w.touches
                    when w.touch_number = w.touches then 1
                    else 0.4 + 0.2 * (w.touch_number - 1) / (w.touches - 2)
                end
            ),
            ('time_decay', w.recency_before, w.recency_share),
            (
                'u_shaped', anchored_share(w.touch_number - 1, w.touches, 40.0::double, w.lead_number, null, null, 20.0::double),
                anchored_share(w.touch_number, w.touches, 40.0::double, w.lead_number, null, null, 20.0::double)
            ),
            (
                'w_shaped', anchored_share(w.touch_number - 1, w.touches, 30.0::double, w.lead_number, w.opportunity_number, null, 10.0::double),
                anchored_share(w.touch_number, w.touches, 30.0::double, w.lead_number, w.opportunity_number, null, 10.0::double)
            ),
            (
                'full_path', anchored_share(w.touch_number - 1, w.touches, 22.5::double, w.lead_number, w.opportunity_number, w.sale_number, 10.0::double),
                anchored_share(w.touch_number, w.touches, 22.5::double, w.lead_number, w.opportunity_number, w.sale_number, 10.0::double)
            ),
            ('markov', w.effect_before, w.effect_share)
    ) as m (model, share_before, share)
    where m.share > m.share_before
),

models as (
    select unnest([
        'first_touch', 'last_touch', 'linear', 'position_based', 'time_decay', 'u_shaped', 'w_shaped', 'full_path', 'markov'
    ]) as model
)

-- Rounded sums, not rounded parts: together they are the whole amount.
select
    w.milestone,                                                                   -- lead, mql, sql, opportunity (the deal was created) or won.
    w.model,                                                                       -- first_touch, last_touch, linear, position_based, time_decay, u_shaped, w_shaped, full_path or markov.
    w.system,                                                                      -- CRM that holds the deal; '' for a person without a deal.
    w.deal_id,                                                                     -- Id of the deal; '' for a person without a deal.
    w.person,                                                                      -- The person without a deal (core.people); '' for a deal.
    w.touch_system,                                                                -- System that recorded the touch; '' where it is unattributed.
    w.touch_id,                                                                    -- Id of the touch; '' where it is unattributed.
    w.occurred_at,                                                                 -- When the touch took place.
    w.channel,                                                                     -- Its channel, or `unattributed`.
    w.campaign,                                                                    -- Its campaign, by name where known.
    w.touch_number,                                                                -- 1, 2, 3 … on the way to the milestone.
    w.touches,                                                                     -- Touches on that way; 0 where it is unattributed.
    w.share - w.share_before as credit,                                            -- Share of the conversion, 0..1.
    (
        case when w.share = 1 then c.amount else round(c.amount * w.share, 2)::decimal(18, 2) end - round(c.amount * w.share_before, 2)::decimal(18, 2)
    )::decimal(18, 2) as amount,                                                   -- Share of the deal's amount, in base currency; empty where that is unknown, and for people.
    null as unattributed                                                           -- Why no touch is credited: the milestone is not recorded, or no touch before it is known.
from credited as w
join marts.conversions as c on c.conversion = w.conversion

union all

select
    c.milestone, m.model, c.system, c.deal_id, c.person, '', '', null, 'unattributed', null, null, 0, 1, c.amount,
    case when c.converted_at is null then 'milestone not recorded' else 'no touch before it' end
from marts.conversions as c
cross join models as m
where not exists (select 1 from marts.conversion_paths as p where p.conversion = c.conversion)
