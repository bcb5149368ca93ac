-- One row per stage that a CRM lists: its name, its place and what it means.
--
-- grain: system, pipeline_id, stage_id

select
    system,                                                      -- CRM.
    coalesce(pipeline_id, '') as pipeline_id,                    -- Id of the pipeline, '' in a CRM without pipelines.
    coalesce(pipeline, pipeline_id, 'default') as pipeline,      -- Name of the pipeline.
    stage_id,                                                    -- Id of the stage.
    coalesce(stage, stage_id) as stage,                          -- Name of the stage.
    position,                                                    -- Place among the stages.
    probability,                                                 -- Probability of winning, 0..1.
    kind                                                         -- open, won or lost, where the CRM says so.
from feeds.stages
where stage_id <> ''
qualify row_number() over (partition by system, pipeline_id, stage_id order by position, stage) = 1
