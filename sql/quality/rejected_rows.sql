-- One row per rejected record: where it stands, why it was not used, and its text.
--
-- grain: path, line
-- bars: rows by reason

select
    s.path,              -- File.
    r.line,              -- Line on which the record begins.
    s.object,            -- What the file holds.
    r.column_name,       -- Headings at fault; empty when the record has no fields.
    r.reason,            -- One sentence per fault.
    r.original           -- The record as it stands in the file.
from rejects.rejected_rows as r
join rejects.survey as s on s.file = r.file
