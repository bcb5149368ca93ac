-- One row per change of stage that shows as a difference between two exports of a deal.
--
-- It happened after the earlier export and not later than the later one. Where that says when (the time of the stage's change,
-- of closing, or of the record's last change), and that lies between the two, this is the time; else it is the later export's.
--
-- grain: system, deal_id, changed_at

with followed as (
    select
        *,
        lag(exported_at) over life as not_before,
        lag(pipeline) over life as from_pipeline,
        lag(stage) over life as from_stage
    from staging.snapshots
    window life as (partition by system, deal_id order by exported_at, file)
),

timed as (
    select
        *,
        case
            when stage_changed_at > not_before and stage_changed_at <= exported_at then stage_changed_at
            when crm_status in ('won', 'lost') and close_at > not_before and close_at <= exported_at then close_at
            when updated_at > not_before and updated_at <= exported_at then updated_at
            else exported_at
        end as changed_at
    from followed
    where from_stage <> stage or from_pipeline <> pipeline
)

select
    system,                                                                     -- CRM that holds the deal.
    deal_id,                                                                    -- Id of the deal in its CRM.
    pipeline,                                                                   -- Pipeline, as it was written.
    stage,                                                                      -- Stage entered, as it was written.
    case when from_pipeline is distinct from pipeline then null else from_stage end as from_stage,  -- Stage before, as it was written.
    not_before,                                                                 -- Export that still had it elsewhere.
    changed_at                                                                  -- When it changed, at the latest.
from timed
-- Two exports made at the same moment do not say which came first.
where changed_at > not_before
qualify row_number() over (partition by system, deal_id, changed_at order by exported_at desc, file desc) = 1
