-- One row per action of the sales team about a deal that was done by as-of.
--
-- A meeting in the past counts as held. What came from the other side (an e-mail or call marked inbound) is no action of the team. Many systems
-- know a demo only as a meeting whose subject says so.
--
-- grain: system, activity_id

select
    a.system,                                                       -- System that recorded it.
    a.activity_id,                                                  -- Id of the activity.
    a.deal_id,                                                      -- Deal it is about.
    case
        when k.action = 'meeting' and regexp_matches(lower(a.subject), '\bdemos?\b') then 'demo'
        else k.action
    end as action,                                                  -- demo, content, e-mail, call, meeting, task or other.
    a.occurred_at                                                   -- When it was done.
from staging.activities as a
join core.activity_kinds as k on k.activity_type = coalesce(a.activity_type, '')
cross join core.as_of as t
where a.deal_id <> '' and was_done(a.is_done, a.occurred_at, t.as_of) and a.direction is distinct from 'inbound'
