"""`dagster dev` whose web server also gives out the reports of the home: a browser opens no file from a page of the web.

Dagster starts its web server as a process of its own by the name of its module, and has no place for further pages in it. So
`python -m pipeline_etl.web dev …` is `dagster dev …` with this module in that name's place; see docs/decisions/0016.
"""

import os
import sys
from pathlib import Path
from typing import Any

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from pipeline_etl.home import Home
from pipeline_etl.report_assets import REPORTS_URL


def serve() -> None:
    """The web server; in place of `python -m dagster_webserver`."""
    from dagster_webserver import app, cli
    from dagster_webserver.webserver import DagsterWebserver

    reports = Home(Path(os.environ["PIPELINE_ETL_HOME"])).reports

    class Webserver(DagsterWebserver):
        def build_routes(self) -> list[Any]:
            # The folder may appear with the first run.
            return [Mount(REPORTS_URL, StaticFiles(directory=reports, check_dir=False)), *super().build_routes()]

    app.DagsterWebserver = Webserver
    cli.main()


def develop() -> None:
    """The web server, the daemon, and one code server for both."""
    from dagster._cli import dev

    started = dev.open_ipc_subprocess

    def start(command: list[str], **options: Any) -> Any:
        own = ["-m", "pipeline_etl.web"] if command[1:3] == ["-m", "dagster_webserver"] else command[1:3]
        return started([command[0], *own, *command[3:]], **options)

    dev.open_ipc_subprocess = start
    dev.dev_command(sys.argv[2:], prog_name="pipeline-etl ui")


if __name__ == "__main__":
    develop() if sys.argv[1:2] == ["dev"] else serve()
