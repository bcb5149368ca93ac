"""Rows of cells that are no text file (a sheet, JSON, Parquet), kept as texts in Arrow files and handed out as blocks."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline_etl.headings import Fits, heading_row, stacked_rows, unique
from pipeline_etl.records import LINE, Block, Broken
from pipeline_etl.refusal import Refused

ROWS = 50_000
"""Rows in one Arrow file, and so in one block."""


@dataclass(frozen=True)
class Grid:
    """Rows of texts. columns: headings, or `1`, `2` … in a sheet, whose headings stand in one of its rows.

    parts: Arrow files with those columns (one that a part lacks is empty there) and `_line`, the number of the row.
    """

    format: str
    parts: tuple[Path, ...]
    columns: tuple[str, ...]
    broken: tuple[Broken, ...]
    blank: int
    rows: int

    def frames(self) -> Iterator[pl.DataFrame]:
        """The parts in order, each with all columns."""
        for part in self.parts:
            frame = pl.read_ipc(part)
            lacking = [pl.lit(None, pl.String).alias(c) for c in self.columns if c not in frame.columns]
            yield frame.with_columns(lacking).select(*self.columns, LINE)


class GridWriter:
    """Writes a Grid row by row. Use as a context manager; `grid` is there after it."""

    def __init__(self, scratch: Path, form: str) -> None:
        self.broken: list[Broken] = []
        self.blank = 0
        self._scratch, self._format = scratch, form
        self._columns: dict[str, None] = {}
        self._pending: list[dict[str, str | None]] = []
        self._lines: list[int] = []
        self._parts: list[Path] = []
        self._rows = 0
        scratch.mkdir(parents=True, exist_ok=True)

    def add(self, line: int, row: dict[str, str | None]) -> None:
        """One row; a row of which nothing is set is blank."""
        if not any(row.values()):
            self.blank += 1
            return
        self._pending.append({_free(c): v for c, v in row.items()} if LINE in row else row)
        self._lines.append(line)
        if len(self._pending) == ROWS:
            self._flush()

    def add_frame(self, frame: pl.DataFrame, first_line: int) -> None:
        """Many rows of texts at once, none of which is blank."""
        self._flush()
        renamed = frame.rename({LINE: _free(LINE)}) if LINE in frame.columns else frame
        self._write(renamed, range(first_line, first_line + frame.height))

    def _flush(self) -> None:
        if self._pending:
            names = dict.fromkeys(c for row in self._pending for c in row)
            columns = {c: [row.get(c) for row in self._pending] for c in names}
            self._write(pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String())), self._lines)
            self._pending, self._lines = [], []

    def _write(self, frame: pl.DataFrame, lines: Sequence[int]) -> None:
        part = self._scratch / f"rows{len(self._parts)}.arrow"
        self._columns |= dict.fromkeys(frame.columns)
        frame.with_columns(pl.Series(LINE, lines, dtype=pl.Int64)).write_ipc(part)
        self._parts.append(part)
        self._rows += frame.height

    def __enter__(self) -> GridWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._flush()
        parts, broken = tuple(self._parts), tuple(self.broken)
        self.grid = Grid(self._format, parts, tuple(self._columns), broken, self.blank, self._rows + len(broken))


@dataclass(frozen=True)
class Table:
    """A table in a grid. first to last: its rows; headings are () for a grid whose columns have names already."""

    grid: Grid
    headings: tuple[str, ...]
    begin: int
    heading: int
    last: int | None
    above: tuple[str, ...] = ()


class GridBlock(Block):
    """A block of a grid: the original of a row is its cells as CSV."""

    def original(self, line: int) -> str:
        """The cells of this row, as CSV would have them."""
        return as_csv(self.frame.filter(pl.col(LINE) == line).drop(LINE).row(0))


def as_csv(cells: Sequence[str | None]) -> str:
    """One row as a line of CSV."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(["" if c is None else c for c in cells])
    return stream.getvalue()


def tables(grid: Grid, fits: Fits) -> list[Table]:
    """The tables of a sheet, one below the other; raises Refused for one without any cell."""
    rows = [(row[-1], ["" if c is None else c for c in row[:-1]]) for frame in grid.frames() for row in frame.head(60).rows()][
        :60
    ]
    if not rows:
        raise Refused("the file is empty")
    first = heading_row([(line, _trimmed(cells)) for line, cells in rows], fits)
    line, cells = rows[first]
    starts = [(1, line, unique(_trimmed(cells)), tuple(as_csv(_trimmed(c)) for _, c in rows[:first]))]
    for begin, at, headings in stacked_rows(grid.frames(), line, _trimmed(cells), fits):
        starts.append((begin, at, unique(headings), ()))
    ends = [begin - 1 for begin, *_ in starts[1:]] + [None]
    return [Table(grid, h, begin, at, end, above) for (begin, at, h, above), end in zip(starts, ends, strict=True)]


def grid_blocks(table: Table) -> Iterator[Block]:
    """The rows below the headings; a row with cells beyond them is Broken."""
    named = not table.headings
    names = table.headings or table.grid.columns
    broken = list(table.grid.broken) if named else []
    blank = table.grid.blank if named else 0
    previous = table.heading
    for frame in table.grid.frames():
        if not named:
            frame = frame.filter(pl.col(LINE) > table.heading)
            frame = frame.filter(pl.col(LINE) <= table.last) if table.last else frame
        if not frame.height:
            continue
        extra = frame.columns[len(names) : -1]
        lost = frame.filter(pl.any_horizontal(pl.col(c).fill_null("") != "" for c in extra)) if extra else frame.clear()
        for row in lost.rows():
            cells = [c for c in row[len(names) : -1] if c]
            reason = f"It has {'a cell' if len(cells) == 1 else f'{len(cells)} cells'} to the right of the last heading."
            broken.append(Broken(row[-1], reason, as_csv(_trimmed(["" if c is None else c for c in row[:-1]]))))
        good = frame.filter(~pl.col(LINE).is_in(lost[LINE].implode())) if lost.height else frame
        good = good.select(*(pl.col(c).alias(n) for c, n in zip(frame.columns, names, strict=False)), LINE)
        last = int(frame[LINE].max())  # type: ignore[arg-type]
        gaps = 0 if named else last - previous - frame.height
        blank += gaps
        yield GridBlock(good, broken, blank, frame.height + blank + (len(broken) if named else 0), previous + 1, b"")
        broken, blank, previous = [], 0, last
    if broken:
        empty = pl.DataFrame(schema={**dict.fromkeys(names, pl.String()), LINE: pl.Int64()})
        yield GridBlock(empty, broken, blank, len(broken) + blank, 1, b"")


def _trimmed(cells: Sequence[str]) -> list[str]:
    width = max((n for n, c in enumerate(cells, 1) if c), default=0)
    return list(cells[:width])


def _free(column: str) -> str:
    return f"{column} (2)" if column == LINE else column
