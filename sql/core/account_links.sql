-- One row per account record of any system, with the company that it is one record of.
--
-- grain: system, account_id

with records as (
    select system, account_id from staging.accounts
    union
    select system, account_id from core.linked_accounts
)

select
    r.system,                                                                    -- System that holds the record.
    r.account_id,                                                                -- Id of the record in its system; records merged away are here too.
    coalesce(l.account, r.system || ':' || r.account_id) as account,             -- The company: `system:id` of the first of its records.
    coalesce(l.method, 'itself') as method,                                      -- What links it: itself, merge, domain, domain of its people, or probable duplicate.
    coalesce(l.confidence, 1.0) as confidence                                    -- How sure that is, 0..1: the weakest link on the way to the first record.
from records as r
left join core.linked_accounts as l using (system, account_id)
