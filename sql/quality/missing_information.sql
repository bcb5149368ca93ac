-- One row per kind of information that records lack: how many, whose value it blocks.
--
-- grain: entity, field
-- bars: records by entity, field

with deals as (
    select d.*, c.lacks_rate, c.lacks_currency, c.rate_on > date '0001-01-01' and c.valued_on > c.rate_on + 10 as has_old_rate
    from marts.deals as d
    join core.deals as c on c.system = d.system and c.deal_id = d.deal_id
    where d.status in ('open', 'won', 'lost')
),

orphans as (
    select count(*) as records
    from staging.stage_changes as c
    where not exists (select 1 from staging.deals as d where d.system = c.system and d.deal_id = c.deal_id)
),

found as (
    select
        'deal' as entity, 'amount' as field, count(*) filter (where amount is null and not lacks_rate and not lacks_currency) as records, count(*) as of_records,
        null::decimal(18, 2) as amount_blocked, 'They count as deals, but in no amount.' as note
    from deals
    union all
    select
        'deal', 'currency', count(*) filter (where lacks_currency), count(*), null,
        'Their CRM uses several currencies and does not say in which they are: in no amount.'
    from deals
    union all
    select
        'deal', 'exchange rate', count(*) filter (where lacks_rate), count(*), null,
        'Their amount is in another currency; add a rate to the settings or a table of rates to the exports.'
    from deals
    union all
    select
        'deal', 'exchange rate of the day', count(*) filter (where has_old_rate), count(*), null,
        'They are converted at the newest rate known, which is more than ten days older; add a table of rates to the exports.'
    from deals
    union all
    select
        'campaign', 'start date', count(*) filter (where cost > 0 and starts_on is null), count(*) filter (where cost > 0), null,
        'Their actual cost cannot be placed on any day: in no spend, unless an ad account reports them.'
    from staging.campaigns
    union all
    select
        'open deal', 'expected close date', count(*) filter (where status = 'open' and expected_close_on is null),
        count(*) filter (where status = 'open'), sum(amount) filter (where status = 'open' and expected_close_on is null),
        'They cannot be forecast.'
    from deals
    union all
    select
        'open deal', 'future close date',
        count(*) filter (where status = 'open' and expected_close_on < (select as_of::date from core.as_of)),
        count(*) filter (where status = 'open'),
        sum(amount) filter (where status = 'open' and expected_close_on < (select as_of::date from core.as_of)),
        'Their expected close date has passed.'
    from deals
    union all
    select
        'open deal', 'probability that fits its stage', count(*) filter (where f.conflict is not null), count(*),
        sum(f.amount) filter (where f.conflict is not null),
        'Their probability disagrees with their stage; marts.deal_forecasts says how.'
    from marts.deal_forecasts as f
    where f.status = 'open'
    union all
    select
        'open deal', 'owner', count(*) filter (where status = 'open' and owner is null), count(*) filter (where status = 'open'),
        sum(amount) filter (where status = 'open' and owner is null), 'Nobody works them.'
    from deals
    union all
    select
        'won deal', 'creation before closing', count(*) filter (where status = 'won' and days_to_close is null),
        count(*) filter (where status = 'won'), sum(amount) filter (where status = 'won' and days_to_close is null),
        'They closed before they were created, as imported deals do: in no time to close.'
    from deals
    union all
    select
        'lost deal', 'reason', count(*) filter (where status = 'lost' and lost_reason is null), count(*) filter (where status = 'lost'),
        sum(amount) filter (where status = 'lost' and lost_reason is null), 'Why they were lost is not known.'
    from deals
    union all
    select
        'won deal', 'account', count(*) filter (where status = 'won' and c.deal_id is null), count(*) filter (where status = 'won'),
        sum(d.amount) filter (where status = 'won' and c.deal_id is null), 'Who bought is not known: in no customer, repeat purchase or retention.'
    from deals as d
    left join (select system, deal_id from marts.customer_deals) as c on c.system = d.system and c.deal_id = d.deal_id
    union all
    select
        'stage visit', 'time of entry', count(*) filter (where not is_observed), count(*), null,
        'The entry is assumed from the creation date: in no time in stage.'
    from marts.stage_visits
    union all
    select
        'stage change', 'deal', o.records, (select count(*) from staging.stage_changes), null,
        'The deal is in no export: used in no metric.'
    from orphans as o
)

select
    entity,                                                         -- Kind of record.
    field,                                                          -- What it lacks.
    records,                                                        -- Records that lack it.
    of_records,                                                     -- Records that should have it.
    records::double / nullif(of_records, 0) as share,               -- records ÷ of_records.
    amount_blocked::decimal(18, 2) as amount_blocked,               -- Value of those deals, in base currency; empty where nobody knows it.
    note                                                            -- What follows.
from found
where records > 0
