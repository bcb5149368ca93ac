-- One row per person record of any system, with the person that it is one record of.
--
-- grain: system, person_id

with records as (
    select system, person_id from staging.people
    union
    select system, person_id from core.linked_people
)

select
    r.system,                                                                    -- System that holds the record.
    r.person_id,                                                                 -- Id of the record in its system; records merged away are here too.
    coalesce(l.person, r.system || ':' || r.person_id) as person,                -- The person: `system:id` of the first of its records.
    coalesce(l.method, 'itself') as method,                                      -- What links it: itself, merge, converted lead, id in another system, e-mail, or probable duplicate.
    coalesce(l.confidence, 1.0) as confidence,                                   -- How sure that is, 0..1: the weakest link on the way to the first record.
    exists (select 1 from settings.test_records as t where t.field = 'emails' and p.email glob t.pattern) as is_test  -- Whether the settings call its address a test.
from records as r
left join core.linked_people as l using (system, person_id)
left join staging.people as p using (system, person_id)
