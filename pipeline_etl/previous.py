"""What the home holds when a run begins, for models that go on from there."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline_etl.hardening import text
from pipeline_etl.model import PREVIOUS, PROMISED
from pipeline_etl.rules import quoted
from pipeline_etl.warehouse import PUBLISHED, Warehouse, address


def keep_previous(warehouse: Warehouse, tables: Mapping[str, Mapping[str, str]]) -> None:
    """Copy these tables `previous.x` from what is published, into a file that is not: name -> column -> DuckDB type.

    A column that is not there, or is of another type, is empty. Raises PreviousError.
    """
    warehouse.execute(f"attach {text(str(warehouse.home.work / 'previous.duckdb'))} as {PREVIOUS}")
    for table, columns in tables.items():
        body = ", ".join(f"{quoted(c)} {t}" for c, t in columns.items())
        warehouse.execute(f"create table {address(table)} ({body})")
    if not warehouse.attach_published():
        return
    found = set(warehouse.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns where table_catalog = ?",
        [PUBLISHED],
    ))  # fmt: skip
    for table, columns in tables.items():
        name = table.partition(".")[2]
        for schema in PROMISED:
            names = ", ".join(quoted(c) for c, kind in columns.items() if (schema, name, c, kind) in found)
            if names:
                rows = f"select {names} from {PUBLISHED}.{quoted(schema)}.{quoted(name)}"
                warehouse.execute(f"insert into {address(table)} ({names}) {rows}")
                break
