-- One row per delivery: a file of the exports folder, or one that lay there in an earlier run; its rows against those before it.
--
-- Deliveries whose paths differ by a date alone, or that overwrite each other, are one series. A delivery is compared with up to
-- twenty before it: with their median, and with the range in which four in five of them lie, so that weekends are no alarm.
--
-- grain: path, sha256
-- check: ratio is null or ratio >= 0
-- check: finding is null or finding in ('far fewer rows', 'far more rows')

with found as (
    select
        s.system, s.object, s.series, s.path, s.sha256, coalesce(s.dated, s.modified) as delivered_at,
        case when s.dated is not null then 'its name' else 'its modification' end as delivered_by,
        a.rows, true as is_present
    from rejects.survey as s
    join rejects.accounts as a on a.file = s.file
    where s.status = 'read'
),

gone as (
    select p.system, p.object, p.series, p.path, p.sha256, p.delivered_at, p.delivered_by, p.rows, false as is_present
    from previous.deliveries as p
    where not exists (select 1 from found as f where f.path = p.path and f.sha256 = p.sha256)
    qualify row_number() over (partition by p.system, p.object, p.series order by p.delivered_at desc, p.path desc, p.sha256 desc) <= 60
),

every as (
    select * from found
    union all
    select * from gone
),

compared as (
    select
        e.*,
        row_number() over (
            partition by system, object, series, is_present order by delivered_at desc, path desc, sha256 desc
        ) = 1 and is_present as is_newest,
        count(*) over earlier as earlier_deliveries,
        cast(median(rows) over earlier as double) as usual_rows,
        cast(quantile_cont(rows, 0.1) over earlier as double) as usual_low,
        cast(quantile_cont(rows, 0.9) over earlier as double) as usual_high
    from every as e
    window earlier as (
        partition by system, object, series order by delivered_at, path, sha256 rows between 20 preceding and 1 preceding
    )
)

select
    system,                                                         -- System that wrote it.
    object,                                                         -- What it holds.
    series,                                                         -- Its path with `*` in place of dates: what deliveries of one kind share.
    path,                                                           -- Path below the exports folder.
    sha256,                                                         -- Digest of its bytes.
    delivered_at,                                                   -- When it was delivered: the date in its name, else its modification (UTC).
    delivered_by,                                                   -- Which of them: its name or its modification.
    is_present,                                                     -- Whether it lies in the exports folder now.
    is_newest,                                                      -- Whether it is the newest of its series that lies there.
    rows,                                                           -- Records in it.
    earlier_deliveries,                                             -- Deliveries before it that it is compared with, up to twenty.
    usual_rows,                                                     -- Median of their rows.
    rows / nullif(usual_rows, 0) as ratio,                          -- rows ÷ usual_rows.
    case
        when not is_newest or earlier_deliveries < 4 then null
        when rows <= usual_rows * 0.2 and rows < usual_low * 0.5 then 'far fewer rows'
        when rows >= usual_rows * 5 and rows > usual_high * 2 then 'far more rows'
    end as finding                                                  -- Of the newest with four before it: far fewer or more rows than usual; else empty.
from compared
