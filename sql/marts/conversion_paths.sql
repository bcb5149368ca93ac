-- One row per milestone and marketing touch on the way to it, in order, and which of them were the last before the earlier milestones.
--
-- The touches of people with a part in the deal; where none of them was touched by then, those of their colleagues at the company that buys.
-- Touches at the same moment come in the order of their systems and ids. Whose way it is says marts.conversions.
--
-- grain: conversion, touch
-- check: touch_number between 1 and touches

with reached as (
    select c.conversion, c.milestone, c.converted_at, c.until, d.deal, c.person
    from marts.conversions as c
    left join core.deals as d on d.system = c.system and d.deal_id = c.deal_id
    where c.until is not null
),

near as (
    select r.conversion, j.touch, j.occurred_at
    from reached as r
    join core.deal_journeys as j on j.deal = r.deal and j.side = 'marketing' and j.method <> 'same company' and j.occurred_at <= r.until
    union all
    select r.conversion, t.touch, t.occurred_at
    from reached as r
    join core.touches as t on t.person = r.person and t.side = 'marketing' and t.excluded is null and t.occurred_at <= r.until
),

-- Colleagues only where there is nobody nearer.
led as (
    select * from near
    union all
    select r.conversion, j.touch, j.occurred_at
    from reached as r
    join core.deal_journeys as j on j.deal = r.deal and j.side = 'marketing' and j.method = 'same company' and j.occurred_at <= r.until
    where not exists (select 1 from near as n where n.conversion = r.conversion)
),

moments as (
    select
        system, deal_id, person, max(converted_at) filter (where milestone = 'lead') as lead_at, max(until) filter (where milestone = 'lead') as lead_until,
        max(converted_at) filter (where milestone = 'opportunity') as opportunity_at, max(until) filter (where milestone = 'opportunity') as opportunity_until
    from marts.conversions
    group by system, deal_id, person
),

-- Of the touches before an earlier milestone the last one; they are the first so many of the path.
earlier as (
    select
        c.conversion, c.milestone, case when m.lead_at <= c.converted_at then m.lead_until end as lead_until,
        case when c.milestone in ('opportunity', 'won') and m.opportunity_at <= c.converted_at then m.opportunity_until end as opportunity_until
    from marts.conversions as c
    join moments as m on m.system = c.system and m.deal_id = c.deal_id and m.person = c.person
),

numbered as (
    select
        l.conversion, e.milestone, l.touch, l.occurred_at, row_number() over way as touch_number, count(*) over whole as touches,
        max(l.occurred_at) over whole as last_at, count(*) filter (where l.occurred_at <= e.lead_until) over whole as lead_number,
        count(*) filter (where l.occurred_at <= e.opportunity_until) over whole as opportunity_number
    from led as l
    join earlier as e on e.conversion = l.conversion
    window way as (partition by l.conversion order by l.touch), whole as (partition by l.conversion)
)

select
    n.conversion,                                                                  -- Number of the conversion in marts.conversions.
    n.milestone,                                                                   -- lead, mql, sql, opportunity or won.
    n.touch,                                                                       -- Number of the touch in core.touches.
    t.channel,                                                                     -- Its channel.
    n.touch_number,                                                                -- 1, 2, 3 … on the way.
    n.touches,                                                                     -- Touches on that way.
    date_diff('microsecond', n.occurred_at, n.last_at) / 86400000000.0 as days_before_last,   -- Days from the touch to the last one on the way.
    nullif(n.lead_number, 0) as lead_number,                                       -- Which one is the last before the lead was there; empty where none is, that is not known, or later.
    nullif(n.opportunity_number, 0) as opportunity_number                          -- Which one is the last before the deal was created; empty where none is, or that came later.
from numbered as n
join core.touches as t on t.touch = n.touch
