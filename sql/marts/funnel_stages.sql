-- One row per person: when they first became lead, MQL, SQL, opportunity, customer and post-sale, how often, and what says so.
--
-- The first time stays the first: who becomes MQL again is counted once in the month of the first time, and `mql_times` says 2. A stage
-- that was skipped has no time; `…_is_inferred` says that a later one was reached.
--
-- grain: person
-- bars: rows by furthest_stage
-- check: lead_times >= 0
-- check: furthest_stage in ('none', 'disqualified', 'lead', 'mql', 'sql', 'opportunity', 'customer', 'post-sale')

with lives as (
    select
        person,
        min(entered_at) filter (where stage = 'lead') as first_lead_at, count(*) filter (where stage = 'lead') as lead_times,
        min_by(evidence, event_number) filter (where stage = 'lead') as lead_evidence,
        min(entered_at) filter (where stage = 'mql') as first_mql_at, count(*) filter (where stage = 'mql') as mql_times,
        min_by(evidence, event_number) filter (where stage = 'mql') as mql_evidence,
        min(entered_at) filter (where stage = 'sql') as first_sql_at, count(*) filter (where stage = 'sql') as sql_times,
        min_by(evidence, event_number) filter (where stage = 'sql') as sql_evidence,
        min(entered_at) filter (where stage = 'opportunity') as first_opportunity_at, count(*) filter (where stage = 'opportunity') as opportunity_times,
        min_by(evidence, event_number) filter (where stage = 'opportunity') as opportunity_evidence,
        min(entered_at) filter (where stage = 'customer') as first_customer_at, count(*) filter (where stage = 'customer') as customer_times,
        min_by(evidence, event_number) filter (where stage = 'customer') as customer_evidence,
        min(entered_at) filter (where stage = 'post-sale') as first_post_sale_at, count(*) filter (where stage = 'post-sale') as post_sale_times,
        min_by(evidence, event_number) filter (where stage = 'post-sale') as post_sale_evidence,
        max(stage_order) as furthest_order,
        max_by(stage, stage_order) as furthest_stage,
        max_by(stage, event_number) as current_stage,
        max_by(entered_at, event_number) as current_since
    from marts.lifecycle_events
    group by person
),

first_touches as (
    select person, min({'at': occurred_at, 'system': system, 'id': touch_id, 'channel': channel, 'campaign': campaign}) as touch
    from core.touches
    where side = 'marketing' and excluded is null
    group by person
)

select
    p.person,                                                              -- The person: `system:id` of the first of the records, or `e-mail:` and the address.
    p.email,                                                               -- E-mail address.
    p.person_name,                                                             -- Name.
    p.company,                                                             -- Company: `system:id` of the first of its records.
    p.owner,                                                               -- Owner, by name where known.
    p.is_test,                                                             -- Whether the settings call them a test; in no metric.
    coalesce(t.touch.channel, o.channel, 'Unknown') as channel,            -- Channel of their first touch; without one that of the lead source in the record.
    t.touch.campaign as campaign,                                          -- Campaign of their first touch.
    t.touch.at as first_touch_at,                                          -- When that took place.
    p.lead_source,                                                         -- Where they came from, as the record says.
    h.first_lead_at,                                                       -- When they first became a lead; empty where nothing says so.
    coalesce(h.lead_times, 0) as lead_times,                               -- How often they entered that stage.
    h.lead_evidence,                                                       -- What says the first time.
    coalesce(h.first_lead_at is null and h.furthest_order > 1, false) as lead_is_inferred, -- Whether only a later stage says that they were.
    h.first_mql_at,                                                        -- When they first became an MQL; empty where nothing says so.
    coalesce(h.mql_times, 0) as mql_times,                                 -- How often they entered that stage.
    h.mql_evidence,                                                        -- What says the first time.
    coalesce(h.first_mql_at is null and h.furthest_order > 2, false) as mql_is_inferred, -- Whether only a later stage says that they were.
    h.first_sql_at,                                                        -- When they first became an SQL; empty where nothing says so.
    coalesce(h.sql_times, 0) as sql_times,                                 -- How often they entered that stage.
    h.sql_evidence,                                                        -- What says the first time.
    coalesce(h.first_sql_at is null and h.furthest_order > 3, false) as sql_is_inferred, -- Whether only a later stage says that they were.
    h.first_opportunity_at,                                                -- When they first became an opportunity; empty where nothing says so.
    coalesce(h.opportunity_times, 0) as opportunity_times,                 -- How often they entered that stage.
    h.opportunity_evidence,                                                -- What says the first time.
    coalesce(h.first_opportunity_at is null and h.furthest_order > 4, false) as opportunity_is_inferred, -- Whether only a later stage says that they were.
    h.first_customer_at,                                                   -- When they first became a customer; empty where nothing says so.
    coalesce(h.customer_times, 0) as customer_times,                       -- How often they entered that stage.
    h.customer_evidence,                                                   -- What says the first time.
    coalesce(h.first_customer_at is null and h.furthest_order > 5, false) as customer_is_inferred, -- Whether only a later stage says that they were.
    h.first_post_sale_at,                                                  -- When they first became in post-sale; empty where nothing says so.
    coalesce(h.post_sale_times, 0) as post_sale_times,                     -- How often they entered that stage.
    h.post_sale_evidence,                                                  -- What says the first time.
    coalesce(h.furthest_stage, 'none') as furthest_stage,                  -- The latest stage of the six that they ever reached; disqualified where only that; none without any event.
    h.current_stage,                                                       -- The stage they entered last.
    h.current_since                                                        -- When that was.
from core.people as p
left join lives as h on h.person = p.person
left join first_touches as t on t.person = p.person
left join core.origins as o
    on o.word = touch_word(p.lead_source) and o.source = '' and o.medium = '' and o.campaign = '' and o.referrer = '' and o.click_id = ''
