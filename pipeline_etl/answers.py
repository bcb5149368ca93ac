"""The queries of a report, run once for all languages: rows with their types, and what their columns mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

import duckdb
import polars as pl

from pipeline_etl.beyond import PERIOD, Beyond
from pipeline_etl.document import Choice, text
from pipeline_etl.editions import COLUMNS, QUERY
from pipeline_etl.fences import Fence
from pipeline_etl.held_rows import hold
from pipeline_etl.report_file import ReportFile

LIMIT, EACH, MORE = 5000, 3, 5000
"""Of the rows behind numbers, a page holds the first LIMIT, and of every combination that a number leads to the first EACH as
long as these are no more than MORE: few numbers should lead to nothing."""
BATCH = 100_000
"""Rows that are looked at together."""


@dataclass(frozen=True)
class Answer:
    """What one query gave. keys: the columns with which links choose among its rows; see document.Details.

    sql: the query, with the values of the edition.
    """

    columns: Sequence[str]
    rows: Sequence[Mapping[str, Any]]
    meanings: Mapping[str, str]
    keys: Sequence[str] = ()
    beyond: Beyond | None = None
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
        "select schema_name || '.' || table_name, column_name, comment from duckdb_columns()"
        " where comment is not null and database_name = current_database()"
    ).fetchall()
    for table, column, comment in found:
        comments.setdefault(table, {})[column] = comment
    answers: dict[str, Answer] = {}
    for fence in sorted(report.fences, key=lambda f: f.show == "rows"):
        meanings = {c: said for table in sorted(fence.tables, reverse=True) for c, said in comments.get(table, {}).items()}
        try:
            if fence.show == "rows":
                wanted = _wanted(report, fence, answers)
                answers[fence.name] = replace(
                    _behind(report, fence, connection, parameters, dimensions, wanted), meanings=meanings
                )
            else:
                cursor, columns = _run(report, fence, connection, parameters)
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
    _demand(report, fence, columns)
    return cursor, columns


def _demand(report: ReportFile, fence: Fence, columns: Sequence[str]) -> None:
    wanted = COLUMNS if fence.name == QUERY else fence.columns
    if absent := [c for c in wanted if c not in columns]:
        raise report.fault(fence.line, f"the query {fence.name!r} gives no column {absent[0]!r}; it gives {', '.join(columns)}")


def choice(fence: Fence, row: Mapping[str, Any], dimensions: Iterable[str]) -> dict[str, str]:
    """What a row belongs to. What is unknown is the empty text; a period needs a column `period` or the option `dates`."""
    chosen = {d: text(row[d]) for d in dimensions if d != PERIOD and d in row and d not in fence.hide}
    if PERIOD in dimensions and "period_start" in row and "period_start" not in fence.hide:
        return {**chosen, **_period({c: v for c, v in row.items() if c not in fence.hide}, fence)}
    return chosen


def conditions(fence: Fence, row: Mapping[str, Any], chosen: Choice, keys: Iterable[str]) -> dict[str, str]:
    """What the rows behind this row must have: what it says of the keys, but nothing where it is a total."""
    said = {k: text(row[k]) for k in keys if k in row and (row[k] is None or isinstance(row[k], str | bool | date))}
    said |= {d: v for d, v in {**_period(row, fence), **chosen}.items() if d in keys}
    return {k: v for k, v in said.items() if v != "all"}


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
    report: ReportFile, fence: Fence, connection: duckdb.DuckDBPyConnection, parameters: Mapping[str, Any],
    dimensions: Iterable[str], wanted: set[str],
) -> Answer:  # fmt: skip
    """The answer of a query of rows: those that a page holds, and what is beyond them."""
    relation = connection.sql(fence.sql, params={n: parameters[n] for n in fence.parameters} or None)
    columns = relation.columns
    _demand(report, fence, columns)
    names = [c for c in columns if c in wanted or (c in dimensions and c != PERIOD)]
    keys = {c: c for c in names} | ({PERIOD: fence.options["day"]} if "day" in fence.options else {})
    # A whole number of any length arrives as a decimal one.
    whole = [pl.col(c).cast(pl.Int64) for c, kind in zip(columns, relation.types, strict=True) if str(kind) == "HUGEINT"]
    batches = (_frame(batch).with_columns(whole) for batch in relation.to_arrow_reader(BATCH))
    limit = int(fence.options.get("limit", LIMIT))
    rows, beyond = hold(batches, keys, wanted, fence.sums, limit, EACH, MORE)
    return Answer(columns, rows, {}, tuple(keys), beyond, fence.spelled(parameters))


def _frame(batch: Any) -> pl.DataFrame:
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)
    return frame
