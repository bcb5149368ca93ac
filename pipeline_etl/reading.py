"""Read one export file into the lake, or find that an earlier run has read the same bytes in the same way."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path

import polars as pl

from pipeline_etl.clean import FAULTS, clean, empty_frame, spread_columns
from pipeline_etl.contract import Column, Contract
from pipeline_etl.decisions import Decisions, decide
from pipeline_etl.exports import Export, ahead, blocks
from pipeline_etl.filling import Filling
from pipeline_etl.lake import Entry, Found, Lake, Part
from pipeline_etl.moments import Undecided
from pipeline_etl.privacy import Privacy
from pipeline_etl.programs import program_digest
from pipeline_etl.recognise import Reading
from pipeline_etl.records import LINE

REJECTED, UNREADABLE = "rejected_rows", "unreadable_values"
"""Tables of the lake for what a file's rows did not become; a file without such rows has no part there."""
LIBRARIES = ("polars", "pyarrow", "python-calamine", "numpy")
"""What reads beside our own code: another version may read otherwise."""


class RowsLost(AssertionError):
    """Rows in ≠ kept + rejected + duplicates for a file: a bug of ours; nothing may be published."""


def read_export(
    export: Export,
    reading: Reading,
    lake: Lake,
    zone: str,
    signs: Mapping[str, str],
    privacy: Privacy,
    progress: Callable[[Export, int], None] = lambda export, rows: None,
) -> tuple[Entry, bool]:
    """The entry of the lake for one file, and whether an earlier run had made it.

    zone: of times that carry none; signs: what shared currency signs mean; privacy: what is hidden. Raises RowsLost; `Refused`
    when the file changed since its survey.
    """
    name = entry_name(export, reading, zone, signs, privacy)
    if entry := lake.find(name):
        return entry, True
    try:
        decisions = decide(export, reading, zone, signs)
        return _read(export, reading, lake, name, decisions, privacy, progress), False
    except Undecided:
        decisions = decide(export, reading, zone, signs, whole=True)
        return _read(export, reading, lake, name, decisions, privacy, progress), False


def _read(
    export: Export,
    reading: Reading,
    lake: Lake,
    name: str,
    decisions: Decisions,
    privacy: Privacy,
    progress: Callable[[Export, int], None],
) -> Entry:
    contract = reading.contract
    found = Found(date_order=decisions.date_order, decimal_mark=decisions.decimal_mark)
    found.lines = export.first_line - export.begin_line
    faults, filling = pl.DataFrame(schema=FAULTS), Filling(contract, export)
    with ExitStack() as stack:
        parts: dict[str, Part] = {}

        def write(table: str, empty: pl.DataFrame, frame: pl.DataFrame, key: tuple[str, ...] = ()) -> None:
            if table not in parts:
                parts[table] = stack.enter_context(Part(lake.part(table, name), empty, key))
            parts[table].write(frame)

        for table, columns in tables_of(contract).items():
            write(table, empty := _empty(columns), empty, contract.key)
        for block in ahead(blocks(export)):
            cleaned = privacy.protect(contract, reading.mapping, clean(contract, reading, block, decisions))
            records = block.frame.height + len(block.broken)
            found.last_row = max(found.last_row, block.frame[LINE].max() or 0)
            found.lines += block.line_count
            found.rows += records
            found.kept += cleaned.kept.height
            found.rejected += cleaned.rejected.height
            found.unreadable_values += cleaned.unreadable.height
            filling.add(cleaned.kept)
            parts[contract.name].write(cleaned.kept)
            if contract.spread and cleaned.spread is not None:
                parts[contract.spread.table].write(cleaned.spread)
            for table, frame in ((REJECTED, cleaned.rejected), (UNREADABLE, cleaned.unreadable)):
                if frame.height:
                    write(table, faults, frame)
            progress(export, records)
        if found.rows != found.kept + found.rejected:
            raise RowsLost(
                f"{export.path}: {found.rows} rows were read, but {found.kept} kept + {found.rejected} rejected were accounted"
                " for; nothing is published; please report this as a bug"
            )
    found.filled = filling.found()
    return lake.keep(name, found, list(parts))


def tables_of(contract: Contract) -> dict[str, tuple[Column, ...]]:
    """The tables that a file of a contract becomes, with their columns."""
    wide = {contract.spread.table: spread_columns(contract)} if contract.spread else {}
    return {contract.name: contract.columns, **wide}


def _empty(columns: tuple[Column, ...]) -> pl.DataFrame:
    return empty_frame(columns).with_columns(pl.lit(None, pl.Int64).alias(LINE))


def entry_name(export: Export, reading: Reading, zone: str, signs: Mapping[str, str], privacy: Privacy) -> str:
    """A digest of all that decides what a file becomes: its bytes, where its table lies in them, and how it is read.

    Its name, folder and place among other files are not part of it: the same file elsewhere is not read again.
    """
    columns = [_how_read(column) for column in reading.contract.columns]
    spread = reading.contract.spread
    wide = (spread.table, spread.headings, _how_read(spread.value), spread.carries, sorted(spread.groups)) if spread else None
    said = [
        export.sha256, export.member, export.encoding, export.delimiter, export.headings, export.heading_line,
        export.first_line, export.begin_line, export.last_line, reading.contract.name, columns, wide,
        sorted(reading.mapping.items()), reading.spread, zone, sorted(signs.items()), privacy.mark, code_digest(),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()[:32]


def _how_read(column: Column) -> list[object]:
    """What of a column decides how its values are read; its meaning and its rules do not."""
    last_step = hashlib.sha256(column.clean(pl.col(column.name)).meta.serialize()).hexdigest() if column.clean else ""
    return [
        column.name, column.type.name, column.type.sql, column.nullable, last_step, column.otherwise, column.scale,
        column.currency, column.day_of,
    ]  # fmt: skip


def code_digest() -> str:
    """A digest of the code that reads: our modules and the versions of libraries."""
    return program_digest(Path(__file__), LIBRARIES)
