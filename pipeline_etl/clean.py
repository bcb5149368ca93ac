"""Contract + text rows -> typed rows, rejected rows with one sentence per fault, and values that could not be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from pipeline_etl.contract import Column, Contract, Integer, Spread, String
from pipeline_etl.currencies import currency_of, in_heading
from pipeline_etl.decisions import Decisions
from pipeline_etl.moments import null_where
from pipeline_etl.numbers import currencies
from pipeline_etl.recognise import Reading
from pipeline_etl.records import LINE, Block
from pipeline_etl.values import read

FAULTS = {"line": pl.Int64(), "column_name": pl.String(), "reason": pl.String(), "original": pl.String()}
TOTAL = r"(?i)^[\W_]*(grand |sub)?(totals?|gesamt(summe)?|summe|somme|totale|totaal|razem|suma|yhteensä|summa|合計)\b"
TOTAL_ROW = "It is a total of other rows."
EXAMPLES = {"DATE": "2024-11-27", "TIMESTAMP": "2024-11-27 10:36", "DECIMAL(18,4)": "1234.50", "BOOLEAN": "true"}


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


def clean(contract: Contract, reading: Reading, block: Block, decisions: Decisions) -> Cleaned:
    """Type one block of a file by its contract."""
    height = block.frame.height
    typed: dict[str, pl.Series] = {}
    rejected = _Faults(block)
    unreadable = _Faults(block)
    money: list[tuple[Column, str, pl.Series]] = []
    for column in contract.columns:
        heading = reading.mapping.get(column.name)
        if heading is None:
            typed[column.name] = pl.Series([None], dtype=column.type.polars).new_from_index(0, height)
            continue
        values, present = read(block.frame[heading], column, decisions.style(heading))
        typed[column.name] = values
        if column.currency:
            money.append((column, heading, present))
        unread = present.is_not_null() & values.is_null() if values.null_count() > present.null_count() else None
        if not column.nullable:
            if present.null_count():
                rejected.add(present.is_null(), heading, f'"{heading}" is empty.')
            if unread is not None:
                rejected.add_each(unread, heading, present, column)
        elif unread is not None:
            unreadable.add_each(unread, heading, present, column)
    for column, heading, present in money:
        _price(typed, column, heading, present, decisions, unreadable)
    frame = pl.DataFrame(typed).with_columns(block.frame[LINE])
    frame = frame.with_columns(*_last_steps(contract)).with_columns(*_stand_ins(contract, reading))
    wide = _spread(contract.spread, block, frame, decisions, unreadable) if contract.spread else None
    if rejected.lines:
        gone = pl.Series(list(rejected.lines), dtype=pl.Int64)
        frame = frame.filter(~pl.col(LINE).is_in(gone.implode()))
        wide = wide.filter(~pl.col(LINE).is_in(gone.implode())) if wide is not None else None
        unreadable.drop(rejected.lines)
        rejected.rows = [(line, "", TOTAL_ROW, o) if re.match(TOTAL, o) else (line, h, r, o) for line, h, r, o in rejected.rows]
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


def _price(
    typed: dict[str, pl.Series], column: Column, heading: str, present: pl.Series, decisions: Decisions, unreadable: _Faults
) -> None:
    """Tell the currency of each amount: from its column, else from the sign beside the number, else from the heading.

    An amount is not read where its sign contradicts its column, or may mean several currencies and nothing says which.
    """
    said, overall, beside = typed[column.currency], in_heading(heading), currencies(present)
    if beside is None:
        beside = pl.Series([None], dtype=pl.String).new_from_index(0, len(present))
    pairs = pl.DataFrame({"said": said, "beside": beside.zip_with(present.is_not_null(), beside.clear(len(beside)))})
    signs = decisions.style(heading).signs
    found = [(*pair, *currency_of(*pair, overall, signs)) for pair in pairs.unique().rows()]
    known = pl.DataFrame(found, schema=dict.fromkeys(("said", "beside", "code", "fault"), pl.String), orient="row")
    told = pairs.join(known, on=["said", "beside"], how="left", nulls_equal=True, maintain_order="left")
    typed[column.currency] = told["code"]
    if (faulty := (told["fault"] != "") & present.is_not_null()).any():
        typed[column.name] = null_where(typed[column.name], faulty)
        unreadable.add_texts(faulty, heading, present, told["fault"])


def _stand_ins(contract: Contract, reading: Reading) -> list[pl.Expr]:
    """Values for columns that the file has no heading for, put together from others."""
    return [
        pl.concat_str([pl.col(o).cast(pl.String).fill_null("") for o in c.otherwise], separator="|").alias(c.name)
        for c in contract.columns
        if c.otherwise and c.name not in reading.mapping
    ]


def _last_steps(contract: Contract) -> Iterator[pl.Expr]:
    return (c.clean(pl.col(c.name)).alias(c.name) for c in contract.columns if c.clean)


def _spread(spread: Spread, block: Block, frame: pl.DataFrame, decisions: Decisions, unreadable: _Faults) -> pl.DataFrame:
    parts = []
    position = 0
    for heading in block.frame.columns:
        groups = spread.match(heading) if heading != LINE else None
        if groups is None:
            continue
        position += 1
        values, present = read(block.frame[heading], spread.value, decisions.style(heading))
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

    def add_texts(self, mask: pl.Series, heading: str, texts: pl.Series, reasons: pl.Series) -> None:
        lines = self._block.frame[LINE].filter(mask)
        for line, text, reason in zip(lines, texts.filter(mask), reasons.filter(mask), strict=True):
            self.lines.add(line)
            self.rows.append((line, heading, f'"{heading}" holds {text!r}: {reason}.', self._block.original(line)))

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
