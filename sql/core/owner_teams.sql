-- One row per owner: the team, where the systems name one only.
--
-- grain: owner

select
    owner,                                                           -- Owner, by name where known.
    case when min(team) = max(team) then min(team) end as team       -- Team; empty where none is known, or several.
from (
    select owner, team from core.deals
    union all
    select coalesce(owner_name, owner_id), team from staging.owners
) as known
where owner <> ''
group by owner
