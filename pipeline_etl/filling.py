"""What a delivery holds besides its rows: how much of each column is filled, how new it is, and which series it belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

from pipeline_etl.contract import Contract
from pipeline_etl.exports import DATED, Export, date_in

FILLED = {"rejects.filled": {"file": "INTEGER", "column_name": "VARCHAR", "filled": "BIGINT", "newest": "TIMESTAMP"}}
"""The book of it: one row per file and column; `newest` only where the column holds dates or times."""
AHEAD = timedelta(days=1)
"""A clock in another zone may run ahead of a file's own time by that much; what is later is a plan or a fault."""


class Filling:
    """The cells of one file, counted block by block. What is later than the file itself is no news in it."""

    def __init__(self, contract: Contract, export: Export) -> None:
        self._latest = moment(export.modified) + AHEAD
        self._filled = {c.name: 0 for c in contract.columns}
        self._newest: dict[str, datetime | None] = {
            c.name: None for c in contract.columns if c.type.sql in ("TIMESTAMP", "DATE")
        }

    def add(self, kept: pl.DataFrame) -> None:
        """Count one block of kept rows."""
        for name in self._filled:
            self._filled[name] += kept.height - kept[name].null_count()
        times = [pl.col(name).cast(pl.Datetime("us")) for name in self._newest]
        found = kept.select(time.filter(time <= self._latest).max() for time in times)
        for name, newest in zip(self._newest, found.row(0) if times else (), strict=True):
            known = self._newest[name]
            self._newest[name] = newest if known is None or (newest and newest > known) else known

    def found(self) -> dict[str, tuple[int, str | None]]:
        """Column -> how many of its cells hold something, and the newest time among them in ISO 8601."""
        newest = {name: at.isoformat() if at else None for name, at in self._newest.items()}
        return {name: (filled, newest.get(name)) for name, filled in self._filled.items()}


def rows_of(file: int, filled: Mapping[str, Sequence]) -> pl.DataFrame:
    """The rows of `rejects.filled` of one file."""
    rows = [(file, name, count, datetime.fromisoformat(at) if at else None) for name, (count, at) in filled.items()]
    schema = {"file": pl.Int32, "column_name": pl.String, "filled": pl.Int64, "newest": pl.Datetime("us")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def moment(modified: int) -> datetime:
    """A file's time of modification, in nanoseconds, as UTC."""
    return datetime.fromtimestamp(modified // 1_000_000_000, UTC).replace(tzinfo=None)


def delivery(path: str, export: Export | None) -> dict[str, object]:
    """When a file was delivered, by its name and by its modification; and its path without dates: deliveries share it."""
    return {
        "dated": date_in(path),
        "modified": moment(export.modified) if export else None,
        "series": re.sub(DATED, "*", path),
    }
