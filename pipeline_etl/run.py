"""Run the main job from the command line: the same assets as in the UI, in one process, recorded in the home."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from pipeline_etl.exports import find_files
from pipeline_etl.failures import problems
from pipeline_etl.home import Home, LockedError
from pipeline_etl.notify import Alert, failure
from pipeline_etl.settings import load_mappings, load_settings, parse_as_of
from pipeline_etl.warehouse import PreviousError

INSTANCE = """\
# Written by pipeline-etl; edit it as you like, it is written only once.
telemetry:
  enabled: false
nux:
  enabled: false
# Runs that a schedule or a sensor began are begun again where that helps (docs/operating.md).
run_retries:
  enabled: true
run_monitoring:
  enabled: true
  start_timeout_seconds: 600
event_log_storage:
  module: pipeline_etl.history
  class: PooledSqliteEventLogStorage
  config:
    base_dir: {folder}
"""


class UsageError(Exception):
    """The command cannot be carried out as given; the message says what to do."""


@dataclass
class Result:
    """How a run ended: problems are sentences; a published run has none. was_read: files that an earlier run had read."""

    published: bool
    problems: list[str] = field(default_factory=list)
    run_id: str = ""
    was_read: int = 0
    alert: Alert | None = None


class Progress:
    """One line that moves on a terminal; elsewhere, and where the log tells more, a line per stage of the run."""

    def __init__(self, *, verbose: bool) -> None:
        from tqdm import tqdm

        self._live = sys.stderr.isatty() and not verbose
        self._bar = tqdm(total=0, disable=not self._live, bar_format="{l_bar}{bar:24}| {n}/{total} {desc}", leave=False)
        self._last = ""

    def __call__(self, line: str) -> None:
        verb = line.partition(" ")[0]
        if ":" not in line and verb in ("read", "make", "write", "publish"):
            self._bar.update(1)
        if self._live:
            self._bar.set_description_str(line[:70])
        elif ":" not in line and verb in ("survey", "write", "publish") and verb != self._last:
            print({"survey": "reading the exports", "write": "writing the reports"}.get(verb, line), file=sys.stderr)
        self._last = verb

    @property
    def steps(self) -> int:
        """How many steps there are, once that is known."""
        return self._bar.total

    @steps.setter
    def steps(self, number: int) -> None:
        self._bar.total = number

    def close(self) -> None:
        """Take the bar off the screen."""
        self._bar.close()


def check_usage(exports: Path, home: Home, settings: Path | None, as_of: str) -> None:
    """Refuse what cannot work before anything is loaded; raises UsageError or SettingsError."""
    if not exports.exists():
        raise UsageError(f"{exports}: there is no such folder; give the folder that holds the exports")
    if not exports.is_dir():
        raise UsageError(f"{exports}: this is a file; give the folder that holds it")
    if not find_files(exports):
        raise UsageError(f"{exports}: there are no files in this folder; put the exports into it")
    if set("?\\") & set(str(home.folder.resolve())):
        raise UsageError(f"{home.folder}: DuckDB cannot write below a folder with ? or \\ in its name; choose another --home")
    load_settings(settings)
    parse_as_of(as_of)
    load_mappings(exports)


def open_instance(home: Home):
    """The run history of a home, made before anything else opens it."""
    from dagster import DagsterInstance

    home.dagster.mkdir(parents=True, exist_ok=True)
    config = home.dagster / "dagster.yaml"
    if not config.exists():
        config.write_text(INSTANCE.format(folder=json.dumps(str((home.dagster / "history" / "runs").resolve()))))
    os.environ["DAGSTER_HOME"] = str(home.dagster.resolve())
    return DagsterInstance.get()


def run(
    exports: Path, home: Home, settings: Path | None, as_of: str, memory_limit: str = "", wait_minutes: float = 0,
    *, anew: bool = False, verbose: bool = False,
) -> Result:  # fmt: skip
    """Run everything; the previous warehouse stays where the result is not `published`.

    memory_limit: of the whole run, '' for what the settings say. wait_minutes: for another run to let go of the home.
    anew: make every table, also those of which nothing has changed. verbose: log each file and table to stderr as it is done.
    """
    from pipeline_etl.alerts import alert_of
    from pipeline_etl.build import JOB, SessionResource, asset_key
    from pipeline_etl.compose import build, catalog
    from pipeline_etl.surveying import NothingToRead

    where = {
        "exports": str(exports.resolve()), "home": str(home.folder.resolve()),
        "settings": str(settings.resolve()) if settings else "", "as_of": as_of,
        "memory_limit": memory_limit, "wait_minutes": wait_minutes,
        "anew": anew,
    }  # fmt: skip
    progress = Progress(verbose=verbose)
    try:
        with SessionResource(**where).open(catalog(), progress=progress) as session, open_instance(home) as instance:
            # A kind of export of which the folder holds no file is an empty table from the start: no step is spent on it.
            absent = {asset_key(f"raw.{c.name}") for c in session.contracts if not session.arrivals(c)}
            absent |= {asset_key(f"raw.{c.spread.table}") for c in session.contracts if c.spread and not session.arrivals(c)}
            job = build(SessionResource(**where), opened=session).resolve_job_def(JOB)
            selected = [key for key in job.asset_layer.selected_asset_keys if key not in absent]
            progress.steps = len(selected)
            result = job.execute_in_process(
                instance=instance, raise_on_error=False, asset_selection=selected,
                run_config={"loggers": {"console": {"config": {"log_level": "INFO" if verbose else "CRITICAL"}}}},
            )  # fmt: skip
    except (LockedError, PreviousError, NothingToRead) as error:
        return Result(False, [str(error)], alert=failure(where["home"], [str(error)]))
    finally:
        progress.close()
    alert = alert_of(result.run_id, result.all_events, where["home"], result.success)
    was_read = sum(a.was_read for a in session.accounts)
    return Result(result.success, [] if result.success else problems(result), result.run_id, was_read, alert)
