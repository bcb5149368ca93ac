-- One row per deal that marketing is known to have touched: its first and its last touch up to as-of, of the people with a part in it.
--
-- grain: system, deal_id

with of_people as (
    select deal, count(*) as touches, min(touch) as first_touch, max(touch) as last_touch
    from core.deal_journeys
    where side = 'marketing' and method <> 'same company'
    group by deal
)

select
    d.system,                                 -- CRM that holds the deal.
    d.deal_id,                                -- Id of the deal in its CRM.
    p.touches,                                -- Touches of its people.
    f.occurred_at as first_touch_at,          -- When the first one took place.
    f.channel as first_channel,               -- Its channel.
    f.campaign as first_campaign,             -- Its campaign, by name where known.
    l.occurred_at as last_touch_at,           -- When the last one took place.
    l.channel as last_channel,                -- Its channel.
    l.campaign as last_campaign               -- Its campaign, by name where known.
from of_people as p
join core.deals as d on d.deal = p.deal
join core.touches as f on f.touch = p.first_touch
join core.touches as l on l.touch = p.last_touch
