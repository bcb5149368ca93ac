-- One row per week, month, fiscal quarter and fiscal year from the first creation or event of a deal to as-of, and one for all time.
--
-- grain: period, period_start
-- check: ends_before is null or ends_before > period_start

with zone as (
    select coalesce(max(business_time_zone), 'UTC') as zone
    from settings.run
),

bounds as (
    select
        least(
            (
                select min(d.created_on)
                from core.deals as d
                where exists (
                    select 1 from core.stage_events as e where e.system = d.system and e.deal_id = d.deal_id and e.record_status = 'live'
                )
            ),
            (select min(e.entered_on) from core.stage_events as e where e.record_status = 'live')
        ) as first_day,
        day_of(a.as_of, z.zone) as last_day,
        a.as_of
    from core.as_of as a
    cross join zone as z
    where exists (select 1 from core.stage_events where record_status = 'live')
),

spans as (
    select
        k.period,
        case k.period
            when 'week' then c.week_start when 'month' then c.month_start when 'quarter' then c.quarter_start else c.year_start
        end as period_start,
        c.day
    from core.calendar as c
    cross join (values ('week'), ('month'), ('quarter'), ('year')) as k (period)
),

whole as (
    select period, period_start, max(day) as final_day
    from spans
    group by period, period_start
)

select
    w.period,                                                                    -- week, month, quarter, year or all; weeks begin on Monday.
    w.period_start,                                                              -- First day of the period, in the business time zone.
    w.final_day + 1 as ends_before,                                              -- First day after it; empty for all time.
    least(w.final_day, b.last_day) as last_day,                                  -- Last day of it up to as-of.
    s.starts_at,                                                                 -- When it begins, UTC.
    case when b.last_day <= w.final_day then b.as_of else e.starts_at end as ends_at,  -- When it ends, UTC: as-of for the running one.
    b.last_day <= w.final_day as is_running,                                     -- Whether as-of lies in it.
    lag(w.period_start) over (partition by w.period order by w.period_start) as previous_start,  -- First day of the period before.
    row_number() over (partition by w.period order by w.period_start desc)
        <= case w.period when 'week' then 13 when 'month' then 24 when 'quarter' then 8 else 1000 end
        as is_recent                                                             -- Whether a report offers it: 13 weeks, 24 months, 8 quarters, all years.
from whole as w
cross join bounds as b
join core.calendar as s on s.day = w.period_start
left join core.calendar as e on e.day = w.final_day + 1
where w.final_day >= b.first_day and w.period_start <= b.last_day

union all

select 'all', first_day, null, last_day, timestamp '0001-01-01', as_of, true, null, true
from bounds
