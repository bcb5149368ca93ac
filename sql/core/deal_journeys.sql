-- One row per deal and touch of its buyer: of a person with a part in it, of a colleague at the buying company, or one that names the deal.
--
-- Colleagues count from a year before the deal was created until it was closed; who has a part in it at any time.
--
-- grain: system, deal_id, side, touch_system, touch_id
-- check: confidence between 0 and 1

with ends as (
    select system, deal_id, min(entered_at) filter (where kind <> 'open' and left_at is null) as closed_at
    from (
        select system, deal_id, kind, entered_at, lead(entered_at) over (partition by system, deal_id order by event_number) as left_at
        from core.stage_events
    )
    group by system, deal_id
),

deals as (
    select d.system, d.deal_id, d.created_at, coalesce(e.closed_at, timestamp '9999-12-31') as closed_at
    from core.deals as d
    left join ends as e on e.system = d.system and e.deal_id = d.deal_id
    where d.record_status = 'live'
),

linked as (
    select d.*, t.side, t.system as touch_system, t.touch_id, t.occurred_at, t.person, 'deal' as method, 1.0 as confidence
    from core.touches as t
    join deals as d on d.system = t.system and d.deal_id = t.deal_id
    where t.excluded is null
    union all
    select d.*, t.side, t.system, t.touch_id, t.occurred_at, t.person, p.method, least(p.confidence, t.confidence)
    from core.touches as t
    join core.deal_people as p on p.person = t.person
    join deals as d
        on d.system = p.system and d.deal_id = p.deal_id
        and (p.has_role or (t.occurred_at >= d.created_at - interval 365 day and t.occurred_at <= d.closed_at))
    -- What names a deal is about that one alone.
    where t.excluded is null and t.deal_id is null
)

select
    l.system,                                                        -- CRM that holds the deal.
    l.deal_id,                                                       -- Id of the deal in its CRM.
    l.side,                                                          -- marketing or sales.
    l.touch_system,                                                  -- System that recorded the touch.
    l.touch_id,                                                      -- Id of the touch.
    l.occurred_at,                                                   -- When it took place.
    l.person,                                                        -- Whom it reached; empty where only the deal is known.
    l.method,                                                        -- What links it: deal, main contact, converted lead, contact, activity, or same company.
    l.confidence,                                                    -- How sure that is, 0..1: the weaker one of the links touch to person and person to deal.
    case
        when l.occurred_at < l.created_at then 'before creation'
        when l.occurred_at <= l.closed_at then 'while open'
        else 'after closing'
    end as phase                                                     -- before creation, while open, or after closing.
from linked as l
