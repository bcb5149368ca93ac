-- One row per event of a deal's life: at this time it entered this stage, by this evidence. The one log of all movement.
--
-- Deleted and merged deals are in it where the exports say when they ended; the metrics take the live ones.
--
-- grain: system, deal_id, event_number
-- check: kind in ('open', 'won', 'lost')

with deals as (
    select d.*, s.stage_order, s.kind
    from core.deals as d
    join core.stages as s on s.pipeline = d.pipeline and s.stage = d.stage
    where not d.is_test and (d.record_status = 'live' or d.ended_at is not null) and d.created_at <= (select as_of from core.as_of)
),

recorded as (
    select
        c.system, c.deal_id, c.pipeline, c.stage, s.stage_order, s.kind, c.changed_at as entered_at, c.evidence,
        case c.evidence when 'history' then 1 else 2 end as evidence_rank, f.stage as from_stage, f.stage_order as from_order,
        f.kind as from_kind
    from staging.stage_changes as c
    join core.stages as s on s.pipeline = c.pipeline and s.stage = c.stage
    left join core.stages as f on f.pipeline = c.pipeline and f.stage = c.from_stage
),

-- The least of its changes, compared field by field in this order: cheaper than numbering them all.
first_recorded as (
    select
        system, deal_id,
        min({
            'entered_at': entered_at, 'stage_order': stage_order, 'stage': stage, 'pipeline': pipeline,
            'from_order': coalesce(from_order, 1000000000), 'evidence_rank': evidence_rank, 'kind': kind,
            'evidence': evidence, 'from_stage': coalesce(from_stage, ''), 'from_kind': coalesce(from_kind, '')
        }) as f
    from recorded
    group by system, deal_id
),

-- What is known of the beginning of each deal: the stage before the first change, the first change, or only where it stands.
beginnings as (
    select
        d.system, d.deal_id, d.created_at,
        coalesce(r.f.pipeline, d.pipeline) as pipeline,
        case when r.f.from_stage <> '' then r.f.from_stage else coalesce(r.f.stage, d.stage) end as stage,
        case when r.f.from_stage <> '' then r.f.from_order else coalesce(r.f.stage_order, d.stage_order) end as stage_order,
        case when r.f.from_stage <> '' then r.f.from_kind else coalesce(r.f.kind, d.kind) end as kind,
        case
            when r.f.from_stage <> '' then least(d.created_at, r.f.entered_at)
            when r.deal_id is not null then r.f.entered_at
            when d.kind <> 'open' then coalesce(d.close_at, d.stage_changed_at, d.created_at)
            else coalesce(d.stage_changed_at, d.created_at)
        end as entered_at,
        case
            when r.f.from_stage <> '' then 'first stage, from the old value'
            when r.deal_id is not null then r.f.evidence
            when d.kind = 'open' and d.stage_changed_at is null then 'current stage, since creation'
            else 'current stage'
        end as evidence,
        r.deal_id is null or r.f.from_stage <> '' as is_new
    from deals as d
    left join first_recorded as r on r.system = d.system and r.deal_id = d.deal_id
),

entrances as (
    select pipeline, stage, stage_order, kind
    from core.stages
    where kind = 'open'
    qualify row_number() over (partition by pipeline order by stage_order) = 1
),

assumed as (
    select
        b.system, b.deal_id, b.pipeline, e.stage, e.stage_order, e.kind, least(b.created_at, b.entered_at) as entered_at,
        'first stage, assumed' as evidence, 6 as evidence_rank, 0 as position
    from beginnings as b
    join entrances as e on e.pipeline = b.pipeline
    where b.stage <> e.stage and (b.kind <> 'open' or b.entered_at > b.created_at + interval 1 day)
),

evidence as (
    select system, deal_id, pipeline, stage, stage_order, kind, entered_at, evidence, evidence_rank, position
    from assumed
    union all
    select
        system, deal_id, pipeline, stage, stage_order, kind, entered_at, evidence,
        case evidence when 'first stage, from the old value' then 3 when 'current stage' then 4 else 5 end,
        case evidence when 'first stage, from the old value' then 0 else 1 end
    from beginnings
    where is_new
    union all
    select r.system, r.deal_id, r.pipeline, r.stage, r.stage_order, r.kind, r.entered_at, r.evidence, r.evidence_rank, 1
    from recorded as r
    join deals as d on d.system = r.system and d.deal_id = r.deal_id
),

without_runs as (
    select *
    from evidence
    window life as (
        partition by system, deal_id order by entered_at, position, stage_order, stage, pipeline, evidence_rank
    )
    qualify coalesce(lag(pipeline) over life <> pipeline or lag(stage) over life <> stage, true)
),

-- The greatest of its evidence: where the history ends, and when.
newest as (
    select
        system, deal_id,
        max({
            'entered_at': entered_at, 'position': position, 'stage_order': stage_order, 'stage': stage, 'pipeline': pipeline
        }) as last
    from evidence
    group by system, deal_id
),

-- A history that does not end where the deal stands is completed by where it stands.
corrections as (
    select
        d.system, d.deal_id, d.pipeline, d.stage, d.stage_order, d.kind,
        greatest(
            n.last.entered_at,
            coalesce(case when d.kind <> 'open' then d.close_at end, d.stage_changed_at, n.last.entered_at)
        ) as entered_at,
        'current stage' as evidence, 4 as evidence_rank, 2 as position
    from deals as d
    join newest as n on n.system = d.system and n.deal_id = d.deal_id
    where n.last.pipeline <> d.pipeline or n.last.stage <> d.stage
),

lives as (
    select * from without_runs
    union all
    select * from corrections
),

zone as (
    select coalesce(max(business_time_zone), 'UTC') as zone
    from settings.run
)

select
    l.system,                                                   -- CRM that holds the deal.
    l.deal_id,                                                  -- Id of the deal in its CRM.
    row_number() over (
        partition by l.system, l.deal_id
        order by l.entered_at, l.position, l.stage_order, l.stage, l.pipeline, l.evidence_rank
    )::integer as event_number,                                 -- 1, 2, 3 … along the deal's life.
    l.pipeline,                                                   -- Pipeline entered.
    l.stage,                                                      -- Stage entered.
    l.stage_order,                                                -- Its place in the pipeline.
    l.kind,                                                       -- open, won or lost.
    l.entered_at,                                               -- When.
    day_of(entered_at, zone) as entered_on,  -- Day, in the business time zone.
    evidence,                                                   -- How we know it; docs/metrics.md lists the kinds.
    d.record_status,                                            -- At as-of: live, deleted or merged.
    evidence not in ('current stage, since creation', 'first stage, assumed') as is_observed  -- Whether that time was recorded, not assumed.
from lives as l
join deals as d on d.system = l.system and d.deal_id = l.deal_id
cross join zone
where l.entered_at <= (select as_of from core.as_of)
