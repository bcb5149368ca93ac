-- One row per touch up to as-of, of marketing and of the sales team, with the person it reached and how that is known.
--
-- A touch without a person is that of the visitor who is known before and after it, or, on a device that only one person ever used, at any
-- time. On a device of several people what lies between two different ones belongs to nobody.
--
-- grain: side, system, touch_id
-- check: (person is null) = (confidence is null)
-- check: (person is null) = (not_linked is not null)
-- check: confidence between 0 and 1

with devices as (
    select system, visitor_id, min(person) as person, count(distinct person) as people
    from core.sightings
    group by system, visitor_id
),

-- Between two moments at which a shared device was used by one and the same person.
spells as (
    select system, visitor_id, seen_at as since, lead(seen_at) over device as until, person, lead(person) over device as next_person
    from core.sightings
    window device as (partition by system, visitor_id order by seen_at, person)
),

marketing as (
    select
        t.system, t.touch_id, t.occurred_at, t.touch_type, t.source, t.medium, t.campaign_id, t.visitor_id, t.deal_id, t.page,
        touch_word(t.channel) as word, touch_word(t.source) as source_word, touch_word(t.medium) as medium_word,
        touch_word(t.campaign_id) as campaign_word, referring_domain(t.referrer) as referring,
        touch_word(click_kind(t.system, t.click_id, t.page)) as click_word,
        l.person as person_by_record, a.person as person_by_address, a.method as address_method, a.confidence as address_confidence,
        t.email
    from staging.touches as t
    left join core.person_links as l on l.system = t.system and l.person_id = t.person_id
    left join core.addresses as a on a.email = lower(trim(t.email))
    where t.occurred_at <= (select as_of from core.as_of)
),

named as (
    select
        m.*, coalesce(c.campaign_name, m.campaign_id) as campaign,
        -- A membership in a campaign says nothing of its channel; the campaign does.
        case when o.rule is null and k.rule is not null then k.channel else o.channel end as channel,
        d.people as people_on_device,
        case when d.people = 1 then d.person end as person_of_device,
        case when s.person = s.next_person then s.person end as person_between
    from marketing as m
    left join core.origins as o
        on o.word = m.word and o.source = m.source_word and o.medium = m.medium_word and o.campaign = m.campaign_word
        and o.referrer = m.referring and o.click_id = m.click_word
    left join staging.campaigns as c on c.system = m.system and c.campaign_id = m.campaign_id
    left join core.origins as k
        on k.word = touch_word(c.channel) and k.source = '' and k.medium = '' and k.campaign = '' and k.referrer = '' and k.click_id = ''
    left join devices as d
        on d.system = m.system and d.visitor_id = m.visitor_id and m.person_by_record is null and m.person_by_address is null
    left join spells as s
        on d.people > 1 and s.system = m.system and s.visitor_id = m.visitor_id and m.occurred_at > s.since and m.occurred_at < s.until
),

-- More clicks in one mail within a second than a hand can make: a scanner of mails.
bursts as (
    select lower(trim(email)) as email, date_trunc('second', occurred_at) as second
    from staging.touches
    where email <> '' and touch_type ilike '%click%' and occurred_at <= (select as_of from core.as_of)
    group by all
    having count(*) >= 3
),

marketing_touches as (
    select
        'marketing' as side, n.system, n.touch_id, n.occurred_at, coalesce(n.touch_type, 'unknown') as touch_type, n.channel, n.source, n.medium,
        n.campaign, n.campaign_id, n.page, n.visitor_id, n.deal_id,
        coalesce(n.person_by_record, n.person_by_address, n.person_of_device, n.person_between) as person,
        case
            when n.person_by_record is not null then 'record'
            when n.person_by_address is not null then n.address_method
            when n.person_of_device is not null then 'device'
            when n.person_between is not null then 'device of several people'
        end as method,
        case
            when n.person_by_record is not null then 1.0
            when n.person_by_address is not null then n.address_confidence
            when n.person_of_device is not null then 0.8
            when n.person_between is not null then 0.5
        end as confidence,
        case
            when n.people_on_device > 1 then 'device of several people'
            when n.visitor_id <> '' then 'visitor never known'
            else 'nobody is named'
        end as nobody,
        b.email is not null as is_burst
    from named as n
    left join bursts as b
        on b.email = lower(trim(n.email)) and b.second = date_trunc('second', n.occurred_at) and n.touch_type ilike '%click%'
),

sales_touches as (
    select
        'sales' as side, a.system, a.activity_id as touch_id, a.occurred_at, lower(coalesce(a.activity_type, 'unknown')) as touch_type,
        'Sales' as channel, a.deal_id, l.person, case when l.person is not null then 'record' end as method,
        case when l.person is not null then 1.0 end as confidence, 'nobody is named' as nobody, false as is_burst
    from staging.activities as a
    left join core.person_links as l on l.system = a.system and l.person_id = a.person_id
    where was_done(a.is_done, a.occurred_at, (select as_of from core.as_of))
),

tests as (
    select person
    from core.people
    where is_test
),

both_sides as (
    select * from marketing_touches
    union all by name
    select * from sales_touches
),

-- Of the narrowest rows: whole ones would not fit into memory while they are put in order.
numbers as (
    select side, system, touch_id, row_number() over (order by occurred_at, side, system, touch_id) as touch
    from (
        select 'marketing' as side, system, touch_id, occurred_at
        from staging.touches
        where occurred_at <= (select as_of from core.as_of)
        union all
        select 'sales', system, activity_id, occurred_at
        from staging.activities
        where was_done(is_done, occurred_at, (select as_of from core.as_of))
    )
)

select
    n.touch,                                                         -- 1, 2, 3 … in the order of time, of one moment in that of the key.
    t.side,                                                          -- marketing, or sales: what the sales team did.
    t.system,                                                        -- System that recorded it.
    t.touch_id,                                                      -- Id of the touch or activity.
    t.occurred_at,                                                   -- When it took place.
    t.touch_type,                                                    -- What happened.
    t.channel,                                                       -- Channel (core.channel_rules); Sales for what the sales team did.
    t.source,                                                        -- Source, as in utm_source.
    t.medium,                                                        -- Medium, as in utm_medium.
    t.campaign,                                                      -- Campaign, by name where known.
    t.campaign_id,                                                   -- Campaign, as the touch says it.
    t.page,                                                          -- Page or asset.
    t.visitor_id,                                                    -- Visitor id of the device.
    coalesce(m.into_id, t.deal_id) as deal_id,                       -- Deal that it is about, where the system says so; of a merged one the one it lives on in.
    t.person,                                                        -- The person of core.people.
    t.method,                                                        -- How the person is known: record, e-mail, mailbox of a desk, device, or device of several people.
    t.confidence,                                                    -- How sure that is, 0..1.
    case when t.person is null then t.nobody end as not_linked,      -- Why no person is known.
    case
        when p.person is not null then 'test or internal'
        when t.is_burst then 'machine'
    end as excluded                                                  -- Why it is no touch of a buyer: test or internal (the settings' test_records), or machine: three clicks in a second.
from both_sides as t
join numbers as n on n.side = t.side and n.system = t.system and n.touch_id = t.touch_id
left join tests as p on p.person = t.person
left join core.merged_records as m on m.system = t.system and m.entity = 'deal' and m.record_id = t.deal_id
