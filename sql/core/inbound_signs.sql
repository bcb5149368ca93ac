-- One row per inbound sign of a person up to as-of: a reply, a form, a request for a meeting, a look at the prices.
--
-- What a machine wrote (settings: automatic_mails) is no sign. Who wrote is the person of the record that the system names, else of the only or first
-- record with that e-mail address, else the address itself.
--
-- grain: system, recorded_as, sign_id
-- check: sign in ('reply', 'form', 'meeting request', 'pricing page')

with addresses as (
    select p.email, min(l.person) as person
    from staging.people as p
    join core.person_links as l on l.system = p.system and l.person_id = p.person_id
    where p.email <> ''
    group by p.email
),

found as (
    select
        t.system, 'touch' as recorded_as, t.touch_id as sign_id, t.person_id, t.email, t.occurred_at, t.source, t.channel,
        lower(t.touch_type) as kind, lower(t.page) as page, '' as subject
    from staging.touches as t

    union all

    select
        a.system, 'activity', a.activity_id, a.person_id, null, a.occurred_at, null, null,
        case when regexp_matches(lower(a.activity_type), 'mail') then 'reply' end, null, lower(coalesce(a.subject, ''))
    from staging.activities as a
    where a.direction = 'inbound' and coalesce(a.is_done, true)
),

named as (
    select
        f.*, coalesce(l.person, d.person, nullif(f.email, '')) as person,
        case
            when regexp_matches(f.kind, '(request|book|schedul|solicit).*(meeting|demo|appointment|reuni[oó]n)|(meeting|demo|appointment).*(request|book|schedul)')
                then 'meeting request'
            when regexp_matches(f.kind, '(^|[^a-z])forms?([^a-z]|$)|generate_lead')
                and not regexp_matches(f.kind, 'view|start|abandon|error|click|activity') then 'form'
            when regexp_matches(f.kind, '(^|[^a-z])(reply|replied|respuesta)([^a-z]|$)') then 'reply'
            when regexp_matches(f.kind, 'visit|view|page') and not regexp_matches(f.kind, 'form')
                and regexp_matches(f.page, '(^|[^a-z])(pricing|prices?|plans|precios?|tarifas?|planes|preise|tarifs|prix|prezzi|precos)([^a-z]|$)')
                then 'pricing page'
        end as sign
    from found as f
    left join core.person_links as l on l.system = f.system and l.person_id = f.person_id
    left join addresses as d on d.email = f.email
    where f.occurred_at <= (select as_of from core.as_of)
)

select
    system,                    -- System that recorded it.
    recorded_as,               -- touch or activity.
    sign_id,                   -- Id of that touch or activity.
    person,                    -- The person, by core.person_links; the e-mail address of one of whom no system has a record.
    sign,                      -- reply, form, meeting request or pricing page.
    occurred_at,               -- When.
    source,                    -- Source, as in utm_source.
    channel                    -- Channel, in the system's words.
from named as n
where person <> '' and sign is not null
    and not exists (select 1 from settings.automatic_mails as m where n.kind glob m.pattern or n.subject glob m.pattern)
