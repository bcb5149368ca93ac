-- One row per owner: the people who work the deals.
--
-- grain: system, owner_id

select
    'salesforce' as system,  -- System the id belongs to.
    owner_id,                -- Id of the owner.
    owner_name,              -- Name.
    team,                    -- Team or department.
    is_active                -- Whether the owner still works there.
from raw.salesforce_users
