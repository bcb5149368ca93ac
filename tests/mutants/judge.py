"""Says of a mutant whether the tests notice it: a pytest plugin that runs them once, remembers, and repeats what matters.

Every test that asks for the fixture `bench` (or `example`, which stands on it) takes part; nothing is listed by hand. A hypothesis
test is run on a fixed number of examples from a fixed seed, and each is remembered. A mutant is then run scene by scene
(`scenes.py`); only where its rows differ from the model's is the test behind the scene repeated. So a reference is asked only where
there is something to ask, and a table that has a new test or a new reference needs no word here.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import duckdb
import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from mutants.scenes import Scenes

from pipeline_etl.model import Model

SECONDS = 20
"""A mutant that takes longer on one small scene runs away: a recursion without its end."""


@dataclass(frozen=True)
class Case:
    """One repeatable test: a whole pytest item, or one example of a hypothesis test with all its arguments."""

    item: pytest.Item
    arguments: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Verdict:
    """killed_by: error, rule, test, or nothing; changed and scenes: in how many the rows differed, of how many."""

    killed_by: str = ""
    changed: int = 0
    scenes: int = 0


class Judge:
    """tables: those of which mutants will come; tasks: (number, table, SQL); report: told (number, Verdict), or (None, a sentence)."""

    def __init__(self, tables: set[str], examples: int, tasks: Iterable[tuple], report: Callable[[tuple], None]) -> None:
        self.examples, self.tasks, self.report = examples, tasks, report
        self.cases: list[Case] = []
        self.scenes = Scenes(tables)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Of all tests those that see the models; those that draw at random come last, because they are slow."""
        items[:] = sorted((i for i in items if "bench" in i.fixturenames), key=lambda i: hasattr(i.obj, "hypothesis"))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef) -> Iterator[None]:
        """Listens to the bench from its first moment."""
        value = yield
        if fixturedef.argname == "bench":
            self.scenes.listen(value)
        return value

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """First round, then the mutants as they come."""
        for item in session.items:
            first = len(self.cases)
            if not self._record(item):
                self.scenes.forget(range(first, len(self.cases)))
                self.report((None, f"{item.nodeid} fails without any mutant; it does not take part"))
        for number, table, sql in self.tasks:
            self.report((number, self.judge(table, sql)))
        return True

    def judge(self, table: str, sql: str) -> Verdict:
        """What becomes of a model when this is its SQL."""
        changed, asked = 0, set()
        scenes = self.scenes.of(table)
        for place, scene in enumerate(scenes):
            killed_by = ""
            try:
                with self._limit():
                    differs, breaks = self.scenes.differs(scene, table, sql)
            except duckdb.Error:
                killed_by = "error"
            else:
                changed += differs
                if breaks:
                    killed_by = "rule"
                elif differs and scene.case not in asked:
                    asked.add(scene.case)
                    killed_by = "" if self._repeat(scene.case, self.scenes.bench.models[table], sql) else "test"
            if killed_by:
                # What notices one mutant often notices the next one too.
                scenes.insert(0, scenes.pop(place))
                return Verdict(killed_by, changed, len(scenes))
        return Verdict("", changed, len(scenes))

    def _record(self, item: pytest.Item) -> bool:
        """Run a test, or a hypothesis test's examples, as cases; whether it passes."""
        test = getattr(item.obj, "hypothesis", None)
        if test is None:
            self.cases.append(Case(item))
            with self.scenes.recording(len(self.cases) - 1):
                return _passes(item)
        inner, limits = test.inner_test, item.obj._hypothesis_internal_use_settings
        phases = [p for p in (hypothesis.Phase.explicit, hypothesis.Phase.generate) if p in limits.phases]
        item.obj._hypothesis_internal_use_settings = hypothesis.settings(limits, max_examples=self.examples, phases=phases, database=None)
        item.obj._hypothesis_internal_use_seed = 0

        def remembering(**arguments):
            drawn = {k: v if k in item.fixturenames else copy.deepcopy(v) for k, v in arguments.items()}
            self.cases.append(Case(item, drawn))
            with self.scenes.recording(len(self.cases) - 1):
                inner(**arguments)

        test.inner_test = remembering
        try:
            return _passes(item)
        finally:
            test.inner_test = inner

    def _repeat(self, number: int, model: Model, sql: str) -> bool:
        """Whether the test passes with the mutant in the model's place."""
        case, models = self.cases[number], self.scenes.bench.models
        models[model.table] = replace(model, sql=sql)
        try:
            with self._limit(), self.scenes.repeating(number, model.table):
                if case.arguments is None:
                    return _passes(case.item)
                case.item.obj.hypothesis.inner_test(**case.arguments)
                return True
        except Exception:
            return False
        finally:
            models[model.table] = model

    @contextmanager
    def _limit(self) -> Iterator[None]:
        timer = threading.Timer(SECONDS, self.scenes.bench.connection.interrupt)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()


def _passes(item: pytest.Item) -> bool:
    """Set up, called and torn down; fixtures of the session stay."""
    reports = runtestprotocol(item, log=False, nextitem=item.session)
    return all(r.passed or r.skipped for r in reports)
