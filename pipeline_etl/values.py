"""Read the texts of one column as values: dates, money, numbers, yes and no. A text that cannot be read becomes NULL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from pipeline_etl.contract import Column
from pipeline_etl.languages import NO, YES
from pipeline_etl.moments import moments, null_where
from pipeline_etl.numbers import decimals, numbers

NOTHING = ("n/a", "na", "#n/a", "null", "none", "nan", "-", "--", "—", "(none)", "(no value)", "sin dato")
"""What tools write into a cell that holds no value; not applied to text columns, where it may be a name."""
AFFIRMATIVE = tuple({"1", *(word for words in YES.values() for word in words.split())})
NEGATIVE = tuple({"0", *(word for words in NO.values() for word in words.split())})


@dataclass(frozen=True)
class Style:
    """How one column writes dates and numbers.

    day_first: 31/12 (True) or 12/31 (False); decimal: the decimal mark, None where nothing tells it.
    zone: the time zone of times that carry none. sure: whether the order was decided from all that the file holds.
    scale: what a share without a percent sign is out of, where its contract leaves that to the file.
    """

    day_first: bool = False
    decimal: str | None = None
    zone: str = "UTC"
    sure: bool = True
    scale: float = 1
    signs: Mapping[str, str] = field(default_factory=dict)


def read(texts: pl.Series, column: Column, style: Style) -> tuple[pl.Series, pl.Series]:
    """The values of a column, and its texts with blanks as NULL; where only the value is NULL, it could not be read."""
    stripped = texts.str.strip_chars()
    kind = column.type
    if kind.name in ("text", "e-mail address"):
        present = null_where(stripped, stripped == "")
        return (_emails(present) if kind.name == "e-mail address" else present), present
    present = null_where(stripped, stripped.str.to_lowercase().is_in(("", *NOTHING)))
    if kind.sql in ("DATE", "TIMESTAMP"):
        is_date = kind.sql == "DATE"
        values = moments(present, is_date=is_date, day_first=style.day_first, sure=style.sure, zone=style.zone)
        return values.dt.date() if is_date else values, present
    if kind.sql == "BOOLEAN":
        lower = present.str.to_lowercase()
        value = pl.when(lower.is_in(AFFIRMATIVE)).then(True).when(lower.is_in(NEGATIVE)).then(False).otherwise(None)
        return pl.select(value).to_series(), present
    if kind.name == "percentage":
        shares = present.str.contains(r"[%％]$")
        number = numbers(present.str.replace(r"\s*[%％]$", ""), style.decimal, pl.Float64())
        scale = style.scale if column.scale is None else column.scale
        divisor = pl.select(pl.when(shares).then(100.0).otherwise(float(scale))).to_series()
        return number / divisor, present
    if kind.name == "amount of money":
        return decimals(present, style.decimal), present
    if kind.sql == "BIGINT":
        return _whole(present, style.decimal), present
    return numbers(present, style.decimal, pl.Float64()), present


def _whole(texts: pl.Series, mark: str | None) -> pl.Series:
    """Whole numbers; `3.400` and `3,400` are thousands here, whatever the mark, and 2.5 is none."""
    grouped = texts.str.replace(r"^([+-]?[1-9]\d{0,2})[.,](\d{3})$", "${1}${2}")
    exact = numbers(grouped, mark, pl.Decimal(38, 8))
    whole = exact.cast(pl.Int64, strict=False)
    return null_where(whole, exact != whole.cast(pl.Decimal(38, 8), strict=False))


def _emails(texts: pl.Series) -> pl.Series:
    """The first address of those in a cell, lower case."""
    lower = texts.str.to_lowercase()
    if lower.str.contains(r"[,;\s<]").any():
        lower = lower.str.extract(r"([^\s,;<>]+@[^\s,;<>]+)")
    return null_where(lower, ~lower.str.contains("@", literal=True))
