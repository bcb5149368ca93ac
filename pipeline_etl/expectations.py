"""Rules -> Great Expectations, run in place on the run's own DuckDB connection. The only importer of great_expectations.

The import costs seconds, so it happens inside functions, once per run, and `warm_up` starts it beside the reading of files.
DuckDB's SQL engine works in Great Expectations when each query runs on a cursor of ours in autocommit mode, without pool
resets and without temporary tables (docs/decisions/0004).
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from pipeline_etl.rules import Rule


@dataclass(frozen=True)
class Verdict:
    """What Great Expectations says of one rule."""

    rule: Rule
    passed: bool
    expectation: str


def warm_up() -> threading.Thread:
    """Import Great Expectations in the background; returns the thread that does."""
    thread = threading.Thread(target=_import, name="import great_expectations", daemon=True)
    thread.start()
    return thread


class Expectations:
    """One Great Expectations context on one DuckDB connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        gx = _import()
        import duckdb_sqlalchemy

        self._gx = gx
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        self._connection = connection
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = {"globally": False, "metric_calculations": False}
        self._source = self._context.data_sources.add_sql(
            "warehouse",
            connection_string="duckdb:///:memory:",
            create_temp_table=False,
            kwargs={
                "isolation_level": "AUTOCOMMIT",
                "skip_autocommit_rollback": True,
                "pool_reset_on_return": None,
                "creator": lambda: duckdb_sqlalchemy.ConnectionWrapper(self._cursor()),
            },
        )

    def verdicts(self, table: str, rules: Sequence[Rule]) -> list[Verdict]:
        """Validate one table against a suite made of its rules; one verdict per rule, in order."""
        if not rules:
            return []
        schema, _, name = table.partition(".")
        if table not in {a.name for a in self._source.assets}:
            self._source.add_table_asset(table, table_name=name, schema_name=schema)
        asset = self._source.get_asset(table)
        batch = asset.add_batch_definition_whole_table(f"{table} {len(asset.batch_definitions)}").get_batch()
        expectations = [e for n, rule in enumerate(rules) for e in _expectations(rule, n)]
        results = batch.validate(
            self._gx.ExpectationSuite(name=table, expectations=expectations), result_format="BASIC"
        ).results
        verdicts = []
        for number, rule in enumerate(rules):
            mine = [r for r in results if r.expectation_config.meta["rule"] == number]
            names = " and ".join(r.expectation_config.type for r in mine)
            verdicts.append(Verdict(rule, all(bool(r.success) for r in mine), names))
        return verdicts

    def close(self) -> None:
        """Close every cursor, so that the connection's owner can checkpoint."""
        for cursor in self._cursors:
            cursor.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        self._cursors.append(self._connection.cursor())
        return self._cursors[-1]


def _expectations(rule: Rule, number: int) -> list[Any]:
    from great_expectations import expectations as gxe

    common: dict[str, Any] = {"severity": "critical" if rule.blocking else "warning", "meta": {"rule": number}}
    present = [gxe.ExpectColumnValuesToNotBeNull(column=c, **common) for c in rule.columns]
    if rule.kind == "key" and len(rule.columns) == 1:
        return [*present, gxe.ExpectColumnValuesToBeUnique(column=rule.columns[0], **common)]
    if rule.kind == "key":
        together = {"column_list": list(rule.columns), "ignore_row_if": "never"}
        return [*present, gxe.ExpectCompoundColumnsToBeUnique(**together, **common)]
    if rule.kind == "not_null":
        return present
    if rule.kind == "one_of":
        return [gxe.ExpectColumnValuesToBeInSet(column=rule.columns[0], value_set=list(rule.values), **common)]
    if rule.kind == "between":
        bounds = {"min_value": rule.low, "max_value": rule.high}
        return [gxe.ExpectColumnValuesToBeBetween(column=rule.columns[0], **bounds, **common)]
    return [gxe.UnexpectedRowsExpectation(unexpected_rows_query=_as_template(rule), **common)]


def _as_template(rule: Rule) -> str:
    """The rule's query with braces and colons escaped: it is read as a format string and as a SQLAlchemy text."""
    mark = "batch_goes_here"
    query = rule.offending(mark).replace("{", "{{").replace("}", "}}")
    return re.sub(r"(?<![:\\]):(?=\w)", r"\\:", query).replace(mark, "{batch}")


def _import() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    return great_expectations
