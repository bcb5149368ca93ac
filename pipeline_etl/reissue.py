"""An edition of a report from the published warehouse: nothing is read again, and no run has to wait."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from pipeline_etl.beside import publish_reports
from pipeline_etl.editions import Edition, NoEdition
from pipeline_etl.functions import define
from pipeline_etl.home import Home
from pipeline_etl.model import FUNCTIONS, sql_root
from pipeline_etl.outputs import write_all
from pipeline_etl.report import Report


def open_published(home: Home) -> duckdb.DuckDBPyConnection:
    """What is published, for reading, with the formulas that queries may use. Raises NoEdition."""
    if not home.warehouse.exists():
        raise NoEdition(f"{home.warehouse}: nothing is published there; run `pipeline-etl run` first")
    try:
        connection = duckdb.connect(str(home.warehouse), read_only=True)
    except duckdb.Error as error:
        raise NoEdition(f"{home.warehouse} cannot be read: {str(error).splitlines()[0]}") from error
    define(connection, sql_root() / FUNCTIONS)
    return connection


def reissue(report: Report, home: Home, length: str, start: date | None = None) -> tuple[Edition, dict[str, dict[str, Path]]]:
    """Write the edition of a week, month or quarter into the reports of the home, each file in one atomic step.

    Without a start it is the newest that has ended. Returns the edition, and the files by language and kind.
    Raises ReportError, NoEdition.
    """
    with open_published(home) as connection:
        edition = report.of_period(connection, length, start)
        answers = edition.ask(connection)
        ((started_at,),) = connection.execute("select started_at from settings.run").fetchall()
    home.reports.mkdir(exist_ok=True)
    written = {}
    # In the home, so that the files are moved within one disk; apart from `work`, which belongs to runs.
    with TemporaryDirectory(dir=home.folder, prefix="edition-") as prepared:
        for language in edition.languages:
            names = write_all(edition.document(answers, language, {"started_at": started_at}), Path(prepared))
            written[language] = {kind: home.reports / name for kind, name in names.items()}
        publish_reports(Path(prepared), home.reports)
    return edition.edition, written
