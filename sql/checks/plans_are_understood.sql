-- Targets and capacities that name what no export has, or a period that does not begin on the first of a month.
--
-- severity: warning

select 'target' as entity, period, period_start, pipeline, owner, team, metric, not_found
from core.targets
where not_found is not null
union all
select 'capacity', period, period_start, null, owner, team, null, not_found
from core.capacities
where not_found is not null
union all
select 'target', period, period_start, pipeline, owner, team, metric, 'first of a month'
from core.targets
where period_start <> date_trunc('month', period_start)
union all
select 'capacity', period, period_start, null, owner, team, null, 'first of a month'
from core.capacities
where period_start <> date_trunc('month', period_start)
