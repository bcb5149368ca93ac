-- One row per id that a CRM uses for a stage: what it is called, in one pipeline (or in all, where it means one thing only).
--
-- grain: system, pipeline_id, stage_id

select
    system,            -- CRM.
    pipeline_id,       -- Id of the pipeline; '*' for a stage whose id alone says which one it is.
    stage_id,          -- Id of the stage.
    pipeline,          -- Name of the pipeline.
    stage              -- Name of the stage.
from staging.stages

union all

select system, '*', stage_id, min(pipeline), min(stage)
from staging.stages
group by system, stage_id
having count(*) = 1
