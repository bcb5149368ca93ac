"""Which faults of a run pass by themselves, and how long a run of Dagster waits for them.

A home that another run holds will be free: the run waits. A worker that was killed, a file that was being written, a disk or a
share that did not answer: the whole run is begun again, twice at most, and only where nobody watches it (the tags of `AGAIN`).
All else would fail again, and is told at once: a damaged file, a check, a bug.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import duckdb
from dagster import DagsterInstance
from dagster._core.storage.tags import (
    MAX_RETRIES_TAG,
    RETRY_NUMBER_TAG,
    RETRY_ON_ASSET_OR_OP_FAILURE_TAG,
    RETRY_STRATEGY_TAG,
)

from pipeline_etl.home import LockedError
from pipeline_etl.refusal import Refused
from pipeline_etl.session import Session

if TYPE_CHECKING:
    from dagster import DagsterRun

AGAIN = {MAX_RETRIES_TAG: "2", RETRY_STRATEGY_TAG: "ALL_STEPS", RETRY_ON_ASSET_OR_OP_FAILURE_TAG: "false"}
"""Tags of a run that nobody watches; all steps, because a run builds its warehouse from nothing."""
PASSING_FAULTS = (Refused, OSError, duckdb.IOException)
"""Of reading: an export changed while it was read, or could not be reached."""
LONGEST_WAIT = 6 * 3600.0
LOOK_EVERY = 5.0
PAUSE = 60.0
"""Before the first retry; twice as long before the second."""


@contextmanager
def in_turn(open_session: Callable[[], Session], run: DagsterRun | None, say: Callable[[str], None]) -> Iterator[Session]:
    """The session of a run, once no other run holds the home; raises LockedError after LONGEST_WAIT."""
    if run and (number := run.tags.get(RETRY_NUMBER_TAG)):
        time.sleep(PAUSE * int(number))
    until, waiting = time.monotonic() + LONGEST_WAIT, False
    with ExitStack() as stack:
        while True:
            try:
                own = stack.enter_context(open_session())
                break
            except LockedError as error:
                if time.monotonic() > until:
                    raise
                if not waiting:
                    say(f"This run waits for its turn: {error}")
                waiting = True
                time.sleep(LOOK_EVERY)
        yield own


@contextmanager
def worth_another_run(run_id: str, instance: DagsterInstance) -> Iterator[None]:
    """What fails in here with a fault that passes is worth a run of all; it is one where the run bears the tags of AGAIN."""
    try:
        yield
    except PASSING_FAULTS:
        instance.add_run_tags(run_id, {RETRY_ON_ASSET_OR_OP_FAILURE_TAG: "true"})
        raise
