-- One row per campaign, of every system.
--
-- grain: system, campaign_id

select
    system,                          -- System that holds the campaign.
    campaign_id,                     -- Id of the campaign.
    campaign_name,                   -- Name.
    channel,                         -- Channel or kind.
    starts_on,                       -- First day.
    ends_on,                         -- Last day.
    cost,                            -- Actual cost.
    budget,                          -- Budget.
    currency                         -- ISO code of cost and budget.
from feeds.campaigns
where campaign_id <> ''
qualify row_number() over (partition by system, campaign_id order by coalesce(precedence, 1), updated_at desc nulls last, campaign_name) = 1
