-- One row per fiscal quarter and pipeline: what the forecast would have said at its beginning, and what came; `all` rows are totals.
--
-- Known at the beginning is what happened before its first moment. A deal's amount, probability and close date of then are known
-- where its system's exports record changes of that field, or where the record was not updated since.
--
-- grain: period, period_start, pipeline
-- check: due_won <= due_deals
-- check: due_deals + overdue_deals + deals_without_close_date <= open_deals_then

with quarters as (
    -- A forecast is of a quarter: neither weeks nor months have one.
    select period_start, starts_at, ends_before, is_running
    from core.periods
    where period = 'quarter'
),

scopes as (
    select distinct pipeline as of_pipeline, pipeline from core.stages
    union all
    select distinct pipeline, 'all' from core.stages
),

tracked as (
    select distinct system, field
    from staging.deal_edits
    where changed_at <= (select as_of from core.as_of)
),

-- Every deal that was there, as it stood then.
states as (
    select
        q.period_start, q.starts_at, q.ends_before, s.system, s.deal_id, s.state_number, s.pipeline, s.stage, s.kind,
        case when a.field is not null or d.updated_at < q.starts_at then s.amount end as amount,
        case when (p.field is not null or d.updated_at < q.starts_at) and s.probability between 0 and 1 then s.probability end as probability,
        case when c.field is not null or d.updated_at < q.starts_at then s.close_on end as close_on
    from quarters as q
    join core.deal_states as s on s.valid_from < q.starts_at and (s.valid_to is null or s.valid_to >= q.starts_at)
    join core.deals as d on d.system = s.system and d.deal_id = s.deal_id
    left join tracked as a on a.system = s.system and a.field = 'amount'
    left join tracked as p on p.system = s.system and p.field = 'probability'
    left join tracked as c on c.system = s.system and c.field = 'close_on'
    where s.kind in ('open', 'won', 'lost') and d.created_at < q.starts_at
),

stood as (
    select system, deal_id, pipeline, stage, min(state_number) as since
    from core.deal_states
    where kind = 'open'
    group by system, deal_id, pipeline, stage
),

own as (
    select n.period_start, o.pipeline, o.stage, count(*) filter (where n.kind = 'won')::double / count(*) as own_probability
    from states as n
    join stood as o on o.system = n.system and o.deal_id = n.deal_id and o.since < n.state_number
    where n.kind <> 'open'
    group by n.period_start, o.pipeline, o.stage
    having count(*) >= 20
),

standing as (
    select
        n.period_start, n.pipeline, n.kind, n.amount, n.probability, n.close_on, o.own_probability,
        n.kind = 'open' and n.close_on >= n.period_start and n.close_on < n.ends_before as is_due,
        n.kind = 'open' and n.close_on < n.period_start as is_overdue,
        weighted(n.amount, n.probability) as crm_weighted,
        weighted(n.amount, o.own_probability) as own_weighted,
        d.deal_id is not null as is_won,
        coalesce(d.amount, 0) as came
    from states as n
    left join own as o on o.period_start = n.period_start and o.pipeline = n.pipeline and o.stage = n.stage
    left join marts.deals as d
        on d.system = n.system and d.deal_id = n.deal_id and d.status = 'won'
        and d.closed_on >= n.period_start and d.closed_on < n.ends_before
),

said as (
    select
        n.period_start, s.pipeline,
        count(*) filter (where n.kind = 'open') as open_deals_then,
        count(*) filter (where n.kind <> 'open') as closed_deals,
        count(*) filter (where n.kind = 'open' and n.close_on is null) as deals_without_close_date,
        count(*) filter (where n.is_overdue) as overdue_deals,
        count(*) filter (where n.is_due) as due_deals,
        sum(n.amount) filter (where n.is_due) as due_amount,
        count(*) filter (where n.is_due and n.amount is null) as due_without_amount,
        count(*) filter (where n.is_due and n.probability is null) as due_without_probability,
        count(*) filter (where n.is_due and n.own_probability is null) as due_without_history,
        count(*) filter (where n.is_due and n.is_won) as due_won,
        sum(n.came) filter (where n.is_due) as due_won_amount,
        sum(n.crm_weighted) filter (where n.is_due) as crm_said,
        sum(n.came) filter (where n.is_due and n.crm_weighted is not null) as crm_came,
        sum(n.own_weighted) filter (where n.is_due) as own_said,
        sum(n.came) filter (where n.is_due and n.own_weighted is not null) as own_came
    from standing as n
    join scopes as s on s.of_pipeline = n.pipeline
    group by n.period_start, s.pipeline
),

won as (
    select q.period_start, s.pipeline, count(*) as won, sum(d.amount) as won_amount
    from marts.deals as d
    join quarters as q on d.closed_on >= q.period_start and d.closed_on < q.ends_before
    join scopes as s on s.of_pipeline = d.pipeline
    where d.status = 'won'
    group by q.period_start, s.pipeline
),

-- Where nothing was due, both would have said 0.
filled as (
    select
        q.period_start, p.pipeline, q.is_running, s.* exclude (period_start, pipeline, crm_said, crm_came, own_said, own_came),
        w.won, w.won_amount,
        case when coalesce(s.due_deals, 0) = 0 then 0 else s.crm_said end as crm_said,
        case when coalesce(s.due_deals, 0) = 0 then 0 else s.crm_came end as crm_came,
        case when coalesce(s.due_deals, 0) = 0 then 0 else s.own_said end as own_said,
        case when coalesce(s.due_deals, 0) = 0 then 0 else s.own_came end as own_came
    from quarters as q
    cross join (select distinct pipeline from scopes) as p
    left join said as s on s.period_start = q.period_start and s.pipeline = p.pipeline
    left join won as w on w.period_start = q.period_start and w.pipeline = p.pipeline
)

select
    'quarter' as period,                                                         -- Always quarter; fiscal.
    period_start,                                                                -- First day of the quarter, in the business time zone.
    pipeline,                                                                    -- Pipeline, or `all`.
    is_running,                                                                  -- Whether as-of lies in it: what came is not all yet, and there is no error.
    coalesce(closed_deals, 0) as closed_deals,                                   -- Deals that were closed before it began: the history of then.
    coalesce(open_deals_then, 0) as open_deals_then,                             -- Deals that were open when it began.
    coalesce(deals_without_close_date, 0) as deals_without_close_date,           -- Those whose close date of then is not known.
    coalesce(overdue_deals, 0) as overdue_deals,                                 -- Those whose close date had passed.
    coalesce(due_deals, 0) as due_deals,                                         -- Those whose close date lay in the quarter.
    coalesce(due_amount, 0)::decimal(18, 2) as due_amount_then,                  -- Value of the due deals then, in base currency at the rates of marts.deals.
    coalesce(due_without_amount, 0) as due_without_amount,                       -- Due deals whose amount of then is not known.
    coalesce(due_without_probability, 0) as due_without_probability,             -- Due deals whose probability of then is not known: not in crm_said.
    coalesce(due_without_history, 0) as due_without_history,                     -- Due deals in stages through which fewer than 20 deals had closed by then: not in own_said.
    crm_said::decimal(18, 2) as crm_said,                                        -- Weighted value of the due deals by the CRM's probabilities of then; empty where it could use none of them.
    own_said::decimal(18, 2) as own_said,                                        -- The same by the own history of then; empty where it could use none of them.
    coalesce(due_won, 0) as due_won,                                             -- Due deals that were won in the quarter.
    coalesce(due_won_amount, 0)::decimal(18, 2) as due_won_amount,               -- Their value.
    coalesce(won, 0) as won,                                                     -- All deals won in the quarter, as in marts.pipeline_health.
    coalesce(won_amount, 0)::decimal(18, 2) as won_amount,                       -- Their value.
    crm_came::decimal(18, 2) as crm_came,                                        -- Won in the quarter of the deals in crm_said.
    own_came::decimal(18, 2) as own_came,                                        -- Won in the quarter of the deals in own_said.
    case when not is_running then crm_said - crm_came end::decimal(18, 2) as crm_error,  -- crm_said − crm_came.
    case when not is_running then own_said - own_came end::decimal(18, 2) as own_error,  -- own_said − own_came.
    case when not is_running then (crm_said - crm_came)::double / nullif(crm_came, 0)::double end as crm_relative_error,  -- crm_error ÷ crm_came.
    case when not is_running then (own_said - own_came)::double / nullif(own_came, 0)::double end as own_relative_error   -- own_error ÷ own_came.
from filled
