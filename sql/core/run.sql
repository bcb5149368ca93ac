-- One row: this run, and the moment that it describes.
--
-- grain: started_at

select
    s.started_at,                                                                -- When the run began, UTC.
    a.as_of,                                                                     -- The moment that its numbers describe, UTC.
    day_of(a.as_of, p.business_time_zone) as as_of_on,                            -- Its day, in the business time zone.
    a.as_of_from                                                                 -- Where it comes from.
from settings.run as s
cross join core.parameters as p
cross join core.as_of as a
