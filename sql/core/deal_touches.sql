-- One row per deal that marketing is known to have touched: its first and its last touch up to as-of, by the e-mail of its people.
--
-- grain: system, deal_id

with by_person as (
    select
        email,
        count(*) as touches,
        min({'at': occurred_at, 'id': touch_id, 'channel': channel, 'campaign': campaign_id}) as first_touch,
        max({'at': occurred_at, 'id': touch_id, 'channel': channel, 'campaign': campaign_id}) as last_touch
    from staging.touches
    where email is not null and occurred_at <= (select as_of from core.as_of)
    group by email
),

deal_emails as (
    -- What a merged deal had belongs to the one it lives on in.
    select distinct r.system, coalesce(m.into_id, r.deal_id) as deal_id, p.email
    from staging.deal_people as r
    left join core.merged_records as m on m.system = r.system and m.entity = 'deal' and m.record_id = r.deal_id
    join staging.people as p on p.system = r.system and p.person_id = r.person_id
    where p.email is not null
),

by_deal as (
    select
        e.system, e.deal_id,
        sum(t.touches)::bigint as touches,
        min(t.first_touch) as first_touch,
        max(t.last_touch) as last_touch
    from deal_emails as e
    join by_person as t on t.email = e.email
    group by e.system, e.deal_id
)

select
    system,                                   -- CRM that holds the deal.
    deal_id,                                  -- Id of the deal in its CRM.
    touches,                                  -- Touches of its people.
    first_touch.at as first_touch_at,         -- When the first one took place.
    first_touch.channel as first_channel,     -- Its channel.
    first_touch.campaign as first_campaign,   -- Its campaign, by id or name.
    last_touch.at as last_touch_at,           -- When the last one took place.
    last_touch.channel as last_channel,       -- Its channel.
    last_touch.campaign as last_campaign      -- Its campaign, by id or name.
from by_deal
