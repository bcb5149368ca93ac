-- One row per contact of a person with marketing, of every system.
--
-- grain: system, touch_id

select
    'generic' as system,    -- System that recorded it.
    touch_id,               -- Id of the touch.
    occurred_at,            -- When it took place.
    email,                  -- E-mail address, where the person was known.
    visitor_id,             -- Anonymous visitor id.
    person_id,              -- Person record, where the system links it.
    touch_type,             -- What happened.
    channel,                -- Channel.
    campaign_id             -- Campaign, by id or name.
from raw.generic_touches

union all

select
    'salesforce', member_id, coalesce(responded_on::timestamp, created_at), email, null, coalesce(contact_id, lead_id),
    'campaign: ' || coalesce(status, 'member'), 'campaign', campaign_id
from raw.salesforce_campaign_members
where not coalesce(is_deleted, false)
