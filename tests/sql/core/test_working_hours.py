"""Working hours as moments in UTC: weekends, holidays, clocks that change, owners elsewhere."""

GIVEN = {
    "core.as_of": "one | as_of\n1 | 2024-04-02 12:00",
    "core.leads": "person | arrived_at\na | 2024-04-02 10:00",
    "settings.follow_up": "opens_at | closes_at\n09:00 | 17:00",
}


def days(bench, given, first, last):
    bench.run(["core.working_hours"], {**GIVEN, **given})
    return bench.connection.execute(
        f"select time_zone, strftime(starts_at, '%m-%d %H:%M'), strftime(ends_at, '%m-%d %H:%M') from core.working_hours"
        f" where day between date '{first}' and date '{last}' order by all"
    ).fetchall()


def test_the_hours_are_those_of_the_clock_on_the_wall_and_holidays_and_weekends_have_none(bench):
    # Easter Monday and the Good Friday before it; the clocks of Madrid went forward on 31 March.
    run = {"settings.run": "business_time_zone | holidays\nEurope/Madrid | DE"}
    assert days(bench, run, "2024-03-27", "2024-04-02") == [
        ("Europe/Madrid", "03-27 08:00", "03-27 16:00"),
        ("Europe/Madrid", "03-28 08:00", "03-28 16:00"),
        ("Europe/Madrid", "04-02 07:00", "04-02 15:00"),
    ]


def test_each_zone_of_an_owner_has_hours_beside_the_business_time_zone(bench):
    zones = {"core.owner_time_zones": "owner | time_zone\nAna | America/New_York\nBen | America/New_York"}
    assert days(bench, zones, "2024-04-01", "2024-04-01") == [
        ("America/New_York", "04-01 13:00", "04-01 21:00"),
        ("UTC", "04-01 09:00", "04-01 17:00"),
    ]


def test_work_adds_up_day_by_day(bench):
    bench.run(["core.working_hours"], GIVEN)
    odd = bench.connection.execute("""
        select day from core.working_hours
        qualify worked_before <> coalesce(sum(date_diff('microsecond', starts_at, ends_at)) over (
            partition by time_zone order by day rows between unbounded preceding and 1 preceding
        ), 0)
    """).fetchall()
    assert odd == []


def test_without_a_lead_there_are_no_hours(bench):
    assert days(bench, {"core.leads": "person\na"}, "2020-01-01", "2030-01-01") == []


def test_settings_know_where_an_owner_works_before_exports_do_and_what_is_no_zone_is_none(example):
    example("core.owner_time_zones", {
        "staging.owners": """
            system | owner_id | owner_name | time_zone
            crm    | 1        | Ana        | Europe/Madrid
            crm    | 2        | Ben        | Europe/Madrid
            crm    | 3        | Cleo       | (GMT+01:00) Somewhere
            crm    | 4        | Dan        | Europe/Madrid
            other  | 4        | Dan        | Europe/Paris
            crm    | 5        |            | Asia/Tokyo
        """,
        "settings.owner_time_zones": "owner | time_zone\nBen | Asia/Tokyo\nEve | Asia/Tokyo",
    }, """
        owner | time_zone     | time_zone_from
        5     | Asia/Tokyo    | exports
        Ana   | Europe/Madrid | exports
        Ben   | Asia/Tokyo    | settings
        Eve   | Asia/Tokyo    | settings
    """)  # fmt: skip
