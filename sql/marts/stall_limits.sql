-- One row per open stage and size band: how many days a deal may stand there before it counts as stalled, by the stage's own history.
--
-- The limit is the time within which four in five of the stays that went on had ended (marts.survival, what has not ended counted as
-- censored). A size band with fewer than 20 stays that went on takes the limit of all bands together; a stage with fewer has none.
--
-- grain: pipeline, stage, size_band
-- check: (limit_days is null) = (limit_basis = 'insufficient history')
-- check: limit_basis = 'insufficient history' or cases >= 20

with bands as (
    select band as size_band from settings.size_bands
    union
    select k.band from (values ('unknown'), ('all')) as k (band)
),

history as (
    select pipeline, stage, size_band, went_on, went_on_p80_days
    from marts.survival
    where measure = 'stage' and cohort = 'all'
)

select
    s.pipeline,                                                                   -- Pipeline.
    s.stage,                                                                      -- Open stage.
    s.stage_order,                                                                -- Place of the stage in its pipeline.
    b.size_band,                                                                  -- Band of the deal's amount, `unknown` without one; `all` for all bands together.
    case
        when own.went_on >= 20 then own.went_on_p80_days
        when whole.went_on >= 20 then whole.went_on_p80_days
    end as limit_days,                                                            -- Days after which a deal is stalled; empty where history is insufficient.
    case when own.went_on >= 20 then own.went_on else coalesce(whole.went_on, 0) end as cases,  -- Stays that went on behind it.
    case
        when own.went_on >= 20 and b.size_band <> 'all' then 'deals of the same size band'
        when whole.went_on >= 20 then 'deals of all sizes'
        else 'insufficient history'
    end as limit_basis                                                            -- What it was taken from: deals of the same size band, of all sizes, or `insufficient history`.
from core.stages as s
cross join bands as b
left join history as own on own.pipeline = s.pipeline and own.stage = s.stage and own.size_band = b.size_band
left join history as whole on whole.pipeline = s.pipeline and whole.stage = s.stage and whole.size_band = 'all'
where s.kind = 'open'
