"""Contract + text rows -> typed rows, rejected rows with one sentence per fault, and values that could not be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipeline_etl.contract import Column, Contract, Integer, Spread, String
from pipeline_etl.exports import Export, blocks
from pipeline_etl.recognise import Reading
from pipeline_etl.records import LINE, Block
from pipeline_etl.values import Style, day_evidence, decimal_evidence, read

LARGE = 64 << 20
"""Bytes from which on a file is not read twice without need."""
FAULTS = {"line": pl.Int64(), "column_name": pl.String(), "reason": pl.String(), "original": pl.String()}
EXAMPLES = {"DATE": "2024-11-27", "TIMESTAMP": "2024-11-27 10:36", "DECIMAL(18,4)": "1234.50", "BOOLEAN": "true"}


@dataclass(frozen=True)
class Decisions:
    """How a file's ambiguous dates and numbers are read, and the sentence that says on what grounds."""

    style: Style
    date_order: str
    decimal_mark: str


@dataclass(frozen=True)
class Cleaned:
    """What became of one block.

    kept: the contract's columns and `_line`; spread: the rows of the wide headings, or None.
    rejected, unreadable: line, column_name, reason, original; a row is rejected once, however many faults it has.
    """

    kept: pl.DataFrame
    spread: pl.DataFrame | None
    rejected: pl.DataFrame
    unreadable: pl.DataFrame


def decide(export: Export, reading: Reading, zone: str, *, whole: bool = False) -> Decisions:
    """Tell day/month order and decimal mark from all values of the file; one answer for the whole file.

    Of a large file only the beginning is looked at, unless `whole`: should a date in doubt come up later, reading it raises
    `values.Undecided`.
    """
    sure = whole or export.size <= LARGE
    dates = _headings(reading, "DATE", "TIMESTAMP")
    numbers = _headings(reading, "DECIMAL(18,4)", "DOUBLE", "BIGINT")
    doubt = day = month = comma = point = False
    for number, block in enumerate(blocks(export)):
        for heading in dates:
            d, first, second = day_evidence(block.frame[heading])
            doubt, day, month = doubt or d, day or first, month or second
        for heading in numbers:
            c, p = decimal_evidence(block.frame[heading])
            comma, point = comma or c, point or p
        if not sure and (not doubt or day or month) and (not numbers or comma or point or number):
            break
    local = export.delimiter == ";"
    day_first = day if day != month else local
    if not doubt:
        order = ""
    elif day and month:
        order = "both orders occur; read as " + ("day/month" if local else "month/day")
    else:
        order = "day/month" if day_first else "month/day"
        order += "" if day or month else " (assumed: no day above 12)"
    mark = "," if comma and not point else "." if point and not comma else None if comma or local else "."
    return Decisions(Style(day_first, mark, zone, sure or day or month), order, mark or "undecided")


def clean(contract: Contract, reading: Reading, block: Block, decisions: Decisions) -> Cleaned:
    """Type one block of a file by its contract."""
    height = block.frame.height
    typed: dict[str, pl.Series] = {}
    rejected = _Faults(block)
    unreadable = _Faults(block)
    for column in contract.columns:
        heading = reading.mapping.get(column.name)
        if heading is None:
            typed[column.name] = pl.Series([None], dtype=column.type.polars).new_from_index(0, height)
            continue
        values, present = read(block.frame[heading], column, decisions.style)
        typed[column.name] = values
        unread = present.is_not_null() & values.is_null() if values.null_count() > present.null_count() else None
        if not column.nullable:
            if present.null_count():
                rejected.add(present.is_null(), heading, f'"{heading}" is empty.')
            if unread is not None:
                rejected.add_each(unread, heading, present, column)
        elif unread is not None:
            unreadable.add_each(unread, heading, present, column)
    frame = pl.DataFrame(typed).with_columns(block.frame[LINE])
    frame = frame.with_columns(*_last_steps(contract)).with_columns(*_stand_ins(contract, reading))
    wide = _spread(contract.spread, block, frame, decisions.style, unreadable) if contract.spread else None
    if rejected.lines:
        gone = pl.Series(list(rejected.lines), dtype=pl.Int64)
        frame = frame.filter(~pl.col(LINE).is_in(gone.implode()))
        wide = wide.filter(~pl.col(LINE).is_in(gone.implode())) if wide is not None else None
        unreadable.drop(rejected.lines)
    for broken in block.broken:
        rejected.rows.append((broken.line, "", broken.reason, broken.original))
    return Cleaned(frame, wide, rejected.merged(), unreadable.frame())


def empty_frame(columns: tuple[Column, ...]) -> pl.DataFrame:
    """No rows, with the types of these columns."""
    return pl.DataFrame(schema={c.name: c.type.polars for c in columns})


def spread_columns(contract: Contract) -> tuple[Column, ...]:
    """The columns of the table that the wide headings of a contract become."""
    spread = contract.spread
    if spread is None:
        return ()
    carried = tuple(c for c in contract.columns if c.name in spread.carries)
    named = tuple(Column(g, String, meaning, nullable=True) for g, meaning in spread.groups.items())
    position = Column("position", Integer, "Place of the heading among its like in the file, from 1, left to right.")
    return (*carried, *named, position, spread.value)


def _headings(reading: Reading, *types: str) -> list[str]:
    """The headings whose values are of one of these DuckDB types, wide ones included."""
    contract = reading.contract
    found = [reading.mapping[c.name] for c in contract.columns if c.type.sql in types and c.name in reading.mapping]
    if contract.spread and contract.spread.value.type.sql in types:
        found += reading.spread
    return found


def _stand_ins(contract: Contract, reading: Reading) -> list[pl.Expr]:
    """Values for columns that the file has no heading for, put together from others."""
    return [
        pl.concat_str([pl.col(o).cast(pl.String).fill_null("") for o in c.otherwise], separator="|").alias(c.name)
        for c in contract.columns
        if c.otherwise and c.name not in reading.mapping
    ]


def _last_steps(contract: Contract) -> Iterator[pl.Expr]:
    return (c.clean(pl.col(c.name)).alias(c.name) for c in contract.columns if c.clean)


def _spread(spread: Spread, block: Block, frame: pl.DataFrame, style: Style, unreadable: _Faults) -> pl.DataFrame:
    parts = []
    position = 0
    for heading in block.frame.columns:
        groups = spread.match(heading) if heading != LINE else None
        if groups is None:
            continue
        position += 1
        values, present = read(block.frame[heading], spread.value, style)
        if values.null_count() > present.null_count():
            unreadable.add_each(present.is_not_null() & values.is_null(), heading, present, spread.value)
        parts.append(
            frame.select(
                *spread.carries,
                *(pl.lit(groups.get(g), pl.String).alias(g) for g in spread.groups),
                pl.lit(position, pl.Int64).alias("position"),
                values.alias(spread.value.name),
                LINE,
            ).filter(pl.col(spread.value.name).is_not_null())
        )
    return pl.concat(parts) if parts else None


class _Faults:
    """Collects faults of one block; looks up the original text only of the rows that have one."""

    def __init__(self, block: Block) -> None:
        self._block = block
        self.rows: list[tuple[int, str, str, str]] = []
        self.lines: set[int] = set()

    def add(self, mask: pl.Series, heading: str, reason: str) -> None:
        for line in self._block.frame[LINE].filter(mask):
            self.lines.add(line)
            self.rows.append((line, heading, reason, self._block.original(line)))

    def add_each(self, mask: pl.Series, heading: str, texts: pl.Series, column: Column) -> None:
        expected = EXAMPLES.get(column.type.sql)
        hint = f" such as {expected}" if expected else ""
        for line, text in zip(self._block.frame[LINE].filter(mask), texts.filter(mask), strict=True):
            shown = text if len(text) <= 60 else text[:57] + "…"
            self.lines.add(line)
            reason = f'"{heading}" holds {shown!r}, which is no {column.type.name}{hint}.'
            self.rows.append((line, heading, reason, self._block.original(line)))

    def drop(self, lines: set[int]) -> None:
        self.rows = [row for row in self.rows if row[0] not in lines]

    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(self.rows, schema=FAULTS, orient="row")

    def merged(self) -> pl.DataFrame:
        """One row per line, its sentences one after the other."""
        by_line: dict[int, list[tuple[int, str, str, str]]] = {}
        for row in self.rows:
            by_line.setdefault(row[0], []).append(row)
        rows = [
            (line, ", ".join(r[1] for r in group if r[1]), " ".join(r[2] for r in group), group[0][3])
            for line, group in sorted(by_line.items())
        ]
        return pl.DataFrame(rows, schema=FAULTS, orient="row")
