-- One row per milestone of a deal, and of a person who has no deal: what is to be credited to touches, and until when they count.
--
-- A deal has its lead, MQL and SQL moments from the people with a part in it: the first time that one of them became it, if that was not
-- after the deal's creation. Where nothing is recorded, the milestone has no time and no touch can be credited. Deals are live ones; one
-- that is not won has no milestone `won`.
--
-- grain: milestone, system, deal_id, person
-- sum: conversion, amount
-- apart: milestone
-- check: milestone in ('lead', 'mql', 'sql', 'opportunity', 'won')
-- check: (deal_id = '') = (person <> '')

with deals as (
    select system, deal_id, created_at, case when status = 'won' then closed_at end as won_at, amount
    from marts.deals
    where status in ('open', 'won', 'lost')
),

members as (
    select d.system, d.deal_id, p.person, f.first_lead_at, f.first_mql_at, f.first_sql_at, end_of_moment(d.created_at, s.time_zone) as until
    from deals as d
    join core.deal_people as p on p.system = d.system and p.deal_id = d.deal_id and p.has_role
    join marts.funnel_stages as f on f.person = p.person
    left join core.parameters as s on true
),

begun as (
    select
        system, deal_id, min(first_lead_at) filter (where first_lead_at <= until) as lead_at,
        min(first_mql_at) filter (where first_mql_at <= until) as mql_at, min(first_sql_at) filter (where first_sql_at <= until) as sql_at
    from members
    group by system, deal_id
),

of_deals as (
    select m.milestone, d.system, d.deal_id, '' as person, m.converted_at, d.amount
    from deals as d
    left join begun as b on b.system = d.system and b.deal_id = d.deal_id
    cross join lateral (
        values ('lead', b.lead_at), ('mql', b.mql_at), ('sql', b.sql_at), ('opportunity', d.created_at), ('won', d.won_at)
    ) as m (milestone, converted_at)
    where m.milestone <> 'won' or d.won_at is not null
),

of_people as (
    select m.milestone, '' as system, '' as deal_id, f.person, m.converted_at, null as amount
    from marts.funnel_stages as f
    cross join lateral (values ('lead', f.first_lead_at), ('mql', f.first_mql_at), ('sql', f.first_sql_at)) as m (milestone, converted_at)
    where not f.is_test and m.converted_at is not null and not exists (select 1 from members as d where d.person = f.person)
),

conversions as materialized (
    select * from of_deals
    union all
    select * from of_people
),

-- Numbered milestone by milestone: to number all rows at once takes three times the memory.
milestones as (
    select milestone, coalesce(sum(conversions) over (order by milestone rows between unbounded preceding and 1 preceding), 0)::bigint as earlier
    from (select milestone, count(*) as conversions from conversions group by milestone)
)

select
    m.earlier + row_number() over (partition by c.milestone order by c.system, c.deal_id, c.person) as conversion,  -- 1, 2, 3 … in the order of the key.
    c.milestone,                                                     -- lead, mql, sql, opportunity (the deal was created) or won.
    c.system,                                                        -- CRM that holds the deal; '' for a person without a deal.
    c.deal_id,                                                       -- Id of the deal; '' for a person without a deal.
    c.person,                                                        -- The person without a deal (core.people); '' for a deal.
    c.converted_at,                                                  -- When the milestone was reached; empty where no export says so.
    end_of_moment(c.converted_at, p.time_zone) as until,             -- Touches up to here lead to it: of a day without a time all that day.
    c.amount::decimal(18, 2) as amount                               -- What is to be credited: the deal's amount in base currency; empty where it is unknown, and for people.
from conversions as c
join milestones as m on m.milestone = c.milestone
left join core.parameters as p on true
