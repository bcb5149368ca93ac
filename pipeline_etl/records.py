"""From the bytes of a block to text rows with line numbers: quickly where it is plain, one by one where it is not."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipeline_etl.lines import (
    BOM,
    CLOSES_INSIDE,
    LONGEST_FIELD_IN_LINES,
    NEVER_CLOSED,
    is_utf8,
    lines_of_record,
    plain_lines,
    split,
)

LINE = "_line"
"""The column that holds the line on which a record begins, counted from 1 in the file as it is."""


@dataclass(frozen=True)
class Broken:
    """A record that could not be split into fields: its first line, one sentence, and its text as it stands."""

    line: int
    reason: str
    original: str


@dataclass
class Block:
    """Some whole records of a file.

    frame: text columns named like the headings, and `_line`; empty cells are NULL or ''.
    broken: records that are not in the frame; blank: lines that hold nothing; line_count: all lines of the block.
    """

    frame: pl.DataFrame
    broken: list[Broken]
    blank: int
    line_count: int
    first_line: int
    raw: bytes = field(repr=False)
    delimiter: str = ","
    _lines: list[bytes] | None = field(default=None, repr=False)

    def original(self, line: int) -> str:
        """The text of the record that begins on this line, quoted newlines included."""
        if self._lines is None:
            self._lines = self.raw.split(b"\n")
        at = line - self.first_line
        taken = lines_of_record(self._lines, at, self.delimiter.encode(), True)
        text = b"\n".join(self._lines[at : at + taken])
        return text.decode("utf-8", errors="replace").rstrip("\r\n")


class LinesLost(AssertionError):
    """A block accounts for fewer or more lines than it has: a bug of ours, never to be passed over."""


def read_block(raw: bytes, headings: tuple[str, ...], delimiter: str, first_line: int, *, final: bool = True) -> Block:
    """Split bytes (UTF-8) that begin at a record into rows; `first_line` is the number of the first line.

    Where the file goes on (not `final`) the block holds the whole records only: `raw` says how far it got.
    """
    plain = raw if final else raw[: last_record_end(raw)]
    if plain:
        # Most blocks end in one newline; only the others, at the end of a file, are worth a copy.
        tidy = plain.endswith(b"\n") and not plain.endswith((b"\n\n", b"\n\r\n"))
        body = plain if tidy else plain.rstrip(b"\r\n") + b"\n"
        newlines = count(body, b"\n")
        frame = _read_plain(body, headings, delimiter, first_line, newlines)
        if frame is not None:
            line_count = newlines if tidy else plain.count(b"\n") + (not plain.endswith(b"\n"))
            return Block(frame, [], line_count - newlines, line_count, first_line, plain, delimiter)
    return _read_carefully(raw, headings, delimiter, first_line, final)


def last_record_end(buffer: bytes) -> int:
    """Where the last whole record ends, where all quotes are regular: behind a newline with an even number before it."""
    end = buffer.rfind(b"\n") + 1
    odd = count(buffer[:end] if end < len(buffer) else buffer, b'"') % 2
    while odd and end:
        previous = buffer.rfind(b"\n", 0, end - 1) + 1
        odd ^= buffer.count(b'"', previous, end) % 2
        end = previous
    return end


def count(raw: bytes, byte: bytes) -> int:
    """How often one byte occurs; several times faster than `bytes.count`, and other threads can work meanwhile."""
    return int(np.count_nonzero(np.frombuffer(raw, dtype=np.uint8) == ord(byte)))


def _read_plain(raw: bytes, headings: tuple[str, ...], delimiter: str, first_line: int, newlines: int) -> pl.DataFrame | None:
    """The whole block through Polars, or None where that could lose or misread anything.

    Polars fails on a row with too many fields and fills one with too few: so with no quotes about, the number of
    delimiters proves that no row is short; with quotes, rows that end in an empty cell are counted one by one.
    """
    comma, width = delimiter.encode(), len(headings)
    if (
        b"\0" in raw
        or raw.startswith((b"\n", b"\r\n", BOM))
        # With two fields and more a blank line is a short row, and found as one.
        or (width == 1 and b"\n\n" in raw)
        or (b"\r" in raw and (raw.count(b"\r") != raw.count(b"\r\n") or b"\n\r\n" in raw))
        or not is_utf8(raw)
    ):
        return None
    quotes = b'"' in raw
    if quotes and not _quotes_are_regular(raw, delimiter):
        return None
    try:
        frame = _parse(raw, headings, delimiter)
    except pl.exceptions.PolarsError:
        return None
    if not quotes:
        if frame.height != newlines or count(raw, comma) != newlines * (width - 1):
            return None
        return frame.with_columns(pl.int_range(first_line, first_line + newlines, dtype=pl.Int64).alias(LINE))
    spans = None
    if frame.height != newlines:
        spans = 1 + frame.select(
            pl.sum_horizontal(pl.col(h).str.count_matches("\n", literal=True).fill_null(0) for h in headings)
        ).to_series().cast(pl.Int64)
        if spans.sum() != newlines or spans.max() > LONGEST_FIELD_IN_LINES:
            return None
    if _has_short_rows(raw, frame, delimiter, width, spans is not None):
        return None
    line = pl.int_range(first_line, first_line + newlines, dtype=pl.Int64, eager=True)
    if spans is not None:
        line = first_line + spans.cum_sum().shift(1, fill_value=0)
    return frame.with_columns(line.alias(LINE))


def _quotes_are_regular(raw: bytes, delimiter: str) -> bool:
    """Whether each quote opens a field, closes one, or is half of a doubled one; Polars would guess at the others."""
    text = np.frombuffer(raw, dtype=np.uint8)
    at = np.flatnonzero(text == ord('"'))
    if len(at) % 2:
        return False
    opening, closing = at[::2], at[1::2]
    before = text[opening - 1]
    before[:1] = ord("\n") if at[0] == 0 else before[:1]
    after = text[closing + 1]
    ends = (ord(delimiter), ord("\n"), ord('"'))
    return bool(np.isin(before, ends).all() and np.isin(after, (*ends, ord("\r"))).all())


def _has_short_rows(raw: bytes, frame: pl.DataFrame, delimiter: str, width: int, spanning: bool) -> bool:
    suspects = frame[:, -1].is_null()
    if not suspects.any():
        return False
    if spanning:
        return True
    lines = raw.decode().split("\n")
    at_risk = pl.Series([lines[i] for i in suspects.arg_true()], dtype=pl.String)
    fields = at_risk.str.replace_all(r'"[^"]*"', "").str.count_matches(delimiter, literal=True)
    return bool((fields != width - 1).any())


def _read_carefully(raw: bytes, headings: tuple[str, ...], delimiter: str, first_line: int, final: bool = True) -> Block:
    """From record to record: runs of plain lines together, each other record by itself."""
    lines = raw.split(b"\n")
    if lines[-1] == b"" or not final:
        lines.pop()
    plain, begins = plain_lines(raw, delimiter, len(headings))
    others = np.append(np.flatnonzero(~plain[: len(lines)]), len(lines))
    runs: list[tuple[int, int]] = []
    rows: list[tuple[str | int, ...]] = []
    broken: list[Broken] = []
    at = blank = accounted = 0
    while at < len(lines):
        if (end := int(others[np.searchsorted(others, at)])) > at:
            runs.append((at, end))
            accounted, at = accounted + end - at, end
            continue
        if not lines[at].strip(b"\r"):
            blank, accounted, at = blank + 1, accounted + 1, at + 1
            continue
        taken = lines_of_record(lines, at, delimiter.encode(), final)
        if not taken:
            break
        record = b"\n".join(lines[at : at + taken])
        fields, reason = split(record, delimiter, len(headings))
        if taken > 1 and reason == CLOSES_INSIDE:
            # The quote that opened here met a stray one further down: what lies between are rows of their own.
            record, taken, reason = lines[at], 1, NEVER_CLOSED
        if reason:
            broken.append(Broken(first_line + at, reason, record.decode("utf-8", errors="replace").rstrip("\r")))
        else:
            rows.append((*fields, first_line + at))
        accounted += taken
        at += taken
    if accounted != at or at > len(lines) or (final and at != len(lines)):
        raise LinesLost(f"from line {first_line}: {accounted} of {len(lines)} lines accounted for")
    schema = {**dict.fromkeys(headings, pl.String()), LINE: pl.Int64()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    if runs:
        together = b"".join(raw[begins[begin] : begins[end]] for begin, end in runs)
        numbers = np.concatenate([np.arange(begin, end) for begin, end in runs]) + first_line
        if (found := _parse(together, headings, delimiter)).height != len(numbers):
            raise LinesLost(f"from line {first_line}: {found.height} of {len(numbers)} plain lines accounted for")
        frame = pl.concat([frame, found.with_columns(pl.Series(LINE, numbers, dtype=pl.Int64))]).sort(LINE)
    used = raw if final else raw[: sum(len(line) + 1 for line in lines[:at])]
    return Block(frame, broken, blank, at, first_line, used, delimiter)


def _parse(raw: bytes, headings: tuple[str, ...], delimiter: str) -> pl.DataFrame:
    return pl.read_csv(
        io.BytesIO(raw),
        has_header=False,
        separator=delimiter,
        quote_char='"' if b'"' in raw else None,
        schema=dict.fromkeys(headings, pl.String()),
        infer_schema=False,
    )
