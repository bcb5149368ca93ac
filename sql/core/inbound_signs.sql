-- One row per inbound sign of a person up to as-of: a reply, a form, a request for a meeting, a look at the prices.
--
-- What a machine wrote (settings: automatic_mails) or a test record did is no sign.
--
-- grain: system, recorded_as, sign_id
-- check: sign in ('reply', 'form', 'meeting request', 'pricing page')

with found as (
    select
        system, 'touch' as recorded_as, touch_id as sign_id, person, occurred_at,
        coalesce(nullif(source, ''), case when channel not in ('Unknown', 'Unassigned') then channel end) as source,
        lower(touch_type) as kind, lower(page) as page, '' as subject
    from core.touches
    where side = 'marketing' and excluded is null

    union all

    select
        a.system, 'activity', a.activity_id, l.person, a.occurred_at, null,
        case when regexp_matches(lower(a.activity_type), 'mail') then 'reply' end, null, lower(coalesce(a.subject, ''))
    from staging.activities as a
    join core.person_links as l on l.system = a.system and l.person_id = a.person_id
    where a.direction = 'inbound' and was_done(a.is_done, a.occurred_at, (select as_of from core.as_of))
),

named as (
    select
        *,
        case
            when regexp_matches(kind, '(request|book|schedul|solicit).*(meeting|demo|appointment|reuni[oó]n)|(meeting|demo|appointment).*(request|book|schedul)')
                then 'meeting request'
            when regexp_matches(kind, '(^|[^a-z])forms?([^a-z]|$)|generate_lead')
                and not regexp_matches(kind, 'view|start|abandon|error|click|activity') then 'form'
            when regexp_matches(kind, '(^|[^a-z])(reply|replied|respuesta)([^a-z]|$)') then 'reply'
            when regexp_matches(kind, 'visit|view|page') and not regexp_matches(kind, 'form')
                and regexp_matches(page, '(^|[^a-z])(pricing|prices?|plans|precios?|tarifas?|planes|preise|tarifs|prix|prezzi|precos)([^a-z]|$)')
                then 'pricing page'
        end as sign
    from found
)

select
    system,                    -- System that recorded it.
    recorded_as,               -- touch or activity.
    sign_id,                   -- Id of that touch or activity.
    person,                    -- The person of core.people.
    sign,                      -- reply, form, meeting request or pricing page.
    occurred_at,               -- When.
    source                     -- Source, as in utm_source, else the channel.
from named as n
where person is not null and sign is not null
    and not exists (select 1 from settings.automatic_mails as m where n.kind glob m.pattern or n.subject glob m.pattern)
