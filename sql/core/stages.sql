-- One row per pipeline and stage that any deal ever stood in, or that the settings list; with order, kind and evidence.
--
-- grain: pipeline, stage
-- check: kind in ('open', 'won', 'lost')

with listed as (
    select pipeline, stage, min(position) as list_order, min(kind) as kind
    from staging.stages
    where pipeline in (select pipeline from staging.deals)
    group by pipeline, stage
),

mentioned as (
    select pipeline, stage, min(position) as position, count(*) as mentions
    from (
        select pipeline, stage, null::bigint as position from staging.deals
        union all
        select pipeline, stage, position from staging.stage_changes
        union all
        select pipeline, from_stage, null from staging.stage_changes where from_stage <> ''
        union all
        select pipeline, stage, null from settings.stages where pipeline <> ''
        union all
        select pipeline, stage, null from listed
    )
    group by pipeline, stage
),

flags as (
    select
        pipeline, stage,
        bool_or(crm_status = 'won') as is_won,
        bool_or(crm_status = 'lost') as is_lost,
        bool_or(crm_status = 'open') as is_open
    from staging.deals
    where crm_status is not null
    group by pipeline, stage
),

kinds as (
    select
        m.pipeline, m.stage, m.position, s.stage_order as set_order, l.list_order, k.usual_order,
        case
            when c.kind is not null then c.kind
            when l.kind is not null then l.kind
            when f.is_won and not f.is_lost and not f.is_open then 'won'
            when f.is_lost and not f.is_won and not f.is_open then 'lost'
            when k.kind is not null then k.kind
            when lower(m.stage) like '%won' or lower(m.stage) like '%closed won%' or lower(m.stage) like '%ganad_' then 'won'
            when lower(m.stage) like '%lost' or lower(m.stage) like '%closed lost%' or lower(m.stage) like '%perdid_' then 'lost'
            else 'open'
        end as kind,
        case
            when c.kind is not null then 'settings'
            when l.kind is not null then 'the CRM''s list of its stages'
            when f.is_won is not null and not (f.is_won and f.is_lost) and not (f.is_open and (f.is_won or f.is_lost)) then 'the export''s flags'
            when k.kind is not null then 'usual names'
            else 'its name'
        end as kind_from
    from mentioned as m
    left join listed as l on l.pipeline = m.pipeline and l.stage = m.stage
    left join flags as f on f.pipeline = m.pipeline and f.stage = m.stage
    left join settings.stages as s on s.pipeline = m.pipeline and s.stage = m.stage
    left join settings.stages as c on c.pipeline = '' and c.stage = lower(m.stage)
    left join core.known_stages as k on k.name = lower(m.stage)
),

sources as (
    select
        pipeline,
        bool_and(set_order is not null) as all_set,
        bool_and(list_order is not null) as all_listed,
        bool_and(position is not null) as all_placed,
        bool_and(usual_order is not null) as all_usual
    from kinds
    where kind = 'open'
    group by pipeline
),

first_entries as (
    select c.system, c.deal_id, c.pipeline, c.stage, min(c.changed_at) as entered_at
    from staging.stage_changes as c
    join sources as s on s.pipeline = c.pipeline
    where not (s.all_set or s.all_listed or s.all_placed or s.all_usual)
    group by c.system, c.deal_id, c.pipeline, c.stage
),

observed as (
    select pipeline, stage, avg(place) as place
    from (
        select pipeline, stage, row_number() over (partition by system, deal_id, pipeline order by entered_at, stage) as place
        from first_entries
    )
    group by pipeline, stage
),

placed as (
    select
        k.*,
        case
            when k.kind <> 'open' then 0
            when s.all_set then k.set_order
            when s.all_listed then k.list_order
            when s.all_placed then k.position
            when s.all_usual then k.usual_order
            else coalesce(o.place, 1000)
        end as place,
        case
            when k.kind <> 'open' then k.kind_from
            when s.all_set then 'settings'
            when s.all_listed then 'the CRM''s list of its stages'
            when s.all_placed then 'the order of the export''s columns'
            when s.all_usual then 'the usual order of these names'
            else 'the order in which deals entered them'
        end as order_from
    from kinds as k
    left join sources as s on s.pipeline = k.pipeline
    left join observed as o on o.pipeline = k.pipeline and o.stage = k.stage
)

select
    pipeline,                                                           -- Pipeline.
    stage,                                                              -- Stage, as the exports write it.
    row_number() over (
        partition by pipeline
        order by case kind when 'open' then 1 when 'won' then 2 else 3 end, place, usual_order, stage
    )::integer as stage_order,                                          -- 1, 2, 3 … along the open stages, then won, then lost.
    kind,                                                               -- open, won or lost.
    order_from as evidence,                                             -- What the order (of a closed stage: the kind) was taken from.
    kind_from as kind_evidence                                          -- What the kind was taken from.
from placed
