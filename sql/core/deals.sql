-- One row per deal, with its value in base currency; deleted and merged deals are there, marked.
--
-- An amount is converted at the rate of the day on which the deal was closed, of an open deal at that of as-of.
--
-- grain: system, deal_id

with foreign_home as (
    -- Where a deal in base currency is worth something else to its CRM, the company's currency there is another one.
    select distinct d.system
    from staging.deals as d
    join core.parameters as p on p.base_currency = d.currency
    where d.amount <> d.company_amount
),

-- Deals that the settings call tests: by a pattern on their name, their account's name or their id.
tests as (
    select distinct d.system, d.deal_id
    from staging.deals as d
    join settings.test_records as t
        on (t.field = 'names' and (lower(d.deal_name) glob t.pattern or lower(d.account_name) glob t.pattern))
        or (t.field = 'ids' and lower(d.deal_id) glob t.pattern)
),

dated as (
    select
        d.* exclude (company_amount),
        case when h.system is null then d.company_amount end as company_amount,
        case
            when coalesce(d.crm_status, s.kind) in ('won', 'lost') then least(coalesce(d.close_on, a.as_of::date), a.as_of::date)
            else a.as_of::date
        end as valued_on
    from staging.deals as d
    cross join core.as_of as a
    left join core.stages as s on s.pipeline = d.pipeline and s.stage = d.stage
    left join foreign_home as h on h.system = d.system
)

select
    d.system,                                                                    -- CRM that holds the deal.
    d.deal_id,                                                                   -- Id of the deal in its CRM.
    d.deal_name,                                                                 -- Name.
    d.pipeline,                                                                  -- Pipeline.
    d.stage,                                                                     -- Stage in the CRM's own record.
    round(
        case
            when d.company_amount is not null then d.company_amount::decimal(38, 8)
            when d.currency is null or d.currency = p.base_currency then d.amount::decimal(38, 8)
            else d.amount * r.rate::decimal(18, 8)
        end, 2
    )::decimal(18, 2) as amount,                                                 -- Value in base currency, to the cent.
    d.amount as amount_original,                                                 -- Value in its own currency.
    d.currency,                                                                  -- ISO code of that currency.
    d.amount is not null and d.company_amount is null
        and d.currency <> p.base_currency and r.rate is null as lacks_rate,      -- It has a value, but no exchange rate is known.
    case when d.company_amount is null and d.currency <> p.base_currency then r.rate end as exchange_rate,   -- Rate that was used; empty where none was needed.
    case when d.company_amount is null and d.currency <> p.base_currency then r.valid_from end as rate_on,   -- Day of that rate.
    d.valued_on,                                                                 -- Day whose rate was wanted.
    d.probability,                                                               -- Probability of winning, 0..1.
    d.created_at,                                                                -- When the deal was created.
    d.stage_changed_at,                                                          -- When it entered its stage, where the CRM says so.
    d.close_on,                                                                  -- Close date in the CRM.
    d.close_at,                                                                  -- The same as a time.
    d.updated_at,                                                                -- When the record last changed.
    coalesce(o.owner_name, d.owner_name, d.owner_id) as owner,                   -- Owner, by name where known.
    o.team,                                                                      -- Team of the owner.
    d.account_id,                                                                -- Account id.
    coalesce(a.account_name, d.account_name) as account,                         -- Account, by name where known.
    d.lead_source,                                                               -- Where the deal came from, as the CRM says.
    coalesce(c.campaign_name, d.campaign_id) as campaign,                        -- Campaign it came from, as the CRM says.
    d.deal_type,                                                                 -- New or existing business.
    d.lost_reason,                                                               -- Why it was lost.
    d.forecast_category,                                                         -- Forecast category.
    case
        when d.is_deleted then 'deleted' when d.is_merged then 'merged'
        when t.deal_id is not null then 'test' else 'live'
    end as record_status,                                                        -- live, deleted, merged or test.
    d.file,                                                                      -- Number of the export file.
    d.line                                                                       -- Line in that file.
from dated as d
cross join core.parameters as p
left join core.exchange_rates as r
    on r.currency = d.currency and d.valued_on >= r.valid_from and (r.valid_to is null or d.valued_on < r.valid_to)
left join tests as t on t.system = d.system and t.deal_id = d.deal_id
left join staging.owners as o on o.system = d.system and o.owner_id = d.owner_id
left join staging.accounts as a on a.system = d.system and a.account_id = d.account_id
left join staging.campaigns as c on c.system = d.system and c.campaign_id = d.campaign_id
