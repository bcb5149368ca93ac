-- One row per live deal: the channel and campaign that it began with, and when that was.
--
-- Those of the first marketing touch of a person with a part in it; without any, the channel of the CRM's lead source and the CRM's campaign.
--
-- grain: system, deal_id
-- check: channel <> ''

select
    d.system,                                                                      -- CRM that holds the deal.
    d.deal_id,                                                                     -- Id of the deal in its CRM.
    coalesce(d.first_channel, o.channel, 'Unknown') as channel,                    -- Channel (core.channel_rules).
    coalesce(d.first_campaign, d.campaign, 'none') as campaign,                    -- Campaign, by name where known; `none` without one.
    case when d.first_channel is not null then 'first touch' else 'lead source' end as method,  -- What says it: first touch, or lead source.
    coalesce(day_of(d.first_touch_at, s.business_time_zone), d.created_on) as began_on  -- Day of the first touch, in the business time zone; without any that of the deal's creation.
from marts.deals as d
left join core.parameters as s on true
left join core.origins as o
    on o.word = touch_word(d.lead_source) and o.source = '' and o.medium = '' and o.campaign = '' and o.referrer = '' and o.click_id = ''
where d.status in ('open', 'won', 'lost')
