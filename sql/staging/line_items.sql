-- One row per product of a deal.
--
-- grain: system, deal_id, product

select
    system,                                  -- CRM.
    deal_id,                                 -- Deal.
    coalesce(product, '') as product,        -- Product, by name or id.
    sum(quantity) as quantity,               -- Quantity.
    sum(amount)::decimal(18, 4) as amount    -- Price of all of it, in the deal's currency.
from feeds.line_items
where deal_id <> ''
group by all
