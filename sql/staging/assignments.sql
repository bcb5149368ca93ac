-- One row per recorded assignment of a person record to an owner.
--
-- grain: system, person_id, owner_id, assigned_at

select distinct
    system,          -- System that holds the record.
    person_id,       -- Person record.
    owner_id,        -- Owner it was given to, by id or name.
    assigned_at      -- When.
from feeds.assignments
where person_id <> '' and owner_id <> '' and assigned_at is not null
