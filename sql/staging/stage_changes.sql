-- One row per recorded entry of a deal into a stage, of every system and every kind of evidence.
--
-- The differences between several exports count where nothing else is recorded of a deal.
--
-- grain: system, deal_id, pipeline, stage, from_stage, changed_at, evidence

with pipelines as (
    select distinct system, pipeline_id, pipeline
    from staging.stages
),

every as (
    select system, deal_id, pipeline, stage, from_stage, changed_at, evidence, position, null::timestamp as not_before
    from feeds.stage_changes

    union all

    select c.system, c.deal_id, c.pipeline, c.stage, c.from_stage, c.changed_at, 'snapshots', null, c.not_before
    from staging.snapshot_changes as c
    where not exists (select 1 from feeds.stage_changes as r where r.system = c.system and r.deal_id = c.deal_id)
)

select
    e.system,                                                                  -- CRM that holds the deal.
    e.deal_id,                                                                 -- Id of the deal in its CRM.
    coalesce(p.pipeline, n.pipeline, a.pipeline, nullif(e.pipeline, ''), d.pipeline, 'default') as pipeline,  -- Pipeline: as recorded, else the deal's.
    coalesce(n.stage, a.stage, e.stage) as stage,                              -- Stage entered.
    coalesce(fn.stage, fa.stage, e.from_stage, '') as from_stage,              -- Stage before, '' where the evidence does not say it.
    e.changed_at,                                                              -- When the deal entered the stage.
    e.evidence,                                                                -- history, date column or snapshots.
    min(e.not_before) as not_before,                                           -- With snapshots: the last export that had it elsewhere.
    min(e.position) as position                                                -- Place of the stage's column in the export, from the left.
from every as e
left join staging.deals as d on d.system = e.system and d.deal_id = e.deal_id
left join pipelines as p on p.system = e.system and p.pipeline_id = e.pipeline
left join staging.stage_names as n on n.system = e.system and n.pipeline_id = e.pipeline and n.stage_id = e.stage
left join staging.stage_names as a on a.system = e.system and a.pipeline_id = '*' and a.stage_id = e.stage
left join staging.stage_names as fn on fn.system = e.system and fn.pipeline_id = e.pipeline and fn.stage_id = e.from_stage
left join staging.stage_names as fa on fa.system = e.system and fa.pipeline_id = '*' and fa.stage_id = e.from_stage
where e.stage <> '' and e.changed_at is not null
group by all
