-- One row per action of the sales team: call, e-mail, meeting, task, of every system.
--
-- grain: system, activity_id

select
    system,          -- System that recorded it.
    activity_id,     -- Id of the activity.
    activity_type,   -- Kind of action.
    occurred_at,     -- When it was done; empty while it is to be done.
    due_on,          -- Day on which it is due.
    is_done,         -- Whether it was done; empty for a meeting, which may be planned.
    deal_id,         -- Deal it is about.
    person_id,       -- Person it is with.
    account_id,      -- Account it is with.
    owner_id,        -- Who does it, by id or name.
    subject,         -- Its subject.
    direction,       -- inbound or outbound, where the system says so.
    created_at       -- When it was recorded, where the system says so.
from feeds.activities
