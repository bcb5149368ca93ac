"""Which tables of the run before serve again: those whose query, and everything that they read, are what they were.

Of each table `quality.tables` holds three digests: `query`, of its query, `made_from`, of that and the contents of what it
read, and `content`, of its rows. A table with the same `made_from` as in what is published is taken from there. One that is
made anew and comes out as it was has the same `content`: what reads it stays as it is, and its rules are not asked again. What
cannot be compared, such as a table that reads what the run before said, is made anew every time.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from pipeline_etl import landing
from pipeline_etl.catalog import SETTINGS_TABLES, Catalog
from pipeline_etl.functions import read_functions
from pipeline_etl.ledgers import CHECKS, TABLES
from pipeline_etl.model import FUNCTIONS, Model, sql_root
from pipeline_etl.programs import program_digest
from pipeline_etl.rules import Rule
from pipeline_etl.warehouse import PUBLISHED, Warehouse

ALL_INSTALLED = ("*",)
API = Path(__file__).with_name("__init__.py")
"""What computed tables may call of ours."""


@dataclass(frozen=True)
class Made:
    """A row of `quality.tables`; is_kept: it was taken from what is published."""

    rows: int
    made_at: datetime
    seconds: float
    query: str
    made_from: str
    content: str
    is_kept: bool = False


class Tables:
    """The tables of one run, each made or kept."""

    def __init__(
        self, warehouse: Warehouse, catalog: Catalog, started_at: datetime, raw: Callable[[str], str],
        *, is_whole: bool, keep: bool,
    ) -> None:  # fmt: skip
        """raw: the digest of a raw table. keep: whether tables of the run before may serve again.

        is_whole: whether the run reads all exports and asks all rules; what another one makes serves in no later run.
        """
        self._warehouse, self._catalog, self._raw = warehouse, catalog, raw
        self._started_at, self._is_whole = started_at, is_whole
        self._read_by_others = {t for m in catalog.models for t in m.dependencies}
        self._contents: dict[str, str] = {}
        self.made: dict[str, Made] = {}
        self._before: Mapping[str, Made] = {}
        self._passed: Mapping[tuple[str, str], str] = {}
        if is_whole and keep and warehouse.attach_published():
            self._remember()

    def make(self, model: Model) -> Made:
        """Make a table, or take it from what is published."""
        query = self._query(model)
        made_from = self._made_from(model, query)
        before = self._before.get(model.table)
        if before and made_from and before.made_from == made_from and self._warehouse.take(model):
            made = replace(before, is_kept=True)
        else:
            began = time.perf_counter()
            rows = self._warehouse.create_model(model)
            seconds = round(time.perf_counter() - began, 3)
            made = Made(rows, self._started_at, seconds, query, made_from, self._content_of(model, made_from))
        self.made[model.table], self._contents[model.table] = made, made.content
        return made

    def holds_still(self, rule: Rule) -> str | None:
        """The expectation that checked the same, where a rule held in the run before on the same rows."""
        made, before = self.made.get(rule.table), self._before.get(rule.table)
        if made is None or before is None:
            return None
        is_same = bool(made.content) and (made.query, made.content) == (before.query, before.content)
        # A run of some assets may have asked no rule; it leaves empty what it made its tables from.
        was_asked = bool(before.made_from)
        return self._passed.get((rule.table, rule.name)) if made.is_kept or (is_same and was_asked) else None

    def write(self) -> None:
        """Write `quality.tables`, which the next run reads: with every publication, for it says what that holds."""
        said = [c for c in TABLES.columns if c != "table_name"]
        rows = [{"table_name": table, **{c: getattr(made, c) for c in said}} for table, made in self.made.items()]
        TABLES.write(self._warehouse, self.made, rows, is_whole=self._is_whole)

    def _remember(self) -> None:
        try:
            rows = self._warehouse.execute(f"select {', '.join(TABLES.columns)} from {PUBLISHED}.{TABLES.table}")
            passed = self._warehouse.execute(
                f"select table_name, name, expectation from {PUBLISHED}.{CHECKS.table} where passed and failing_rows = 0"
            )
        # What an older release has published has no such table.
        except duckdb.Error:
            return
        self._before = {table: Made(*rest) for table, *rest in rows}
        self._passed = {(table, name): expectation for table, name, expectation in passed}

    def _made_from(self, model: Model, query: str) -> str:
        if not self._is_whole:
            return ""
        read = {table: self._content(table) for table in model.dependencies}
        return _digest([query, sorted(read.items())]) if all(read.values()) else ""

    def _query(self, model: Model) -> str:
        """The digest of a table's query and rules, and of the functions and programs behind them."""
        program = [program_digest(model.path, ALL_INSTALLED), program_digest(API)] if model.make else []
        kernel = program_digest(Path(landing.__file__), ("duckdb",))
        return _digest([kernel, program, model.sql, model.is_view, _functions_in(model.sql), dict(model.types)])

    def _content(self, table: str) -> str:
        """The digest of what a model reads, or '' where there is none to compare."""
        if table not in self._contents:
            schema = table.partition(".")[0]
            if table in SETTINGS_TABLES:
                self._contents[table] = self._warehouse.digest(table)
            elif schema in ("raw", "copies"):
                self._contents[table] = self._raw(table)
            elif schema == "feeds":
                behind = {t: self._raw(t) for t in sorted(self._catalog.feeds.behind(table))}
                self._contents[table] = _digest([self._catalog.feeds.query(table), behind])
            else:
                return ""
        return self._contents[table]

    def _content_of(self, model: Model, made_from: str) -> str:
        if model.table not in self._read_by_others:
            return ""
        return made_from if model.is_view else self._warehouse.digest(model.table)


def _functions_in(sql: str) -> list[str]:
    """The definitions of our functions that a query calls, and of those that these call."""
    functions = {f.name: f.definition for f in read_functions(sql_root() / FUNCTIONS)}
    found: dict[str, str] = {}
    open_ends = [sql]
    while open_ends:
        text = open_ends.pop()
        new = {name: said for name, said in functions.items() if name in text and name not in found}
        found |= new
        open_ends += new.values()
    return sorted(found.values())


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:32]
