-- One row per deal as its CRM last exported it, of every system, deleted and merged ones included.
--
-- grain: system, deal_id
-- warn:  probability between 0 and 1

with field_history_report as (
    select *
    from raw.salesforce_field_history_report
    qualify row_number() over (partition by deal_id order by changed_at desc, _file desc, _line desc) = 1
),

history as (
    select *
    from raw.salesforce_opportunity_history
    where not coalesce(is_deleted, false)
    qualify row_number() over (partition by deal_id order by changed_at desc, _file desc, _line desc) = 1
),

history_begins as (
    select deal_id, min(changed_at) as created_at
    from raw.salesforce_opportunity_history
    group by deal_id
),

merged as (
    select distinct trim(merged_deal_id) as deal_id
    from (
        select unnest(string_split(merged_deal_ids, ';')) as merged_deal_id
        from raw.hubspot_deals
        where merged_deal_ids is not null
    )
),

every as (
    select
        'salesforce' as system, deal_id, deal_name, null as pipeline, stage,
        case when is_won then 'won' when is_closed then 'lost' when is_closed is null then null else 'open' end as crm_status,
        amount, currency, null::decimal(18, 4) as company_amount, probability, created_at, stage_changed_at, close_on, null::timestamp as close_at,
        updated_at, owner_id, owner_name, account_id, account_name, null as person_id, lead_source, campaign_id, deal_type,
        lost_reason, forecast_category, coalesce(is_deleted, false) as is_deleted, false as is_merged, _file, _line
    from raw.salesforce_opportunities

    union all

    -- A history without the opportunities themselves still knows where each of them stands.
    select
        'salesforce', r.deal_id, r.deal_name, null, coalesce(r.stage, h.stage),
        null, coalesce(r.amount, h.amount), r.currency, null, h.probability, coalesce(r.created_at, b.created_at), null, coalesce(r.close_on, h.close_on), null,
        null, null, r.owner_name, null, null, null, null, null, null,
        null, null, false, false, r._file, r._line
    from field_history_report as r
    left join history as h on h.deal_id = r.deal_id
    left join history_begins as b on b.deal_id = r.deal_id
    where not exists (select 1 from raw.salesforce_opportunities as o where o.deal_id = r.deal_id)
        and coalesce(r.stage, h.stage) is not null
        and coalesce(r.created_at, b.created_at) is not null

    union all

    select
        'salesforce', h.deal_id, null, null, h.stage,
        null, h.amount, null, null, h.probability, b.created_at, null, h.close_on, null,
        null, null, null, null, null, null, null, null, null,
        null, null, false, false, h._file, h._line
    from history as h
    join history_begins as b on b.deal_id = h.deal_id
    where not exists (select 1 from raw.salesforce_opportunities)
        and not exists (select 1 from field_history_report as r where r.deal_id = h.deal_id)

    union all

    select
        'hubspot', d.deal_id, deal_name, pipeline, stage,
        case when is_won then 'won' when is_closed then 'lost' when is_closed is null then null else 'open' end,
        amount, currency, company_amount, probability, created_at, stage_changed_at, close_at::date, close_at,
        updated_at, owner, owner, trim(split_part(account_id, ';', 1)), account_name, trim(split_part(person_ids, ';', 1)), lead_source, campaign, deal_type,
        lost_reason, forecast_category, false, m.deal_id is not null, _file, _line
    from raw.hubspot_deals as d
    left join merged as m on m.deal_id = d.deal_id

    union all

    select
        'generic', deal_id, deal_name, pipeline, stage,
        case when lower(status) in ('open', 'won', 'lost') then lower(status) end,
        amount, currency, null, probability, created_at, stage_changed_at, coalesce(expected_close_on, closed_at::date), closed_at,
        updated_at, owner, owner, account_id, account_name, person_id, lead_source, campaign_id, deal_type,
        lost_reason, null, coalesce(lower(status) = 'deleted', false), coalesce(lower(status) = 'merged', false), _file, _line
    from raw.generic_deals
)

select
    system,                                                -- CRM that holds the deal.
    deal_id,                                               -- Id of the deal in its CRM.
    deal_name,                                             -- Name of the deal.
    coalesce(nullif(pipeline, ''), 'default') as pipeline, -- Pipeline; `default` in a CRM without pipelines.
    stage,                                                 -- Stage it stands in.
    crm_status,                                            -- open, won or lost, where the CRM's own flags say so.
    amount,                                                -- Value in its own currency.
    upper(currency) as currency,                           -- ISO code of that currency.
    company_amount,                                        -- Value in the company's currency, where the CRM converts it.
    probability,                                           -- Probability of winning, 0..1.
    created_at,                                            -- When the deal was created.
    stage_changed_at,                                      -- When it entered the stage it stands in, where the CRM says so.
    close_on,                                              -- Close date: expected while open, actual once closed.
    -- A close date without a time is the beginning of that day, but not earlier than a creation on the same day.
    coalesce(close_at, case when created_at::date = close_on then created_at else close_on::timestamp end) as close_at,  -- The same as a time.
    updated_at,                                            -- When the record last changed.
    owner_id,                                              -- Owner, by id or name.
    owner_name,                                            -- Owner's name, where the export has it.
    account_id,                                            -- Account id.
    account_name,                                          -- Account, where the export names it.
    person_id,                                             -- Primary contact.
    lead_source,                                           -- Where the deal came from, as the CRM says.
    campaign_id,                                           -- Campaign it came from, as the CRM says.
    deal_type,                                             -- New or existing business.
    lost_reason,                                           -- Why it was lost.
    forecast_category,                                     -- Forecast category.
    is_deleted,                                            -- In the CRM's recycle bin.
    is_merged,                                             -- Merged into another deal.
    _file as file,                                         -- Number of the export file.
    _line as line                                          -- Line in that file.
from every
