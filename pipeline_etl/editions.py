"""Editions of a report: each is of one period, of those that the report's own query `editions` gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline_etl.locale import fiscal

QUERY = "editions"
"""Name of the query that says which periods there are: period, period_start, last_day, is_running."""
COLUMNS = ("period", "period_start", "last_day", "is_running")
LENGTHS = ("week", "month", "quarter")
PARAMETERS = ("period", "period_start")
"""What queries may name behind a `$`."""
BEFORE_ALL = date(1900, 1, 1)
"""Start of the edition of a company without any period: a date, so that queries can reckon with it."""


class NoEdition(Exception):
    """There is no such edition; the message says which there are."""


@dataclass(frozen=True)
class Edition:
    """One period. last_day: up to as-of. year_begins: month in which its fiscal year begins."""

    period: str
    start: date
    last_day: date
    is_running: bool
    year_begins: int = 1

    @property
    def key(self) -> str:
        """2026-W26, 2026-06 or 2026-Q2; a fiscal year bears the number of the calendar year in which it begins."""
        if self.period == "week":
            year, week, _ = self.start.isocalendar()
            return f"{year}-W{week:02}"
        year, quarter = fiscal(self.start, self.year_begins)
        return f"{year}-Q{quarter}" if self.period == "quarter" else f"{self.start:%Y-%m}"

    @property
    def parameters(self) -> dict[str, Any]:
        """What a query may name behind a `$`."""
        return {"period": self.period, "period_start": self.start}


def read(rows: Sequence[Mapping[str, Any]]) -> list[Edition]:
    """The editions in the rows of the query, in order of time."""
    begins = year_begins(rows)
    found = [Edition(r["period"], r["period_start"], r["last_day"], r["is_running"], begins) for r in rows]
    return sorted((e for e in found if e.period in LENGTHS), key=lambda e: (LENGTHS.index(e.period), e.start))


def year_begins(rows: Sequence[Mapping[str, Any]]) -> int:
    """The month in which the fiscal year begins, told from the rows of years; January where there are none."""
    return next((r["period_start"].month for r in rows if r["period"] == "year"), 1)


def choose(editions: Sequence[Edition], period: str, start: date | None) -> Edition:
    """That period, or the newest one of its length that has ended by as-of; raises NoEdition."""
    of_length = [e for e in editions if e.period == period]
    if not of_length:
        raise NoEdition(f"the warehouse holds no {period} of which to report; it needs deals with dates")
    if start is None:
        ended = [e for e in of_length if not e.is_running]
        if not ended:
            raise NoEdition(f"no {period} has ended by as-of; ask for the running one, which begins on {of_length[-1].start}")
        return ended[-1]
    if found := next((e for e in of_length if e.start == start), None):
        return found
    near = sorted(sorted(of_length, key=lambda e: abs(e.start - start))[:3], key=lambda e: e.start)
    said = ", ".join(str(e.start) for e in near)
    raise NoEdition(f"no {period} with data begins on {start}; the nearest {'begin' if len(near) > 1 else 'begins'} on {said}")


def current(editions: Sequence[Edition], period: str) -> Edition:
    """The period of this length in which as-of lies; one before all data where there is none."""
    running = [e for e in editions if e.period == period and e.is_running]
    return running[-1] if running else Edition(period, BEFORE_ALL, BEFORE_ALL, True)
