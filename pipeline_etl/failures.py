"""Why a run failed, in sentences: our own errors as they are, failed checks with their numbers, a full disk by its name."""

from __future__ import annotations

import re
from typing import Any

EXPECTED = {
    "LockedError", "NothingToRead", "PublishError", "RowsLost", "LinesLost", "Refused", "SettingsError", "ModelError",
    "ReportError", "PreviousError",
}  # fmt: skip
"""Errors whose message is meant for the user as it is."""
FAILED = ("RUN_FAILURE", "PIPELINE_FAILURE", "RESOURCE_INIT_FAILURE")
KNOWN = {
    r"No space left on device|disk quota exceeded": "the disk is full: make room where the home is, and run again",
    r"Out of Memory Error|failed to (pin|allocate) ": "there is not enough memory: allow more with --memory-limit, such as 8GB",
    r"Too many open files": "the system lets a program open too few files: raise the limit (`ulimit -n 4096`) and run again",
}
"""What the machine may lack, by what the libraries say of it."""


def problems(result: Any) -> list[str]:
    """Sentences from the result of a run of Dagster that did not succeed."""
    found = []
    for event in result.all_events:
        if event.is_step_failure or event.event_type_value in FAILED:
            error = root(getattr(event.event_specific_data, "error", None))
            if error and error.cls_name in EXPECTED:
                found.append(error.message.partition(": ")[2].strip())
            elif error and error.cls_name != "DagsterAssetCheckFailedError":
                found.append(_sentence(event.step_key or "the run", error.message.strip()))
    for evaluation in result.get_asset_check_evaluations():
        if not evaluation.passed and evaluation.blocking:
            meta = evaluation.metadata
            table = ".".join(evaluation.asset_key.path)
            found.append(
                f"{table}: {meta['rule'].value} {meta['failing_rows'].value} rows break it"
                + (f", such as {meta['example'].value}" if "example" in meta else "")
            )
    return list(dict.fromkeys(found)) or ["the run failed; open pipeline-etl ui to see where"]


def root(error: Any) -> Any:
    """The first error of a chain that is meant for the user, else the one that began it."""
    while error and error.cls_name not in EXPECTED and error.cause:
        error = error.cause
    return error


def _sentence(step: str, message: str) -> str:
    for pattern, said in KNOWN.items():
        if re.search(pattern, message, flags=re.IGNORECASE):
            return f"{step} failed: {said} ({message.splitlines()[0]})"
    return f"{step} failed: {message} (the whole trace is in pipeline-etl ui)"
