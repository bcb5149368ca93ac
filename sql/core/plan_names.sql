-- One row per way in which a plan may name a pipeline, team or owner: an owner by name, e-mail or id, in any case.
--
-- grain: kind, alias

with known as (
    select 'pipeline' as kind, lower(pipeline) as alias, pipeline as name, 1 as rank from core.stages
    union all
    select 'team', lower(team), team, 1 from core.deals
    union all
    select 'team', lower(team), team, 2 from staging.owners
    union all
    select 'owner', lower(owner), owner, 1 from core.deals
    union all
    select 'owner', lower(owner_name), owner_name, 2 from staging.owners
    union all
    select 'owner', lower(email), coalesce(owner_name, owner_id), 3 from staging.owners
    union all
    select 'owner', lower(owner_id), coalesce(owner_name, owner_id), 4 from staging.owners
),

best as (
    select kind, alias, name
    from known
    where alias <> ''
    qualify row_number() over (partition by kind, alias order by rank, name) = 1
)

select
    b.kind,              -- pipeline, team or owner.
    b.alias,             -- What a plan may say, in lower case.
    d.name               -- What it is called in marts.deals.
from best as b
-- An owner found by e-mail is called as the deals spell the name; every name is an alias too.
join best as d on d.kind = b.kind and d.alias = lower(b.name)
