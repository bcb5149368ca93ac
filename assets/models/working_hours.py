"""When the owners work: their time zones, and the working hours of each zone as moments in UTC."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import polars as pl

from pipeline_etl import Query, computed, working_days

ZONES = {"owner": pl.String, "time_zone": pl.String, "time_zone_from": pl.String}
HOURS = {
    "time_zone": pl.String, "day": pl.Date, "starts_at": pl.Datetime("us"), "ends_at": pl.Datetime("us"),
    "worked_before": pl.Int64,
}  # fmt: skip
DAYS_BEFORE = 30
"""So many days before the first lead the hours begin: a working day lies before it, whatever the holidays."""


def owner_time_zones(query: Query) -> pl.DataFrame:
    """The zone of each owner of whom one is known: that of the settings, else that of the exports where they agree."""
    known: dict[str, tuple[str, str]] = {}
    valid = available_timezones()
    for owner, zone in query("""
        select coalesce(owner_name, owner_id) as owner, min(time_zone) as time_zone
        from staging.owners
        where time_zone <> ''
        group by 1
        having min(time_zone) = max(time_zone)
        order by 1
    """).rows():
        if zone in valid:
            known[owner] = (zone, "exports")
    told = query("select owner, time_zone from settings.owner_time_zones")
    known |= {owner: (zone, "settings") for owner, zone in told.rows()}
    return pl.DataFrame([(owner, *found) for owner, found in sorted(known.items())], schema=ZONES, orient="row")


def working_hours(query: Query) -> pl.DataFrame:
    """The hours of every working day in every zone, from before the first lead to the end of the year after as-of."""
    as_of, first = query("""
        select (select max(as_of) from core.as_of) as as_of, (select min(arrived_at) from core.leads) as first_lead
    """).row(0)
    run = query("select business_time_zone, holidays from settings.run").rows()
    day = query("select opens_at, closes_at from settings.follow_up").rows()
    if as_of is None or first is None or not day:
        return pl.DataFrame(schema=HOURS)
    opens, closes = map(time.fromisoformat, day[0])
    (home, country) = run[0] if run else (None, None)
    zones = {home or "UTC", *query("select distinct time_zone from core.owner_time_zones")["time_zone"]}
    since, until = first.date() - timedelta(days=DAYS_BEFORE), as_of.date().replace(month=12, day=31, year=as_of.year + 1)
    at_work = [day for day, is_working in working_days(since, until, country or "") if is_working]
    rows = []
    for name in sorted(zones):
        zone, worked = ZoneInfo(name), 0
        for date in at_work:
            starts, ends = (datetime.combine(date, t, zone).astimezone(UTC).replace(tzinfo=None) for t in (opens, closes))
            rows.append((name, date, starts, ends, worked))
            worked += (ends - starts) // timedelta(microseconds=1)
    return pl.DataFrame(rows, schema=HOURS, orient="row")


MODELS = [
    computed(
        "core.owner_time_zones",
        "One row per owner who is known to work in a time zone of his own.",
        {
            "owner": ("VARCHAR", "Owner, by name where known."),
            "time_zone": ("VARCHAR", "Time zone in which the owner works."),
            "time_zone_from": ("VARCHAR", "settings, or exports."),
        },
        ("owner",),
        ("settings.owner_time_zones", "staging.owners"),
        owner_time_zones,
    ),
    computed(
        "core.working_hours",
        "One row per time zone and working day: when work begins and ends.",
        {
            "time_zone": ("VARCHAR", "Time zone of the working day."),
            "day": ("DATE", "Day."),
            "starts_at": ("TIMESTAMP", "When work begins, UTC."),
            "ends_at": ("TIMESTAMP", "When work ends, UTC."),
            "worked_before": ("BIGINT", "Microseconds of work in that zone since the beginning of this table, up to that day."),
        },
        ("time_zone", "day"),
        ("core.as_of", "core.leads", "core.owner_time_zones", "settings.follow_up", "settings.run"),
        working_hours,
    ),
]
