-- One row per recorded entry of a deal into a stage, of every system and every kind of evidence.
--
-- grain: system, deal_id, pipeline, stage, from_stage, changed_at, evidence

with every as (
    select
        'salesforce' as system, deal_id, null as pipeline, stage, from_stage, changed_at, 'history' as evidence,
        null::bigint as position
    from raw.salesforce_opportunity_history
    where not coalesce(is_deleted, false)

    union all

    select 'salesforce', deal_id, null, new_value, old_value, changed_at, 'history', null
    from raw.salesforce_field_history_report
    where lower(field) in ('stage', 'stagename', 'etapa') and new_value is not null

    union all

    select 'salesforce', deal_id, null, new_value, old_value, changed_at, 'history', null
    from raw.salesforce_opportunity_field_history
    where field = 'StageName' and new_value is not null and not coalesce(is_deleted, false)

    union all

    select 'hubspot', deal_id, pipeline, stage, null, entered_at, 'date column', position
    from raw.hubspot_deal_stage_dates

    union all

    select 'generic', deal_id, pipeline, stage, from_stage, changed_at, 'history', null
    from raw.generic_stage_changes
)

select
    e.system,                                                   -- CRM that holds the deal.
    e.deal_id,                                                  -- Id of the deal in its CRM.
    coalesce(e.pipeline, d.pipeline, 'default') as pipeline,    -- Pipeline: as recorded, else the deal's.
    e.stage,                                                    -- Stage entered.
    coalesce(e.from_stage, '') as from_stage,                   -- Stage before, '' where the evidence does not say it.
    e.changed_at,                                               -- When the deal entered the stage.
    e.evidence,                                                 -- history or date column.
    min(e.position) as position                                 -- Place of the stage's column in the export, from the left.
from every as e
left join staging.deals as d on d.system = e.system and d.deal_id = e.deal_id
group by all
