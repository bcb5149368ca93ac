-- One row per milestone and step from one channel to the next: how often it was taken, on ways that led to the milestone and on those that did not.
--
-- Not led to it: the way of a visitor who was never known, of a person without a deal who did not get there, and, for `won`, of a lost deal.
-- Open deals are undecided, and deals whose lead, MQL or SQL is not recorded are unknown: their ways count on neither side.
--
-- grain: milestone, from_channel, to_channel, is_converted
-- check: steps > 0
-- check: to_channel = '' or not is_converted

with led as (
    select
        milestone, channel, touch_number = touches as is_last,
        lag(channel) over (partition by conversion order by touch_number) as channel_before
    from marts.conversion_paths
),

touches as (
    select touch, system, channel, person, visitor_id, not_linked
    from core.touches
    where side = 'marketing' and excluded is null
),

lost as (
    select d.deal, j.touch, j.method = 'same company' as is_colleague
    from marts.deals as m
    join core.deals as d on d.system = m.system and d.deal_id = m.deal_id
    join core.deal_journeys as j on j.deal = d.deal and j.side = 'marketing' and j.occurred_at <= m.closed_at
    where m.status = 'lost'
),

others as (
    select
        concat_ws(' ', 'visitor', system, visitor_id) as whose, touch, channel,
        true as lacks_lead, true as lacks_mql, true as lacks_sql, true as lacks_opportunity
    from touches
    where not_linked = 'visitor never known'
    union all
    select
        concat_ws(' ', 'person', t.person), t.touch, t.channel, f.first_lead_at is null and not f.lead_is_inferred,
        f.first_mql_at is null and not f.mql_is_inferred, f.first_sql_at is null and not f.sql_is_inferred, true
    from touches as t
    join marts.funnel_stages as f on f.person = t.person and not f.is_test
    where not exists (
        select 1
        from core.deal_people as p
        join marts.deals as d on d.system = p.system and d.deal_id = p.deal_id and d.status in ('open', 'won', 'lost')
        where p.has_role and p.person = t.person
    )
    union all
    -- Colleagues only where there is nobody nearer.
    select concat_ws(' ', 'deal', l.deal::varchar), l.touch, t.channel, false, false, false, false
    from lost as l
    join touches as t on t.touch = l.touch
    where not l.is_colleague or not exists (select 1 from lost as n where n.deal = l.deal and not n.is_colleague)
),

ordered as (
    select
        channel, lacks_lead, lacks_mql, lacks_sql, lacks_opportunity, lag(channel) over way as channel_before,
        lead(channel) over way is null as is_last
    from others
    window way as (partition by whose order by touch)
),

counted as (
    select channel_before, channel, is_last, lacks_lead, lacks_mql, lacks_sql, lacks_opportunity, count(*) as steps
    from ordered
    group by all
),

steps as (
    select milestone, channel_before, channel, is_last, true as has_converted, count(*) as steps
    from led
    group by all
    union all
    select m.milestone, c.channel_before, c.channel, c.is_last, false, c.steps
    from counted as c
    cross join lateral (
        values ('lead', c.lacks_lead), ('mql', c.lacks_mql), ('sql', c.lacks_sql), ('opportunity', c.lacks_opportunity), ('won', true)
    ) as m (milestone, is_lacking)
    where m.is_lacking
),

ends as (
    select milestone, coalesce(channel_before, '') as from_channel, channel as to_channel, false as is_converted, steps
    from steps
    union all
    select milestone, channel, '', has_converted, steps
    from steps
    where is_last
)

select
    milestone,                                  -- lead, mql, sql, opportunity or won.
    from_channel,                               -- Channel of one touch; '' for the beginning of a way.
    to_channel,                                 -- Channel of the next touch; '' for the end of a way.
    is_converted,                               -- Whether the way ended at the milestone; false for steps between touches.
    sum(steps)::bigint as steps                 -- How often.
from ends
group by milestone, from_channel, to_channel, is_converted
