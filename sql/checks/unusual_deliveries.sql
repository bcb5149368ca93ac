-- A newest file with at most a fifth of the rows that files of its series usually have, or five times as many.
--
-- severity: warning

select
    concat(path, ' has ', finding, ': ', rows, ' instead of about ', cast(round(usual_rows) as bigint)) as says,
    path, rows, usual_rows
from quality.deliveries
where finding is not null
