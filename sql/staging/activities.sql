-- One row per action of the sales team: call, e-mail, meeting, task, of every system.
--
-- grain: system, activity_id

select
    'salesforce' as system,                                                       -- System that recorded it.
    activity_id,                                                                  -- Id of the activity.
    coalesce(activity_type, 'task') as activity_type,                             -- Kind of action.
    coalesce(completed_at, case when is_closed then due_on::timestamp end) as occurred_at,  -- When it was done; empty while it is to be done.
    due_on,                                                                       -- Day on which it is due.
    coalesce(is_closed, status = 'Completed') as is_done,                         -- Whether it was done; empty for a meeting, which may be planned.
    case when about_id like '006%' then about_id end as deal_id,                  -- Deal it is about.
    person_id,                                                                    -- Person it is with.
    owner_id,                                                                     -- Who does it, by id or name.
    created_at                                                                    -- When it was recorded, where the system says so.
from raw.salesforce_tasks
where not coalesce(is_deleted, false)

union all

select
    'salesforce', activity_id, coalesce(activity_type, 'meeting'), starts_at, starts_at::date, null,
    case when about_id like '006%' then about_id end, person_id, owner_id, created_at
from raw.salesforce_events
where not coalesce(is_deleted, false)

union all

select
    'hubspot', activity_id, activity_type, occurred_at, occurred_at::date,
    case when lower(activity_type) <> 'meeting' then true end, trim(split_part(deal_ids, ';', 1)),
    trim(split_part(person_ids, ';', 1)), owner, null
from raw.hubspot_activities

union all

select 'generic', activity_id, activity_type, occurred_at, occurred_at::date,
    case when lower(activity_type) <> 'meeting' then true end, deal_id, person_id, owner, null
from raw.generic_activities
