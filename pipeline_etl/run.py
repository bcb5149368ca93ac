"""Run the main job from the command line: the same assets as in the UI, in one process, recorded in the home."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from pipeline_etl.exports import find_files
from pipeline_etl.notify import Alert, failure
from pipeline_etl.settings import load_mappings, load_settings, parse_as_of
from pipeline_etl.warehouse import Home, LockedError, PreviousError

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
EXPECTED = {
    "LockedError", "NothingToRead", "PublishError", "RowsLost", "LinesLost", "Refused", "SettingsError", "ModelError",
    "ReportError", "PreviousError",
}  # fmt: skip
"""Errors whose message is meant for the user as it is."""


class UsageError(Exception):
    """The command cannot be carried out as given; the message says what to do."""


@dataclass
class Result:
    """How a run ended: problems are sentences; a published run has none."""

    published: bool
    problems: list[str] = field(default_factory=list)
    run_id: str = ""
    alert: Alert | None = None


class Progress:
    """One line that moves on a terminal; a line per step elsewhere."""

    def __init__(self) -> None:
        from tqdm import tqdm

        self._live = sys.stderr.isatty()
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


def run(exports: Path, home: Home, settings: Path | None, as_of: str) -> Result:
    """Run everything; the previous warehouse stays where the result is not `published`."""
    from pipeline_etl.alerts import alert_of
    from pipeline_etl.build import JOB, SessionResource, asset_key
    from pipeline_etl.compose import build, catalog
    from pipeline_etl.session import NothingToRead

    where = {
        "exports": str(exports.resolve()), "home": str(home.folder.resolve()),
        "settings": str(settings.resolve()) if settings else "", "as_of": as_of,
    }  # fmt: skip
    progress = Progress()
    try:
        with SessionResource(**where).open(catalog(), progress=progress) as session, open_instance(home) as instance:
            # A kind of export of which the folder holds no file is an empty table from the start: no step is spent on it.
            absent = {asset_key(f"raw.{c.name}") for c in session.contracts if not session.arrivals(c)}
            absent |= {asset_key(f"raw.{c.spread.table}") for c in session.contracts if c.spread and not session.arrivals(c)}
            job = build(**where, opened=session).resolve_job_def(JOB)
            selected = [key for key in job.asset_layer.selected_asset_keys if key not in absent]
            progress.steps = len(selected)
            result = job.execute_in_process(
                instance=instance, raise_on_error=False, asset_selection=selected,
                run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            )  # fmt: skip
    except (LockedError, PreviousError, NothingToRead) as error:
        return Result(False, [str(error)], alert=failure(where["home"], [str(error)]))
    finally:
        progress.close()
    alert = alert_of(result.run_id, result.all_events, where["home"], result.success)
    return Result(result.success, [] if result.success else _problems(result), result.run_id, alert)


def root(error):
    """The first error of a chain that is meant for the user, else the one that began it."""
    while error and error.cls_name not in EXPECTED and error.cause:
        error = error.cause
    return error


def _problems(result) -> list[str]:
    """Sentences from the failures of a run: our own errors as they are, failed checks with their numbers."""
    problems = []
    for event in result.all_events:
        if event.is_step_failure or event.event_type_value in (
            "RUN_FAILURE",
            "PIPELINE_FAILURE",
            "RESOURCE_INIT_FAILURE",
        ):
            error = root(getattr(event.event_specific_data, "error", None))
            if error and error.cls_name in EXPECTED:
                problems.append(error.message.partition(": ")[2].strip())
            elif error and error.cls_name != "DagsterAssetCheckFailedError":
                step = event.step_key or "the run"
                problems.append(f"{step} failed: {error.message.strip()} (the whole trace is in pipeline-etl ui)")
    for evaluation in result.get_asset_check_evaluations():
        if not evaluation.passed and evaluation.blocking:
            meta = evaluation.metadata
            table = ".".join(evaluation.asset_key.path)
            problems.append(
                f"{table}: {meta['rule'].value} {meta['failing_rows'].value} rows break it"
                + (f", such as {meta['example'].value}" if "example" in meta else "")
            )
    return list(dict.fromkeys(problems)) or ["the run failed; open pipeline-etl ui to see where"]
