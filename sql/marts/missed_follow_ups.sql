-- One row per lead, deal or person whose next step is late, absent or was never made: what is missed, since when, whose, and what it is worth.
--
-- grain: kind, about, system, record_id
-- bars: rows by kind
-- check: kind in ('lead not answered', 'overdue task', 'no next step', 'inbound sign unanswered')
-- check: about in ('person', 'deal', 'task')
-- check: days_late >= 0
-- check: amount_known = (amount is not null)

with today as (
    select r.as_of, r.as_of_on, p.business_time_zone as zone
    from core.run as r
    cross join core.parameters as p
),

deals_of_people as (
    select p.person, d.system, d.deal_id, d.deal_name, d.status, d.amount, d.owner, d.team, d.created_at
    from core.deal_people as p
    join marts.deals as d on d.system = p.system and d.deal_id = p.deal_id
    where p.has_role
),

open_deals as (
    select
        person, sum(amount)::decimal(18, 2) as amount,
        arg_min({'id': deal_id, 'owner': owner, 'team': team}, (amount is null, -amount, system, deal_id)) as dearest
    from deals_of_people
    where status = 'open'
    group by person
),

-- A lead that became a deal which is closed by now was dealt with, and so was one that somebody disqualified.
unanswered as (
    select r.*, o.amount, o.dearest
    from marts.response_times as r
    left join open_deals as o on o.person = r.person
    where not r.is_answered and r.sla_status = 'missed'
        and not regexp_matches(lower(coalesce(r.lead_status, '')), 'unqualified|disqualified|junk|spam|no cualificado|descartad')
        and (
            o.person is not null
            or not exists (select 1 from deals_of_people as d where d.person = r.person and d.status in ('won', 'lost') and d.created_at >= r.arrived_at)
        )
),

tasks as (
    select
        a.system, a.activity_id, a.subject, a.due_on, d.deal_id, d.deal_name, d.amount, l.person, coalesce(w.owner_name, nullif(a.owner_id, ''), d.owner, p.owner) as owner,
        case when a.deal_id <> '' then 'deal' when l.person is not null then 'person' else 'task' end as about,
        case when a.deal_id <> '' then a.deal_id else coalesce(l.person, a.activity_id) end as record_id
    from staging.activities as a
    cross join today as t
    left join marts.deals as d on d.system = a.system and d.deal_id = a.deal_id
    left join core.person_links as l on l.system = a.system and l.person_id = a.person_id
    left join core.people as p on p.person = l.person
    left join staging.owners as w on w.system = a.system and w.owner_id = a.owner_id
    where a.due_on < t.as_of_on and coalesce(d.status, 'open') = 'open' and not coalesce(p.is_test, false)
        and (
            (not a.is_done and a.occurred_at is null and coalesce(a.created_at <= t.as_of, true))
            -- Done after as-of, it was still to be done then.
            or (a.is_done and a.occurred_at > t.as_of and a.created_at <= t.as_of)
        )
),

overdue as (
    select
        about, system, record_id, count(*) as items, min(due_on) as due_on, min(deal_id) as deal_id, min(deal_name) as deal_name, min(amount) as amount,
        arg_min({'subject': subject, 'owner': owner, 'person': person}, (due_on, activity_id)) as oldest
    from tasks
    group by about, system, record_id
),

last_answers as (
    select person, max(answered_at) as answered_at
    from core.answers
    group by person
),

waiting as (
    select s.person, count(*) as items, min(s.occurred_at) as since_at, string_agg(distinct s.sign, ', ' order by s.sign) as signs
    from core.inbound_signs as s
    left join last_answers as a on a.person = s.person
    where a.answered_at is null or s.occurred_at > a.answered_at
    group by s.person
),

found as (
    select
        'lead not answered' as kind, 'person' as about, u.person as record_id, null::varchar as system, u.person, u.dearest.id as deal_id,
        coalesce(u.person_name, u.person) as name, u.owner, u.team, u.sla_begins_at as since_at, u.due_at, 1 as items, u.sla_hours, u.amount,
        concat(
            'Not answered for ', u.sla_hours_used::decimal(18, 1), ' working hours since its ', u.sla_from, '; from ', u.lead_source, ' ',
            u.sla_hours, ' are allowed'
        ) as why
    from unanswered as u

    union all

    select
        'overdue task', v.about, v.record_id, v.system, v.oldest.person, v.deal_id, coalesce(v.deal_name, p.person_name, p.email, v.oldest.subject), v.oldest.owner, w.team,
        case when t.zone <> 'UTC' then timezone('UTC', timezone(t.zone, (v.due_on + 1)::timestamp)) else (v.due_on + 1)::timestamp end as late_at,
        late_at, v.items, null, coalesce(v.amount, o.amount),
        concat(
            case v.items when 1 then 'A task was due' else concat(v.items, ' tasks were due, the first') end, ' on ', v.due_on,
            ': ' || nullif(v.oldest.subject, '')
        )
    from overdue as v
    cross join today as t
    left join core.people as p on p.person = v.oldest.person
    left join core.owner_teams as w on w.owner = v.oldest.owner
    left join open_deals as o on o.person = v.record_id

    union all

    select
        'no next step', 'deal', s.deal_id, s.system, null, s.deal_id, coalesce(s.deal_name, s.deal_id), s.owner, s.team,
        greatest(d.stage_entered_at, s.last_changed_at, s.last_activity_at) as idle_at, idle_at, 1, null, s.amount,
        concat('No next step is planned; the last thing happened ', floor(s.days_silent)::bigint, ' days ago')
    from marts.stalled_deals as s
    join marts.deals as d on d.system = s.system and d.deal_id = s.deal_id
    where s.has_no_next_step
        and not exists (select 1 from overdue as v where v.about = 'deal' and v.system = s.system and v.record_id = s.deal_id)

    union all

    select
        'inbound sign unanswered', 'person', g.person, null, g.person, o.dearest.id, coalesce(p.person_name, p.email, g.person), coalesce(o.dearest.owner, p.owner),
        case when o.dearest.owner is not null then o.dearest.team else p.team end, g.since_at,
        g.since_at + to_microseconds((f.unanswered_days * 86400000000)::bigint) as unanswered_at, g.items, null, o.amount,
        concat('Left unanswered for ', floor(date_diff('microsecond', g.since_at, t.as_of) / 86400000000.0)::bigint, ' days: ', g.signs)
    from waiting as g
    cross join today as t
    cross join settings.follow_up as f
    join core.people as p on p.person = g.person
    left join open_deals as o on o.person = g.person
    where p.is_judged and not p.is_test and unanswered_at < t.as_of
        and not exists (select 1 from unanswered as u where u.person = g.person)
),

timed as (
    select f.*, coalesce(f.system, case when f.record_id like 'e-mail:%' then '' else split_part(f.record_id, ':', 1) end) as home,
        date_diff('microsecond', f.due_at, t.as_of) / 86400000000.0 as days_late
    from found as f
    cross join today as t
)

select
    row_number() over (order by amount desc nulls last, days_late desc, kind, home, record_id) as priority,  -- 1, 2, 3 … by value, then by how late it is.
    kind,                                                        -- lead not answered, overdue task, no next step, or inbound sign unanswered.
    about,                                                       -- What the row is about: a person, a deal, or a task that names neither.
    home as system,                                              -- System of the deal or task, or of the person's first record; '' for a person of whom there is none.
    record_id,                                                   -- Id of the deal or task; of a person that of core.people.
    name,                                                        -- Name of the person or deal, or subject of the task.
    person,                                                      -- The person, where one is known.
    deal_id,                                                     -- The deal; of a person the dearest of the open deals.
    owner,                                                       -- Who owes the step, by name where known.
    team,                                                        -- Team of the owner.
    since_at,                                                    -- When the waiting began: the arrival or assignment, the end of the day a task was due, the last thing that happened to the deal, the first unanswered sign.
    due_at,                                                      -- When the step was due.
    days_late,                                                   -- Days from then to as-of.
    items::bigint as items,                                      -- How many tasks or signs.
    sla_hours,                                                   -- Working hours allowed; leads.
    amount,                                                      -- The value at risk, in base currency: of the deal, or of the open deals of the person; empty when unknown.
    amount is not null as amount_known,                          -- Whether the value at risk is known.
    why || '.' as why                                            -- What is missed, in words.
from timed
