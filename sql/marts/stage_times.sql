-- One row per deal and stage that it stood in: its latest stay, and all of them together.
--
-- grain: system, deal_id, pipeline, stage
-- check: cumulative_days is null or cumulative_days >= latest_days

select
    system,                                                          -- CRM that holds the deal.
    deal_id,                                                         -- Id of the deal in its CRM.
    pipeline,                                                        -- Pipeline.
    stage,                                                           -- Stage.
    max(stage_order) as stage_order,                                 -- Place of the stage in its pipeline.
    count(*) as visits,                                              -- Stays in it.
    min(entered_at) as first_entered_at,                             -- When it first entered.
    max(entered_at) as latest_entered_at,                            -- When it last entered.
    max(left_at) as left_at,                                         -- When it last left; see is_there.
    bool_or(left_at is null) as is_there,                            -- Whether it stands there at as-of.
    max({'number': visit_number, 'days': days}).days as latest_days,  -- Days of the latest stay, up to as-of while it is there.
    sum(days) as cumulative_days,                                    -- Days of all stays.
    sum(business_days) as cumulative_business_days,                  -- The same without weekends and holidays.
    bool_and(is_observed) as is_observed                             -- Whether the time of every entry was recorded.
from marts.stage_visits
where stage_kind = 'open'
group by system, deal_id, pipeline, stage
