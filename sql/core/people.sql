-- One row per person: of CRM and marketing records that are one, or of an address that no record bears; with the company they work for.
--
-- grain: person

with records as (
    select
        l.person, l.is_test, p.record_type, p.email, p.first_name, p.last_name, p.lead_source, p.owner_id, p.created_at, p.company_name,
        p.system, p.person_id, c.account as company, c.confidence as company_confidence
    from core.person_links as l
    -- A record that was merged away, of which only the id is left, has none of its own.
    left join staging.people as p on p.system = l.system and p.person_id = l.person_id
    left join core.account_links as c on c.system = p.system and c.account_id = p.account_id
),

merged as (
    select
        person,
        bool_or(is_test) as is_test,
        count(person_id) as records,
        bool_or(coalesce(record_type = 'lead', false)) as has_lead,
        min(created_at) as created_at,
        min_by(email, coalesce(created_at, timestamp '9999-12-31')) filter (where email <> '') as email,
        min_by(nullif(trim(concat_ws(' ', first_name, last_name)), ''), coalesce(created_at, timestamp '9999-12-31'))
            filter (where concat(first_name, last_name) <> '') as name,
        min_by(lead_source, coalesce(created_at, timestamp '9999-12-31')) filter (where lead_source <> '') as lead_source,
        min_by({'system': system, 'owner': owner_id}, coalesce(created_at, timestamp '9999-12-31')) filter (where owner_id <> '') as owned,
        -- Of several companies the surest link, then the first by its name.
        min_by({'company': company, 'confidence': company_confidence}, {'rank': -company_confidence, 'company': company})
            filter (where company is not null) as employed,
        min(company_name) as company_name
    from records
    group by person
),

strangers as (
    select person, min(email) as email
    from core.addresses
    where method = 'e-mail without a record'
    group by person
),

everybody as (
    select * from merged
    union all by name
    select person, email, false as is_test, 0 as records, false as has_lead from strangers
)

select
    e.person,                                                             -- The person: `system:id` of the first of the records, or `e-mail:` and the address.
    e.email,                                                              -- E-mail address of the oldest record that has one.
    e.name,                                                               -- Name, in the same way.
    coalesce(e.records, 0)::bigint as records,                            -- Records that are this person; 0 for one known by an address alone.
    e.has_lead,                                                           -- Whether one of them is a lead, and not a contact.
    e.is_test,                                                            -- Whether the settings call one of them a test.
    e.created_at,                                                         -- When the first of them was created.
    e.lead_source,                                                        -- Where the person came from, as the oldest record says.
    coalesce(o.owner_name, e.owned.owner) as owner,                       -- Owner, by name where known.
    coalesce(e.employed.company, d.company) as company,                   -- Company: `system:id` of the first of its records.
    case
        when e.employed.company is not null then 'account of the record'
        when d.company is not null then 'domain of the e-mail'
    end as company_method,                                                -- How the company is known; by a domain never for free mail.
    coalesce(e.employed.confidence, case when d.company is not null then 0.9 end) as company_confidence,  -- How sure that is, 0..1.
    e.company_name,                                                       -- Company as typed on a record.
    nullif(a.domain, '') as domain                                        -- Domain of the company in the e-mail address; empty for free mail.
from everybody as e
left join core.addresses as a on a.email = e.email
left join core.company_domains as d on d.domain = a.domain
left join staging.owners as o on o.system = e.owned.system and o.owner_id = e.owned.owner
