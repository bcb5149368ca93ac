-- One row per lead: when it arrived, when it was assigned, when a human first answered, in calendar days and in working hours of its owner.
--
-- A lead that nobody answered counts with the time waited so far (censored), never as left out. A lead is a person with a lead record in a CRM, or who
-- sent a form or asked for a meeting.
--
-- grain: person
-- bars: rows by sla_status
-- check: sla_status in ('met', 'missed', 'running', 'not known')
-- check: days_waited is null or days_waited >= 0
-- check: business_hours is null or business_hours between 0 and days_waited * 24 + 1e-9
-- check: is_answered is null or is_answered = (answered_at is not null)

with assigned as (
    select l.person, min(g.assigned_at) as assigned_at
    from core.leads as l
    join core.person_links as k on k.person = l.person
    join staging.assignments as g on g.system = k.system and g.person_id = k.person_id
    where g.assigned_at >= l.arrived_at and g.assigned_at <= (select as_of from core.as_of)
    group by l.person
),

answered as (
    select
        l.person, min(a.answered_at) as answered_at,
        arg_min({'by': a.answered_by, 'kind': a.activity_type, 'has_time': a.has_time}, (a.answered_at, a.system, a.activity_id)) as first
    from core.leads as l
    join core.answers as a on a.person = l.person and a.answered_at >= l.arrived_at
    group by l.person
),

known as (
    select
        l.*, g.assigned_at, a.answered_at, a.first, coalesce(z.time_zone, p.business_time_zone, 'UTC') as time_zone, coalesce(s.hours, e.hours) as sla_hours,
        coalesce(a.answered_at, case when l.is_judged then t.as_of end) as until_at,
        g.assigned_at <= coalesce(a.answered_at, t.as_of) as is_from_assignment
    from core.leads as l
    cross join core.as_of as t
    cross join core.parameters as p
    left join assigned as g on g.person = l.person
    left join answered as a on a.person = l.person
    left join core.owner_time_zones as z on z.owner = l.owner
    left join settings.answer_limits as s on s.lead_source = lower(l.lead_source)
    left join settings.answer_limits as e on e.lead_source = '*'
),

begun as (
    select *, case when is_from_assignment then assigned_at else arrived_at end as sla_begins_at
    from known
),

-- Work done in the owner's zone up to each moment, in microseconds: what lies between two moments is a difference.
clocked as (
    select
        b.*,
        u.worked_before + date_diff('microsecond', u.starts_at, least(b.until_at, u.ends_at))
            - a.worked_before - date_diff('microsecond', a.starts_at, least(b.arrived_at, a.ends_at)) as worked,
        u.worked_before + date_diff('microsecond', u.starts_at, least(b.until_at, u.ends_at))
            - s.worked_before - date_diff('microsecond', s.starts_at, least(b.sla_begins_at, s.ends_at)) as sla_worked,
        s.worked_before + date_diff('microsecond', s.starts_at, least(b.sla_begins_at, s.ends_at)) + (b.sla_hours * 3600000000)::bigint as due_work
    from begun as b
    asof left join core.working_hours as a on a.time_zone = b.time_zone and b.arrived_at >= a.starts_at
    asof left join core.working_hours as s on s.time_zone = b.time_zone and b.sla_begins_at >= s.starts_at
    asof left join core.working_hours as u on u.time_zone = b.time_zone and b.until_at >= u.starts_at
),

judged as (
    select
        c.*, case when c.answered_at is not null then true when c.is_judged and c.arrived_at is not null then false end as is_answered,
        -- The last day that began with less work done than is allowed; a limit beyond the calendar of working hours has no such day.
        case
            when c.due_work - d.worked_before <= date_diff('microsecond', d.starts_at, d.ends_at)
                then d.starts_at + to_microseconds(c.due_work - d.worked_before)
        end as due_at
    from clocked as c
    asof left join core.working_hours as d on d.time_zone = c.time_zone and c.due_work > d.worked_before
)

select
    person,                                                      -- The person of core.people.
    person_name,                                                 -- Name.
    company_name,                                                -- Company, as typed on the record.
    lead_source,                                                 -- Where the lead came from; `unknown` where nothing says.
    owner,                                                       -- Owner of the lead, by name where known.
    team,                                                        -- Team of the owner.
    time_zone,                                                   -- Time zone in which the owner works, else the business time zone.
    lead_status,                                                 -- Status of the lead record.
    is_in_crm,                                                   -- Whether a CRM has a record of the person.
    arrived_at,                                                  -- When the lead record was created or the first form or request for a meeting came, whichever was first; empty where neither has a time.
    arrived_by,                                                  -- lead record, form or meeting request; `not known` without a time.
    assigned_at,                                                 -- First assignment to an owner from the arrival on; empty where the exports record none.
    answered_at,                                                 -- First answer of a human from the arrival on; the end of the day where only the day is known.
    first.by as answered_by,                                     -- Who answered, by name where known.
    first.kind as answered_with,                                 -- Kind of action.
    first.has_time as answer_has_time,                           -- Whether more than the day of the answer is known; without it the times are those at most.
    is_answered,                                                 -- Whether a human answered; false is still waiting, empty where the exports hold no activities that could show it, or no arrival.
    date_diff('microsecond', arrived_at, until_at) / 86400000000.0 as days_waited,  -- Days from the arrival to the answer, or so far.
    worked / 3600000000.0 as business_hours,                     -- Working hours of the owner in that time.
    date_diff('microsecond', arrived_at, assigned_at) / 86400000000.0 as days_to_assignment,  -- Days from the arrival to the assignment.
    sla_hours,                                                   -- Working hours within which a lead of this source is to be answered (settings).
    case when is_from_assignment then 'assignment' else 'arrival' end as sla_from,  -- What they are counted from: the assignment, where one is recorded before the answer.
    sla_begins_at,                                               -- When that was.
    due_at,                                                      -- When they have passed.
    sla_worked / 3600000000.0 as sla_hours_used,                 -- Working hours from then to the answer, or so far.
    case
        when sla_worked is null or sla_hours is null then 'not known'
        when sla_worked > sla_hours * 3600000000 then 'missed'
        when answered_at is not null then 'met'
        else 'running'
    end as sla_status                                            -- met, missed (answered or not), running, or not known.
from judged
