"""What one language needs beyond its formats: plural forms, names of periods, the axes of charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from pipeline_etl.formats import Formats

PERIODS = {"week": "", "month": "yMMM", "quarter": "yQQQ", "year": "y"}
"""Period -> how CLDR calls its parts. Of a week it has the number alone, which few people know: it is called by its Monday."""


def plural(formats: Formats) -> Callable[..., str]:
    """`plural(3, one="{} deal", other="{} deals")`: the form that the language uses for a number, which stands for {}.

    The forms are those of CLDR (zero, one, two, few, many, other); what is not given is as `other`.
    """
    from babel import Locale

    locale = Locale.parse(formats.language)

    def chosen(count: float, *, other: str, **forms: str) -> str:
        return forms.get(locale.plural_form(count), other).replace("{}", formats.number(count))

    return chosen


def period(value: date, name: str, formats: Formats) -> str:
    """The week, month, quarter or year in which a day lies: week of 22 Jun 2026, Q2 2026, T2 2026."""
    from babel.dates import format_skeleton

    if name == "week":
        return formats.words["units"]["week"].format(formats.day(value - timedelta(days=value.weekday())))
    return format_skeleton(PERIODS[name], value, locale=formats.language)


def period_label(key: str, formats: Formats) -> str:
    """What a reader calls the period `quarter-2026-04-01`."""
    name, _, day = key.partition("-")
    return period(date.fromisoformat(day), name, formats)


def period_end(key: str) -> date:
    """The first day after the period `quarter-2026-04-01`."""
    name, _, day = key.partition("-")
    start = date.fromisoformat(day)
    if name == "week":
        return start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[name]
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, start.day)


def axis_locales(language: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Numbers and times as d3 wants them described."""
    from babel import Locale

    locale = Locale.parse(language)
    symbols = locale.number_symbols["latn"]
    # Babel's week begins on Monday, d3's on Sunday.
    days = [locale.days["format"]["wide"][n] for n in (6, 0, 1, 2, 3, 4, 5)]
    wide, short = (list(locale.months["format"][width].values()) for width in ("wide", "abbreviated"))
    numbers = {"decimal": symbols["decimal"], "thousands": symbols["group"], "grouping": [3], "currency": ["", ""]}
    times = {
        "dateTime": "%x %X", "date": "%d/%m/%Y", "time": "%H:%M:%S", "periods": ["AM", "PM"],
        "days": days, "shortDays": days, "months": wide, "shortMonths": short,
    }  # fmt: skip
    return numbers, times
