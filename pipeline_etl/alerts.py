"""What a finished run has to tell: from its events to an `Alert`.

A message leaves the house, so it holds names of tables, rules and numbers of rows, but no row of an export; what a check has to
say in words of its own stands in its column `says`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import dagster as dg
from dagster import AssetCheckEvaluation, DagsterEvent, DagsterEventType

from pipeline_etl.failures import EXPECTED, root
from pipeline_etl.notify import CHECKS, Alert, failure, name_of

CAUSES = (
    (DagsterEventType.STEP_FAILURE, DagsterEventType.RESOURCE_INIT_FAILURE),
    (DagsterEventType.ENGINE_EVENT,),
    (DagsterEventType.RUN_FAILURE,),
)
"""Where it stands why a run failed; in the later ones only where no step came to it, as of a worker that was killed."""


def alert_of(run_id: str, events: Iterable[DagsterEvent], home: str, published: bool, job: str = "the run") -> Alert | None:
    """What the events of a run have to tell, or None where all is well."""
    events = list(events)
    evaluations = [e.asset_check_evaluation_data for e in events if e.event_type_value == "ASSET_CHECK_EVALUATION"]
    failed = [e for e in evaluations if not e.passed]
    if published:
        title = f"pipeline-etl: {_count(len(failed))} in {name_of(home)}"
        return Alert(CHECKS, title, tuple(line for e in failed for line in _said(e)), home, run_id) if failed else None
    lines = [*_errors(events), *(line for e in failed if e.blocking for line in _said(e))]
    return failure(home, lines or ["nobody knows why; the log of the run in pipeline-etl ui may tell"], run_id, job)


def _errors(events: Sequence[DagsterEvent]) -> list[str]:
    """A sentence per error: those that are meant for people as they are, of others the kind alone, for they may quote data."""
    by_kind = [[e for e in events if e.event_type in kinds and _error(e)] for kinds in CAUSES]
    return list(dict.fromkeys(_error(event) for event in next(filter(None, by_kind), [])))


def _error(event: DagsterEvent) -> str:
    data = event.event_specific_data
    error, told = root(getattr(data, "error", None)), getattr(data, "user_failure_data", None)
    if told and told.description:
        return told.description
    if error and error.cls_name in EXPECTED:
        return error.message.partition(": ")[2].strip()
    if error and error.cls_name != "DagsterAssetCheckFailedError":
        return f"{event.step_key or 'the run'} failed: {error.cls_name}; the whole trace is in pipeline-etl ui"
    return "" if error or event.event_type != DagsterEventType.RUN_FAILURE else event.message or ""


def _said(evaluation: AssetCheckEvaluation) -> list[str]:
    metadata, table = evaluation.metadata, ".".join(evaluation.asset_key.path)
    if "says" in metadata:
        said = str(metadata["says"].value).splitlines()
        more = int(str(metadata["failing_rows"].value)) - len(said)
        return [*said, *([f"and {more} more of the same kind"] if more > 0 else [])]
    rule = metadata["rule"].value if "rule" in metadata else evaluation.check_name
    failing = metadata["failing_rows"].value if "failing_rows" in metadata else "some"
    return [f"{table}: {rule} ({failing} rows break it)"]


def _count(checks: int) -> str:
    return "1 check failed" if checks == 1 else f"{checks} checks failed"


def of_run(instance: dg.DagsterInstance, run: dg.DagsterRun, home: str, *, published: bool) -> Alert | None:
    """The same of a run in the history of an instance."""
    kinds = {DagsterEventType.ASSET_CHECK_EVALUATION, *(kind for kinds in CAUSES for kind in kinds)}
    events = [entry.dagster_event for entry in instance.all_logs(run.run_id, of_type=kinds) if entry.dagster_event]
    return alert_of(run.run_id, events, home, published, "the run" if run.job_name == "pipeline" else f"the job {run.job_name}")
