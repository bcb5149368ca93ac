-- One row per deal and day on which its expected close date moved to a later month; several changes on one day count once.
--
-- A date that was emptied and set again later counts against the last one that was known.
--
-- grain: system, deal_id, pushed_on
-- check: close_on > close_on_before

with run as (
    select coalesce(max(business_time_zone), 'UTC') as zone, coalesce(max(fiscal_year_begins), 1) as begins
    from settings.run
),

versions as (
    select
        v.system, v.deal_id, v.valid_from, v.close_on,
        day_of(v.valid_from, r.zone) as day
    from core.deal_values as v
    cross join run as r
),

ends as (
    select system, deal_id, day, close_on
    from versions
    qualify row_number() over (partition by system, deal_id, day order by valid_from desc) = 1
),

moved as (
    select system, deal_id, day, close_on, lag(close_on) over (partition by system, deal_id order by day) as close_on_before
    from ends
    where close_on is not null
)

select
    m.system,                                                    -- CRM that holds the deal.
    m.deal_id,                                                   -- Id of the deal in its CRM.
    m.day as pushed_on,                                          -- Day on which it was moved, in the business time zone.
    m.close_on_before,                                           -- Close date before that day.
    m.close_on,                                                  -- Close date at the end of it.
    (year(m.close_on) * 12 + month(m.close_on) - r.begins) // 3
        > (year(m.close_on_before) * 12 + month(m.close_on_before) - r.begins) // 3 as is_to_later_quarter  -- Whether its fiscal quarter is later too.
from moved as m
cross join run as r
where year(m.close_on) * 12 + month(m.close_on) > year(m.close_on_before) * 12 + month(m.close_on_before)
