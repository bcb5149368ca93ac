-- One row per company, of every system.
--
-- grain: system, account_id

select
    system,                                        -- System that holds the account.
    account_id,                                    -- Id of the account in its system.
    account_name,                                  -- Name of the company.
    website,                                       -- Web site or domain.
    industry,                                      -- Industry.
    employees,                                     -- Number of employees.
    owner_id                                       -- Owner, by id or name.
from feeds.accounts
where account_id <> ''
qualify row_number() over (partition by system, account_id order by coalesce(precedence, 1), updated_at desc nulls last, account_name) = 1
