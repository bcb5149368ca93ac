"""What `dg`, `dagster` and the UI load: the code location, configured by environment variables."""

import os

from pipeline_etl.build import SessionResource
from pipeline_etl.compose import build

_home = os.environ.get("PIPELINE_ETL_HOME", "pipeline-home")
defs = build(
    SessionResource(
        exports=os.environ.get("PIPELINE_ETL_EXPORTS", f"{_home}/exports"),
        home=_home,
        settings=os.environ.get("PIPELINE_ETL_SETTINGS", ""),
        as_of=os.environ.get("PIPELINE_ETL_AS_OF", ""),
    )
)
