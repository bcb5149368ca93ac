-- One row per owner: the people who work the deals.
--
-- grain: system, owner_id

select
    system,      -- System the id belongs to.
    owner_id,    -- Id of the owner.
    owner_name,  -- Name.
    email,       -- E-mail address.
    team,        -- Team or department.
    is_active,   -- Whether the owner still works there.
    time_zone    -- Time zone in which the owner works, where the system says so.
from feeds.owners
where owner_id <> ''
qualify row_number() over (partition by system, owner_id order by updated_at desc nulls last, owner_name) = 1
