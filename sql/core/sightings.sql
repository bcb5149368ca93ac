-- One row per person who was known at a time on a device from which there are touches without a name, too.
--
-- Who it was is said by touches with a visitor id that name a record or an address. Of devices that never hide it nothing need be remembered.
--
-- grain: system, visitor_id, seen_at, person

with hiding as (
    select distinct t.system, t.visitor_id
    from staging.touches as t
    left join core.person_links as l on l.system = t.system and l.person_id = t.person_id
    where t.visitor_id <> '' and l.person is null and coalesce(trim(t.email), '') = '' and t.occurred_at <= (select as_of from core.as_of)
)

select distinct
    t.system,                                       -- System that gave the visitor id.
    t.visitor_id,                                   -- Visitor id of the device.
    t.occurred_at as seen_at,                       -- When.
    coalesce(l.person, a.person) as person          -- Who, by the record or the e-mail address in the touch.
from staging.touches as t
semi join hiding as h on h.system = t.system and h.visitor_id = t.visitor_id
left join core.person_links as l on l.system = t.system and l.person_id = t.person_id
left join core.addresses as a on a.email = lower(trim(t.email))
where coalesce(l.person, a.person) is not null and t.occurred_at <= (select as_of from core.as_of)
