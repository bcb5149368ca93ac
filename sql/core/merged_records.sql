-- One row per record that was merged away, with the record that it lives on in at the end of all merges.
--
-- Records merged in a circle have no end: they are left as they are.
--
-- grain: system, entity, record_id
-- check: record_id <> into_id

with recursive chains as (
    select system, entity, record_id, into_id, merged_at, 1 as steps, [record_id] as seen
    from staging.merges

    union all

    select c.system, c.entity, c.record_id, m.into_id, c.merged_at, c.steps + 1, list_append(c.seen, m.record_id)
    from chains as c
    join staging.merges as m on m.system = c.system and m.entity = c.entity and m.record_id = c.into_id
    where not list_contains(c.seen, m.into_id)
)

select
    system,                                          -- System.
    entity,                                          -- deal, person or account.
    record_id,                                       -- Record that was merged away.
    into_id,                                         -- Record that it lives on in.
    steps,                                           -- Merges from the one to the other.
    merged_at                                        -- When the first of them took place, where the system says so.
from chains as c
where not exists (
    select 1 from staging.merges as m where m.system = c.system and m.entity = c.entity and m.record_id = c.into_id
)
