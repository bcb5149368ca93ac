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

-- In a system that uses one currency an amount without any is in that one; in one that uses several nobody can tell.
used as (
    select system, case when count(distinct currency) = 1 then min(currency) end as only_currency, count(distinct currency) > 1 as has_several
    from staging.deals
    group by system
),

-- Deals that the settings call tests: by a pattern on their name, their account's name or their id.
tests as (
    select distinct d.system, d.deal_id
    from staging.deals as d
    join settings.test_records as t
        on (t.field = 'names' and (lower(d.deal_name) glob t.pattern or lower(d.account_name) glob t.pattern))
        or (t.field = 'ids' and lower(d.deal_id) glob t.pattern)
),

-- The owner at as-of may be known by name alone.
teams as (
    select system, coalesce(owner_name, owner_id) as owner_name, min(team) as team
    from staging.owners
    group by all
),

-- The dearest product of a deal stands for it.
products as (
    select system, deal_id, product
    from staging.line_items
    where product <> ''
    qualify row_number() over (partition by system, deal_id order by amount desc nulls last, product) = 1
),

dated as (
    select
        d.* exclude (company_amount, amount, currency, close_on, owner_id, owner_name, probability, forecast_category),
        case when v.deal_id is null then d.amount else v.amount end as amount,
        coalesce(case when v.deal_id is null then d.currency else v.currency end, u.only_currency) as currency,
        coalesce(u.has_several, false) as has_several_currencies,
        case when v.deal_id is null then d.close_on else v.close_on end as close_on,
        case when v.deal_id is null then coalesce(o.owner_name, d.owner_name, d.owner_id) else v.owner end as owner,
        case when v.deal_id is null then d.probability else v.probability end as probability,
        case when v.deal_id is null then d.forecast_category else v.forecast_category end as forecast_category,
        -- What the CRM converted, of another amount by the same rate.
        case
            when h.system is not null then null
            when v.deal_id is null or v.amount = d.amount then d.company_amount
            when v.currency = d.currency then round(v.amount::decimal(38, 4) * d.company_amount / nullif(d.amount, 0)::double, 4)
        end as company_amount,
        case
            when coalesce(d.crm_status, s.kind) in ('won', 'lost') then least(coalesce(d.close_on, a.as_of::date), a.as_of::date)
            else a.as_of::date
        end as valued_on,
        t.deal_id is not null as is_test,
        case
            when (d.is_deleted or d.is_merged) and not coalesce(d.ended_at > a.as_of, false)
                then case when d.is_deleted then 'deleted' else 'merged' end
            when t.deal_id is not null then 'test'
            else 'live'
        end as record_status
    from staging.deals as d
    cross join core.as_of as a
    left join core.deal_values as v on v.system = d.system and v.deal_id = d.deal_id and v.valid_to is null
    left join core.stages as s on s.pipeline = d.pipeline and s.stage = d.stage
    left join foreign_home as h on h.system = d.system
    left join used as u on u.system = d.system
    left join tests as t on t.system = d.system and t.deal_id = d.deal_id
    left join staging.owners as o on o.system = d.system and o.owner_id = d.owner_id
)

select
    row_number() over (order by d.system, d.deal_id) as deal,                    -- 1, 2, 3 … in the order of the key.
    d.system,                                                                    -- CRM that holds the deal.
    d.deal_id,                                                                   -- Id of the deal in its CRM.
    d.deal_name,                                                                 -- Name.
    d.pipeline,                                                                  -- Pipeline.
    d.stage,                                                                     -- Stage in the CRM's own record.
    try_cast(
        case
            when d.company_amount is not null then d.company_amount::decimal(38, 8)
            when d.currency is null and d.has_several_currencies then null
            when d.currency is null or d.currency = p.base_currency then d.amount::decimal(38, 8)
            else converted(d.amount, r.rate)
        end as decimal(16, 2)
    )::decimal(18, 2) as amount,                                                 -- Value in base currency, to the cent; empty beyond 14 digits, of which no sum could be made.
    d.amount as amount_original,                                                 -- Value in its own currency.
    d.currency,                                                                  -- ISO code of that currency.
    d.amount is not null and d.company_amount is null
        and d.currency <> p.base_currency and r.rate is null as lacks_rate,      -- It has a value, but no exchange rate is known.
    d.amount is not null and d.company_amount is null
        and d.currency is null and d.has_several_currencies as lacks_currency,   -- It has a value, but its CRM uses several currencies and does not say which.
    case when d.company_amount is null and d.currency <> p.base_currency then r.rate end as exchange_rate,   -- Rate that was used; empty where none was needed.
    case when d.company_amount is null and d.currency <> p.base_currency then r.valid_from end as rate_on,   -- Day of that rate.
    d.valued_on,                                                                 -- Day whose rate was wanted.
    d.probability,                                                               -- Probability of winning, 0..1.
    d.created_at,                                                                -- When the deal was created.
    d.stage_changed_at,                                                          -- When it entered its stage, where the CRM says so.
    d.close_on,                                                                  -- Close date in the CRM.
    d.close_at,                                                                  -- The same as a time.
    d.updated_at,                                                                -- When the record last changed.
    d.owner,                                                                     -- Owner at as-of, by name where known.
    t.team,                                                                      -- Team of the owner.
    d.account_id,                                                                -- Account id.
    coalesce(a.account_name, d.account_name) as account,                         -- Account, by name where known.
    case
        when d.account_id <> '' then coalesce(k.account, concat(d.system, ':', d.account_id))
        when trim(d.account_name) <> '' then concat(d.system, ', by name: ', lower(trim(d.account_name)))
    end as company,                                                              -- Company: `system:id` of the first of its account records; without an account id that CRM and the name.
    coalesce(k.confidence, 1.0) as company_confidence,                           -- How sure it is that the account is that company, 0..1.
    d.lead_source,                                                               -- Where the deal came from, as the CRM says.
    coalesce(c.campaign_name, d.campaign_id) as campaign,                        -- Campaign it came from, as the CRM says.
    d.deal_type,                                                                 -- New or existing business.
    i.product,                                                                   -- Product, of several the dearest.
    d.lost_reason,                                                               -- Why it was lost.
    d.forecast_category,                                                         -- Forecast category.
    d.record_status,                                                             -- At as-of: live, deleted, merged or test.
    d.is_test,                                                                   -- Whether the settings call it a test, deleted or not.
    d.ended_at,                                                                  -- When it was deleted or merged, where the export says so.
    case
        when d.company_amount is not null then d.company_amount::double / nullif(d.amount, 0)::double
        when d.currency is null and d.has_several_currencies then null
        when d.currency is null or d.currency = p.base_currency then 1.0
        else r.rate
    end as base_per_unit,                                                        -- What one unit of its currency is worth in base currency.
    day_of(d.created_at, p.business_time_zone) as created_on,                                                           -- Day of its creation, in the business time zone.
    d.file,                                                                      -- Number of the export file.
    d.line                                                                       -- Line in that file.
from dated as d
cross join core.parameters as p
left join core.exchange_rates as r
    on r.currency = d.currency and d.valued_on >= r.valid_from and (r.valid_to is null or d.valued_on < r.valid_to)
left join teams as t on t.system = d.system and t.owner_name = d.owner
left join staging.accounts as a on a.system = d.system and a.account_id = d.account_id
left join core.account_links as k on k.system = d.system and k.account_id = d.account_id
left join products as i on i.system = d.system and i.deal_id = d.deal_id
left join staging.campaigns as c on c.system = d.system and c.campaign_id = d.campaign_id
