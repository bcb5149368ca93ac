-- One row per person record: a contact or a lead, of every system.
--
-- grain: system, person_id

select
    'salesforce' as system,             -- System that holds the person.
    person_id,                          -- Id of the record in its system.
    'contact' as record_type,           -- contact or lead.
    email,                              -- E-mail address, lower case.
    first_name,                         -- First name.
    last_name,                          -- Last name.
    account_id,                         -- Account the person belongs to.
    null as lifecycle,                  -- Lifecycle stage or lead status, as the system says.
    lead_source,                        -- Where the person came from.
    created_at,                         -- When the record was created.
    null as converted_person_id,        -- For a converted lead, the contact it became.
    null as converted_deal_id           -- For a converted lead, the deal it became.
from raw.salesforce_contacts
where not coalesce(is_deleted, false)

union all

select
    'salesforce', person_id, 'lead', email, first_name, last_name, converted_account_id, status, lead_source, created_at,
    converted_contact_id, converted_deal_id
from raw.salesforce_leads
where not coalesce(is_deleted, false)

union all

select
    'hubspot', person_id, 'contact', email, first_name, last_name, trim(split_part(account_id, ';', 1)),
    coalesce(lifecycle, lead_status), lead_source, created_at, null, null
from raw.hubspot_contacts

union all

select 'generic', person_id, 'contact', email, first_name, last_name, account_id, lifecycle, lead_source, created_at, null, null
from raw.generic_people
