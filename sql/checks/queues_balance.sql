-- Months in which the queue of a stage is not the one before it, plus what arrived, less what left.
--
-- severity: error

select pipeline, stage, period_start, queue, queue_was, arrivals, departures
from (
    select *, coalesce(lag(queue) over (partition by pipeline, stage order by period_start), 0) as queue_was
    from marts.bottlenecks
)
where queue <> queue_was + arrivals - departures
