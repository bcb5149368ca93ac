-- One row per record that was merged into another one, which may have been merged itself.
--
-- grain: system, entity, record_id

select
    system,         -- System.
    entity,         -- deal, person or account.
    record_id,      -- Record that ended.
    into_id,        -- Record that it lives on in.
    merged_at       -- When, where the system says so.
from feeds.merges
where record_id <> '' and into_id <> '' and record_id <> into_id
qualify row_number() over (partition by system, entity, record_id order by merged_at desc nulls last, into_id) = 1
