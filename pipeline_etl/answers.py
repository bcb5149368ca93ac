"""The queries of a report, run once for all languages: rows with their types, and what their columns mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import duckdb

from pipeline_etl.document import Choice
from pipeline_etl.editions import COLUMNS, QUERY
from pipeline_etl.fences import Fence
from pipeline_etl.report_file import ReportFile

LIMIT, EACH = 200, 5
"""Of the rows behind numbers, a page holds the first LIMIT, and of every combination that a number leads to the first EACH
as long as these are at most twice as many, and the first one up to ten times as many: no number should lead to nothing."""


@dataclass(frozen=True)
class Answer:
    """What one query gave. keys: the columns with which links choose among its rows; counts: rows by those.

    sql: the query, with the values of the edition.
    """

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    meanings: Mapping[str, str]
    keys: Sequence[str] = ()
    counts: Mapping[tuple[tuple[str, str], ...], int] = field(default_factory=dict)
    sql: str = ""


def ask(
    report: ReportFile,
    connection: duckdb.DuckDBPyConnection,
    dimensions: Iterable[str],
    parameters: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Answer]:
    """Every query's answer by its name; raises ReportError. Rows behind numbers come last: others say how they are chosen.

    parameters: what queries may name behind a $.
    """
    comments: dict[str, dict[str, str]] = {}
    found = connection.execute(
        "select schema_name || '.' || table_name, column_name, comment from duckdb_columns() where comment is not null"
    ).fetchall()
    for table, column, comment in found:
        comments.setdefault(table, {})[column] = comment
    answers: dict[str, Answer] = {}
    for fence in sorted(report.fences, key=lambda f: f.show == "rows"):
        meanings = {c: said for table in sorted(fence.tables, reverse=True) for c, said in comments.get(table, {}).items()}
        try:
            cursor, columns = _run(report, fence, connection, parameters)
            if fence.show == "rows":
                wanted = _keys(report, fence, answers)
                wanted |= (
                    {"period"} if "period_start" in columns and {"period", "dates"} & {*columns, *fence.options} else set()
                )
                keys = [k for k in dict.fromkeys((*columns, "period")) if k in wanted or (k in dimensions and k != "period")]
                behind = _behind(fence, cursor, columns, meanings, keys, dimensions, wanted)
                answers[fence.name] = replace(behind, sql=fence.spelled(parameters))
            else:
                rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
                answers[fence.name] = Answer(columns, rows, meanings)
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise report.fault(fence.line, f"the query {fence.name!r} fails: {reason}") from error
    return answers


def editions(report: ReportFile, connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of the query that says which periods there are; none where the report has no such query. Raises ReportError."""
    fence = next((f for f in report.fences if f.name == QUERY), None)
    if fence is None:
        return []
    try:
        cursor, columns = _run(report, fence, connection, {})
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    except duckdb.Error as error:
        raise report.fault(fence.line, f"the query {QUERY!r} fails: {str(error).splitlines()[0]}") from error


def _run(
    report: ReportFile, fence: Fence, connection: duckdb.DuckDBPyConnection, parameters: Mapping[str, Any]
) -> tuple[Any, list[str]]:
    """The open result of a query, and its columns."""
    named = {name: parameters[name] for name in fence.parameters}
    cursor = connection.execute(fence.sql, named) if named else connection.execute(fence.sql)
    columns = [c[0] for c in cursor.description]
    wanted = COLUMNS if fence.name == QUERY else fence.columns
    if absent := [c for c in wanted if c not in columns]:
        raise report.fault(fence.line, f"the query {fence.name!r} gives no column {absent[0]!r}; it gives {', '.join(columns)}")
    return cursor, columns


def choice(fence: Fence, row: Mapping[str, Any], dimensions: Iterable[str]) -> dict[str, str]:
    """What a row belongs to. What is unknown is the empty text; a period needs a column `period` or the option `dates`."""
    chosen = {d: text(row[d]) for d in dimensions if d != "period" and d in row}
    name = row.get("period") or fence.options.get("dates", "")
    if "period" in dimensions and isinstance(row.get("period_start"), date) and name:
        chosen["period"] = "all" if name == "all" else f"{name}-{row['period_start']:%Y-%m-%d}"
    return chosen


def conditions(row: Mapping[str, Any], chosen: Choice, keys: Iterable[str]) -> dict[str, str]:
    """What the rows behind this row must have: what it says of the keys, but nothing where it is a total."""
    said = {k: text(row[k]) for k in keys if k in row and (row[k] is None or isinstance(row[k], str | bool))}
    said |= {d: v for d, v in chosen.items() if d in keys}
    return {k: v for k, v in said.items() if v != "all"}


def _keys(report: ReportFile, fence: Fence, answers: Mapping[str, Answer]) -> set[str]:
    """Text columns of the queries whose numbers lead here, and what their links ask for."""
    keys: set[str] = set()
    for other in report.fences:
        links = [link for link in other.links.values() if link and link.target == fence.name]
        keys |= {link.column for link in links}
        if links and other.name in answers:
            rows = answers[other.name].rows
            keys |= {c for c in answers[other.name].columns if any(isinstance(r[c], str) for r in rows)}
    return keys - {"period"}


def _behind(
    fence: Fence,
    cursor: Any,
    columns: Sequence[str],
    meanings: Mapping[str, str],
    keys: Sequence[str],
    dimensions: Iterable[str],
    wanted: set[str],
) -> Answer:
    limit = int(fence.options.get("limit", LIMIT))
    rows: list[dict[str, Any]] = []
    counts: Counter[tuple[tuple[str, str], ...]] = Counter()
    # A reader may narrow the page further; but what a number leads to is told by what links ask for.
    led: Counter[tuple[str, ...]] = Counter()
    while batch := cursor.fetchmany(10_000):
        for values in batch:
            row = dict(zip(columns, values, strict=True))
            key = {**{k: text(row.get(k)) for k in keys}, **choice(fence, row, dimensions)}
            counts[tuple(key.items())] += 1
            same = tuple(key[k] for k in keys if k in wanted)
            led[same] += 1
            room = 10 * limit if led[same] == 1 else 3 * limit if led[same] <= EACH else limit
            if len(rows) < room:
                rows.append(row)
    return Answer(columns, rows, meanings, keys, counts)


def text(value: Any) -> str:
    """A value as links name it; what is unknown is the empty text."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
