-- A column of a newest file that is all but empty, although at least half of the records of the files before had a value there.
--
-- severity: warning

select
    concat(
        path, ': ', column_name, ' is filled in ', cast(floor(filled_rate * 100) as bigint), ' % of the records, and was in ',
        cast(floor(usual_rate * 100) as bigint), ' %'
    ) as says,
    path, column_name, filled_rate, usual_rate
from quality.delivered_columns
where is_emptied
