"""Bring the files of one contract into `raw`, set older copies of a record aside, and account for each row."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline_etl.clean import spread_columns
from pipeline_etl.contract import Contract
from pipeline_etl.exports import Export
from pipeline_etl.filling import FILLED, rows_of
from pipeline_etl.hardening import literal, text
from pipeline_etl.lake import Entry, Found, Lake
from pipeline_etl.privacy import Privacy
from pipeline_etl.reading import REJECTED, UNREADABLE, RowsLost, read_export
from pipeline_etl.recognise import Reading
from pipeline_etl.records import LINE
from pipeline_etl.rules import quoted
from pipeline_etl.warehouse import Warehouse

FOOTER = "It stands below the last row of the table: a footer."
FILE = "_file"
"""The column that holds the number of the file a row comes from (`rejects.survey.file`)."""
BOOKS = {
    "rejects.survey": {
        "file": "INTEGER", "path": "VARCHAR", "sha256": "VARCHAR", "bytes": "BIGINT", "dated": "TIMESTAMP",
        "modified": "TIMESTAMP", "series": "VARCHAR",
        "status": "VARCHAR", "note": "VARCHAR", "system": "VARCHAR", "object": "VARCHAR", "confidence": "DOUBLE",
        "format": "VARCHAR", "encoding": "VARCHAR", "delimiter": "VARCHAR", "mapped_columns": "VARCHAR",
        "unmapped_columns": "VARCHAR",
    },
    "rejects.accounts": {
        "file": "INTEGER", "lines": "BIGINT", "rows": "BIGINT", "kept": "BIGINT", "rejected": "BIGINT",
        "duplicates": "BIGINT", "unreadable_values": "BIGINT", "date_order": "VARCHAR", "decimal_mark": "VARCHAR",
    },
    "rejects.rejected_rows": {
        "file": "INTEGER", "line": "BIGINT", "column_name": "VARCHAR", "reason": "VARCHAR", "original": "VARCHAR",
    },
    "rejects.unreadable_values": {
        "file": "INTEGER", "line": "BIGINT", "column_name": "VARCHAR", "reason": "VARCHAR", "original": "VARCHAR",
    },
    **FILLED,
}  # fmt: skip
"""The tables in which the reading of the files is accounted for."""


def raw_columns(contract: Contract) -> dict[str, str]:
    """Columns and DuckDB types of `raw.<contract>`."""
    return {**{c.name: c.type.sql for c in contract.columns}, FILE: "INTEGER", LINE: "BIGINT"}


def raw_spread_columns(contract: Contract) -> dict[str, str]:
    """Columns and DuckDB types of the table that the contract's wide headings become."""
    return {**{c.name: c.type.sql for c in spread_columns(contract)}, FILE: "INTEGER", LINE: "BIGINT"}


@dataclass(frozen=True)
class Arrival:
    """A surveyed and recognised file with its number."""

    file: int
    export: Export
    reading: Reading


@dataclass
class Account:
    """What became of the rows of one file, and the seconds it took.

    was_read: by an earlier run, whose entry of the lake served again.
    """

    file: int
    entry: Entry
    was_read: bool
    seconds: float
    duplicates: int = 0

    @property
    def found(self) -> Found:
        """What its rows became before older copies were set aside."""
        return self.entry.found

    @property
    def rows(self) -> int:
        """Records of the file."""
        return self.found.rows

    @property
    def kept(self) -> int:
        """Records in the warehouse."""
        return self.found.kept - self.duplicates

    @property
    def rejected(self) -> int:
        """Records that could not be read."""
        return self.found.rejected

    def row(self) -> dict[str, object]:
        """The row of `rejects.accounts`."""
        found = {c: getattr(self.found, c) for c in BOOKS["rejects.accounts"] if hasattr(self.found, c)}
        return {"file": self.file, **found, "kept": self.kept, "duplicates": self.duplicates}

    def __str__(self) -> str:
        fates = f"{self.rows:,} rows = {self.kept:,} kept + {self.rejected:,} rejected + {self.duplicates:,} older duplicates"
        return f"{fates}; {'an earlier run had read it' if self.was_read else f'read in {self.seconds:.1f} s'}"


def land(
    contract: Contract,
    arrivals: Sequence[Arrival],
    warehouse: Warehouse,
    lake: Lake,
    zone: str,
    progress: Callable[[Export, int], None] = lambda export, rows: None,
    signs: Mapping[str, str] | None = None,
    privacy: Privacy | None = None,
) -> list[Account]:
    """Make `raw.<contract>` of the files, without older copies of a record, and keep the books of them.

    Raises RowsLost; `exports.Refused` when a file changed under our hands.
    """
    accounts = []
    for arrival in arrivals:
        began = time.perf_counter()
        entry, was_read = read_export(arrival.export, arrival.reading, lake, zone, signs or {}, privacy or Privacy(), progress)
        accounts.append(Account(arrival.file, entry, was_read, time.perf_counter() - began))
    columns = raw_columns(contract)
    _create_view(warehouse, lake, f"raw.{contract.name}", columns, accounts)
    if contract.spread:
        _create_view(warehouse, lake, f"raw.{contract.spread.table}", raw_spread_columns(contract), accounts)
    # What is set aside as older is still evidence of what a record once was.
    _create_view(warehouse, lake, f"copies.{contract.name}", columns, accounts)
    _record_faults(warehouse, lake, arrivals, accounts)
    if contract.key and accounts:
        _set_duplicates_aside(contract, accounts, warehouse)
    _prove(contract, arrivals, accounts, warehouse)
    for table in ("accounts", "filled"):
        warehouse.execute(f"delete from rejects.{table} where list_contains(?::integer[], file)", [[a.file for a in arrivals]])
    warehouse.append("rejects.accounts", pl.DataFrame([a.row() for a in accounts]) if accounts else pl.DataFrame())
    for account in accounts:
        warehouse.append("rejects.filled", rows_of(account.file, account.found.filled))
    return accounts


def _create_view(warehouse: Warehouse, lake: Lake, table: str, columns: Mapping[str, str], accounts: Sequence[Account]) -> None:
    if not accounts:
        warehouse.create_table(table, columns)
        return
    # A part bears no number of a file: the same bytes serve wherever, and however often, they lie in the folder.
    name = table.partition(".")[2]
    numbers = ", ".join(str(a.file) for a in accounts)
    body = ", ".join(f"[{numbers}][file_index::bigint + 1]::integer as {FILE}" if c == FILE else quoted(c) for c in columns)
    warehouse.create_view(table, f"select {body} from {_scan([lake.part(name, a.entry.name) for a in accounts])}")


def _scan(parts: Sequence[Path]) -> str:
    """A query on Parquet files; a `*`, `?` or `[` of a folder's name stands for itself."""
    paths = ", ".join(text(literal(str(part))) for part in parts)
    return f"read_parquet([{paths}])"


def _record_faults(warehouse: Warehouse, lake: Lake, arrivals: Sequence[Arrival], accounts: Sequence[Account]) -> None:
    for table in (REJECTED, UNREADABLE):
        warehouse.execute(f"delete from rejects.{table} where list_contains(?::integer[], file)", [[a.file for a in accounts]])
    for arrival, account in zip(arrivals, accounts, strict=True):
        for table in account.entry.digests.keys() & {REJECTED, UNREADABLE}:
            rows = _scan([lake.part(table, account.entry.name)])
            warehouse.execute(f"insert into rejects.{table} by name select {account.file} as file, * from {rows}")
        if account.rejected and account.found.last_row and len(arrival.export.headings) > 3:
            # A line with next to no fields below all rows is no damaged row but what the tool wrote underneath.
            warehouse.execute(
                "update rejects.rejected_rows set reason = ? "
                "where file = ? and line > ? and regexp_matches(reason, '^It has [12] fields? where')",
                [FOOTER, account.file, account.found.last_row],
            )


def _set_duplicates_aside(contract: Contract, accounts: Sequence[Account], warehouse: Warehouse) -> None:
    """Of the rows with one key keep the latest: find the few keys that repeat, then order only their rows."""
    table, keys = f"raw.{contract.name}", ", ".join(quoted(k) for k in contract.key)
    latest = f"{quoted(contract.latest_by)} desc nulls last, " if contract.latest_by else ""
    older = f"rejects.older_{contract.name}"
    warehouse.drop(older)
    warehouse.execute(
        f"create table {older} as with repeated as (select {keys} from {table} group by all having count(*) > 1) "
        f"select {FILE}, {LINE} from {table} as candidate "
        f"where exists (select 1 from repeated where {_same_key(contract.key)}) "
        f"qualify row_number() over (partition by {keys} order by {latest}{FILE} desc, {LINE} desc) > 1"
    )
    duplicates = dict(warehouse.execute(f"select {FILE}, count(*) from {older} group by all"))
    for account in accounts:
        account.duplicates = duplicates.get(account.file, 0)
    if duplicates:
        warehouse.create_view(
            table,
            f"select * from copies.{contract.name} as candidate where not exists (select 1 from {older} as o "
            f"where o.{FILE} = candidate.{FILE} and o.{LINE} = candidate.{LINE})",
        )


def _same_key(key: tuple[str, ...]) -> str:
    return " and ".join(f"repeated.{quoted(k)} is not distinct from candidate.{quoted(k)}" for k in key)


def _prove(contract: Contract, arrivals: Sequence[Arrival], accounts: Sequence[Account], warehouse: Warehouse) -> None:
    """What the table holds of each file is what its account says is kept."""
    held = dict(warehouse.execute(f"select {FILE}, count(*) from raw.{contract.name} group by all"))
    for arrival, account in zip(arrivals, accounts, strict=True):
        if held.get(account.file, 0) != account.kept:
            raise RowsLost(
                f"{arrival.export.path}: {account.kept} rows were kept, but raw.{contract.name} holds"
                f" {held.get(account.file, 0)} of them; nothing is published; please report this as a bug"
            )
