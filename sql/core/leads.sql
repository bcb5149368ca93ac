-- One row per lead up to as-of: a person with a lead record in a CRM, or who sent a form or asked for a meeting. Test records are none.
--
-- grain: person
-- check: arrived_by in ('lead record', 'form', 'meeting request', 'not known')

with requests as (
    select
        person, min(occurred_at) as request_at,
        arg_min({'sign': sign, 'source': source}, (occurred_at, system, sign_id)) as first
    from core.inbound_signs
    where sign in ('form', 'meeting request')
    group by person
)

select
    p.person,                                                                    -- The person of core.people.
    p.person_name,                                                               -- Name.
    p.company_name,                                                              -- Company, as typed on the record.
    least(p.lead_record_at, r.request_at) as arrived_at,                         -- Creation of the first lead record, or the first form or request for a meeting, whichever came first; empty where neither has a time.
    case
        when r.request_at < p.lead_record_at or (r.request_at is not null and p.lead_record_at is null) then r.first.sign
        when p.lead_record_at is not null then 'lead record'
        else 'not known'
    end as arrived_by,                                                           -- lead record, form or meeting request; `not known` without a time.
    coalesce(p.lead_source, r.first.source, 'unknown') as lead_source,           -- Where the lead came from: as its records say, else the source or channel of its first form or request; `unknown` without any.
    p.owner,                                                                     -- Owner of the lead record, else of another record of the person, by name where known.
    p.team,                                                                      -- Team of that owner.
    p.lead_status,                                                               -- Status of the lead record.
    p.is_in_crm,                                                                 -- Whether a CRM has a record of the person.
    p.is_judged                                                                  -- Whether an answer would be seen: the exports hold activities of the person's CRM, or of any where none has a record.
from core.people as p
left join requests as r on r.person = p.person
where (p.has_lead_record or r.request_at is not null) and not p.is_test
