-- One row per deal that marketing is known to have touched: its first and its last touch up to as-of, of the people with a part in it.
--
-- grain: system, deal_id

with of_people as (
    select
        j.system, j.deal_id, count(*) as touches,
        min({'at': t.occurred_at, 'id': t.touch_id, 'channel': t.channel, 'campaign': t.campaign}) as first_touch,
        max({'at': t.occurred_at, 'id': t.touch_id, 'channel': t.channel, 'campaign': t.campaign}) as last_touch
    from core.deal_journeys as j
    join core.touches as t on t.side = j.side and t.system = j.touch_system and t.touch_id = j.touch_id
    where j.side = 'marketing' and j.method <> 'same company'
    group by j.system, j.deal_id
)

select
    system,                                   -- CRM that holds the deal.
    deal_id,                                  -- Id of the deal in its CRM.
    touches,                                  -- Touches of its people.
    first_touch.at as first_touch_at,         -- When the first one took place.
    first_touch.channel as first_channel,     -- Its channel.
    first_touch.campaign as first_campaign,   -- Its campaign, by name where known.
    last_touch.at as last_touch_at,           -- When the last one took place.
    last_touch.channel as last_channel,       -- Its channel.
    last_touch.campaign as last_campaign      -- Its campaign, by name where known.
from of_people
