-- One row: the moment that all numbers describe.
--
-- grain: one
-- check: as_of is not null

with events as (
    select max(created_at) as happened_at from staging.deals where created_at <= (select started_at from settings.run)
    union all
    select max(updated_at) from staging.deals where updated_at <= (select started_at from settings.run)
    union all
    select max(stage_changed_at) from staging.deals where stage_changed_at <= (select started_at from settings.run)
    union all
    select max(changed_at) from staging.stage_changes where changed_at <= (select started_at from settings.run)
    union all
    select max(changed_at) from staging.deal_edits where changed_at <= (select started_at from settings.run)
    union all
    select max(occurred_at) from staging.touches where occurred_at <= (select started_at from settings.run)
    union all
    -- A meeting may be planned for later than the export: only what was done counts.
    select max(occurred_at) from staging.activities where is_done and occurred_at <= (select started_at from settings.run)
    union all
    select max(created_at) from staging.activities where created_at <= (select started_at from settings.run)
)

select
    1 as one,                                                                     -- Always 1.
    coalesce(r.as_of, n.happened_at, r.started_at) as as_of,                      -- The moment, UTC.
    case
        when r.as_of is not null then 'as asked for'
        when n.happened_at is not null then 'the newest event in the exports'
        else 'the start of the run: no export holds an event'
    end as as_of_from                                                             -- Where it comes from.
from settings.run as r
cross join (select max(happened_at) as happened_at from events) as n
