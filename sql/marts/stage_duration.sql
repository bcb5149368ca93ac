-- One row per pipeline and open stage: how long deals stay, with those still there counted as censored (Kaplan–Meier).
--
-- A business day is a working day of core.calendar, and the part of one that has passed: weekends and holidays last no time.
--
-- grain: pipeline, stage
-- bars: median_days by pipeline, stage order by pipeline, stage_order
-- check: visits = completed + still_there
-- check: median_days is null or p75_days is null or median_days <= p75_days

with counted as (
    select
        pipeline, stage,
        count(*) filter (where not is_observed) as visits_without_dates,
        avg(days) filter (where is_observed and left_at is not null) as naive_mean_days,
        median(days) filter (where is_observed and left_at is not null) as naive_median_days,
        max(days) filter (where is_observed and left_at is null) as longest_open_days
    from marts.stage_visits
    where stage_kind = 'open'
    group by pipeline, stage
),

-- Of the deals that came back to the stage only their last stay.
latest as (
    select pipeline, stage, median(days) filter (where left_at is not null) as naive_median_latest_days
    from (
        select pipeline, stage, days, left_at
        from marts.stage_visits
        where stage_kind = 'open' and is_observed
        qualify row_number() over (partition by system, deal_id, pipeline, stage order by visit_number desc) = 1
    )
    group by pipeline, stage
)

select
    s.pipeline,                                                              -- Pipeline.
    s.stage,                                                                 -- Open stage.
    s.stage_order,                                                           -- Place of the stage in its pipeline.
    coalesce(v.spells, 0) as visits,                                         -- Visits whose entry was recorded.
    coalesce(v.spells - v.censored, 0) as completed,                         -- Those that have ended.
    coalesce(v.censored, 0) as still_there,                                  -- Those that have not: censored at as-of.
    coalesce(c.visits_without_dates, 0) as visits_without_dates,             -- Visits whose entry is only assumed: in no figure here.
    v.median_days,                                                           -- Days after which half have left; empty when fewer have.
    v.median_days_low,                                                       -- Low end of its 95 % interval (Brookmeyer–Crowley).
    v.median_days_high,                                                      -- High end of its 95 % interval; empty where it is open.
    v.p75_days,                                                              -- Days after which three quarters have left.
    v.p90_days,                                                              -- Days after which nine in ten have left.
    v.restricted_mean_days,                                                  -- Mean days up to restricted_to_days: the area below the survival curve.
    v.restricted_mean_days_low,                                              -- Low end of its 95 % interval (normal).
    v.restricted_mean_days_high,                                             -- High end of its 95 % interval (normal).
    v.restricted_to_days,                                                    -- Longest visit observed: what comes after it is unknown.
    b.median_days as median_business_days,                                   -- The median in business days.
    b.p75_days as p75_business_days,                                         -- p75 in business days.
    b.p90_days as p90_business_days,                                         -- p90 in business days.
    t.median_days as median_cumulative_days,                                 -- The median of all visits of a deal to the stage taken together.
    t.p90_days as p90_cumulative_days,                                       -- p90 of the same.
    l.naive_median_latest_days,                                              -- Median of each deal's latest visit, ended ones only.
    c.naive_mean_days,                                                       -- Mean of the ended visits only, as most tools print it: too short while many are still there.
    c.naive_median_days,                                                     -- Median of the ended visits only.
    c.longest_open_days                                                      -- Oldest visit that has not ended.
from core.stages as s
left join counted as c on c.pipeline = s.pipeline and c.stage = s.stage
left join latest as l on l.pipeline = s.pipeline and l.stage = s.stage
left join marts.survival as v
    on v.measure = 'stage' and v.pipeline = s.pipeline and v.stage = s.stage and v.size_band = 'all' and v.cohort = 'all'
left join marts.survival as b
    on b.measure = 'stage in business days' and b.pipeline = s.pipeline and b.stage = s.stage and b.size_band = 'all' and b.cohort = 'all'
left join marts.survival as t
    on t.measure = 'deal in stage' and t.pipeline = s.pipeline and t.stage = s.stage and t.size_band = 'all' and t.cohort = 'all'
where s.kind = 'open'
