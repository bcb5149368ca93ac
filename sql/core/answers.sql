-- One row per person and activity in which a human of ours turned to the person, up to as-of: calls, e-mails, meetings, tasks that were done.
--
-- No answers are notes, what is only planned or was called off, what came in, and what a machine sent (settings: automatic_mails).
-- An activity that names no person is with the people of its deal. One known by its day alone counts at the end of that day.
--
-- grain: person, system, activity_id

with done as (
    select
        a.*, a.occurred_at = a.due_on::timestamp as is_day_only, t.as_of
    from staging.activities as a
    cross join core.as_of as t
    where was_done(a.is_done, a.occurred_at, t.as_of) and coalesce(a.direction, '') <> 'inbound'
        and not regexp_matches(lower(coalesce(a.activity_type, '')), '^(note|nota|notiz|comment)')
        and not exists (
            select 1 from settings.automatic_mails as m where lower(a.activity_type) glob m.pattern or lower(a.subject) glob m.pattern
        )
),

with_people as (
    select d.system, d.activity_id, d.person_id
    from done as d
    where d.person_id <> ''

    union

    select d.system, d.activity_id, p.person_id
    from done as d
    join staging.deal_people as p on p.system = d.system and p.deal_id = d.deal_id
    where coalesce(d.person_id, '') = ''
)

select distinct
    l.person,                                                                  -- The person, by core.person_links.
    d.system,                                                                  -- System that recorded the activity.
    d.activity_id,                                                             -- Id of the activity.
    d.activity_type,                                                           -- Kind of action.
    case when d.is_day_only then least(d.occurred_at + interval 1 day - interval 1 microsecond, d.as_of) else d.occurred_at end
        as answered_at,                                                        -- When; the end of the day where only the day is known.
    not coalesce(d.is_day_only, false) as has_time,                            -- Whether more than the day is known.
    coalesce(o.owner_name, d.owner_id) as answered_by                          -- Who did it, by name where known.
from done as d
join with_people as w on w.system = d.system and w.activity_id = d.activity_id
join core.person_links as l on l.system = w.system and l.person_id = w.person_id
left join staging.owners as o on o.system = d.system and o.owner_id = d.owner_id
