"""Picture tests: tables in, tables out. What is not drawn is empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import duckdb

from pipeline_etl.binding import previous_tables
from pipeline_etl.functions import define
from pipeline_etl.model import FUNCTIONS, Model, sql_root
from pipeline_etl.rules import quoted

Drawing = str
Rows = Sequence[Mapping[str, object]]


class Bench:
    """Runs models on tables that a test gives, in memory.

    models: bound, in dependency order; sources: the tables that are no models, with their column types.
    """

    def __init__(self, models: Sequence[Model], sources: Mapping[str, Mapping[str, str]]) -> None:
        self.models = {m.table: m for m in models}
        self.types = {**sources, **{m.table: m.types for m in models}, **previous_tables(models, sources)}
        self.connection = duckdb.connect()
        self._filled: set[str] = set()
        self.connection.execute("set threads = 1")
        define(self.connection, sql_root() / FUNCTIONS)
        for schema in {t.partition(".")[0] for t in self.types}:
            self.connection.execute(f"create schema {schema}")
        for table, columns in self.types.items():
            body = ", ".join(f"{quoted(c)} {t}" for c, t in columns.items())
            self.connection.execute(f"create table {table} ({body})")

    def run(self, targets: Sequence[str], given: Mapping[str, Drawing | Rows]) -> dict[str, list[dict[str, object]]]:
        """Fill the given tables, run the targets in order, and return their rows."""
        for table in self._filled:
            self.connection.execute(f"delete from {table}")
        self._filled = {*given, *targets}
        for table, content in given.items():
            self._fill(table, content)
        for target in targets:
            self.make(target)
        return {target: self.rows(target) for target in targets}

    def make(self, target: str) -> None:
        """Fill one table from those it reads, as they are."""
        model = self.models[target]
        if model.make:
            self.connection.register("made", model.make(lambda query: self.connection.sql(query).pl()))
            self.connection.execute(f"insert into {target} by name select * from made")
        else:
            self.connection.execute(f"insert into {target} by name {model.sql}")

    def rows(self, table: str) -> list[dict[str, object]]:
        """All rows of a table."""
        cursor = self.connection.execute(f"select * from {table}")
        names = [c[0] for c in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def check(self, target: str, given: Mapping[str, Drawing | Rows], expected: Drawing) -> None:
        """Assert that the target, on the given tables, holds just the drawn rows (in the drawn columns, in any order)."""
        columns, wanted = read_drawing(expected)
        # A view holds what the tables below it say; nobody has to draw it.
        views = [m.table for m in self.models.values() if m.is_view and m.table in self.models[target].dependencies]
        self.run([*(v for v in views if v not in given), target], given)
        body = ", ".join(f"{quoted(c)} {self.types[target][c]}" for c in columns)
        self.connection.execute(f"create or replace temp table wanted ({body})")
        self._insert("wanted", columns, wanted)
        names = ", ".join(quoted(c) for c in columns)
        found = self.connection.execute(f"select {names} from {target} order by all").fetchall()
        drawn = self.connection.execute(f"select {names} from wanted order by all").fetchall()
        assert [tuple(map(_near, r)) for r in found] == [tuple(map(_near, r)) for r in drawn], (
            f"{target} holds\n{draw(columns, found)}\ninstead of\n{draw(columns, drawn)}"
        )

    def _fill(self, table: str, content: Drawing | Rows) -> None:
        if isinstance(content, str):
            self._insert(table, *read_drawing(content))
        elif content:
            columns = list(content[0])
            rows = [[r[c] for c in columns] for r in content]
            self._insert(table, columns, rows)

    def _insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        if rows:
            names = ", ".join(quoted(c) for c in columns)
            marks = ", ".join(f"({', '.join('?' for _ in columns)})" for _ in rows)
            self.connection.execute(f"insert into {table} ({names}) values {marks}", [cell for row in rows for cell in row])


def read_drawing(drawing: Drawing) -> tuple[list[str], list[list[str | None]]]:
    """Column names and rows of a drawing: cells between `|`, a blank cell is NULL, `''` is the empty text."""
    lines = [line for line in drawing.strip().splitlines() if line.strip()]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    columns = cells[0]
    for line, row in zip(lines[1:], cells[1:], strict=True):
        if len(row) != len(columns):
            raise ValueError(f"this row has {len(row)} cells, the heading {len(columns)}: {line}")
    return columns, [[None if c == "" else "" if c == "''" else c for c in row] for row in cells[1:]]


def draw(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as a drawing, for messages."""
    frame = [list(columns), *([("" if v is None else str(v)) for v in row] for row in rows)]
    widths = [max(len(row[i]) for row in frame) for i in range(len(columns))]
    return "\n".join(" | ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in frame)


def _near(value: object) -> object:
    return round(float(value), 6) if isinstance(value, float | Decimal) else value
