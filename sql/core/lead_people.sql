-- One row per person of whom there is a record or an inbound sign up to as-of: who it is, whose, and whether an answer would be seen.
--
-- A system whose person records name owners is a CRM; nobody owes the subscribers of a mailing list an answer. Of several records the lead records of
-- CRMs come first, then other records of CRMs, older ones before newer ones; each column is that of the first record that has it.
--
-- grain: person

with crms as (
    select distinct system from staging.people where owner_id <> ''
),

acting as (
    select distinct system from staging.activities where person_id <> '' or deal_id <> ''
),

records as (
    select
        l.person, l.is_test, p.lifecycle, p.company_name, p.created_at, nullif(trim(concat_ws(' ', p.first_name, p.last_name)), '') as person_name,
        case when p.owner_id <> '' then {'name': coalesce(o.owner_name, p.owner_id), 'team': o.team} end as owner, nullif(p.lead_source, '') as lead_source,
        c.system is not null as is_in_crm, a.system is not null as is_acting,
        c.system is not null and p.record_type = 'lead' and not coalesce(p.created_at > (select as_of from core.as_of), false) as is_lead,
        row_number() over (
            partition by l.person order by c.system is null, p.record_type is distinct from 'lead', p.created_at nulls last, p.system, p.person_id
        ) as number
    from staging.people as p
    join core.person_links as l on l.system = p.system and l.person_id = p.person_id
    left join staging.owners as o on o.system = p.system and o.owner_id = p.owner_id
    left join crms as c on c.system = p.system
    left join acting as a on a.system = p.system
),

known as (
    select
        person, bool_or(coalesce(is_test, false)) as is_test, bool_or(is_in_crm) as is_in_crm, bool_or(is_in_crm and is_acting) as is_acting,
        bool_or(is_lead) as has_lead_record, min(created_at) filter (where is_lead) as lead_record_at, arg_min(owner, number) as owner,
        arg_min(lead_source, number) as lead_source, arg_min(person_name, number) as person_name, arg_min(company_name, number) as company_name,
        arg_min(lifecycle, number) filter (where is_lead) as lead_status
    from records
    group by person
),

signing as (
    select distinct person from core.inbound_signs
)

select
    coalesce(k.person, s.person) as person,                                      -- The person, by core.person_links; the e-mail address of one of whom no system has a record.
    k.person_name,                                                               -- Name.
    k.company_name,                                                              -- Company, as typed on the record.
    k.owner.name as owner,                                                       -- Owner, by name where known.
    k.owner.team as team,                                                        -- Team of that owner.
    k.lead_source,                                                               -- Where the person came from.
    k.lead_status,                                                               -- Status of the lead record.
    coalesce(k.has_lead_record, false) as has_lead_record,                       -- Whether a CRM has a lead record of the person.
    k.lead_record_at,                                                            -- When the first of them was created, where that is known.
    coalesce(k.is_in_crm, false) as is_in_crm,                                   -- Whether a CRM has any record of the person.
    case when k.is_in_crm then k.is_acting else exists (select 1 from acting) end as is_judged,  -- Whether an answer would be seen: the exports hold activities of the person's CRM, or of any where none has a record.
    coalesce(k.is_test, false) or exists (
        select 1 from settings.test_records as t where t.field = 'emails' and s.person glob t.pattern
    ) as is_test                                                                 -- Whether the settings call one of the records, or the address, a test.
from known as k
full join signing as s on s.person = k.person
