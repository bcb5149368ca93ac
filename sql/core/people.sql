-- One row per person: of CRM and marketing records that are one, or of an address that no record bears; whose they are and for whom they work.
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
        l.person, l.is_test, p.person_id, nullif(p.email, '') as email, p.lifecycle, p.company_name, p.created_at, nullif(p.lead_source, '') as lead_source,
        nullif(trim(concat_ws(' ', p.first_name, p.last_name)), '') as person_name,
        case when p.owner_id <> '' then {'name': coalesce(o.owner_name, p.owner_id), 'team': o.team} end as owner,
        k.account as company, k.confidence as company_confidence,
        c.system is not null as is_in_crm, a.system is not null as is_acting,
        c.system is not null and p.record_type = 'lead' and not coalesce(p.created_at > (select as_of from core.as_of), false) as is_lead,
        row_number() over (
            partition by l.person order by c.system is null, p.record_type is distinct from 'lead', p.created_at nulls last, p.system, p.person_id
        ) as number
    from core.person_links as l
    -- Of a record that was merged away only the id may be left.
    left join staging.people as p on p.system = l.system and p.person_id = l.person_id
    left join staging.owners as o on o.system = p.system and o.owner_id = p.owner_id
    left join core.account_links as k on k.system = p.system and k.account_id = p.account_id
    left join crms as c on c.system = p.system
    left join acting as a on a.system = p.system
),

recorded as (
    select
        person, bool_or(coalesce(is_test, false)) as is_test, count(person_id) as records, min(created_at) as created_at,
        bool_or(is_in_crm) as is_in_crm, bool_or(is_in_crm and is_acting) as is_acting,
        bool_or(is_lead) as has_lead_record, min(created_at) filter (where is_lead) as lead_record_at, arg_min(email, number) as email,
        arg_min(owner, number) as owner, arg_min(lead_source, number) as lead_source, arg_min(person_name, number) as person_name,
        arg_min(company_name, number) as company_name, arg_min(lifecycle, number) filter (where is_lead) as lead_status,
        -- Of several companies the surest link, then the first by its name.
        arg_min({'id': company, 'confidence': company_confidence}, (-company_confidence, company)) filter (where company is not null) as employer
    from records
    group by person
),

strangers as (
    select
        a.person, min(a.email) as email,
        bool_or(exists (select 1 from settings.test_records as t where t.field = 'emails' and a.email glob t.pattern)) as is_test
    from core.addresses as a
    where a.is_strange
    group by a.person
),

everybody as (
    select * from recorded
    union all by name
    select person, email, is_test from strangers
)

select
    e.person,                                                             -- The person: `system:id` of the first of the records, or `e-mail:` and the address.
    e.person_name,                                                        -- Name.
    e.email,                                                              -- E-mail address.
    coalesce(e.records, 0)::bigint as records,                            -- Records that are this person; 0 for one known by an address alone.
    e.is_test,                                                            -- Whether the settings call one of the records, or the address, a test.
    e.created_at,                                                         -- When the first of the records was created.
    e.lead_source,                                                        -- Where the person came from.
    e.lead_status,                                                        -- Status of the lead record.
    coalesce(e.has_lead_record, false) as has_lead_record,                -- Whether a CRM has a lead record of the person.
    e.lead_record_at,                                                     -- When the first of them was created, where that is known.
    coalesce(e.is_in_crm, false) as is_in_crm,                            -- Whether a CRM has any record of the person.
    case when e.is_in_crm then e.is_acting else exists (select 1 from acting) end as is_judged,  -- Whether an answer would be seen: the exports hold activities of the person's CRM, or of any where none has a record.
    e.owner.name as owner,                                                -- Owner, by name where known.
    e.owner.team as team,                                                 -- Team of that owner.
    coalesce(e.employer.id, d.company) as company,                        -- Company: `system:id` of the first of its records.
    case
        when e.employer.id is not null then 'account of the record'
        when d.company is not null then 'domain of the e-mail'
    end as company_method,                                                -- How the company is known; by a domain never for free mail.
    coalesce(e.employer.confidence, case when d.company is not null then 0.9 end) as company_confidence,  -- How sure that is, 0..1.
    e.company_name,                                                       -- Company as typed on a record.
    nullif(a.domain, '') as domain                                        -- Domain of the company in the e-mail address; empty for free mail.
from everybody as e
left join core.addresses as a on a.email = e.email
left join core.company_domains as d on d.domain = a.domain
