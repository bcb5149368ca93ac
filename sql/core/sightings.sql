-- One row per person who was known at a time on a device: whose touches with a visitor id also say who it was.
--
-- grain: system, visitor_id, seen_at, person

select distinct
    t.system,                                       -- System that gave the visitor id.
    t.visitor_id,                                   -- Visitor id of the device.
    t.occurred_at as seen_at,                       -- When.
    coalesce(l.person, a.person) as person          -- Who, by the record or the e-mail address in the touch.
from staging.touches as t
left join core.person_links as l on l.system = t.system and l.person_id = t.person_id
left join core.addresses as a on a.email = lower(trim(t.email))
where t.visitor_id <> '' and coalesce(l.person, a.person) is not null and t.occurred_at <= (select as_of from core.as_of)
