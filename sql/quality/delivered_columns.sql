-- One row per delivery and column: which share of its records has a value there, against the deliveries before it.
--
-- The newest twelve deliveries of each series; columns that hold nothing in any of them are left out.
--
-- grain: path, sha256, column_name
-- check: filled between 0 and records
-- check: filled_rate is null or filled_rate between 0 and 1

with recent as (
    select system, object, series, path, sha256, delivered_at, is_present, is_newest
    from quality.deliveries
    qualify row_number() over (partition by system, object, series order by delivered_at desc, path desc, sha256 desc) <= 12 or is_newest
),

found as (
    select s.path, s.sha256, f.column_name, a.kept + a.duplicates as records, f.filled
    from rejects.filled as f
    join rejects.survey as s on s.file = f.file
    join rejects.accounts as a on a.file = f.file
),

counted as (
    select r.*, f.column_name, f.records, f.filled
    from recent as r
    join found as f on f.path = r.path and f.sha256 = r.sha256
    where r.is_present
    union all
    select r.*, p.column_name, p.records, p.filled
    from recent as r
    join previous.delivered_columns as p on p.path = r.path and p.sha256 = r.sha256
    where not r.is_present
),

compared as (
    select
        c.*,
        filled / nullif(records, 0)::double as filled_rate,
        count(*) over earlier as earlier_deliveries,
        cast(median(filled / nullif(records, 0)::double) over earlier as double) as usual_rate
    from counted as c
    window earlier as (
        partition by system, object, series, column_name order by delivered_at, path, sha256 rows between 11 preceding and 1 preceding
    )
    qualify max(filled) over (partition by system, object, series, column_name) > 0
)

select
    system,                                                         -- System that wrote it.
    object,                                                         -- What it holds.
    series,                                                         -- Its path with `*` in place of dates.
    path,                                                           -- Path below the exports folder.
    sha256,                                                         -- Digest of its bytes.
    delivered_at,                                                   -- When it was delivered.
    is_newest,                                                      -- Whether it is the newest of its series that lies in the folder.
    column_name,                                                    -- Column of the cleaned table.
    records,                                                        -- Records that could be read.
    filled,                                                         -- Those with a value there.
    filled_rate,                                                    -- filled ÷ records; empty where there are no records.
    earlier_deliveries,                                             -- Deliveries before it that it is compared with, up to eleven.
    usual_rate,                                                     -- Median of their rates.
    is_newest and earlier_deliveries >= 4 and usual_rate >= 0.5 and coalesce(filled_rate < 0.1, false) as is_emptied -- Whether the newest lacks, in nine records of ten, what at least half of the records had before.
from compared
