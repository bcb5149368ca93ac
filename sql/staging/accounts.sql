-- One row per company, of every system.
--
-- grain: system, account_id

select
    'salesforce' as system,  -- System that holds the account.
    account_id,              -- Id of the account in its system.
    account_name,            -- Name of the company.
    website,                 -- Web site or domain.
    industry,                -- Industry.
    employees,               -- Number of employees.
    owner_id                 -- Owner, by id or name.
from raw.salesforce_accounts
where not coalesce(is_deleted, false)

union all

select 'hubspot', account_id, account_name, website, industry, employees, owner
from raw.hubspot_companies

union all

select 'generic', account_id, account_name, website, industry, employees, owner
from raw.generic_accounts
