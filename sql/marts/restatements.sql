-- One row per figure of a past period that changed between two runs: from what to what, why, and which deals and files did it.
--
-- Figures are those of marts.pipeline_health of months, quarters and years that had ended at the as-of of both runs. The rows of
-- earlier runs are carried on.
--
-- grain: restated_at, metric_table, period, period_start, pipeline, metric
-- check: value_before is distinct from value_now

with health as (
    select
        true as is_now, period, period_start, pipeline, deals_created, deals_in_pipeline, open_amount, won, lost, win_rate, won_amount,
        lost_amount, closed_without_amount, won_without_amount, win_rate_by_amount, average_deal_size, average_days_to_close,
        median_days_to_close, deals_without_cycle, velocity_per_day
    from marts.pipeline_health
    union all
    select
        false, period, period_start, pipeline, deals_created, deals_in_pipeline, open_amount, won, lost, win_rate, won_amount,
        lost_amount, closed_without_amount, won_without_amount, win_rate_by_amount, average_deal_size, average_days_to_close,
        median_days_to_close, deals_without_cycle, velocity_per_day
    from previous.pipeline_health
),

-- Weeks are left out: they would be three in four rows, and what changes a week changes its month too.
ended as (
    select *, (period_start + to_months(months_in(period)))::date as ends_before
    from health
    where period <> 'week'
),

-- Each figure, what of a deal it is counted from, and whether it is a sum.
figures as (
    select e.period, e.period_start, e.ends_before, e.pipeline, e.is_now, m.metric, m.facet, m.is_sum, m.value
    from ended as e
    cross join core.run as r
    join core.last_run as l on e.ends_before <= least(l.as_of_on, r.as_of_on)
    cross join lateral (
        values
        ('deals_created', 'created', true, e.deals_created::double),
        ('deals_in_pipeline', 'standing', true, e.deals_in_pipeline), ('open_amount', 'standing amount', true, e.open_amount),
        ('won', 'status', true, e.won), ('lost', 'status', true, e.lost), ('win_rate', 'status', false, e.win_rate),
        ('won_amount', 'amount', true, e.won_amount), ('lost_amount', 'amount', true, e.lost_amount),
        ('closed_without_amount', 'amount', true, e.closed_without_amount), ('won_without_amount', 'amount', true, e.won_without_amount),
        ('win_rate_by_amount', 'amount', false, e.win_rate_by_amount), ('average_deal_size', 'amount', false, e.average_deal_size),
        ('average_days_to_close', 'days', false, e.average_days_to_close), ('median_days_to_close', 'days', false, e.median_days_to_close),
        ('deals_without_cycle', 'days', true, e.deals_without_cycle), ('velocity_per_day', 'any', false, e.velocity_per_day)
    ) as m (metric, facet, is_sum, value)
),

-- A period or a pipeline that a run did not know had no deals in it.
paired as (
    select
        period, period_start, ends_before, pipeline, metric, facet,
        coalesce(any_value(value) filter (where not is_now), case when is_sum then 0 end) as value_before,
        coalesce(any_value(value) filter (where is_now), case when is_sum then 0 end) as value_now
    from figures
    group by period, period_start, ends_before, pipeline, metric, facet, is_sum
),

-- Sums of fractions may differ in their last digits from run to run.
changed as (
    select *
    from paired
    where coalesce(abs(value_now - value_before) > 1e-9 * greatest(1, abs(value_before)), value_before is distinct from value_now)
),

spans as (
    select distinct period, period_start, ends_before
    from changed
),

-- Only deals that changed are looked at; each counts in the periods of its creation and closing, and where it stood at their end.
seen as (
    select system, deal_id, false as is_now, pipeline_before as pipeline, status_before as status, amount_before as amount, created_on_before as created_on, closed_on_before as closed_on, days_before as days
    from marts.deal_changes
    where status_before is not null
    union all
    select system, deal_id, true, pipeline_now, status_now, amount_now, created_on_now, closed_on_now, days_now
    from marts.deal_changes
    where status_now is not null
),

stays as (
    select v.system, v.deal_id, v.pipeline, v.entered_on, v.left_on, false as is_now
    from previous.stage_visits as v
    where v.stage_kind = 'open'
    union all
    select v.system, v.deal_id, v.pipeline, v.entered_on, v.left_on, true
    from marts.stage_visits as v
    where v.stage_kind = 'open'
),

facets as (
    select s.period, s.period_start, d.pipeline, d.system, d.deal_id, d.is_now, 'created' as facet, 'yes' as value
    from seen as d
    join spans as s on d.created_on >= s.period_start and d.created_on < s.ends_before
    union all
    select s.period, s.period_start, d.pipeline, d.system, d.deal_id, d.is_now, k.facet, k.value
    from seen as d
    join spans as s on d.closed_on >= s.period_start and d.closed_on < s.ends_before
    cross join lateral (
        values ('status', d.status), ('amount', concat_ws(' ', d.status, d.amount)), ('days', concat_ws(' ', d.status, d.days))
    ) as k (facet, value)
    union all
    select s.period, s.period_start, v.pipeline, d.system, d.deal_id, d.is_now, k.facet, k.value
    from seen as d
    join stays as v using (system, deal_id, is_now)
    join spans as s on v.entered_on < s.ends_before and (v.left_on is null or v.left_on >= s.ends_before)
    cross join lateral (values ('standing', 'yes'), ('standing amount', concat_ws(' ', 'yes', d.amount))) as k (facet, value)
),

scoped as (
    select f.period, f.period_start, p.pipeline, f.system, f.deal_id, f.is_now, f.facet, f.value
    from facets as f
    cross join lateral (values (f.pipeline), ('all')) as p (pipeline)
),

doers as (
    select period, period_start, pipeline, facet, system, deal_id
    from scoped
    group by period, period_start, pipeline, facet, system, deal_id
    having any_value(value) filter (where is_now) is distinct from any_value(value) filter (where not is_now)
),

evidence as (
    select distinct period, period_start, pipeline, c.metric, system, deal_id, x.change, x.edits
    from changed as c
    join doers as d using (period, period_start, pipeline)
    join marts.deal_changes as x using (system, deal_id)
    -- A status is part of the amount and the days that were closed with it.
    where d.facet = c.facet or (c.facet = 'any' and d.facet in ('amount', 'days', 'standing'))
),

told as (
    select
        period, period_start, pipeline, metric,
        count(*) as deals_changed,
        sum(edits)::bigint as edits,
        array_to_string((list(system || ':' || deal_id order by system, deal_id))[:20], ', ') as deal_ids
    from evidence
    group by period, period_start, pipeline, metric
),

phrases as (
    select change, position, one, many
    from (values
        ('new', 1, 'is new', 'are new'), ('deleted', 2, 'was deleted', 'were deleted'), ('merged', 3, 'was merged', 'were merged'),
        ('test', 4, 'is a test now', 'are tests now'), ('absent', 5, 'is in no export any more', 'are in no export any more'),
        ('pipeline', 6, 'stands in another pipeline', 'stand in another pipeline'), ('status', 7, 'has another status', 'have another status'),
        ('dates', 8, 'has other dates', 'have other dates'), ('rate', 9, 'is converted at another rate', 'are converted at another rate'),
        ('amount', 10, 'has another amount', 'have another amount'), ('history', 11, 'has another stage history', 'have another stage history')
    ) as p (change, position, one, many)
),

counted as (
    select e.period, e.period_start, e.pipeline, e.metric, p.position, count(*) as deals, p.one, p.many
    from evidence as e
    join phrases as p on p.change = e.change
    group by e.period, e.period_start, e.pipeline, e.metric, p.position, p.one, p.many
),

deal_reasons as (
    select
        period, period_start, pipeline, metric,
        string_agg(case when deals = 1 then '1 deal ' || one else deals || ' deals ' || many end, ', ' order by position) as reason
    from counted
    group by period, period_start, pipeline, metric
),

run_reasons as (
    select
        (
            select string_agg(n.setting || case when length(b.value || n.value) <= 40 then ' was ' || b.value || ' and is ' || n.value else '' end, ', ' order by n.setting)
            from core.run_settings as n
            join previous.run_settings as b on b.setting = n.setting and b.value <> n.value
            -- By these no compared figure is counted.
            where n.setting not in ('holidays', 'working hours', 'unanswered days', 'owner time zones', 'answer limits', 'automatic mails')
        ) as settings,
        (
            select 'As of an earlier moment than the run before'
            from core.run as r
            cross join core.last_run as l
            where r.as_of < l.as_of
        ) as as_of
),

fresh_files as (
    select array_to_string((list(s.path order by s.path))[:10], ', ') as paths
    from rejects.survey as s
    anti join previous.files as b using (sha256)
    where s.status = 'read'
),

lost_files as (
    select array_to_string((list(b.path order by b.path))[:10], ', ') as paths
    from previous.files as b
    anti join rejects.survey as s using (sha256)
    where b.status = 'read'
)

select
    r.started_at as restated_at,                                                 -- When the run began that said it otherwise.
    'pipeline_health' as metric_table,                                           -- Table of marts with the figure.
    c.period,                                                                    -- month, quarter or year.
    c.period_start,                                                              -- First day of the period.
    c.pipeline,                                                                  -- Pipeline, or `all`.
    c.metric,                                                                    -- Which figure, by its column.
    c.value_before,                                                              -- What the run before said; empty where it could not.
    c.value_now,                                                                 -- What this run says; empty where it cannot.
    c.value_now - c.value_before as difference,                                  -- value_now − value_before.
    concat_ws('. ', 'Other settings: ' || w.settings, w.as_of, coalesce(d.reason, case when w.settings is null and w.as_of is null then 'No deal stands otherwise: its recorded past does' end)) || '.' as reason,  -- Why, in words.
    coalesce(t.deals_changed, 0) as deals_changed,                               -- Deals that did it; marts.deal_changes says how.
    t.deal_ids,                                                                  -- system:deal_id of the first twenty of them.
    f.paths as files,                                                            -- Files that the run before did not have, the first ten.
    g.paths as files_gone,                                                       -- Files that only the run before had, the first ten.
    coalesce(t.edits, 0) as edits,                                               -- Recorded edits of those deals since previous_as_of, and entries into stages newly known.
    r.as_of,                                                                     -- As-of of the run that said it otherwise.
    l.started_at as previous_run_at,                                             -- When the run before began.
    l.as_of as previous_as_of                                                    -- Its as-of.
from changed as c
cross join core.run as r
cross join core.last_run as l
cross join run_reasons as w
cross join fresh_files as f
cross join lost_files as g
left join told as t using (period, period_start, pipeline, metric)
left join deal_reasons as d using (period, period_start, pipeline, metric)

union all

select
    p.restated_at, p.metric_table, p.period, p.period_start, p.pipeline, p.metric, p.value_before, p.value_now, p.difference, p.reason,
    p.deals_changed, p.deal_ids, p.files, p.files_gone, p.edits, p.as_of, p.previous_run_at, p.previous_as_of
from previous.restatements as p
where p.restated_at not in (select started_at from core.run)
