"""The queries of a report, run once for all languages: rows with their types, and what their columns mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import duckdb

from pipeline_etl.document import Choice
from pipeline_etl.editions import COLUMNS, QUERY
from pipeline_etl.fences import Fence
from pipeline_etl.report_file import ReportFile

LIMIT, EACH, MORE = 5000, 3, 5000
"""Of the rows behind numbers, a page holds the first LIMIT, and of every combination that a number leads to the first EACH as
long as these are no more than MORE: few numbers should lead to nothing."""
PERIOD = "period"


@dataclass(frozen=True)
class Answer:
    """What one query gave. keys: the columns with which links choose among its rows; see document.Details.

    sql: the query, with the values of the edition.
    """

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    meanings: Mapping[str, str]
    keys: Sequence[str] = ()
    beyond: Sequence[tuple[Choice, int, Sequence[float]]] = ()
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
                wanted = _wanted(report, fence, answers)
                keys = [c for c in columns if c in wanted or (c in dimensions and c != PERIOD)]
                keys += [PERIOD] if "day" in fence.options else []
                behind = _behind(fence, cursor, columns, meanings, keys, wanted)
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
    seen = {c: v for c, v in row.items() if c not in fence.hide}
    chosen = {d: text(seen[d]) for d in dimensions if d != PERIOD and d in seen}
    return {**chosen, **(_period(seen, fence) if PERIOD in dimensions else {})}


def conditions(fence: Fence, row: Mapping[str, Any], chosen: Choice, keys: Iterable[str]) -> dict[str, str]:
    """What the rows behind this row must have: what it says of the keys, but nothing where it is a total."""
    said = {k: text(row[k]) for k in keys if k in row and (row[k] is None or isinstance(row[k], str | bool | date))}
    said |= {d: v for d, v in {**_period(row, fence), **chosen}.items() if d in keys}
    return {k: v for k, v in said.items() if v != "all"}


def key(fence: Fence, row: Mapping[str, Any], keys: Iterable[str]) -> dict[str, str]:
    """What links can ask of a row behind numbers: its texts by key; of the period, the day that places it."""
    return {k: text(row[fence.options["day"] if k == PERIOD else k]) for k in keys}


def _period(row: Mapping[str, Any], fence: Fence) -> dict[str, str]:
    name = row.get(PERIOD) or fence.options.get("dates", "")
    if not name or not isinstance(row.get("period_start"), date):
        return {}
    return {PERIOD: "all" if name == "all" else f"{name}-{row['period_start']:%Y-%m-%d}"}


def _wanted(report: ReportFile, fence: Fence, answers: Mapping[str, Answer]) -> set[str]:
    """What links choose by: what the fence says, else the texts that it shares with queries whose numbers lead here."""
    wanted: set[str] = set(fence.on)
    for other in report.fences:
        links = [link for link in other.links.values() if link and link.target == fence.name]
        wanted |= {column for link in links for column, _ in link.conditions}
        if links and other.name in answers and not fence.on:
            rows = answers[other.name].rows
            wanted |= {c for c in answers[other.name].columns if any(isinstance(r[c], str) for r in rows)}
    return wanted - {PERIOD}


def _behind(
    fence: Fence, cursor: Any, columns: Sequence[str], meanings: Mapping[str, str], keys: Sequence[str], wanted: set[str]
) -> Answer:
    limit = int(fence.options.get("limit", LIMIT))
    rows: list[dict[str, Any]] = []
    beyond: dict[tuple[str, ...], list[float]] = {}
    # A reader may narrow the page further; but what a number leads to is told by what links ask for.
    led: Counter[tuple[str, ...]] = Counter()
    while batch := cursor.fetchmany(10_000):
        for values in batch:
            row = dict(zip(columns, values, strict=True))
            asked = key(fence, row, keys)
            same = tuple(_shortest(asked[k]) if k == PERIOD else asked[k] for k in keys if k in wanted or k == PERIOD)
            led[same] += 1
            if len(rows) < (limit + MORE if led[same] <= EACH else limit):
                rows.append(row)
                continue
            counted = beyond.setdefault(tuple(asked.values()), [0.0] * (len(fence.sums) + 1))
            for n, value in enumerate([1, *(row[c] for c in fence.sums)]):
                counted[n] += float(value or 0)
    more = [(dict(zip(keys, k, strict=True)), int(n), added) for k, (n, *added) in beyond.items()]
    return Answer(columns, rows, meanings, keys, more)


def _shortest(day: str) -> str:
    """The month and the week of a day: no number is of less."""
    return f"{day[:7]} {date.fromisoformat(day[:10]).isocalendar().week}" if day else ""


def text(value: Any) -> str:
    """A value as links name it; what is unknown is the empty text."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
