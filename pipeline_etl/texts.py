"""Text files: their delimiter, and the tables in them, found before a row is read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline_etl.encoding import Layout, decoded, encoding_of, guess_encoding, utf8_chunks, with_plain_ends
from pipeline_etl.headings import SEARCHED, Fits, heading_row, tidy, unique
from pipeline_etl.lines import is_open_after
from pipeline_etl.refusal import Refused

LARGE = 64 << 20
"""Bytes from which on tables further down are looked for behind blank lines and at repeated headings only."""
LONGEST_HEADINGS = 50
DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class TextTable:
    """One table of a text file; lines count from 1. begin: the first line that belongs to it; last: None to the end."""

    headings: tuple[str, ...]
    begin: int
    heading: int
    first: int
    last: int | None
    above: tuple[str, ...]


def look_at(file: Path, fits: Fits, fallback: str) -> tuple[Layout, list[TextTable]]:
    """The layout of a text file and its tables; raises Refused for one that is empty or no text."""
    encoding, head = encoding_of(file, fallback)
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise Refused("the file is empty")
    text = decoded(head, encoding)
    if not text.strip():
        raise Refused(f"the file holds no text; its {len(head)} bytes are cut off within a character")
    if text[:4096].count("\0") * 20 > len(text[:4096]):
        # A few are damage, and cost the rows that they stand in.
        raise Refused("it is not text: it is full of NUL bytes")
    line_ends = "cr" if "\n" not in text and "\r" in text.rstrip("\r") else "crcrlf" if "\r\r\n" in text else "lf"
    delimiter, table = _first_table(with_plain_ends(text, line_ends), fits)
    if encoding == fallback and fits(table.headings) == 0 and (guess := guess_encoding(head)) and guess != encoding:
        other, guessed = _first_table(with_plain_ends(decoded(head, guess), line_ends), fits)
        if fits(guessed.headings) > 0:
            encoding, delimiter, table = guess, other, guessed
    layout = Layout(encoding, delimiter, line_ends)
    starts = [table, *_further_tables(file, layout, table, fits)]
    ends = [t.begin - 1 for t in starts[1:]] + [None]
    return layout, [replace(t, last=end) for t, end in zip(starts, ends, strict=True)]


def _first_table(text: str, fits: Fits) -> tuple[str, TextTable]:
    """The delimiter and the first table: the headings that fit with the one delimiter, or else with the most frequent one."""
    lines = text.split("\n")
    told = re.fullmatch(r'sep=(.)\r?|"sep=(.)"\r?', lines[0])
    if told and any(line.strip() for line in lines[1:]):
        delimiter = told.group(1) or told.group(2)
        return delimiter, _table_in(lines, delimiter, fits, 1)
    candidates = sorted(DELIMITERS, key=lambda d: -max(_outside_quotes(line).count(d) for line in lines[:SEARCHED]))
    fault: Refused | None = None
    tables = {}
    for delimiter in candidates:
        if tables and not any(delimiter in line for line in lines[:SEARCHED]):
            continue
        try:
            tables[delimiter] = _table_in(lines, delimiter, fits, 0)
        except Refused as refused:
            fault = fault or refused
            continue
        if fits(tables[delimiter].headings) > 0:
            return delimiter, tables[delimiter]
    if not tables:
        raise fault or Refused("the file is empty")
    first = next(line for line in lines if line.strip())
    usual = max(tables, key=lambda d: (_outside_quotes(first).count(d), len(tables[d].headings)))
    return usual, tables[usual]


def _table_in(lines: list[str], delimiter: str, fits: Fits, skipped: int) -> TextTable:
    rows, ends = [], []
    at = skipped
    while at < len(lines) and len(rows) < SEARCHED + 10:
        end = _end_of_record(lines, at, delimiter)
        try:
            found = next(csv.reader(io.StringIO("\n".join(lines[at:end]), newline=""), delimiter=delimiter), [])
        except csv.Error as error:
            if not rows:
                raise Refused(f"its headings cannot be read: {error}") from error
            found = []
        rows.append((at + 1, found))
        ends.append(end)
        at = end
    place = heading_row(rows, fits)
    heading, cells = rows[place]
    if ends[place] - heading >= LONGEST_HEADINGS or _is_open(lines[heading - 1 : ends[place]], delimiter):
        raise Refused("a quote in its headings is never closed")
    above = tuple(line.rstrip("\r") for line in lines[: heading - 1])
    return TextTable(unique(cells), 1, heading, ends[place] + 1, None, above)


def _end_of_record(lines: list[str], at: int, delimiter: str) -> int:
    is_open = False
    for end in range(at, min(len(lines), at + LONGEST_HEADINGS)):
        is_open = is_open_after(lines[end].encode(), delimiter.encode(), is_open)
        if not is_open:
            return end + 1
    return at + 1


def _is_open(lines: list[str], delimiter: str) -> bool:
    is_open = False
    for line in lines:
        is_open = is_open_after(line.encode(), delimiter.encode(), is_open)
    return is_open


def _outside_quotes(line: str) -> str:
    return "".join(part for i, part in enumerate(line.split('"')) if i % 2 == 0)


def _further_tables(file: Path, layout: Layout, first: TextTable, fits: Fits) -> Iterator[TextTable]:
    """Tables below the first one: headings that fit behind a line of another width or a blank one, or the same ones again.

    The titles and blank lines right above such headings belong to the table below.
    """
    width, same = len(first.headings), first.headings
    thorough = file.stat().st_size <= LARGE
    loose: list[tuple[int, bytes]] = []
    for number, line, is_odd in _odd_lines(file, layout, first, thorough):
        if number < first.first:
            continue
        if loose and loose[-1][0] != number - 1:
            loose = []
        cells = _cells(line, layout.delimiter)
        again = tuple(cells) == same
        if again or (len(cells) > 1 and (is_odd or loose) and fits(cells) > 0):
            begin = loose[0][0] if loose else number
            above = tuple(text.decode("utf-8", "replace").strip("\r") for _, text in loose)
            yield TextTable(unique(cells), begin, number, number + 1, None, above)
            width, same, loose = len(cells), tuple(cells), []
        elif len([c for c in cells if c]) <= (max(1, width // 3) if loose else 1):
            loose.append((number, line))
        else:
            loose = []


def _cells(line: bytes, delimiter: str) -> list[str]:
    try:
        return tidy(next(csv.reader([line.decode("utf-8", "replace")], delimiter=delimiter), []))
    except csv.Error:
        return []


def _odd_lines(file: Path, layout: Layout, first: TextTable, thorough: bool) -> Iterator[tuple[int, bytes, bool]]:
    """Lines that are not like the rows of the first table, with those that follow them: number, text, whether odd itself."""
    comma, before, carry = ord(layout.delimiter), 0, b""
    wanted = len(first.headings) - 1
    heading = b""
    for chunk in utf8_chunks(file, layout, 1 << 23):
        buffer = carry + chunk
        end = buffer.rfind(b"\n") + 1
        buffer, carry = buffer[:end], buffer[end:]
        if not buffer:
            continue
        text = np.frombuffer(buffer, dtype=np.uint8)
        newlines = np.flatnonzero(text == 10)
        starts = np.concatenate(([0], newlines[:-1] + 1))
        if before < first.heading <= before + len(newlines) and not heading:
            at = first.heading - before - 1
            heading = buffer[starts[at] : newlines[at]].rstrip(b"\r")
        is_odd = newlines - starts <= 1
        if thorough:
            commas = np.cumsum(text == comma, dtype=np.int64)
            counts = commas[newlines] - np.concatenate(([0], commas[newlines[:-1]]))
            is_odd |= counts < wanted
            is_odd |= (counts != wanted) & np.concatenate(([False], is_odd[:-1]))
        follows = np.concatenate(([False], is_odd[:-1]))
        places = set(np.flatnonzero(is_odd | follows).tolist())
        if heading:
            places |= {int(np.searchsorted(newlines, m.start())) for m in re.finditer(re.escape(heading), buffer)}
        for at in sorted(places):
            yield before + at + 1, buffer[starts[at] : newlines[at]], bool(is_odd[at])
        before += len(newlines)
    if carry:
        yield before + 1, carry, True
