-- One row per stay of a deal in a stage: the one truth about movement.
--
-- grain: system, deal_id, visit_number
-- bars: rows by outcome
-- check: left_at is null or left_at >= entered_at
-- check: outcome in ('advanced', 'lost', 'won', 'moved_back', 'handed_off', 'still_there')
-- check: days is null or days >= 0
-- check: business_days is null or business_days between -1e-9 and days + 1e-9

with stays as (
    select
        *,
        lead(entered_at) over life as left_at,
        lead(entered_on) over life as left_on,
        lead(pipeline) over life as next_pipeline,
        lead(stage) over life as next_stage,
        lead(kind) over life as next_kind,
        lead(stage_order) over life as next_order
    from core.stage_events
    where record_status = 'live'
    window life as (partition by system, deal_id order by event_number)
)

select
    v.system,                                                                     -- CRM that holds the deal.
    v.deal_id,                                                                    -- Id of the deal in its CRM.
    v.event_number as visit_number,                                               -- 1, 2, 3 … along the deal's life.
    v.pipeline,                                                                   -- Pipeline.
    v.stage,                                                                      -- Stage.
    v.stage_order,                                                                -- Place of the stage in its pipeline.
    v.kind as stage_kind,                                                         -- open, won or lost.
    v.entered_at,                                                                 -- When the deal entered the stage.
    v.left_at,                                                                    -- When it left; empty while it is there.
    v.entered_on,                                                                 -- Day of the entry, in the business time zone.
    v.left_on,                                                                    -- Day on which it left.
    date_diff('microsecond', v.entered_at, coalesce(v.left_at, case when v.kind = 'open' then a.as_of end)) / 86400000000.0
        as days,                                                                  -- Days in the stage, up to as-of while it is there; empty for a closed stage not left.
    e.working_days_before - b.working_days_before
        + case when e.is_working_day then date_diff('microsecond', e.starts_at, coalesce(v.left_at, a.as_of)) / 86400000000.0 else 0 end
        - case when b.is_working_day then date_diff('microsecond', b.starts_at, v.entered_at) / 86400000000.0 else 0 end
        as business_days,                                                         -- The same without weekends and the holidays in the settings.
    case
        when v.left_at is null then 'still_there'
        when v.next_kind <> 'open' then v.next_kind
        when v.next_pipeline <> v.pipeline then 'handed_off'
        when v.next_order > v.stage_order then 'advanced'
        else 'moved_back'
    end as outcome,                                                               -- How the stay ended: advanced, lost, won, moved_back, handed_off, still_there.
    v.next_pipeline,                                                              -- Pipeline it went to.
    v.next_stage,                                                                 -- Stage it went to.
    d.amount,                                                                     -- Value of the deal, in base currency.
    d.owner,                                                                      -- Owner of the deal.
    v.evidence,                                                                   -- How we know the entry; docs/metrics.md lists the kinds.
    c.not_before as entered_not_before,                                           -- Where the entry shows between two exports only: the earlier one's time.
    v.is_observed                                                                 -- Whether the time of entry was recorded, not assumed.
from stays as v
join core.deals as d on d.system = v.system and d.deal_id = v.deal_id
cross join core.as_of as a
left join core.periods as p on p.period = 'all'
left join core.calendar as b on b.day = v.entered_on
left join core.calendar as e on e.day = coalesce(v.left_on, case when v.kind = 'open' then p.last_day end)
left join staging.stage_changes as c
    on v.evidence = 'snapshots' and c.evidence = 'snapshots' and c.system = v.system and c.deal_id = v.deal_id
    and c.changed_at = v.entered_at and c.pipeline = v.pipeline and c.stage = v.stage
