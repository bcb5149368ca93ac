-- One row per run that was published to this home: when it began, and the moment that it described.
--
-- grain: started_at

select
    started_at,          -- When the run began, UTC.
    as_of,               -- The moment that its numbers describe, UTC.
    as_of_on,            -- Its day, in the business time zone.
    as_of_from           -- Where it comes from.
from core.run

union all

select p.started_at, p.as_of, p.as_of_on, p.as_of_from
from previous.runs as p
where p.started_at not in (select started_at from core.run)
