-- One row per touch of a deal, per touch of no deal, and per deal without a touch: who was reached, by which channel, and how it is linked.
--
-- A touch that reached the people of several deals has a row for each of them. Deals are live ones.
--
-- grain: side, touch_system, touch_id, system, deal_id
-- check: (deal_id = '') = (not_linked is not null)
-- check: touch_id <> '' or deal_id <> ''
-- check: confidence between 0 and 1

with numbered as (
    select
        j.*, row_number() over (partition by j.system, j.deal_id order by j.occurred_at, j.side, j.touch_system, j.touch_id) as touch_number
    from core.deal_journeys as j
),

with_a_part as (
    select distinct person
    from core.deal_people
    where has_role
)

select
    t.side,                                                              -- marketing, or sales: what the sales team did; '' for a deal without a touch.
    t.system as touch_system,                                            -- System that recorded it; '' for a deal without a touch.
    t.touch_id,                                                          -- Id of the touch; '' for a deal without a touch.
    t.occurred_at,                                                       -- When it took place.
    t.touch_type,                                                        -- What happened.
    t.channel,                                                           -- Channel; Sales for what the sales team did.
    t.source,                                                            -- Source, as in utm_source.
    t.medium,                                                            -- Medium, as in utm_medium.
    t.campaign,                                                          -- Campaign, by name where known.
    t.page,                                                              -- Page or asset.
    t.person,                                                            -- Whom it reached (core.people).
    t.method as person_method,                                           -- How the person is known: record, e-mail, mailbox of a desk, device, or device of several people.
    t.confidence as person_confidence,                                   -- How sure that is, 0..1.
    coalesce(n.system, '') as system,                                    -- CRM that holds the deal; '' for a touch of no deal.
    coalesce(n.deal_id, '') as deal_id,                                  -- Id of the deal in its CRM; '' for a touch of no deal.
    n.method,                                                            -- What links them: deal, main contact, converted lead, contact, activity, or same company.
    n.confidence,                                                        -- How sure that is, 0..1.
    n.phase,                                                             -- before creation, while open, or after closing.
    n.touch_number,                                                      -- 1, 2, 3 … along the deal's journey.
    date_diff('microsecond', t.occurred_at, d.created_at) / 86400000000.0 as days_before_creation,  -- Days from the touch to the creation of the deal; negative after it.
    case
        when n.deal_id is not null then null
        when t.excluded is not null then t.excluded
        when t.deal_id is not null then 'its deal is in no export, or is deleted'
        when t.person is null then t.not_linked
        when o.person is not null then 'deals of the person are deleted'
        else 'person without a deal'
    end as not_linked                                                    -- Why it belongs to no deal: nobody is named, visitor never known, device of several people, test or internal, machine, person without a deal …
from core.touches as t
left join numbered as n on n.side = t.side and n.touch_system = t.system and n.touch_id = t.touch_id
left join core.deals as d on d.system = n.system and d.deal_id = n.deal_id
left join with_a_part as o on o.person = t.person

union all

select
    '', '', '', null, null, null, null, null, null, null, null, null, null, d.system, d.deal_id, null, null, null, null, null, null
from marts.deals as d
where d.status in ('open', 'won', 'lost')
    and not exists (select 1 from core.deal_journeys as j where j.system = d.system and j.deal_id = d.deal_id)
