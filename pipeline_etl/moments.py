"""Dates and times as people and tools write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

import polars as pl

from pipeline_etl.languages import months, plain

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
EARLIEST, LATEST = datetime(1900, 1, 1), datetime(2199, 12, 31, 23, 59, 59)
EPOCH = r"^\d{10}(?:\d{3}|\d{6})?(?:\.0+)?$"
SERIAL_BEGIN, SERIALS = datetime(1899, 12, 30), (20_000, 80_000)
"""Day 0 of a spreadsheet's count, and the serial days taken for dates: 1954 to 2119."""
CLOCK = re.compile(
    r"[T,\s]*(?:\bat|a las|um|kl\.?|o|à)?\s*(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})"
    r"(?:[:.](?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp])?(?:\.?\s?[Mm]\.?)?\s*(?P<zone>Z|(?:GMT|UTC)?\s*(?:[+-]\d{1,2}(?::?\d{2})?)|GMT|UTC)?(?:\s*\([^)]*\))?$"
)
WEEKDAY = re.compile(r"^[^\W\d_]+\.?,?\s+(?=\S)")
NAMED = (
    re.compile(
        r"^(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?[\s\-/]*(?:de |of )?"
        r"(?P<month>[^\W\d_]+)\.?[\s\-/,]*(?:de |del )?'?(?P<year>\d{4}|\d{2})$"
    ),
    re.compile(r"^(?P<month>[^\W\d_]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})$"),
    re.compile(r"^(?P<year>\d{4})[\s\-/.]+(?P<month>[^\W\d_]+)\.?[\s\-/]+(?P<day>\d{1,2})$"),
    re.compile(r"^(?P<year>\d{4})\s?[年\-/.]\s?(?P<month>\d{1,2})\s?[月\-/.]\s?(?P<day>\d{1,2})日?$"),
)
NUMBERED = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})$")


class Undecided(Exception):
    """A date in doubt turned up where only the beginning of the file had been looked at."""


def moments(texts: pl.Series, *, is_date: bool, day_first: bool, sure: bool, zone: str) -> pl.Series:
    """Naive UTC for moments; for dates the calendar day that was written, at midnight. NULL where a text is neither.

    day_first: 31/12 rather than 12/31; zone: that of times that carry none. Raises Undecided, unless `sure`, for a text whose
    order of day and month matters.
    """
    day, month = ("%d", "%m") if day_first else ("%m", "%d")
    slashed = [f"{day}{s}{month}{s}{year}{t}" for year in ("%y", "%Y") for s in "/.-" for t in TIMES]
    values = pl.Series(texts.name, [None] * len(texts), dtype=pl.Datetime("us"))
    pending = texts.is_not_null()
    formats = [*ISO, *slashed]
    sample = texts.drop_nulls().head(20)
    usual = next((f for f in formats if _parse(sample, f, is_date, zone).is_not_null().all()), formats[0])
    for form in dict.fromkeys((usual, *formats)):
        if not pending.any():
            break
        if form not in ISO and not sure and day_evidence(texts.filter(pending))[0]:
            raise Undecided
        if pending.all():
            values = _parse(texts, form, is_date, zone)
        else:
            at = pending.arg_true()
            values = values.scatter(at, _parse(texts.gather(at), form, is_date, zone))
        pending = texts.is_not_null() & values.is_null()
    if pending.any():
        at = pending.arg_true()
        values = values.scatter(at, _epochs(texts.gather(at)))
        pending = texts.is_not_null() & values.is_null()
    if pending.any():
        at = pending.arg_true()
        values = values.scatter(at, _spelled(texts.gather(at), is_date, day_first, zone))
    return values


def day_evidence(texts: pl.Series) -> tuple[bool, bool, bool]:
    """Whether these dates have parts in doubt (`3/4/2025`), whether some must begin with the day, and with the month."""
    parts = texts.str.strip_chars().str.extract_groups(PARTS).struct.unnest().cast(pl.Int8)
    first, second = parts.to_series(0), parts.to_series(1)
    return bool(first.is_not_null().any()), bool((first > 12).any()), bool((second > 12).any())


def spelled(text: str, day_first: bool) -> str | None:
    """An ISO date or time for what is written out, counted or numbered in a rarer way; None where it is no date.

    `3 de marzo de 2025`, `15. März 2025 14:30 Uhr`, `Tue, 04 Mar 2025 10:00:00 +0000`, `2025年3月4日`, `20250304`, `45631`.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split()).removesuffix(" Uhr")
    if re.fullmatch(r"(19|20|21)\d{6}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    if re.fullmatch(r"\d{5}([.,]\d+)?", text):
        days = float(text.replace(",", "."))
        moment = SERIAL_BEGIN + timedelta(seconds=round(days * 86_400))
        return _iso(moment, days) if SERIALS[0] <= days < SERIALS[1] else None
    clock = CLOCK.search(text)
    for written in (text[: clock.start()], text) if clock else (text,):
        written = written.strip(" ,")
        for attempt in (written, WEEKDAY.sub("", written)):
            if day := _day(attempt, day_first):
                return day if clock is None or written == text else _with_clock(day, clock)
    return None


def _iso(moment: datetime, days: float) -> str:
    return moment.date().isoformat() if days == int(days) else moment.isoformat()


def _day(text: str, day_first: bool) -> str | None:
    for form in NAMED:
        if found := form.match(text):
            name = found["month"]
            number = int(name) if name.isdecimal() else months().get(plain(name).strip(". "))
            return _date(int(found["year"]), number, int(found["day"]), len(found["year"]) == 2) if number else None
    if found := NUMBERED.match(text):
        first, second, year = (int(g) for g in found.groups())
        day, month = (first, second) if day_first else (second, first)
        return _date(year, month, day, len(found.group(3)) == 2)
    return None


def _date(year: int, month: int, day: int, is_short: bool) -> str | None:
    # The century as POSIX has it for two digits: 69 to 99 were in the last one.
    year += (1900 if year >= 70 else 2000) if is_short else 0
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _with_clock(day: str, clock: re.Match[str]) -> str | None:
    hour = int(clock["hour"])
    if clock["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock["half"] in "Pp" else 0)
    try:
        moment = time(hour, int(clock["minute"]), int(clock["second"] or 0))
    except ValueError:
        return None
    zone = re.sub(r"GMT|UTC|\s", "", clock["zone"] or "")
    if clock["zone"] and zone in ("", "Z"):
        return f"{day}T{moment}.{clock['part'] or '0'}Z"
    if found := re.fullmatch(r"([+-])(\d{1,2}):?(\d{2})?", zone):
        zone = f"{found.group(1)}{int(found.group(2)):02d}:{found.group(3) or '00'}"
    return f"{day}T{moment}.{(clock['part'] or '0')[:6]}{zone}"


def _spelled(texts: pl.Series, is_date: bool, day_first: bool, zone: str) -> pl.Series:
    known = {text: spelled(text, day_first) for text in texts.unique()}
    rewritten = texts.replace_strict(list(known), list(known.values()), return_dtype=pl.String)
    values = pl.Series(texts.name, [None] * len(texts), dtype=pl.Datetime("us"))
    for form in ISO[:8]:
        values = values.zip_with(values.is_not_null(), _parse(rewritten, form, is_date, zone))
    return values


def _parse(texts: pl.Series, form: str, is_date: bool, zone: str) -> pl.Series:
    """These texts in one format; what is no year of our time was meant in another."""
    values = _strptime(texts, form, is_date, zone)
    sane = values.is_between(EARLIEST, LATEST)
    return values if sane.all() else null_where(values, ~sane)


def _strptime(texts: pl.Series, form: str, is_date: bool, zone: str) -> pl.Series:
    """These texts in one format, as naive UTC for a moment; a date keeps the calendar day that was written."""
    if "%H" not in form and "%I" not in form:
        return texts.str.to_date(form, strict=False).cast(pl.Datetime("us"))
    values = texts.str.to_datetime(form, strict=False, time_unit="us")
    zoned = form.endswith(("z", "Z", "UTC"))
    if form.endswith("z") and is_date:
        # Whoever writes an offset writes the day of that place.
        return (
            texts.str.head(10)
            .str.to_date("%Y-%m-%d", strict=False)
            .cast(pl.Datetime("us"))
            .zip_with(values.is_not_null(), pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, len(texts)))
        )
    if form.endswith("z"):
        values = values.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    if zone == "UTC":
        return values
    if zoned and is_date:
        local = values.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)
        # Midnight is how a tool writes a date that has no time: it is that day everywhere.
        return values.zip_with(values.dt.time() == time(0), local)
    if zoned or is_date:
        return values
    local = values.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return local.dt.convert_time_zone("UTC").dt.replace_time_zone(None)


def _epochs(texts: pl.Series) -> pl.Series:
    """Seconds, milliseconds or microseconds since 1970, as APIs write them."""
    number = null_where(texts, ~texts.str.contains(EPOCH)).str.replace(r"\.0+$", "").cast(pl.Int64, strict=False)
    micros = pl.select(
        pl.when(number >= 10**15).then(number).when(number >= 10**12).then(number * 1_000).otherwise(number * 1_000_000)
    ).to_series()
    values = micros.cast(pl.Datetime("us"))
    return null_where(values, ~values.is_between(EARLIEST, LATEST))


def null_where(values: pl.Series, condition: pl.Series) -> pl.Series:
    """The values without those where the condition holds."""
    if not condition.any():
        return values
    return pl.select(pl.when(condition).then(None).otherwise(values).alias(values.name)).to_series()
