-- Records whose event lies after the start of the run: their clock or their date is wrong.
--
-- severity: warning

select system, deal_id, created_at as happened_at, 'deal created' as event
from staging.deals
where created_at > (select started_at from settings.run)
union all
select system, deal_id, changed_at, 'stage entered'
from staging.stage_changes
where changed_at > (select started_at from settings.run)
