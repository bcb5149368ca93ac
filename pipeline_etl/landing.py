"""Bring the files of one contract into the lake, count what became of each row, and prove that none is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline_etl.clean import FAULTS, Cleaned, clean, empty_frame, spread_columns
from pipeline_etl.contract import Column, Contract
from pipeline_etl.decisions import Decisions, decide
from pipeline_etl.exports import Export, ahead, blocks
from pipeline_etl.filling import FILLED, Filling
from pipeline_etl.moments import Undecided
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


class RowsLost(AssertionError):
    """Rows in ≠ kept + rejected + duplicates for a file: a bug of ours; nothing may be published."""


@dataclass(frozen=True)
class Arrival:
    """A surveyed and recognised file with its number."""

    file: int
    export: Export
    reading: Reading


@dataclass
class Account:
    """What became of the rows of one file."""

    file: int
    lines: int = 0
    rows: int = 0
    kept: int = 0
    rejected: int = 0
    duplicates: int = 0
    unreadable_values: int = 0
    date_order: str = ""
    decimal_mark: str = ""


def raw_columns(contract: Contract) -> dict[str, str]:
    """Columns and DuckDB types of `raw.<contract>`."""
    return {**{c.name: c.type.sql for c in contract.columns}, FILE: "INTEGER", LINE: "BIGINT"}


def raw_spread_columns(contract: Contract) -> dict[str, str]:
    """Columns and DuckDB types of the table that the contract's wide headings become."""
    return {**{c.name: c.type.sql for c in spread_columns(contract)}, FILE: "INTEGER", LINE: "BIGINT"}


def land(
    contract: Contract,
    arrivals: Sequence[Arrival],
    warehouse: Warehouse,
    zone: str,
    progress: Callable[[Export, int], None] = lambda export, rows: None,
    signs: Mapping[str, str] | None = None,
) -> list[Account]:
    """Clean the files into Parquet, make `raw.<contract>` of them without older duplicates, and keep the books.

    Raises RowsLost; `exports.Refused` when a file changed under our hands.
    """
    accounts = [_land_file(contract, arrival, warehouse, zone, signs or {}, progress) for arrival in arrivals]
    folder = warehouse.home.lake
    _create_view(warehouse, f"raw.{contract.name}", raw_columns(contract), _parts(folder, contract.name, arrivals))
    if contract.spread:
        parts = _parts(folder, contract.spread.table, arrivals)
        _create_view(warehouse, f"raw.{contract.spread.table}", raw_spread_columns(contract), parts)
    # What is set aside as older is still evidence of what a record once was.
    _create_view(warehouse, f"copies.{contract.name}", raw_columns(contract), _parts(folder, contract.name, arrivals))
    _set_duplicates_aside(contract, arrivals, accounts, warehouse)
    for account in accounts:
        if account.rows != account.kept + account.rejected + account.duplicates:
            path = next(a.export.path for a in arrivals if a.file == account.file)
            raise RowsLost(
                f"{path}: {account.rows} rows were read, but {account.kept} kept + {account.rejected} rejected + "
                f"{account.duplicates} duplicates were accounted for; nothing is published; please report this as a bug"
            )
    warehouse.execute("delete from rejects.accounts where list_contains(?::integer[], file)", [[a.file for a in arrivals]])
    warehouse.append("rejects.accounts", pl.DataFrame([vars(a) for a in accounts]) if accounts else pl.DataFrame())
    return accounts


def _land_file(
    contract: Contract,
    arrival: Arrival,
    warehouse: Warehouse,
    zone: str,
    signs: Mapping[str, str],
    progress: Callable[[Export, int], None],
) -> Account:
    decisions = decide(arrival.export, arrival.reading, zone, signs)
    try:
        return _land_as(contract, arrival, warehouse, decisions, progress)
    except Undecided:
        decisions = decide(arrival.export, arrival.reading, zone, signs, whole=True)
        return _land_as(contract, arrival, warehouse, decisions, progress)


def _land_as(
    contract: Contract,
    arrival: Arrival,
    warehouse: Warehouse,
    decisions: Decisions,
    progress: Callable[[Export, int], None],
) -> Account:
    account = Account(arrival.file, date_order=decisions.date_order, decimal_mark=decisions.decimal_mark)
    account.lines = arrival.export.first_line - arrival.export.begin_line
    last_row = 0
    for table in ("rejected_rows", "unreadable_values", "filled"):
        warehouse.execute(f"delete from rejects.{table} where file = ?", [arrival.file])
    filling = Filling(contract, arrival.file, arrival.export)
    lake, wide = warehouse.home.lake, contract.spread
    with ExitStack() as parts:
        rows = parts.enter_context(_Part(_part(lake, contract.name, arrival), contract.columns, contract.key))
        spread = parts.enter_context(_Part(_part(lake, wide.table, arrival), spread_columns(contract))) if wide else None
        for block in ahead(blocks(arrival.export)):
            cleaned = clean(contract, arrival.reading, block, decisions)
            records = block.frame.height + len(block.broken)
            last_row = max(last_row, block.frame[LINE].max() or 0)
            account.lines += block.line_count
            account.rows += records
            account.kept += cleaned.kept.height
            account.rejected += cleaned.rejected.height
            account.unreadable_values += cleaned.unreadable.height
            rows.write(cleaned.kept, arrival.file)
            filling.add(cleaned.kept)
            if spread and cleaned.spread is not None:
                spread.write(cleaned.spread, arrival.file)
            _record(warehouse, arrival.file, cleaned)
            progress(arrival.export, records)
    warehouse.append("rejects.filled", filling.frame())
    if last_row and len(arrival.export.headings) > 3:
        # A line with next to no fields below all rows is no damaged row but what the tool wrote underneath.
        warehouse.execute(
            "update rejects.rejected_rows set reason = ? "
            "where file = ? and line > ? and regexp_matches(reason, '^It has [12] fields? where')",
            [FOOTER, arrival.file, last_row],
        )
    return account


def _record(warehouse: Warehouse, file: int, cleaned: Cleaned) -> None:
    for table, frame in (("rejected_rows", cleaned.rejected), ("unreadable_values", cleaned.unreadable)):
        warehouse.append(f"rejects.{table}", frame.select(pl.lit(file, pl.Int32).alias("file"), *FAULTS))


class _Part:
    """One Parquet file of the lake, written block by block, complete under its name or not there at all."""

    def __init__(self, path: Path, columns: tuple[Column, ...], key: tuple[str, ...] = ()) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._empty = empty_frame(columns).with_columns(pl.lit(None, pl.Int32).alias(FILE), pl.lit(None, pl.Int64).alias(LINE))
        self._partial = path.with_suffix(".partial")
        self._schema = _arrow(self._empty).schema
        repeating = [c.name for c in columns if c.name not in key and c.type.sql == "VARCHAR"]
        self._writer = pq.ParquetWriter(
            self._partial, self._schema, compression="lz4", write_statistics=False, use_dictionary=repeating
        )
        # Writing takes as long as cleaning: it goes on beside the next block, never more than one behind.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._writing: Future[None] | None = None

    def write(self, frame: pl.DataFrame, file: int) -> None:
        if self._writing:
            self._writing.result()
        whole = frame.with_columns(pl.lit(file, pl.Int32).alias(FILE)).select(self._empty.columns)
        self._writing = self._thread.submit(lambda: self._writer.write_table(_arrow(whole).cast(self._schema)))

    def close(self) -> None:
        if self._writing:
            self._writing.result()
        self._thread.shutdown()
        self._writer.close()
        self._partial.replace(self._path)

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, kind: type | None, error: object, trace: object) -> None:
        if kind is None:
            self.close()
        else:
            self._thread.shutdown()
            self._writer.close()
            self._partial.unlink(missing_ok=True)


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


def parts_of(contract: Contract, arrival: Arrival, lake: Path) -> list[Path]:
    """The files of the lake that one export file becomes."""
    tables = [contract.name, *([contract.spread.table] if contract.spread else [])]
    return [_part(lake, table, arrival) for table in tables]


def _part(lake: Path, table: str, arrival: Arrival) -> Path:
    """Where the rows of one export file lie: by table, file number and content, never by the file's own name."""
    return lake / table / f"{arrival.file:05d}-{arrival.export.sha256[:16]}.parquet"


def _parts(lake: Path, table: str, arrivals: Sequence[Arrival]) -> list[Path]:
    return [_part(lake, table, a) for a in arrivals]


def _create_view(warehouse: Warehouse, table: str, columns: Mapping[str, str], parts: list[Path]) -> None:
    if not parts:
        warehouse.create_table(table, columns)
        return
    warehouse.drop(table)
    warehouse.execute(f"create view {table} as {_scan(parts)}")


def _scan(parts: list[Path]) -> str:
    """A query on Parquet files; a `*`, `?` or `[` of a folder's name stands for itself."""
    paths = ", ".join("'" + re.sub(r"([*?\[])", r"[\1]", str(p)).replace("'", "''") + "'" for p in parts)
    return f"select * from read_parquet([{paths}])"


def _set_duplicates_aside(
    contract: Contract, arrivals: Sequence[Arrival], accounts: list[Account], warehouse: Warehouse
) -> None:
    """Of the rows with one key keep the latest: find the few keys that repeat, then order only their rows."""
    if not contract.key or not arrivals:
        return
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
    for file, duplicates in warehouse.execute(f"select {FILE}, count(*) from {older} group by all"):
        account = next(a for a in accounts if a.file == file)
        account.duplicates, account.kept = duplicates, account.kept - duplicates
    if any(a.duplicates for a in accounts):
        whole = _scan(_parts(warehouse.home.lake, contract.name, arrivals))
        warehouse.drop(table)
        warehouse.execute(
            f"create view {table} as select * from ({whole}) as candidate where not exists (select 1 from {older} as o "
            f"where o.{FILE} = candidate.{FILE} and o.{LINE} = candidate.{LINE})"
        )


def _same_key(key: tuple[str, ...]) -> str:
    return " and ".join(f"repeated.{quoted(k)} is not distinct from candidate.{quoted(k)}" for k in key)
