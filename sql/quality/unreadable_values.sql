-- One row per value that could not be read in a record that was kept without it.
--
-- grain: path, line, column_name

select
    s.path,              -- File.
    v.line,              -- Line on which the record begins.
    s.object,            -- What the file holds.
    v.column_name,       -- Heading.
    v.reason,            -- One sentence.
    v.original           -- The record as it stands in the file.
from rejects.unreadable_values as v
join rejects.survey as s on s.file = v.file
