-- One row per person who has a part in a deal, and how we know it.
--
-- grain: system, deal_id, person_id

with every as (
    select 'generic' as system, deal_id, person_id, coalesce(is_primary, false) as is_primary, 'contact role' as method
    from raw.generic_deal_people

    union all

    select 'generic', deal_id, person_id, true, 'primary contact'
    from raw.generic_deals
    where person_id is not null

    union all

    select 'hubspot', deal_id, trim(unnest(string_split(person_ids, ';'))), false, 'associated contact'
    from raw.hubspot_deals
    where person_ids is not null

    union all

    select 'salesforce', deal_id, person_id, coalesce(is_primary, false), 'contact role'
    from raw.salesforce_contact_roles
    where not coalesce(is_deleted, false)

    union all

    select 'salesforce', converted_deal_id, person_id, true, 'converted lead'
    from raw.salesforce_leads
    where converted_deal_id is not null

    union all

    select 'salesforce', converted_deal_id, converted_contact_id, true, 'converted lead'
    from raw.salesforce_leads
    where converted_deal_id is not null and converted_contact_id is not null
)

select
    system,                                                         -- System that holds both.
    deal_id,                                                        -- Deal.
    person_id,                                                      -- Person.
    bool_or(is_primary) as is_primary,                              -- Whether it is the main contact.
    string_agg(distinct method, ', ' order by method) as method     -- Evidence for the link.
from every
where person_id <> ''
group by all
