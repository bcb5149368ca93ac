-- One row per recorded change of what a deal is worth: its amount, currency, close date, owner, probability or forecast category.
--
-- The differences between several exports count where no change of the deal is recorded.
--
-- grain: system, deal_id, field, changed_at
-- check: field in ('amount', 'currency', 'close_on', 'owner', 'probability', 'forecast_category')

with seen as (
    select
        s.system, s.deal_id, s.exported_at, s.file, f.field,
        case f.field
            when 'amount' then cast(s.amount as varchar) when 'currency' then s.currency
            when 'close_on' then cast(s.close_on as varchar) when 'owner' then s.owner
            when 'probability' then cast(s.probability as varchar) else s.forecast_category
        end as new_value
    from staging.snapshots as s
    cross join (values ('amount'), ('currency'), ('close_on'), ('owner'), ('probability'), ('forecast_category')) as f (field)
),

followed as (
    select
        *,
        lag(new_value) over life as old_value,
        lag(exported_at) over life as not_before
    from seen
    window life as (partition by system, deal_id, field order by exported_at, file)
),

every as (
    select system, deal_id, field, changed_at, old_value, new_value, coalesce(knows_old, false) as knows_old, coalesce(sequence, '') as sequence
    from feeds.deal_edits
    where field in ('amount', 'currency', 'close_on', 'owner', 'probability', 'forecast_category') and changed_at is not null and deal_id <> ''

    union all

    select f.system, f.deal_id, f.field, f.exported_at, f.old_value, f.new_value, true, lpad(cast(f.file as varchar), 9, '0')
    from followed as f
    where f.exported_at > f.not_before and f.new_value is distinct from f.old_value
        and not exists (select 1 from feeds.deal_edits as r where r.system = f.system and r.deal_id = f.deal_id)
)

select
    system,                                                      -- CRM that holds the deal.
    deal_id,                                                     -- Id of the deal in its CRM.
    field,                                                       -- amount, currency, close_on, owner, probability or forecast_category.
    changed_at,                                                  -- When it changed; between two exports, the time of the later one.
    first_value(old_value) over at_once as old_value,            -- Value before, as plain text.
    new_value,                                                   -- Value after, as plain text.
    first_value(knows_old) over at_once as knows_old             -- Whether the value before was recorded.
from every
window at_once as (
    partition by system, deal_id, field, changed_at order by sequence, knows_old, old_value, new_value
    rows between unbounded preceding and unbounded following
)
qualify row_number() over (partition by system, deal_id, field, changed_at order by sequence desc, knows_old desc, new_value desc) = 1
