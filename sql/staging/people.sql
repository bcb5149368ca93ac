-- One row per person record: a contact or a lead, of every system.
--
-- grain: system, person_id

select
    system,                -- System that holds the person.
    person_id,             -- Id of the record in its system.
    record_type,           -- contact or lead.
    email,                 -- E-mail address, lower case.
    first_name,            -- First name.
    last_name,             -- Last name.
    account_id,            -- Account the person belongs to.
    company_name,          -- Company, as typed on the record.
    lifecycle,             -- Lifecycle stage or lead status, as the system says.
    lead_source,           -- Where the person came from.
    owner_id,              -- Owner, by id or name.
    created_at,            -- When the record was created.
    converted_person_id,   -- For a converted lead, the contact it became.
    same_as,               -- Id of the same person in another system, where this one knows it.
    converted_deal_id      -- For a converted lead, the deal it became.
from feeds.people
where person_id <> ''
qualify row_number() over (partition by system, person_id order by coalesce(precedence, 1), updated_at desc nulls last, email, created_at) = 1
