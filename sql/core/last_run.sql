-- One row: the run that was published last, before this one. None in the first run of a home.
--
-- The last by its number, for a clock can be set back; runs of a release that did not number them came before all that have one.
--
-- grain: started_at

select
    started_at,                                      -- When it began, UTC.
    as_of,                                           -- The moment that its numbers describe, UTC.
    as_of_on                                         -- Its day, in the business time zone.
from previous.runs
qualify row_number() over (order by run_number desc nulls last, started_at desc) = 1
