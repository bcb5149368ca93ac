-- One row per deal and stretch of time in which its amount, close date, owner, probability and category stayed the same, up to as-of.
--
-- Only deals of which an edit is recorded; the others were always what they are now. Before its first recorded edit a field had
-- the old value, or where that was not recorded, the new one already. A record that says something else than its last edit
-- changed again, when it was last updated.
--
-- grain: system, deal_id, valid_from
-- check: valid_to is null or valid_to > valid_from

with fields as (
    select field from (values ('amount'), ('currency'), ('close_on'), ('owner'), ('probability'), ('forecast_category')) as f (field)
),

-- One spelling per value, so that what did not change compares as equal.
edits as (
    select
        e.system, e.deal_id, e.field, e.changed_at, e.knows_old,
        case e.field
            when 'amount' then cast(try_cast(e.old_value as decimal(18, 4)) as varchar)
            when 'close_on' then cast(try_cast(left(e.old_value, 10) as date) as varchar)
            when 'probability' then cast(try_cast(e.old_value as double) as varchar)
            when 'currency' then upper(e.old_value)
            when 'owner' then coalesce(was.owner_name, e.old_value)
            else e.old_value
        end as old_value,
        case e.field
            when 'amount' then cast(try_cast(e.new_value as decimal(18, 4)) as varchar)
            when 'close_on' then cast(try_cast(left(e.new_value, 10) as date) as varchar)
            when 'probability' then cast(try_cast(e.new_value as double) as varchar)
            when 'currency' then upper(e.new_value)
            when 'owner' then coalesce(became.owner_name, e.new_value)
            else e.new_value
        end as new_value
    from staging.deal_edits as e
    left join staging.owners as was on was.system = e.system and was.owner_id = e.old_value
    left join staging.owners as became on became.system = e.system and became.owner_id = e.new_value
),

edited as (
    select system, deal_id, field, min(changed_at) as first_at, max(changed_at) as last_at
    from edits
    group by system, deal_id, field
),

present as (
    select
        d.system, d.deal_id, d.updated_at, f.field,
        case f.field
            when 'amount' then cast(d.amount as varchar) when 'close_on' then cast(d.close_on as varchar)
            when 'probability' then cast(d.probability as varchar) when 'currency' then d.currency
            when 'owner' then coalesce(o.owner_name, d.owner_name, d.owner_id) else d.forecast_category
        end as value
    from staging.deals as d
    cross join fields as f
    left join staging.owners as o on o.system = d.system and o.owner_id = d.owner_id
    where exists (select 1 from staging.deal_edits as e where e.system = d.system and e.deal_id = d.deal_id)
),

-- precedence: which of several values for one moment holds.
points as (
    select
        p.system, p.deal_id, p.field, timestamp '0001-01-01' as valid_from, 0 as precedence,
        case when b.field is null then p.value when f.knows_old then f.old_value else f.new_value end as value
    from present as p
    left join edited as b on b.system = p.system and b.deal_id = p.deal_id and b.field = p.field
    left join edits as f on f.system = p.system and f.deal_id = p.deal_id and f.field = p.field and f.changed_at = b.first_at

    union all

    select e.system, e.deal_id, e.field, e.changed_at, 1, e.new_value
    from edits as e
    join staging.deals as d on d.system = e.system and d.deal_id = e.deal_id

    union all

    select p.system, p.deal_id, p.field, greatest(b.last_at, p.updated_at), 2, p.value
    from present as p
    join edited as b on b.system = p.system and b.deal_id = p.deal_id and b.field = p.field
    join edits as l on l.system = p.system and l.deal_id = p.deal_id and l.field = p.field and l.changed_at = b.last_at
    where l.new_value is distinct from p.value
),

-- A value that became empty is a value too: hence the structs.
pivoted as (
    select
        system, deal_id, valid_from,
        max(case when field = 'amount' then {'precedence': precedence, 'value': value} end) as amount,
        max(case when field = 'currency' then {'precedence': precedence, 'value': value} end) as currency,
        max(case when field = 'close_on' then {'precedence': precedence, 'value': value} end) as close_on,
        max(case when field = 'owner' then {'precedence': precedence, 'value': value} end) as owner,
        max(case when field = 'probability' then {'precedence': precedence, 'value': value} end) as probability,
        max(case when field = 'forecast_category' then {'precedence': precedence, 'value': value} end) as forecast_category
    from points
    where valid_from <= (select as_of from core.as_of)
    group by system, deal_id, valid_from
),

filled as (
    select
        system, deal_id, valid_from,
        last_value(amount ignore nulls) over so_far as amount,
        last_value(currency ignore nulls) over so_far as currency,
        last_value(close_on ignore nulls) over so_far as close_on,
        last_value(owner ignore nulls) over so_far as owner,
        last_value(probability ignore nulls) over so_far as probability,
        last_value(forecast_category ignore nulls) over so_far as forecast_category
    from pivoted
    window so_far as (partition by system, deal_id order by valid_from rows between unbounded preceding and current row)
)

select
    system,                                                                      -- CRM that holds the deal.
    deal_id,                                                                     -- Id of the deal in its CRM.
    valid_from,                                                                  -- From when on; the year 1 for what was so from the beginning.
    lead(valid_from) over (partition by system, deal_id order by valid_from) as valid_to,  -- Until when; empty for what holds at as-of.
    cast(amount.value as decimal(18, 4)) as amount,                              -- Value in its own currency.
    currency.value as currency,                                                  -- ISO code of that currency.
    cast(close_on.value as date) as close_on,                                    -- Close date.
    owner.value as owner,                                                        -- Owner, by name where known.
    cast(probability.value as double) as probability,                            -- Probability of winning, 0..1.
    forecast_category.value as forecast_category                                 -- Forecast category.
from filled
