"""Days, weeks, months, fiscal quarters and years, and which days are working days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from pipeline_etl import Query, computed, working_days

TYPES = {
    "day": pl.Date, "starts_at": pl.Datetime("us"), "week_start": pl.Date, "month_start": pl.Date, "quarter_start": pl.Date,
    "year_start": pl.Date, "is_working_day": pl.Boolean, "working_days_before": pl.Int64,
}  # fmt: skip


def calendar(query: Query) -> pl.DataFrame:
    """Every day from the year of the first creation or event to the end of the year after as-of."""
    (as_of,) = query("select max(as_of) as as_of from core.as_of")["as_of"]
    first = query("""
        select min(day) as day from (
            select min(created_at)::date as day from core.deals
            union all
            select min(entered_at)::date from core.stage_events
        )
    """)["day"][0]
    settings = query("select business_time_zone, fiscal_year_begins, holidays from settings.run").rows()
    name, begins, country = settings[0] if settings else (None, None, None)
    if as_of is None:
        return pl.DataFrame(schema=TYPES)
    # A day more at both ends: the first event may be yesterday's in the business time zone.
    since, until = date((first or as_of.date()).year - 1, 1, 1), date(as_of.year + 2, 12, 31)
    zone, rows, worked = ZoneInfo(name or "UTC"), [], 0
    for day, is_working in working_days(since, until, country or ""):
        starts = datetime.combine(day, time(), zone).astimezone(UTC).replace(tzinfo=None)
        monday = day - timedelta(days=day.weekday())
        rows.append((day, starts, monday, day.replace(day=1), *_fiscal(day, begins or 1), is_working, worked))
        worked += is_working
    return pl.DataFrame(rows, schema=TYPES, orient="row")


def _fiscal(day: date, begins: int) -> tuple[date, date]:
    """The first days of the fiscal quarter and year, the year beginning with the month `begins`."""
    into = (day.month - begins) % 12
    return _months_back(day, into % 3), _months_back(day, into)


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


MODELS = [
    computed(
        "core.calendar",
        "One row per day, in the business time zone: its week, month, fiscal quarter and fiscal year, and whether people work.",
        {
            "day": ("DATE", "Day."),
            "starts_at": ("TIMESTAMP", "When it begins, UTC."),
            "week_start": ("DATE", "Monday of its week."),
            "month_start": ("DATE", "First day of its month."),
            "quarter_start": ("DATE", "First day of its fiscal quarter."),
            "year_start": ("DATE", "First day of its fiscal year."),
            "is_working_day": ("BOOLEAN", "Monday to Friday, and no holiday of the country in the settings."),
            "working_days_before": ("BIGINT", "Working days since the beginning of this table, without this day."),
        },
        ("day",),
        ("core.as_of", "core.deals", "core.stage_events", "settings.run"),
        calendar,
    )
]
