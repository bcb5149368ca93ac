"""The tables that a run keeps of itself: what each check found, and what each table is made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline_etl.warehouse import Warehouse


@dataclass(frozen=True)
class Ledger:
    """A table that a run keeps of itself: what a row is, what identifies it, column -> DuckDB type and meaning."""

    table: str
    description: str
    grain: tuple[str, ...]
    columns: Mapping[str, tuple[str, str]]

    @property
    def types(self) -> dict[str, str]:
        """Column -> DuckDB type."""
        return {c: kind for c, (kind, _) in self.columns.items()}

    @property
    def meanings(self) -> dict[str, str]:
        """Column -> what it means."""
        return {c: meaning for c, (_, meaning) in self.columns.items()}

    def write(
        self, warehouse: Warehouse, tables: Collection[str], rows: Sequence[Mapping[str, Any]], *, is_whole: bool
    ) -> None:
        """Put rows in place of those of these tables; where the run is not whole, those of other tables stay."""
        if is_whole or not warehouse.exists(self.table):
            warehouse.create_table(self.table, self.types)
        warehouse.execute(f"delete from {self.table} where list_contains(?::varchar[], table_name)", [sorted(tables)])
        warehouse.append(self.table, pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame())
        warehouse.comment(self.table, self.description, self.meanings)


CHECKS = Ledger(
    "quality.checks",
    "One row per check of the run: what must hold, and whether it does.",
    ("table_name", "name"),
    {
        "name": ("VARCHAR", "Name of the check."),
        "table_name": ("VARCHAR", "Table it is on."),
        "rule": ("VARCHAR", "What must hold, in words."),
        "passed": ("BOOLEAN", "Whether it holds."),
        "severity": ("VARCHAR", "error or warning."),
        "blocking": ("BOOLEAN", "Whether nothing is published when it fails."),
        "failing_rows": ("BIGINT", "Rows that break it."),
        "sample": ("VARCHAR", "Some of them."),
        "expectation": ("VARCHAR", "The Great Expectations that check the same; empty where only SQL does."),
    },
)
TABLES = Ledger(
    "quality.tables",
    "One row per table: when it was last made anew, and from what. While nothing of that has changed, runs keep the table.",
    ("table_name",),
    {
        "table_name": ("VARCHAR", "Table or view."),
        "rows": ("BIGINT", "Rows it has."),
        "made_at": ("TIMESTAMP", "When the run began that last made it anew, UTC."),
        "seconds": ("DOUBLE", "Seconds that took, without its checks."),
        "query": ("VARCHAR", "Digest of its query, its rules and the programs behind them."),
        "made_from": (
            "VARCHAR",
            "Digest of its query and of all that it read; empty where the next run makes it anew.",
        ),
        "content": ("VARCHAR", "Digest of its rows in any order; empty where no other table reads it."),
    },
)
LEDGERS = (CHECKS, TABLES)
