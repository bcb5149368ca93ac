-- One row per won deal of a company, and per renewal that was won, lost or is open.
--
-- A company is all account records that core.account_links calls one; where a deal has no account id, all deals of its CRM with that account name.
-- Deals without either are in no row: whether two of them are of one company nobody knows (quality.missing_information counts them).
--
-- grain: system, deal_id
-- sum: amount
-- check: (status = 'won') = (sale is not null)
-- check: status = 'won' or business = 'renewal'

with companies as (
    select
        d.system, d.deal_id, d.account, d.status, d.closed_at, d.closed_on, d.amount, d.company as customer_id,
        -- The more telling of the two: a deal of type "existing business" in the pipeline "Renewals" is a renewal.
        case when p.place < coalesce(t.place, 9) then p.business else coalesce(t.business, 'unknown') end as business
    from marts.deals as d
    left join core.business_kinds as t on t.text = d.deal_type
    left join core.business_kinds as p on p.text = d.pipeline
    where d.status in ('open', 'won', 'lost')
),

numbered as (
    select
        *,
        case
            when status = 'won' then row_number() over (partition by customer_id, status order by closed_at, system, deal_id)
        end as sale_number
    from companies
    where customer_id is not null and (status = 'won' or business = 'renewal')
)

select
    system,                                                         -- CRM that holds the deal.
    deal_id,                                                        -- Id of the deal in its CRM.
    customer_id,                                                    -- The company: `system:id` of the first of its account records.
    account,                                                        -- Account, by name where known.
    business,                                                       -- new, existing, expansion, contraction, renewal or unknown, by deal type and pipeline (core.business_kinds).
    status,                                                         -- open, won or lost.
    closed_at,                                                      -- When it entered the closed stage it stands in.
    closed_on,                                                      -- Day of that, in the business time zone.
    amount,                                                         -- Value in base currency; empty when unknown.
    sale_number,                                                    -- 1, 2, 3 … along the won deals of the company.
    case
        when sale_number is null then null
        when sale_number = 1 then 'first purchase'
        when business in ('renewal', 'expansion', 'contraction') then business
        else 'repeat purchase'
    end as sale                                                     -- first purchase, repeat purchase, renewal, expansion or contraction; empty while not won.
from numbered
