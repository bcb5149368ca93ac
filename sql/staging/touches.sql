-- One row per contact of a person with marketing, of every system.
--
-- grain: system, touch_id

select
    system,         -- System that recorded it.
    touch_id,       -- Id of the touch.
    occurred_at,    -- When it took place.
    email,          -- E-mail address, where the person was known.
    visitor_id,     -- Anonymous visitor id.
    person_id,      -- Person record, where the system links it.
    deal_id,        -- Deal, where the system links it.
    touch_type,     -- What happened.
    channel,        -- Channel, in the system's words.
    source,         -- Source, as in utm_source.
    medium,         -- Medium, as in utm_medium.
    campaign_id,    -- Campaign, by id or name.
    page,           -- Page or asset.
    referrer,       -- Page it came from.
    click_id        -- Click id of the ad platform.
from feeds.touches
