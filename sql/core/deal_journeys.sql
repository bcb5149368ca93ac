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

deals as materialized (
    select d.deal, d.system, d.deal_id, d.created_at, coalesce(e.closed_at, timestamp '9999-12-31') as closed_at
    from core.deals as d
    left join ends as e on e.system = d.system and e.deal_id = d.deal_id
    where d.record_status = 'live'
),

-- Pairs of a touch and a deal go into the hundreds of millions: they carry numbers, and what a deal says is looked up for those that stay.
people as materialized (
    select person, row_number() over () as member
    from (select distinct person from core.deal_people)
),

members as (
    select d.deal, n.member, p.method, p.confidence, p.has_role
    from core.deal_people as p
    join deals as d on d.system = p.system and d.deal_id = p.deal_id
    join people as n on n.person = p.person
),

-- What names a deal is about that one alone.
of_members as (
    select t.touch, t.side, t.occurred_at, t.confidence, n.member
    from core.touches as t
    join people as n on n.person = t.person
    where t.excluded is null and t.deal_id is null
),

linked as (
    select t.touch, t.side, t.occurred_at, d.deal, 'deal' as method, 1.0 as confidence
    from core.touches as t
    join deals as d on d.system = t.system and d.deal_id = t.deal_id
    where t.excluded is null
    union all
    select t.touch, t.side, t.occurred_at, m.deal, m.method, least(m.confidence, t.confidence)
    from of_members as t
    join members as m on m.member = t.member
    join deals as d on d.deal = m.deal
    where m.has_role or (t.occurred_at >= d.created_at - interval 365 day and t.occurred_at <= d.closed_at)
),

numbered as (
    select *, row_number() over (partition by deal order by touch) as touch_number
    from linked
)

select
    n.deal,                      -- Number of the deal in core.deals.
    n.touch,                     -- Number of the touch in core.touches.
    n.side,                      -- marketing or sales.
    n.occurred_at,               -- When it took place.
    n.touch_number,              -- 1, 2, 3 … along the deal's journey.
    n.method,                    -- What links them: deal, main contact, converted lead, contact, activity, or same company.
    n.confidence,                -- How sure that is, 0..1: the weaker one of the links touch to person and person to deal.
    case
        when n.occurred_at < d.created_at then 'before creation'
        when n.occurred_at <= d.closed_at then 'while open'
        else 'after closing'
    end as phase                 -- before creation, while open, or after closing.
from numbered as n
join deals as d on d.deal = n.deal
