-- One row per measure, pipeline, stage, size band and cohort: how long it takes and how it ends, what has not ended yet counted as censored.
--
-- measure: `stage` (each stay in a stage), `stage in business days` (the same without weekends and holidays), `deal in stage` (all
-- stays of a deal in a stage together), `deal` (from creation to closing). A stay goes on when the deal advances or is won; it ends otherwise when the deal is lost, moves back or is handed
-- off. A deal goes on when it is won, and ends otherwise when it is lost. Only stays whose entry was recorded are used.
--
-- Kaplan and Meier (1958) for the times, Aalen and Johansen (1978) for the ways of ending.
--
-- grain: measure, pipeline, stage, size_band, cohort, cohort_start
-- check: spells = went_on + ended_otherwise + censored
-- check: estimate between 0 and 1
-- check: estimate + unresolved_share <= 1 + 1e-9
-- check: median_days is null or p75_days is null or median_days <= p75_days

with bands as (
    select system, deal_id, size_band, created_on, status, created_at, closed_at
    from marts.deals
    where status in ('open', 'won', 'lost')
),

beginning as (
    select min(period_start) as first_day
    from core.periods
    where period = 'all'
),

stays as (
    select
        v.system, v.deal_id, v.pipeline, v.stage, v.days, v.business_days, v.entered_on, d.size_band,
        case when v.left_at is null then 0 when v.outcome in ('advanced', 'won') then 1 else 2 end as ending
    from marts.stage_visits as v
    join bands as d on d.system = v.system and d.deal_id = v.deal_id
    where v.stage_kind = 'open' and v.is_observed
),

-- A deal that stands in the stage again is not through with it.
together as (
    select
        pipeline, stage, sum(days) as days,
        case when bool_or(ending = 0) then 0 else max(case when ending = 1 then 1 else 2 end) end as ending
    from stays
    group by system, deal_id, pipeline, stage
),

lives as (
    select
        d.pipeline, b.created_on,
        date_diff('microsecond', b.created_at, coalesce(b.closed_at, a.as_of)) / 86400000000.0 as days,
        case b.status when 'open' then 0 when 'won' then 1 else 2 end as ending
    from bands as b
    join marts.deals as d on d.system = b.system and d.deal_id = b.deal_id
    cross join core.as_of as a
    where b.closed_at is null or b.closed_at >= b.created_at
),

scoped as (
    select pipeline, created_on, days, ending from lives
    union all
    select 'all', created_on, days, ending from lives
),

-- No weeks: a curve needs more spells than a week begins.
spells as (
    select 'stage' as measure, pipeline, stage, 'all' as size_band, 'all' as cohort, first_day as cohort_start, days, ending
    from stays, beginning
    union all
    select 'stage', pipeline, stage, size_band, 'all', first_day, days, ending
    from stays, beginning
    union all
    select 'stage', s.pipeline, s.stage, 'all', 'quarter', c.quarter_start, s.days, s.ending
    from stays as s
    join core.calendar as c on c.day = s.entered_on
    union all
    select 'stage in business days', pipeline, stage, 'all', 'all', first_day, business_days, ending
    from stays, beginning
    where business_days is not null
    union all
    select 'deal in stage', pipeline, stage, 'all', 'all', first_day, days, ending
    from together, beginning
    union all
    select 'deal', pipeline, 'all', 'all', 'all', first_day, days, ending
    from scoped, beginning
    union all
    select
        'deal', s.pipeline, 'all', 'all', k.cohort,
        case k.cohort when 'month' then c.month_start when 'quarter' then c.quarter_start else c.year_start end,
        s.days, s.ending
    from scoped as s
    join core.calendar as c on c.day = s.created_on
    cross join (values ('month'), ('quarter'), ('year')) as k (cohort)
),

counted as (
    select
        measure, pipeline, stage, size_band, cohort, cohort_start, days,
        count(*) as spells,
        count(*) filter (where ending = 1) as went_on,
        count(*) filter (where ending = 2) as ended_otherwise
    from spells
    group by all
),

-- A curve is called by a number while it is followed: sorting by one is a small part of sorting by six texts and dates.
known as (
    select *, row_number() over (order by measure, pipeline, stage, size_band, cohort, cohort_start) as curve
    from (select distinct measure, pipeline, stage, size_band, cohort, cohort_start from counted)
),

times as (
    select k.curve, c.days, c.spells, c.went_on, c.ended_otherwise
    from counted as c
    join known as k
        on k.measure = c.measure and k.pipeline = c.pipeline and k.stage = c.stage and k.size_band = c.size_band and k.cohort = c.cohort
        and k.cohort_start = c.cohort_start
),

exposed as (
    select
        *,
        went_on + ended_otherwise as leaving,
        sum(spells) over (partition by curve order by days desc)::double as at_risk
    from times
),

-- S(t) is the product of 1 − leaving ÷ at risk; where all leave it is 0, which has no logarithm.
falling as (
    select
        *,
        case
            when bool_or(leaving = at_risk) over so_far then 0
            else exp(sum(case when leaving < at_risk then ln(1 - leaving / at_risk) else 0 end) over so_far)
        end as survival,
        sum(leaving / nullif(at_risk * (at_risk - leaving), 0)) over so_far as greenwood
    from exposed
    window so_far as (partition by curve order by days)
),

steps as (
    select
        *,
        coalesce(lag(survival) over life, 1) as survival_before,
        days - coalesce(lag(days) over life, 0) as width
    from falling
    window life as (partition by curve order by days)
),

curves as (
    select
        *,
        sum(survival_before * went_on / at_risk) over so_far as incidence,
        sum(survival_before * went_on / at_risk) over life as final_incidence,
        sum(survival_before * width) over so_far as area,
        sum(survival_before * width) over life as final_area,
        -- The interval of S(t) on the scale of log(−log S), as Brookmeyer and Crowley (1982) need it.
        1.959963984540054 * sqrt(greatest(greenwood, 0)) / nullif(abs(ln(nullif(survival, 0))), 0) as spread
    from steps
    window
        life as (partition by curve),
        so_far as (partition by curve order by days)
),

-- The tolerance keeps a survival of exactly one half one half through the logarithms.
figures as (
    select
        curve, sum(spells)::bigint as spells,
        sum(went_on)::bigint as went_on,
        sum(ended_otherwise)::bigint as ended_otherwise,
        min(days) filter (where survival <= 0.5 + 1e-12) as median_days,
        min(days) filter (where power(survival, exp(spread)) <= 0.5 + 1e-12 or survival = 0) as median_days_low,
        min(days) filter (where power(survival, exp(-spread)) <= 0.5 + 1e-12 or survival = 0) as median_days_high,
        min(days) filter (where survival <= 0.25 + 1e-12) as p75_days,
        min(days) filter (where survival <= 0.1 + 1e-12) as p90_days,
        min(days) filter (where incidence >= 0.8 * final_incidence - 1e-12 and final_incidence > 0) as went_on_p80_days,
        max(final_area) as restricted_mean_days,
        max(days) as restricted_to_days,
        sqrt(coalesce(sum(power(final_area - area, 2) * leaving / nullif(at_risk * (at_risk - leaving), 0)), 0)) as restricted_mean_error,
        -- A share is no more than all, whatever its last digit says.
        least(max(final_incidence), 1) as estimate,
        min(survival) as unresolved_share,
        sqrt(greatest(
            coalesce(sum(power(final_incidence - incidence, 2) * leaving / nullif(at_risk * (at_risk - leaving), 0)), 0)
            + sum(power(survival_before, 2) * went_on * (at_risk - went_on) / power(at_risk, 3))
            - 2 * sum((final_incidence - incidence) * survival_before * went_on / power(at_risk, 2)),
            0
        )) as estimate_error
    from curves
    group by curve
),

-- The interval on the scale of log(−log F), so that it stays between 0 and 1.
spreads as (
    select
        *,
        case
            when estimate > 0 and estimate < 1 - 1e-12 then 1.959963984540054 * estimate_error / (estimate * abs(ln(estimate)))
        end as estimate_spread
    from figures
)

select
    measure,                                                           -- stage, stage in business days, deal in stage or deal.
    pipeline,                                                          -- Pipeline; of deals also `all`.
    stage,                                                             -- Open stage; of deals `all`.
    size_band,                                                         -- Band of the deal's amount, or `all`.
    cohort,                                                            -- month, quarter or year in which the stay, or the deal, began; or all.
    cohort_start,                                                      -- Its first day.
    spells,                                                            -- Stays, or deals.
    went_on,                                                           -- Those that advanced or were won.
    ended_otherwise,                                                   -- Those that were lost, moved back or were handed off.
    spells - went_on - ended_otherwise as censored,                    -- Those that have not ended at as-of.
    median_days,                                                       -- Days after which half have ended (Kaplan–Meier); empty when fewer have.
    median_days_low,                                                   -- Low end of its 95 % interval (Brookmeyer–Crowley).
    median_days_high,                                                  -- High end of its 95 % interval; empty where it is open.
    p75_days,                                                          -- Days after which three quarters have ended.
    p90_days,                                                          -- Days after which nine in ten have ended.
    went_on_p80_days,                                                  -- Days after which four in five of those that ever go on have (Aalen–Johansen).
    restricted_mean_days,                                              -- Mean days up to restricted_to_days: the area below the survival curve.
    greatest(restricted_mean_days - 1.959963984540054 * restricted_mean_error, 0) as restricted_mean_days_low,  -- Low end of its 95 % interval (normal).
    restricted_mean_days + 1.959963984540054 * restricted_mean_error as restricted_mean_days_high,              -- High end of its 95 % interval (normal).
    restricted_to_days,                                                -- Longest time observed: what comes after it is unknown.
    estimate,                                                          -- Share that goes on, as far as observed (Aalen–Johansen).
    power(estimate, exp(estimate_spread)) as estimate_low,             -- Low end of its 95 % interval (log-log); empty at 0 and 1.
    power(estimate, exp(-estimate_spread)) as estimate_high,           -- High end of its 95 % interval (log-log); empty at 0 and 1.
    unresolved_share                                                   -- Share of which the outcome is not known after restricted_to_days.
from spreads as s
join known as k on k.curve = s.curve
