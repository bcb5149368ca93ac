-- One row per deal that stands otherwise than in the run before, or whose stage history does: what changed, the first that holds.
--
-- grain: system, deal_id
-- check: change in ('new', 'deleted', 'merged', 'test', 'absent', 'pipeline', 'status', 'dates', 'rate', 'amount', 'history')

with was as (
    select system, deal_id, pipeline, status, amount, amount_original, currency, created_on, closed_on, days_to_close
    from previous.deals
    where status in ('open', 'won', 'lost')
),

became as (
    select system, deal_id, pipeline, status, amount, amount_original, currency, created_on, closed_on, days_to_close
    from marts.deals
    where status in ('open', 'won', 'lost')
),

-- Where a deal stood in its pipelines; a stay that ended since is no change of what had been before.
told_otherwise as (
    select distinct system, deal_id
    from previous.stage_visits as b
    full join marts.stage_visits as n using (system, deal_id, visit_number, pipeline, stage, entered_at)
    where b.deal_id is null or n.deal_id is null or n.left_at is distinct from b.left_at
),

new_events as (
    select e.system, e.deal_id
    from marts.stage_visits as e
    anti join previous.stage_visits as b using (system, deal_id, pipeline, stage, entered_at)
    union all
    select e.system, e.deal_id
    from staging.deal_edits as e
    cross join core.as_of as a
    join core.last_run as l on e.changed_at > l.as_of and e.changed_at <= a.as_of
),

edited as (
    select system, deal_id, count(*) as edits
    from new_events
    group by system, deal_id
),

compared as (
    select
        system, deal_id,
        b.pipeline as pipeline_before, n.pipeline as pipeline_now, b.status as status_before, n.status as status_now,
        b.amount as amount_before, n.amount as amount_now, b.created_on as created_on_before, n.created_on as created_on_now,
        b.closed_on as closed_on_before, n.closed_on as closed_on_now, b.days_to_close as days_before, n.days_to_close as days_now,
        b.amount_original is not distinct from n.amount_original and b.currency is not distinct from n.currency as has_same_original
    from was as b
    full join became as n using (system, deal_id)
),

judged as (
    select
        c.*,
        case
            when c.status_before is null then 'new'
            when c.status_now is null then coalesce(d.status, 'absent')
            when c.pipeline_now <> c.pipeline_before then 'pipeline'
            when c.status_now <> c.status_before then 'status'
            when c.created_on_now is distinct from c.created_on_before or c.closed_on_now is distinct from c.closed_on_before
                or c.days_now is distinct from c.days_before then 'dates'
            when c.amount_now is distinct from c.amount_before and c.has_same_original then 'rate'
            when c.amount_now is distinct from c.amount_before then 'amount'
            when t.deal_id is not null then 'history'
        end as change
    from compared as c
    left join marts.deals as d using (system, deal_id)
    left join told_otherwise as t using (system, deal_id)
)

select
    j.system,                                    -- CRM that holds the deal.
    j.deal_id,                                   -- Id of the deal in its CRM.
    j.change,                                    -- new, deleted, merged, test, absent (in no export any more), pipeline, status, dates, rate, amount or history.
    j.pipeline_before,                           -- Pipeline in the run before; empty where it was in none.
    j.pipeline_now,                              -- Pipeline in this run; empty where it is in none.
    j.status_before,                             -- open, won or lost in the run before.
    j.status_now,                                -- open, won or lost in this run.
    j.amount_before,                             -- Value in the run before, in its base currency.
    j.amount_now,                                -- Value in this run, in base currency.
    j.created_on_before,                         -- Day of creation in the run before.
    j.created_on_now,                            -- Day of creation in this run.
    j.closed_on_before,                          -- Day of closing in the run before.
    j.closed_on_now,                             -- Day of closing in this run.
    j.days_before,                               -- Days from creation to closing in the run before.
    j.days_now,                                  -- Days from creation to closing in this run.
    coalesce(e.edits, 0) as edits                -- Recorded edits since the as-of of the run before, and entries into stages that it did not know.
from judged as j
cross join core.last_run as l
left join edited as e using (system, deal_id)
where j.change is not null
