-- One row per deal and person of its buyer: by a role in the deal, an action about it, or because they work for the company that buys.
--
-- grain: system, deal_id, person
-- check: confidence between 0 and 1

with deals as (
    select system, deal_id, company, company_confidence
    from core.deals
    where record_status <> 'merged'
),

-- What a merged deal had belongs to the one it lives on in.
roles as (
    select
        r.system, coalesce(m.into_id, r.deal_id) as deal_id, l.person,
        case when r.is_primary then 'main contact' else 'contact' end as method, l.confidence
    from staging.deal_people as r
    join core.person_links as l on l.system = r.system and l.person_id = r.person_id
    left join core.merged_records as m on m.system = r.system and m.entity = 'deal' and m.record_id = r.deal_id
    union all
    select p.system, coalesce(m.into_id, p.converted_deal_id), l.person, 'converted lead', l.confidence
    from staging.people as p
    join core.person_links as l on l.system = p.system and l.person_id = p.person_id
    left join core.merged_records as m on m.system = p.system and m.entity = 'deal' and m.record_id = p.converted_deal_id
    where p.converted_deal_id <> ''
    union all
    -- Whom the sales team met about a deal has a part in it, whether or not somebody noted the role.
    select a.system, coalesce(m.into_id, a.deal_id), l.person, 'activity', least(0.8, l.confidence)
    from staging.activities as a
    join core.person_links as l on l.system = a.system and l.person_id = a.person_id
    left join core.merged_records as m on m.system = a.system and m.entity = 'deal' and m.record_id = a.deal_id
    where a.deal_id <> '' and was_done(a.is_done, a.occurred_at, (select as_of from core.as_of))
),

found as (
    select r.system, r.deal_id, r.person, r.method, r.confidence, 1 as place
    from roles as r
    join deals as d on d.system = r.system and d.deal_id = r.deal_id
    union all
    -- A company whose account was found by the people of its deal is no further evidence: only the record or the domain is.
    select d.system, d.deal_id, p.person, 'same company', least(0.6, p.company_confidence, d.company_confidence), 2
    from deals as d
    join core.people as p on p.company = d.company
)

select
    system,                                         -- CRM that holds the deal.
    deal_id,                                        -- Id of the deal in its CRM.
    person,                                         -- The person of core.people.
    method,                                         -- main contact, converted lead, contact, activity (met about the deal), or same company.
    confidence,                                     -- How sure it is that they are part of the deal, 0..1; 0.6 at most for people of the same company.
    method <> 'same company' as has_role            -- Whether the CRM gives them a part in the deal, or an action about it was with them.
from found
qualify row_number() over (
    partition by system, deal_id, person
    order by place, case method when 'main contact' then 1 when 'converted lead' then 2 when 'contact' then 3 else 4 end, confidence desc
) = 1
