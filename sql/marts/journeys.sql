-- One row per touch of a deal, per touch of no deal, and per deal without a touch: who was reached, by which channel, and how it is linked.
--
-- A touch that reached the people of several deals has a row for each of them. Deals are live ones.
--
-- kind: view
-- grain: side, touch_system, touch_id, system, deal_id
-- check: (deal_id = '') = (not_linked is not null)

with told as (
    select j.deal, j.touch, j.method, j.confidence, j.phase, j.touch_number, null as not_linked
    from core.deal_journeys as j

    union all

    select
        null, t.touch, null, null, null, null,
        case
            when t.excluded is not null then t.excluded
            when t.deal_id is not null then 'its deal is in no export, or is deleted'
            when t.person is null then t.not_linked
            when exists (select 1 from core.deal_people as p where p.has_role and p.person = t.person) then 'deals of the person are deleted'
            else 'person without a deal'
        end
    from core.touches as t
    where not exists (select 1 from core.deal_journeys as j where j.touch = t.touch)

    union all

    select d.deal, null, null, null, null, null, null
    from core.deals as d
    where exists (select 1 from marts.deals as m where m.system = d.system and m.deal_id = d.deal_id and m.status in ('open', 'won', 'lost'))
        and not exists (select 1 from core.deal_journeys as j where j.deal = d.deal)
)

select
    t.touch,                                                             -- Number of the touch in core.touches; empty for a deal without a touch.
    coalesce(t.side, '') as side,                                        -- marketing, or sales: what the sales team did; '' for a deal without a touch.
    coalesce(t.system, '') as touch_system,                              -- System that recorded it; '' for a deal without a touch.
    coalesce(t.touch_id, '') as touch_id,                                -- Id of the touch; '' for a deal without a touch.
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
    coalesce(d.system, '') as system,                                    -- CRM that holds the deal; '' for a touch of no deal.
    coalesce(d.deal_id, '') as deal_id,                                  -- Id of the deal in its CRM; '' for a touch of no deal.
    n.method,                                                            -- What links them: deal, main contact, converted lead, contact, activity, or same company.
    n.confidence,                                                        -- How sure that is, 0..1.
    n.phase,                                                             -- before creation, while open, or after closing.
    n.touch_number,                                                      -- 1, 2, 3 … along the deal's journey.
    date_diff('microsecond', t.occurred_at, d.created_at) / 86400000000.0 as days_before_creation,  -- Days from the touch to the creation of the deal; negative after it.
    n.not_linked                                                         -- Why it belongs to no deal: nobody is named, visitor never known, device of several people, test or internal, machine, person without a deal …
from told as n
left join core.touches as t on t.touch = n.touch
left join core.deals as d on d.deal = n.deal
