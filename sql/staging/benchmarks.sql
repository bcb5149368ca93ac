-- One row per outside benchmark, as it is written.
--
-- grain: file, line

select
    system,                                  -- plans.
    metric,                                  -- Metric.
    value,                                   -- Their value.
    low,                                     -- Low end of their range.
    high,                                    -- High end of their range.
    upper(currency) as currency,             -- ISO code of a value in money.
    source,                                  -- Who says it.
    year,                                    -- Year that it describes.
    definition,                              -- How they count it.
    note,                                    -- What else is to be known.
    url,                                     -- Where it stands.
    file,                                    -- Number of the file.
    line                                     -- Line in that file.
from feeds.benchmarks
