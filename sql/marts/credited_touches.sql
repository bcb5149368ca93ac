-- One row per milestone and touch on the way to it: the shares of the conversion that the touches up to it and before it are credited with by each model.
--
-- What marts.attribution shows as a row per model. The amount of a touch is the rounded amount up to it less that before it, so that all amounts
-- of a way are together the whole one.
--
-- grain: conversion, touch
-- check: time_decay between 0 and 1 and u_shaped between 0 and 1 and w_shaped between 0 and 1 and full_path between 0 and 1 and markov between 0 and 1

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

shared as (
    select
        *, recency_so_far / max(recency_so_far) over whole as time_decay, coalesce(lag(recency_so_far) over way, 0) / max(recency_so_far) over whole as time_decay_before,
        effect_so_far / max(effect_so_far) over whole as markov, coalesce(lag(effect_so_far) over way, 0) / max(effect_so_far) over whole as markov_before
    from summed
    window way as (partition by conversion order by touch_number), whole as (partition by conversion)
)

select
    s.conversion,                                                                  -- Number of the conversion in marts.conversions.
    s.touch,                                                                       -- Number of the touch in core.touches.
    s.milestone,                                                                   -- lead, mql, sql, opportunity (the deal was created) or won.
    c.system,                                                                      -- CRM that holds the deal; '' for a person without a deal.
    c.deal_id,                                                                     -- Id of the deal; '' for a person without a deal.
    c.person,                                                                      -- The person without a deal (core.people); '' for a deal.
    c.amount,                                                                      -- The deal's amount in base currency; empty where it is unknown, and for people.
    t.system as touch_system,                                                      -- System that recorded the touch.
    t.touch_id,                                                                    -- Id of the touch.
    t.occurred_at,                                                                 -- When the touch took place.
    t.channel,                                                                     -- Its channel.
    t.campaign,                                                                    -- Its campaign, by name where known.
    s.touch_number,                                                                -- 1, 2, 3 … on the way to the milestone.
    s.touches,                                                                     -- Touches on that way.
    s.time_decay_before,                                                           -- Share of the touches before it by the model time_decay, 0..1.
    s.time_decay,                                                                  -- Share of the touches up to it by time_decay, 0..1.
    anchored_share(s.touch_number - 1, s.touches, 40.0::double, s.lead_number, null, null, 20.0::double) as u_shaped_before,  -- The same of u_shaped.
    anchored_share(s.touch_number, s.touches, 40.0::double, s.lead_number, null, null, 20.0::double) as u_shaped,             -- The same of u_shaped.
    anchored_share(s.touch_number - 1, s.touches, 30.0::double, s.lead_number, s.opportunity_number, null, 10.0::double) as w_shaped_before,  -- The same of w_shaped.
    anchored_share(s.touch_number, s.touches, 30.0::double, s.lead_number, s.opportunity_number, null, 10.0::double) as w_shaped,             -- The same of w_shaped.
    anchored_share(s.touch_number - 1, s.touches, 22.5::double, s.lead_number, s.opportunity_number, s.sale_number, 10.0::double) as full_path_before,  -- The same of full_path.
    anchored_share(s.touch_number, s.touches, 22.5::double, s.lead_number, s.opportunity_number, s.sale_number, 10.0::double) as full_path,             -- The same of full_path.
    s.markov_before,                                                               -- The same of markov.
    s.markov                                                                       -- The same of markov.
from shared as s
join marts.conversions as c on c.conversion = s.conversion
join core.touches as t on t.touch = s.touch
