-- One row per milestone and marketing touch on the way to it, in order, and which of them were the last before the earlier milestones.
--
-- The touches of people with a part in the deal; where none of them was touched by then, those of their colleagues at the company that buys.
-- Touches at the same moment come in the order of their systems and ids.
--
-- grain: milestone, system, deal_id, person, touch_system, touch_id
-- check: touch_number between 1 and touches

with touches as (
    select j.system, j.deal_id, '' as person, j.touch_system, j.touch_id, j.occurred_at, j.method = 'same company' as is_colleague
    from core.deal_journeys as j
    where j.side = 'marketing'
    union all
    select '', '', t.person, t.system, t.touch_id, t.occurred_at, false
    from core.touches as t
    where t.side = 'marketing' and t.excluded is null and t.person is not null
),

moments as (
    select
        system, deal_id, person, max(converted_at) filter (where milestone = 'lead') as lead_at, max(until) filter (where milestone = 'lead') as lead_until,
        max(converted_at) filter (where milestone = 'opportunity') as opportunity_at, max(until) filter (where milestone = 'opportunity') as opportunity_until
    from marts.conversions
    group by system, deal_id, person
),

-- Colleagues only where there is nobody nearer.
led as (
    select c.conversion, c.milestone, c.converted_at, c.until, t.*
    from marts.conversions as c
    join touches as t on t.system = c.system and t.deal_id = c.deal_id and t.person = c.person and t.occurred_at <= c.until
    qualify t.is_colleague = min(t.is_colleague) over (partition by c.conversion)
),

numbered as (
    select
        l.*, row_number() over way as touch_number, count(*) over whole as touches, max(l.occurred_at) over whole as last_at,
        -- Of the touches before an earlier milestone the last one; they are the first so many of the path.
        case when m.lead_at <= l.converted_at then count(*) filter (where l.occurred_at <= m.lead_until) over whole end as lead_number,
        case when l.milestone in ('opportunity', 'won') and m.opportunity_at <= l.converted_at then count(*) filter (where l.occurred_at <= m.opportunity_until) over whole end as opportunity_number
    from led as l
    join moments as m on m.system = l.system and m.deal_id = l.deal_id and m.person = l.person
    window
        way as (partition by l.conversion order by l.occurred_at, l.touch_system, l.touch_id),
        whole as (partition by l.conversion)
)

select
    n.conversion,                                                                  -- Number of the conversion in marts.conversions.
    n.milestone,                                                                   -- lead, mql, sql, opportunity or won.
    n.system,                                                                      -- CRM that holds the deal; '' for a person without a deal.
    n.deal_id,                                                                     -- Id of the deal; '' for a person without a deal.
    n.person,                                                                      -- The person without a deal; '' for a deal.
    n.touch_system,                                                                -- System that recorded the touch.
    n.touch_id,                                                                    -- Id of the touch.
    n.occurred_at,                                                                 -- When it took place.
    t.channel,                                                                     -- Channel.
    t.campaign,                                                                    -- Campaign, by name where known.
    n.touch_number,                                                                -- 1, 2, 3 … on the way.
    n.touches,                                                                     -- Touches on that way.
    date_diff('microsecond', n.occurred_at, n.last_at) / 86400000000.0 as days_before_last,   -- Days from the touch to the last one on the way.
    nullif(n.lead_number, 0) as lead_number,                                       -- Which one is the last before the lead was there; empty where none is, that is not known, or later.
    nullif(n.opportunity_number, 0) as opportunity_number                          -- Which one is the last before the deal was created; empty where none is, or that came later.
from numbered as n
join core.touches as t on t.side = 'marketing' and t.system = n.touch_system and t.touch_id = n.touch_id
