"""One run of a home, as short as one can be: `python run_once.py EXPORTS HOME`. What is killed by the tests of crashes.

It writes what a run writes, lake, warehouse, versions and tables as Parquet, but fewer tables, no reports and no run history.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from staged import publish

from pipeline_etl import compose, session
from pipeline_etl.home import Home

TABLES = ("marts.deals", "marts.stage_visits", "quality.files", "quality.rejected_rows", "quality.unreadable_values")
"""Enough for a table of every layer, promised and not."""

if __name__ == "__main__":
    # Nobody asks it here, and it takes longer to import than all the rest.
    session.warm_up = lambda: None
    publish(Path(sys.argv[1]), Home(Path(sys.argv[2])), compose.catalog(), only=TABLES)
