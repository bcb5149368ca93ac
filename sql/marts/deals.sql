-- One row per deal: where it stands at as-of. Deleted, merged and test deals have a status of that name and no stage.
--
-- grain: system, deal_id
-- sum: amount
-- apart: status
-- bars: rows by status
-- check: status in ('open', 'won', 'lost', 'deleted', 'merged', 'test')
-- check: (status in ('won', 'lost')) = (closed_at is not null)
-- warn:  days_to_close is null or days_to_close >= 0

with last_visits as (
    select *
    from marts.stage_visits
    where left_at is null
),

known as (
    select
        d.*, v.pipeline as visit_pipeline, v.stage as visit_stage, v.stage_order, v.entered_at as stage_entered_at, v.days as days_in_stage,
        case when d.record_status = 'live' then v.stage_kind else d.record_status end as status,
        case when v.stage_kind <> 'open' then v.entered_at end as closed_at,
        case when v.stage_kind <> 'open' then v.entered_on end as closed_on,
        a.as_of
    from core.deals as d
    cross join core.as_of as a
    left join last_visits as v on v.system = d.system and v.deal_id = d.deal_id
    where v.deal_id is not null or (d.record_status <> 'live' and d.created_at <= a.as_of)
)

select
    k.system,                                                                     -- CRM that holds the deal.
    k.deal_id,                                                                    -- Id of the deal in its CRM.
    k.deal_name,                                                                  -- Name.
    coalesce(k.visit_pipeline, k.pipeline) as pipeline,                           -- Pipeline it stands in.
    k.visit_stage as stage,                                                       -- Stage it stands in.
    k.stage_order,                                                                -- Place of that stage in its pipeline.
    k.status,                                                                     -- open, won, lost; deleted, merged, test.
    k.amount,                                                                     -- Value in base currency; empty when unknown.
    k.amount_original,                                                            -- Value in its own currency.
    k.currency,                                                                   -- ISO code of its own currency.
    k.probability,                                                                -- Probability of winning in the CRM, 0..1.
    k.created_at,                                                                 -- When the deal was created.
    k.created_on,                                                                 -- Day of that, in the business time zone.
    k.stage_entered_at,                                                           -- When it entered the stage it stands in.
    case when k.status = 'open' then k.days_in_stage end as days_in_stage,        -- Days in that stage up to as-of; open deals.
    case when k.status = 'open' then date_diff('microsecond', k.created_at, k.as_of) / 86400000000.0 end
        as age_days,                                                              -- Days since creation up to as-of; open deals.
    k.closed_at,                                                                  -- When it entered the closed stage it stands in.
    k.closed_on,                                                                  -- Day of that, in the business time zone.
    case
        when k.closed_at >= k.created_at then date_diff('microsecond', k.created_at, k.closed_at) / 86400000000.0
    end as days_to_close,                                                         -- Days from creation to closing; empty when it closed before it was created (imported).
    case when k.status = 'open' then k.close_on end as expected_close_on,         -- Expected close date; open deals.
    k.owner,                                                                      -- Owner, by name where known.
    k.team,                                                                       -- Team of the owner.
    k.account_id,                                                                 -- Account id.
    k.account,                                                                    -- Account, by name where known.
    k.company,                                                                    -- Company: `system:id` of the first of its account records; without an account id its CRM and the name.
    k.lead_source,                                                                -- Where the deal came from, as the CRM says.
    k.campaign,                                                                   -- Campaign it came from, as the CRM says.
    k.product,                                                                    -- Product, of several the dearest.
    coalesce(b.band, 'unknown') as size_band,                                     -- Band of its amount, by the settings; `unknown` without an amount.
    k.deal_type,                                                                  -- New or existing business.
    k.lost_reason,                                                                -- Why it was lost.
    k.forecast_category,                                                          -- Forecast category.
    coalesce(t.touches, 0) as touches,                                            -- Marketing touches known by e-mail of its people, up to as-of.
    t.first_touch_at,                                                             -- First touch of one of its people.
    t.first_channel,                                                              -- Its channel.
    t.first_campaign,                                                             -- Its campaign.
    t.last_touch_at,                                                              -- Last touch of one of its people.
    t.last_channel,                                                               -- Its channel.
    t.last_campaign,                                                              -- Its campaign.
    k.updated_at                                                                  -- When the record last changed.
from known as k
left join settings.size_bands as b on k.amount >= b.low and (b.high is null or k.amount < b.high)
left join core.deal_touches as t on t.system = k.system and t.deal_id = k.deal_id
