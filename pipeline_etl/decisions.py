"""How the columns of a file write dates, numbers and shares: told from all their values, said in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from pipeline_etl.exports import Export, blocks
from pipeline_etl.languages import is_day_first, language
from pipeline_etl.moments import day_evidence
from pipeline_etl.numbers import decimal_evidence
from pipeline_etl.recognise import Reading
from pipeline_etl.values import Style

LARGE = 64 << 20
"""Bytes from which on a file is not read twice without need."""
OVER_ONE = r"^\s*0*([2-9]|[1-9]\d+)([.,]\d*)?\s*$|^\s*0*1[.,]\d*[1-9]"
"""A number above 1, as far as it can be told without knowing its decimal mark."""
DATES, NUMBERS = ("DATE", "TIMESTAMP"), ("DECIMAL(18,4)", "DOUBLE", "BIGINT")


@dataclass(frozen=True)
class Decisions:
    """How a file's ambiguous dates and numbers are read, column by column, and the sentences that say on what grounds."""

    usual: Style
    styles: Mapping[str, Style]
    date_order: str
    decimal_mark: str

    def style(self, heading: str) -> Style:
        """The style of one column."""
        return self.styles.get(heading, self.usual)


@dataclass
class _Evidence:
    """What the values of one column have shown so far."""

    doubt: bool = False
    day: bool = False
    month: bool = False
    comma: bool = False
    point: bool = False
    over_one: bool = False


@dataclass
class _Found:
    dates: dict[str, _Evidence] = field(default_factory=dict)
    numbers: dict[str, _Evidence] = field(default_factory=dict)
    shares: frozenset[str] = frozenset()

    def look(self, frame: pl.DataFrame) -> None:
        for heading, seen in self.dates.items():
            doubt, day, month = day_evidence(frame[heading])
            seen.doubt, seen.day, seen.month = seen.doubt or doubt, seen.day or day, seen.month or month
        for heading, seen in self.numbers.items():
            comma, point = decimal_evidence(frame[heading])
            seen.comma, seen.point = seen.comma or comma, seen.point or point
            if heading in self.shares and not seen.over_one:
                # A share over one without a percent sign: the column counts in hundredths.
                seen.over_one = bool(frame[heading].str.contains(OVER_ONE).any())

    @property
    def suffices(self) -> bool:
        """Whether more rows could hardly change anything."""
        dates = all(not e.doubt or e.day or e.month for e in self.dates.values())
        return dates and not self.shares and all(e.comma or e.point for e in self.numbers.values())


def decide(
    export: Export, reading: Reading, zone: str, signs: Mapping[str, str] | None = None, *, whole: bool = False
) -> Decisions:
    """Tell day/month order, decimal mark and scale of each column from all its values.

    A column whose values tell nothing is read as the rest of its file; a file that tells nothing as its language and delimiter
    have it. Of a large file only the beginning is looked at, unless `whole`: should a date in doubt come up later, reading it
    raises `moments.Undecided`. signs: what shared currency signs mean in this company (`currencies.resolve`).
    """
    sure = whole or export.size <= LARGE
    found = _Found(
        {h: _Evidence() for h in _headings(reading, DATES)},
        {h: _Evidence() for h in _headings(reading, NUMBERS)},
        frozenset(reading.mapping[c.name] for c in reading.contract.columns if c.scale is None and c.name in reading.mapping),
    )
    for number, block in enumerate(blocks(export)):
        found.look(block.frame)
        if not sure and (found.suffices or number):
            break
    local = export.delimiter == ";" or is_day_first(language(export.headings))
    usual = Style(zone=zone, signs=signs or {})
    dates = list(found.dates.values())
    # What the columns of a file agree on holds for those that tell nothing themselves.
    overall = _order(any(e.day for e in dates), any(e.month for e in dates), local)
    marks = _mark(any(e.comma for e in found.numbers.values()), any(e.point for e in found.numbers.values()), local)
    styles, orders, decimal_marks = {}, {}, {}
    for heading, seen in found.dates.items():
        known = seen.day or seen.month
        day_first = _order(seen.day, seen.month, local) if known else overall
        styles[heading] = replace(usual, day_first=day_first, sure=sure or known)
        if seen.doubt:
            orders[heading] = _order_said(seen, day_first, local, any(e.day or e.month for e in dates))
    for heading, seen in found.numbers.items():
        mark = _mark(seen.comma, seen.point, local) if seen.comma or seen.point else marks
        decimal_marks[heading] = mark or "undecided"
        scale = 100 if seen.over_one or "%" in heading else 1
        styles[heading] = replace(styles.get(heading, usual), decimal=mark, scale=scale)
    usual = replace(usual, day_first=overall, decimal=marks)
    return Decisions(usual, styles, _said(orders), _said(decimal_marks) or marks or "undecided")


def _order(day: bool, month: bool, local: bool) -> bool:
    return day if day != month else local


def _order_said(seen: _Evidence, day_first: bool, local: bool, is_told: bool) -> str:
    if seen.day and seen.month:
        return "both orders occur; read as " + ("day/month" if local else "month/day")
    order = "day/month" if day_first else "month/day"
    return order if is_told else f"{order} (assumed: no day above 12)"


def _mark(comma: bool, point: bool, local: bool) -> str | None:
    return "," if comma and not point else "." if point and not comma else None if comma or local else "."


def _said(by_heading: Mapping[str, str]) -> str:
    """One word where all columns agree, else each with its heading."""
    if len(set(by_heading.values())) <= 1:
        return next(iter(by_heading.values()), "")
    return "; ".join(f"{heading}: {word}" for heading, word in by_heading.items())


def _headings(reading: Reading, types: tuple[str, ...]) -> list[str]:
    """The headings whose values are of one of these DuckDB types, wide ones included."""
    contract = reading.contract
    found = [reading.mapping[c.name] for c in contract.columns if c.type.sql in types and c.name in reading.mapping]
    if contract.spread and contract.spread.value.type.sql in types:
        found += reading.spread
    return found
