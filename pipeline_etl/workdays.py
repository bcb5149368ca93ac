"""Days on which people work: no weekends and, where a country is named, none of its holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta


def is_country(code: str) -> bool:
    """Whether holidays are known for `ES` or `ES-MD`; '' is no country, and fine."""
    import holidays

    country, _, region = code.partition("-")
    known = holidays.list_supported_countries(include_aliases=True)
    return not code or (country in known and (not region or region in known[country]))


def days(first: date, last: date, country: str) -> Iterator[tuple[date, bool]]:
    """Every day of the span, and whether it is a working day: Monday to Friday, no public holiday of the country."""
    import holidays

    name, _, region = country.partition("-")
    span = range(first.year, last.year + 1)
    closed = holidays.country_holidays(name, subdiv=region or None, years=span) if country else {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        yield day, day.weekday() < 5 and day not in closed
