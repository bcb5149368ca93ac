-- One row per recorded entry of a person into a lifecycle stage.
--
-- grain: system, person, stage, changed_at

select
    system,                                                      -- System that holds the person.
    coalesce(person_id, email) as person,                        -- Id of the person record, or the e-mail address.
    stage,                                                       -- Stage entered, in the system's words.
    changed_at,                                                  -- When.
    max(email) as email,                                         -- E-mail address, where the system says it.
    string_agg(distinct evidence, ', ' order by evidence) as evidence  -- history or date column.
from feeds.lifecycle_changes
where stage <> '' and changed_at is not null and coalesce(person_id, email) <> ''
group by all
