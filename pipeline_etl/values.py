"""Read the texts of one column as values: dates, money, numbers, yes and no. A text that cannot be read becomes NULL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

import polars as pl

from pipeline_etl.contract import Column, Type

NOTHING = ("n/a", "na", "#n/a", "null", "none", "nan", "-", "--", "—", "(none)", "(no value)", "sin dato")
"""What tools write into a cell that holds no value; not applied to text columns, where it may be a name."""
YES = ("true", "1", "yes", "y", "t", "x", "sí", "si", "s", "oui", "ja", "wahr", "verdadero", "vrai", "vero", "sim")
NO = ("false", "0", "no", "n", "f", "non", "nein", "falsch", "falso", "faux", "não", "nao")
ISO = (
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S%.fZ",
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f%#z",
    "%Y-%m-%d %H:%M:%S%.f UTC",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%d-%b-%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%b %d, %Y %I:%M %p",
    "%B %d, %Y %I:%M %p",
)
TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %I:%M %p", ", %H:%M", ", %H:%M:%S")
PARTS = r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})(?:\D|$)"
CURRENCY = r"(?i)(ca\$|eur|usd|gbp|chf|mxn|brl|kč|us\$|r\$|[$€£¥₹])"
EARLIEST, LATEST = datetime(1900, 1, 1), datetime(2199, 12, 31, 23, 59, 59)
EPOCH = r"^\d{10}(\d{3})?(\.0)?$"


class Undecided(Exception):
    """A date in doubt turned up where only the beginning of the file had been looked at."""


@dataclass(frozen=True)
class Style:
    """How one file writes dates and numbers.

    day_first: 31/12 (True) or 12/31 (False); decimal: the decimal mark, None where nothing tells it.
    zone: the time zone of times that carry none. sure: whether the order was decided from all that the file holds.
    """

    day_first: bool = False
    decimal: str | None = None
    zone: str = "UTC"
    sure: bool = True


def read(texts: pl.Series, column: Column, style: Style) -> tuple[pl.Series, pl.Series]:
    """The values of a column, and its texts with blanks as NULL; where only the value is NULL, it could not be read."""
    stripped = texts.str.strip_chars()
    kind = column.type
    if kind.name in ("text", "e-mail address"):
        present = _null_where(stripped, stripped == "")
        return (_emails(present) if kind.name == "e-mail address" else present), present
    present = _null_where(stripped, stripped.str.to_lowercase().is_in(("", *NOTHING)))
    if kind.sql in ("DATE", "TIMESTAMP"):
        return _times(present, kind, style), present
    if kind.sql == "BOOLEAN":
        lower = present.str.to_lowercase()
        value = pl.select(pl.when(lower.is_in(YES)).then(True).when(lower.is_in(NO)).then(False).otherwise(None)).to_series()
        return value, present
    if kind.name == "percentage":
        shares = present.str.ends_with("%")
        number = _numbers(present.str.strip_suffix("%"), style.decimal, pl.Float64())
        divisor = pl.select(pl.when(shares).then(100.0).otherwise(float(column.scale))).to_series()
        return number / divisor, present
    if kind.name == "amount of money":
        return decimals(present, style.decimal), present
    if kind.sql == "BIGINT":
        exact = _numbers(present, style.decimal, pl.Decimal(38, 8))
        whole = exact.cast(pl.Int64, strict=False)
        return _null_where(whole, exact != whole.cast(pl.Decimal(38, 8), strict=False)), present
    return _numbers(present, style.decimal, pl.Float64()), present


def decimals(texts: pl.Series, mark: str | None) -> pl.Series:
    """Money as DECIMAL(18,4): symbols, thousands separators, `45k`, `(12.00)` and `12-` for negatives.

    mark is the decimal mark of the file; with None a text that could be read either way (`1.250`, `1,250`) is not read.
    """
    plain = r"^[+-]?\d+$" if mark == "," else r"^[+-]?\d+(\.\d{1,2})?$"
    if texts.str.contains(plain).all():
        return texts.cast(pl.Decimal(18, 4), strict=False)
    return _numbers(texts, mark, pl.Decimal(28, 8)).cast(pl.Decimal(18, 4), strict=False)


def _numbers(texts: pl.Series, mark: str | None, kind: pl.DataType) -> pl.Series:
    bare = (
        pl.col("t")
        .str.replace_all("−", "-", literal=True)
        .str.replace_all(r"[\s\u00a0\u202f'’]", "")
        .str.replace_all(CURRENCY, "")
    )
    signed = bare.str.extract_groups(r"^(?:\(([^()+-]+)\)|([+-]?)([^()+-]+)|([^()+-]+)(-))$")
    parts = [signed.struct[i] for i in range(5)]
    negative = parts[0].is_not_null() | (parts[1] == "-").fill_null(False) | parts[4].is_not_null()
    digits = pl.coalesce(parts[0], parts[2], parts[3])
    factor = (
        pl.when(digits.str.contains(r"(?i)k$")).then(1_000)
        .when(digits.str.contains(r"(?i)(m|mm)$")).then(1_000_000)
        .when(digits.str.contains(r"(?i)b$")).then(1_000_000_000)
        .otherwise(1)
    )  # fmt: skip
    number = digits.str.replace(r"(?i)(k|mm?|b)$", "")
    comma = number.str.contains(r"^([1-9]\d{0,2}(\.\d{3})*|\d*),\d+$")
    point = number.str.contains(r"^([1-9]\d{0,2}(,\d{3})*|\d*)\.\d+$")
    either = number.str.contains(r"^[1-9]\d{0,2}[.,]\d{3}$")
    groups = number.str.contains(r"^[1-9]\d{0,2}(\.\d{3}){2,}$|^[1-9]\d{0,2}(,\d{3}){2,}$")
    as_point = number.str.replace_all(",", "", literal=True)
    as_comma = number.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    if mark is None:
        read_as = (
            pl.when(either).then(None).when(point).then(as_point).when(comma).then(as_comma)
            .when(groups).then(number.str.replace_all(r"[.,]", ""))
        )  # fmt: skip
    else:
        mine, spelled = (comma, as_comma) if mark == "," else (point, as_point)
        thousands = number.str.contains(rf"^[1-9]\d{{0,2}}([{'.' if mark == ',' else ','}]\d{{3}})+$")
        read_as = pl.when(mine).then(spelled).when(thousands).then(number.str.replace_all(r"[.,]", ""))
    read_as = read_as.when(number.str.contains(r"^\d+$")).then(number)
    value = read_as.otherwise(None).cast(kind, strict=False) * factor
    return pl.DataFrame({"t": texts}).select(pl.when(negative).then(-value).otherwise(value).alias(texts.name)).to_series()


def decimal_evidence(texts: pl.Series) -> tuple[bool, bool]:
    """Whether these numbers show a decimal comma, and whether they show a decimal point."""
    ends = texts.str.strip_chars().str.replace(r"[^\d.,]*$", "")
    comma = ends.str.contains(r",(\d{1,2}|\d{4,})$|\.\d{3},\d|\d\.\d{3}\.\d{3}").any()
    point = ends.str.contains(r"\.(\d{1,2}|\d{4,})$|,\d{3}\.\d|\d,\d{3},\d{3}").any()
    return bool(comma), bool(point)


def day_evidence(texts: pl.Series) -> tuple[bool, bool, bool]:
    """Whether these dates have parts in doubt (`3/4/2025`), whether some must begin with the day, and with the month."""
    parts = texts.str.strip_chars().str.extract_groups(PARTS).struct.unnest().cast(pl.Int8)
    first, second = parts.to_series(0), parts.to_series(1)
    return bool(first.is_not_null().any()), bool((first > 12).any()), bool((second > 12).any())


def _null_where(values: pl.Series, condition: pl.Series) -> pl.Series:
    if not condition.any():
        return values
    return pl.select(pl.when(condition).then(None).otherwise(values).alias(values.name)).to_series()


def _emails(texts: pl.Series) -> pl.Series:
    lower = texts.str.to_lowercase()
    return _null_where(lower, ~lower.str.contains("@", literal=True))


def _times(texts: pl.Series, kind: Type, style: Style) -> pl.Series:
    day, month = ("%d", "%m") if style.day_first else ("%m", "%d")
    slashed = [f"{day}{s}{month}{s}{year}{t}" for year in ("%y", "%Y") for s in "/.-" for t in TIMES]
    values = pl.Series(texts.name, [None] * len(texts), dtype=pl.Datetime("us"))
    pending = texts.is_not_null()
    formats = [*ISO, *slashed]
    sample = texts.drop_nulls().head(20)
    usual = next((f for f in formats if _parse(sample, f, kind, style).is_not_null().all()), formats[0])
    for form in dict.fromkeys((usual, *formats)):
        if not pending.any():
            break
        if form not in ISO and not style.sure and day_evidence(texts.filter(pending))[0]:
            raise Undecided
        if pending.all():
            values = _parse(texts, form, kind, style)
        else:
            at = pending.arg_true()
            values = values.scatter(at, _parse(texts.gather(at), form, kind, style))
        pending = texts.is_not_null() & values.is_null()
    if pending.any():
        at = pending.arg_true()
        values = values.scatter(at, _epochs(texts.gather(at)))
    return values.dt.date() if kind.sql == "DATE" else values


def _parse(texts: pl.Series, form: str, kind: Type, style: Style) -> pl.Series:
    """These texts in one format; what is no year of our time was meant in another."""
    values = _strptime(texts, form, kind, style)
    sane = values.is_between(EARLIEST, LATEST)
    return values if sane.all() else _null_where(values, ~sane)


def _strptime(texts: pl.Series, form: str, kind: Type, style: Style) -> pl.Series:
    """These texts in one format, as naive UTC for a timestamp; a date keeps the calendar day that was written."""
    if "%H" not in form and "%I" not in form:
        return texts.str.to_date(form, strict=False).cast(pl.Datetime("us"))
    values = texts.str.to_datetime(form, strict=False, time_unit="us")
    zoned = form.endswith(("z", "Z", "UTC"))
    if form.endswith("z") and kind.sql == "DATE":
        # Whoever writes an offset writes the day of that place.
        return (
            texts.str.head(10)
            .str.to_date("%Y-%m-%d", strict=False)
            .cast(pl.Datetime("us"))
            .zip_with(values.is_not_null(), pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, len(texts)))
        )
    if form.endswith("z"):
        values = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if style.zone == "UTC":
        return values
    if zoned and kind.sql == "DATE":
        local = values.dt.replace_time_zone("UTC").dt.convert_time_zone(style.zone).dt.replace_time_zone(None)
        # Midnight is how a tool writes a date that has no time: it is that day everywhere.
        return values.zip_with(values.dt.time() == time(0), local)
    if zoned or kind.sql == "DATE":
        return values
    local = values.dt.replace_time_zone(style.zone, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def _epochs(texts: pl.Series) -> pl.Series:
    """Seconds or milliseconds since 1970, as APIs write them."""
    number = _null_where(texts, ~texts.str.contains(EPOCH)).str.replace(r"\.0$", "").cast(pl.Int64, strict=False)
    micros = pl.select(pl.when(number >= 10**12).then(number * 1_000).otherwise(number * 1_000_000)).to_series()
    values = micros.cast(pl.Datetime("us"))
    return _null_where(values, ~values.is_between(EARLIEST, LATEST))
