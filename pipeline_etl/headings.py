"""Where the headings of a table stand: on the first row that a contract can read, however many lines are above it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from pipeline_etl.records import LINE

Fits = Callable[[Sequence[str]], float]
"""How well these headings fit what somebody can read; 0 for not at all."""
SEARCHED = 50
"""Records from the top among which the headings are looked for."""


def nothing_fits(headings: Sequence[str]) -> float:
    """For a reader who knows no headings."""
    return 0.0


def tidy(headings: Sequence[str]) -> list[str]:
    """Headings on one line each, without blanks around them."""
    return [" ".join(h.split()) for h in headings]


def unique(headings: Sequence[str]) -> tuple[str, ...]:
    """Headings as names: an empty one is called by its place; one that repeats, or is a name of ours, gets a number."""
    headings = tidy(headings)
    taken = {LINE, *headings}
    names: list[str] = []
    for position, heading in enumerate(headings, 1):
        name = heading or f"column {position}"
        number = 2
        while name in names or name == LINE or (name != heading and name in taken):
            name, number = f"{heading} ({number})", number + 1
        names.append(name)
    return tuple(names)


def heading_row(rows: Sequence[tuple[int, list[str]]], fits: Fits) -> int:
    """Which of these rows (line, cells) holds the headings: the first that fits; else the first that is no title."""
    filled = [n for n, (_, cells) in enumerate(rows) if any(cells)]
    for n in filled[:SEARCHED]:
        if fits(tidy(rows[n][1])) > 0:
            return n
    widths = [len(rows[n][1]) for n in filled]
    # As many titles as rows of the table: the rows are wider.
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=0)
    return next((n for n, width in zip(filled, widths, strict=True) if width > 1 or usual <= 1), filled[0] if filled else 0)


def stacked_rows(
    frames: Iterator[pl.DataFrame], heading: int, headings: list[str], fits: Fits
) -> Iterator[tuple[int, int, list[str]]]:
    """Further tables below the first one of a sheet: (first row that belongs to it, row of its headings, headings).

    One begins where the headings repeat, or where headings that fit follow a blank or nearly blank row.
    """
    # From where the rows above belong to the next table, should one begin: the blank rows and titles right above it.
    loose: int | None = None
    previous = heading
    for frame in frames:
        columns = [pl.col(c).fill_null("") for c in frame.columns if c != LINE]
        filled = frame.select(pl.sum_horizontal(c != "" for c in columns)).to_series()
        same = frame.select(pl.all_horizontal(c == h for c, h in zip(columns, headings, strict=False))).to_series()
        for at, (line, cells, again) in enumerate(zip(frame[LINE], filled, same, strict=True)):
            if line <= heading:
                continue
            few = max(1, sum(1 for h in headings if h) // 3)
            if line > previous + 1:
                loose = loose or previous + 1
            previous = line
            # A title has one cell; only behind a blank row or a title a few more may be one, else they are a total.
            if cells <= (few if loose else 1) < len(headings):
                loose = loose or line
                continue
            if not (again or loose):
                continue
            row = ["" if c is None else c for c in frame.row(at)[:-1]]
            while row and not row[-1]:
                row.pop()
            if again or fits(tidy(row)) > 0:
                yield loose or line, line, row
                headings = row
            loose = None


def sentence_above(lines: Sequence[str]) -> str:
    """What stood above the headings, for `quality.files`."""
    lines = [re.sub(r"\s+", " ", line).strip(' ,;"') for line in lines]
    lines = [line for line in lines if line]
    if not lines:
        return ""
    count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
    shown = repr(lines[0] if len(lines[0]) <= 60 else lines[0][:57] + "…") + (" …" if len(lines) > 1 else "")
    return f"{count} above the headings {'was' if len(lines) == 1 else 'were'} passed over: {shown}."
