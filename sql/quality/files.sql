-- One row per file of the exports folder: how it was read, and what became of each of its rows.
--
-- grain: path
-- bars: rows by status
-- check: rows = kept + rejected + duplicates
-- check: status in ('read', 'refused', 'unknown')

select
    s.path,                                                    -- Path below the exports folder.
    s.sha256,                                                  -- Digest of its bytes.
    s.bytes,                                                   -- Size in bytes.
    s.status,                                                  -- read; refused (no readable export); unknown (headings of no known export).
    s.note,                                                    -- Why it was not read, or what to know about how it was.
    s.system,                                                  -- System that wrote it.
    s.object,                                                  -- What it holds.
    s.confidence,                                              -- How sure the recognition is, 0..1.
    s.format,                                                  -- CSV, Excel, JSON, JSON lines or Parquet, and the archive it was in.
    s.encoding,                                                -- Text encoding.
    s.delimiter,                                               -- Field delimiter.
    a.date_order,                                              -- day/month or month/day, where the file has dates in doubt.
    a.decimal_mark,                                            -- Decimal mark of its numbers.
    coalesce(a.lines, 0) as lines,                             -- Lines of text, heading and blank ones included.
    coalesce(a.rows, 0) as rows,                               -- Records, the heading not counted.
    coalesce(a.kept, 0) as kept,                               -- Records in the warehouse.
    coalesce(a.rejected, 0) as rejected,                       -- Records in quality.rejected_rows.
    coalesce(a.duplicates, 0) as duplicates,                   -- Older copies of a record that was kept.
    coalesce(a.unreadable_values, 0) as unreadable_values,     -- Values left empty because they could not be read.
    s.mapped_columns,                                          -- Column = heading, for all that was read.
    s.unmapped_columns                                         -- Headings that nothing reads.
from rejects.survey as s
left join rejects.accounts as a on a.file = s.file
