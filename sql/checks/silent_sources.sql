-- A source that has sent nothing for longer than the setting `silent_after_days` allows.
--
-- severity: warning

select says, system, object, heard_at, limit_days
from quality.sources
where is_silent
