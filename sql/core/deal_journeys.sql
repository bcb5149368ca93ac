-- One row per deal and touch of its buyer: of a person with a part in it, of a colleague at the buying company, or one that names the deal.
--
-- Colleagues count from a year before the deal was created until it was closed; who has a part in it at any time.
--
-- grain: deal, touch
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
    select d.deal, d.system, d.deal_id, d.created_at, coalesce(e.closed_at, timestamp '9999-12-31') as closed_at
    from core.deals as d
    left join ends as e on e.system = d.system and e.deal_id = d.deal_id
    where d.record_status = 'live'
),

members as (
    select d.deal, d.created_at, d.closed_at, p.person, p.method, p.confidence, p.has_role
    from core.deal_people as p
    join deals as d on d.system = p.system and d.deal_id = p.deal_id
),

linked as (
    select t.touch, t.side, t.occurred_at, d.deal, d.created_at, d.closed_at, 'deal' as method, 1.0 as confidence
    from core.touches as t
    join deals as d on d.system = t.system and d.deal_id = t.deal_id
    where t.excluded is null
    union all
    select t.touch, t.side, t.occurred_at, m.deal, m.created_at, m.closed_at, m.method, least(m.confidence, t.confidence)
    from core.touches as t
    join members as m
        on m.person = t.person and (m.has_role or (t.occurred_at >= m.created_at - interval 365 day and t.occurred_at <= m.closed_at))
    -- What names a deal is about that one alone.
    where t.excluded is null and t.deal_id is null
)

select
    deal,                                                            -- Number of the deal in core.deals.
    touch,                                                           -- Number of the touch in core.touches.
    side,                                                            -- marketing or sales.
    occurred_at,                                                     -- When it took place.
    row_number() over (partition by deal order by touch) as touch_number,  -- 1, 2, 3 … along the deal's journey.
    method,                                                          -- What links them: deal, main contact, converted lead, contact, activity, or same company.
    confidence,                                                      -- How sure that is, 0..1: the weaker one of the links touch to person and person to deal.
    case
        when occurred_at < created_at then 'before creation'
        when occurred_at <= closed_at then 'while open'
        else 'after closing'
    end as phase                                                     -- before creation, while open, or after closing.
from linked
