"""What the tests gave to the bench and what it made of that: kept in databases, so that a mutant can be tried on it at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline_etl.model import Model
from pipeline_etl.rules import quoted
from pipeline_etl.testing import Bench


@dataclass(frozen=True)
class Scene:
    """One call of `bench.run` by a test: its tables stand in the database `name`."""

    name: str
    case: int


class Scenes:
    """tables: those of which mutants will come; calls that make none of them are not kept."""

    def __init__(self, tables: Collection[str]) -> None:
        self.tables = tables
        self.bench: Bench | None = None
        self._by_table: dict[str, list[Scene]] = defaultdict(list)
        self._calls: dict[int, list[str]] = defaultdict(list)
        self._broken: dict[tuple[str, str], set[str]] = {}
        self._recording: int | None = None
        self._repeating: tuple[Iterator[str], str] | None = None
        self._filled: set[str] = set()

    def of(self, table: str) -> list[Scene]:
        """All scenes in which this table is made."""
        return self._by_table[table]

    def listen(self, bench: Bench) -> None:
        """From now on record, or answer from the records, what is run on this bench."""
        plain = bench.run
        self.bench = bench
        # A mutant without its end must take neither the machine's memory with it nor its disk.
        bench.connection.execute("set memory_limit = '3GB'; set temp_directory = ''")

        def run(targets, given):
            name = next(self._repeating[0]) if self._repeating else ""
            if name:
                return self._run_again(name, targets, given, self._repeating[1])
            rows = plain(targets, given)
            self._filled = {*targets, *given}
            if self._recording is not None:
                self._keep(targets, given)
            return rows

        bench.run = run

    @contextmanager
    def recording(self, case: int) -> Iterator[None]:
        """What is run belongs to this case."""
        self._recording = case
        try:
            yield
        finally:
            self._recording = None

    @contextmanager
    def repeating(self, case: int, table: str) -> Iterator[None]:
        """What is run was run before, in this case; only this table's model has changed since."""
        self._repeating = iter(self._calls[case]), table
        try:
            yield
        finally:
            self._repeating = None

    def forget(self, cases: Collection[int]) -> None:
        """These take no part."""
        for table, scenes in self._by_table.items():
            self._by_table[table] = [s for s in scenes if s.case not in cases]

    def differs(self, scene: Scene, table: str, sql: str) -> tuple[bool, bool]:
        """Whether this SQL makes other rows of the table in this scene, and whether they break a rule that the model's own keep."""
        connection, model = self.bench.connection, self.bench.models[table]
        connection.execute(f"use {scene.name}")
        try:
            connection.execute(f"create or replace temp table mutant as from {table} limit 0")
            connection.execute(f"insert into mutant by name {sql}")
            seen = ", ".join(_to_nine_digits(c, kind) for c, kind in model.types.items())
            mine, its = f"select {seen} from mutant", f"select {seen} from {table}"
            both = f"(({mine}) except all ({its})) union all (({its}) except all ({mine}))"
            if not connection.execute(f"select 1 from ({both}) limit 1").fetchall():
                return False, False
            if (scene.name, table) not in self._broken:
                self._broken[scene.name, table] = self._breaks(model, table)
            return True, bool(self._breaks(model, "mutant") - self._broken[scene.name, table])
        finally:
            connection.execute("use memory")

    def _breaks(self, model: Model, table: str) -> set[str]:
        return {r.name for r in model.rules if self.bench.connection.execute(f"{r.offending(table)} limit 1").fetchall()}

    def _keep(self, targets: Sequence[str], given: Collection[str]) -> None:
        models = [self.bench.models[t] for t in targets if t in self.tables]
        name = f"scene_{sum(map(len, self._calls.values()))}" if models else ""
        self._calls[self._recording].append(name)
        if not models:
            return
        kept = {*targets, *given, *(d for m in models for d in m.dependencies)}
        self.bench.connection.execute(f"attach ':memory:' as {name}")
        for schema in {t.partition(".")[0] for t in kept}:
            self.bench.connection.execute(f"create schema {name}.{schema}")
        for table in kept:
            self.bench.connection.execute(f"create table {name}.{table} as from memory.{table}")
        for model in models:
            self._by_table[model.table].append(Scene(name, self._recording))

    def _run_again(self, name: str, targets: Sequence[str], given: Collection[str], changed: str) -> dict[str, list[dict]]:
        """As `run`, but what does not hang on the changed table is copied instead of made."""
        affected = {changed}
        for target in targets:
            if affected & set(self.bench.models[target].dependencies):
                affected.add(target)
        for table in self._filled:
            self.bench.connection.execute(f"delete from {table}")
        self._filled = {*targets, *given}
        for table in self._filled - affected | set(given) - set(targets):
            self.bench.connection.execute(f"insert into {table} from {name}.{table}")
        for target in targets:
            if target in affected:
                self.bench.make(target)
        return {target: self.bench.rows(target) for target in targets}


def _to_nine_digits(column: str, kind: str) -> str:
    """Means depend in the last digit on the order in which they are summed; more digits than nine no test compares."""
    return f"printf('%.8e', {quoted(column)})" if kind in ("DOUBLE", "FLOAT") else quoted(column)
