-- One row per pipeline and open stage: how long deals stay, with those still there counted as censored (Kaplan–Meier).
--
-- grain: pipeline, stage
-- check: visits = completed + still_there
-- check: median_days is null or p75_days is null or median_days <= p75_days

with spells as (
    select pipeline, stage, days, left_at is not null as is_completed
    from marts.stage_visits
    where stage_kind = 'open' and is_observed
),

times as (
    select pipeline, stage, days, count(*) as spells, count(*) filter (where is_completed) as leaving
    from spells
    group by pipeline, stage, days
),

at_risk as (
    select *, sum(spells) over (partition by pipeline, stage order by days desc) as at_risk
    from times
),

-- S(t) is the product of 1 − leaving ÷ at risk; where all leave it is 0, which has no logarithm.
survival as (
    select
        pipeline, stage, days,
        case
            when bool_or(leaving = at_risk) over so_far then 0
            else exp(sum(case when leaving < at_risk then ln(1 - leaving::double / at_risk::double) else 0 end) over so_far)
        end as survival
    from at_risk
    where leaving > 0
    window so_far as (partition by pipeline, stage order by days)
),

-- The tolerance keeps a survival of exactly one half one half through the logarithms.
quantiles as (
    select
        pipeline, stage,
        min(days) filter (where survival <= 0.5 + 1e-12) as median_days,
        min(days) filter (where survival <= 0.25 + 1e-12) as p75_days,
        min(days) filter (where survival <= 0.1 + 1e-12) as p90_days
    from survival
    group by pipeline, stage
),

counted as (
    select
        pipeline, stage,
        count(*) as visits,
        count(*) filter (where is_completed) as completed,
        avg(days) filter (where is_completed) as naive_mean_days,
        median(days) filter (where is_completed) as naive_median_days,
        max(days) filter (where not is_completed) as longest_open_days
    from spells
    group by pipeline, stage
),

unseen as (
    select pipeline, stage, count(*) as visits_without_dates
    from marts.stage_visits
    where stage_kind = 'open' and not is_observed
    group by pipeline, stage
)

select
    s.pipeline,                                                              -- Pipeline.
    s.stage,                                                                 -- Open stage.
    s.stage_order,                                                           -- Place of the stage in its pipeline.
    coalesce(c.visits, 0) as visits,                                         -- Visits whose entry was recorded.
    coalesce(c.completed, 0) as completed,                                   -- Those that have ended.
    coalesce(c.visits - c.completed, 0) as still_there,                      -- Those that have not: censored at as-of.
    coalesce(u.visits_without_dates, 0) as visits_without_dates,             -- Visits whose entry is only assumed: in no figure here.
    q.median_days,                                                           -- Days after which half have left; empty when fewer have.
    q.p75_days,                                                              -- Days after which three quarters have left.
    q.p90_days,                                                              -- Days after which nine in ten have left.
    c.naive_mean_days,                                                       -- Mean of the ended visits only, as most tools print it: too short while many are still there.
    c.naive_median_days,                                                     -- Median of the ended visits only.
    c.longest_open_days                                                      -- Oldest visit that has not ended.
from core.stages as s
left join counted as c on c.pipeline = s.pipeline and c.stage = s.stage
left join unseen as u on u.pipeline = s.pipeline and u.stage = s.stage
left join quantiles as q on q.pipeline = s.pipeline and q.stage = s.stage
where s.kind = 'open'
