-- One row per campaign, of every system.
--
-- grain: system, campaign_id

select
    'salesforce' as system,          -- System that holds the campaign.
    campaign_id,                     -- Id of the campaign.
    campaign_name,                   -- Name.
    campaign_type as channel,        -- Channel or kind.
    starts_on,                       -- First day.
    cost,                            -- Actual cost.
    budget                           -- Budget.
from raw.salesforce_campaigns
where not coalesce(is_deleted, false)

union all

select 'generic', campaign_id, campaign_name, channel, starts_at::date, null, budget
from raw.generic_campaigns
