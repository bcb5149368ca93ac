-- One row per run that was published to this home: when it began, and the moment that it described.
--
-- Runs are numbered: a clock can be set back, and which run came before is no question of time.
--
-- grain: run_number

with published as (
    select
        coalesce(run_number, row_number() over (order by started_at)) as run_number, started_at, as_of, as_of_on, as_of_from
    from previous.runs
),

-- Without this run, of which some assets are made again.
earlier as (
    select p.run_number, p.started_at, p.as_of, p.as_of_on, p.as_of_from
    from published as p
    cross join core.run as r
    where p.started_at <> r.started_at or p.run_number < (select max(run_number) from published)
)

select
    (select coalesce(max(run_number), 0) + 1 from earlier)::bigint as run_number,  -- 1, 2, 3 … in the order of publication.
    started_at,                                                                    -- When the run began, UTC.
    as_of,                                                                         -- The moment that its numbers describe, UTC.
    as_of_on,                                                                      -- Its day, in the business time zone.
    as_of_from                                                                     -- Where it comes from.
from core.run

union all

select run_number, started_at, as_of, as_of_on, as_of_from
from earlier
