-- One row per deal as its CRM last exported it, of every system, deleted and merged ones included.
--
-- grain: system, deal_id
-- warn:  probability between 0 and 1

with pipelines as (
    select distinct system, pipeline_id, pipeline
    from staging.stages
),

latest as (
    select *
    from feeds.deals
    qualify row_number() over (
        partition by system, deal_id order by coalesce(precedence, 1), updated_at desc nulls last, file desc, line desc
    ) = 1
)

select
    d.system,                                                          -- CRM that holds the deal.
    d.deal_id,                                                         -- Id of the deal in its CRM.
    d.deal_name,                                                       -- Name of the deal.
    coalesce(p.pipeline, n.pipeline, a.pipeline, nullif(d.pipeline, ''), 'default') as pipeline,  -- Pipeline; `default` in a CRM without pipelines.
    coalesce(n.stage, a.stage, d.stage) as stage,                      -- Stage it stands in.
    d.crm_status,                                                      -- open, won or lost, where the CRM's own flags say so.
    d.amount,                                                          -- Value in its own currency.
    upper(d.currency) as currency,                                     -- ISO code of that currency.
    d.company_amount,                                                  -- Value in the company's currency, where the CRM converts it.
    d.probability,                                                     -- Probability of winning, 0..1.
    d.created_at,                                                      -- When the deal was created.
    d.stage_changed_at,                                                -- When it entered the stage it stands in, where the CRM says so.
    d.close_on,                                                        -- Close date: expected while open, actual once closed.
    -- A close date without a time is the beginning of that day, but not earlier than a creation on the same day.
    coalesce(d.close_at, case when d.created_at::date = d.close_on then d.created_at else d.close_on::timestamp end) as close_at,  -- The same as a time.
    d.updated_at,                                                      -- When the record last changed.
    d.owner_id,                                                        -- Owner, by id or name.
    d.owner_name,                                                      -- Owner's name, where the export has it.
    d.account_id,                                                      -- Account id.
    d.account_name,                                                    -- Account, where the export names it.
    d.person_id,                                                       -- Primary contact.
    d.lead_source,                                                     -- Where the deal came from, as the CRM says.
    d.campaign_id,                                                     -- Campaign it came from, as the CRM says.
    d.deal_type,                                                       -- New or existing business.
    d.lost_reason,                                                     -- Why it was lost.
    d.forecast_category,                                               -- Forecast category.
    coalesce(d.is_deleted, false) as is_deleted,                       -- In the CRM's recycle bin.
    coalesce(d.is_merged, false) or m.record_id is not null as is_merged,  -- Merged into another deal.
    case
        when coalesce(d.is_merged, false) or m.record_id is not null then coalesce(m.merged_at, d.updated_at)
        when d.is_deleted then d.updated_at
    end as ended_at,                                                   -- When it was deleted or merged, where the export says so.
    d.file,                                                            -- Number of the export file.
    d.line                                                             -- Line in that file.
from latest as d
left join pipelines as p on p.system = d.system and p.pipeline_id = d.pipeline
left join staging.stage_names as n on n.system = d.system and n.pipeline_id = d.pipeline and n.stage_id = d.stage
left join staging.stage_names as a on a.system = d.system and a.pipeline_id = '*' and a.stage_id = d.stage
left join staging.merges as m on m.system = d.system and m.entity = 'deal' and m.record_id = d.deal_id
