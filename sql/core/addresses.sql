-- One row per e-mail address of the exports, with the person whom it means.
--
-- grain: email

with bearers as (
    select p.email, m.key, min(l.person) as first, max(l.person) as last
    from staging.people as p
    join core.mailboxes as m using (email)
    join core.person_links as l using (system, person_id)
    group by p.email, m.key
),

-- All spellings of one address mean whom the first of them means that a record bears.
of_key as (
    select key, arg_min(first, email) as person
    from bearers
    where key <> ''
    group by key
),

known as (
    select m.email, m.key, m.domain, case when m.key <> '' then k.person when b.first = b.last then b.first end as person
    from core.mailboxes as m
    left join of_key as k using (key)
    left join bearers as b using (email)
)

select
    email,                                                                       -- E-mail address, lower case.
    coalesce(person, 'e-mail:' || coalesce(nullif(key, ''), email)) as person,   -- The person of core.people: of a record that bears it, else `e-mail:` and the address.
    person is null as is_strange,                                                -- Whether no record bears it, or of a desk's mailbox several do.
    case when key <> '' then 'e-mail' else 'mailbox of a desk' end as method,    -- How it is known: e-mail, or mailbox of a desk, which several people may read.
    case when key <> '' then 0.95 else 0.5 end::double as confidence,            -- How sure that is, 0..1.
    domain                                                                       -- Registrable domain of its company; '' for free mail and what is no domain.
from known
