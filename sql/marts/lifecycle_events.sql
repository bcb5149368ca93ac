-- One row per entry of a person into a stage of the buyer's life up to as-of, in order; going back and coming again are entries too.
--
-- Recorded histories, the creation of a record (a lead), deals (an opportunity from creation on, a customer once one is won; the next deal is
-- post-sale). A record that was made later than the first of these says nothing of a lead. Of entries at one moment the earlier stage comes
-- first; entries into the stage in which a person already is are none.
--
-- grain: person, event_number
-- check: stage_order between 0 and 6

with orders as (
    select stage, stage_order
    from (values ('disqualified', 0), ('lead', 1), ('mql', 2), ('sql', 3), ('opportunity', 4), ('customer', 5), ('post-sale', 6)) as o (stage, stage_order)
),

recorded as (
    select coalesce(l.person, a.person) as person, w.stage, c.changed_at as entered_at, 'lifecycle ' || c.evidence as evidence
    from staging.lifecycle_changes as c
    join core.lifecycle_words as w on w.word = lifecycle_word(c.stage)
    left join core.person_links as l on l.system = c.system and l.person_id = c.person
    left join core.addresses as a on a.email = coalesce(lower(trim(c.email)), lower(trim(c.person)))
),

deals as (
    select p.person, d.created_at, d.closed_at, d.status, min(d.closed_at) filter (where d.status = 'won') over (partition by p.person) as first_won_at
    from core.deal_people as p
    join marts.deals as d on d.system = p.system and d.deal_id = p.deal_id
    where p.has_role and d.status in ('open', 'won', 'lost')
),

-- What is only known by an address became a lead when it was first touched.
first_touches as (
    select person, min(occurred_at) as occurred_at
    from core.touches
    where excluded is null
    group by person
),

everything as (
    select person, stage, entered_at, evidence from recorded where person is not null
    union all
    select person, 'lead', created_at, 'record created' from core.people where created_at is not null
    union all
    select p.person, 'lead', t.occurred_at, 'first touch'
    from core.people as p
    join first_touches as t on t.person = p.person
    where p.created_at is null
    union all
    select person, case when created_at > first_won_at then 'post-sale' else 'opportunity' end, created_at, 'deal created' from deals
    union all
    select person, 'customer', closed_at, 'deal won' from deals where status = 'won' and closed_at = first_won_at
),

known as (
    select *
    from everything
    qualify evidence not in ('record created', 'first touch') or entered_at <= min(entered_at) over (partition by person)
),

placed as (
    select
        e.person, e.stage, o.stage_order, e.entered_at, e.evidence,
        lag(e.stage) over (partition by e.person order by e.entered_at, o.stage_order, e.evidence) as stage_before
    from known as e
    join orders as o on o.stage = e.stage
    where e.entered_at <= (select as_of from core.as_of)
)

select
    person,                                                                  -- The person of core.people.
    row_number() over (partition by person order by entered_at, stage_order) as event_number,  -- 1, 2, 3 … along their life.
    stage,                                                                   -- disqualified, lead, mql, sql, opportunity, customer or post-sale.
    stage_order,                                                             -- 0 to 6, in that order.
    entered_at,                                                              -- When they entered it.
    evidence                                                                 -- lifecycle history, lifecycle date column, record created, first touch, deal created or deal won.
from placed
where stage_before is distinct from stage
