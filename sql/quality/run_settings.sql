-- One row per setting by which the figures of this run were counted.
--
-- grain: setting

select
    setting,             -- Which setting.
    value                -- What it was, as one text; '' where nothing is set.
from core.run_settings
