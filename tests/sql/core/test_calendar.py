"""Fiscal quarters and years, working days, and days that begin by the clock of the business."""

from datetime import date, datetime, timedelta

from pipeline_etl import working_days

GIVEN = {
    "core.as_of": """
        one | as_of
        1   | 2024-07-10 12:00
    """,
    "core.deals": """
        system | deal_id | record_status | created_at       | created_on
        crm    | 1       | live          | 2024-03-31 22:30 | 2024-04-01
    """,
    "core.stage_events": """
        system | deal_id | event_number | record_status | entered_at       | entered_on
        crm    | 1       | 1            | live          | 2024-03-31 22:30 | 2024-04-01
    """,
}


def settings(zone="UTC", begins=1, holidays="''"):
    return {"settings.run": f"business_time_zone | fiscal_year_begins | holidays\n{zone} | {begins} | {holidays}"}


def days_of(bench, **kwargs):
    rows = bench.run(["core.calendar"], {**GIVEN, **settings(**kwargs)})["core.calendar"]
    return {row["day"]: row for row in rows}


def test_a_fiscal_year_that_begins_in_april_has_its_own_quarters(bench):
    days = days_of(bench, begins=4)
    found = {day: (days[day]["quarter_start"], days[day]["year_start"]) for day in (date(2024, 3, 31), date(2024, 4, 1), date(2025, 1, 15))}
    assert found == {
        date(2024, 3, 31): (date(2024, 1, 1), date(2023, 4, 1)),
        date(2024, 4, 1): (date(2024, 4, 1), date(2024, 4, 1)),
        date(2025, 1, 15): (date(2025, 1, 1), date(2024, 4, 1)),
    }


def test_a_fiscal_year_that_begins_in_february_has_quarters_across_the_turn_of_the_year(bench):
    days = days_of(bench, begins=2)
    assert (days[date(2024, 1, 31)]["quarter_start"], days[date(2024, 1, 31)]["year_start"]) == (date(2023, 11, 1), date(2023, 2, 1))


def test_a_week_goes_from_monday_to_sunday_also_across_the_turn_of_a_year_and_with_any_fiscal_year(bench):
    days = days_of(bench, begins=4)
    found = {day: days[day]["week_start"] for day in (date(2023, 1, 1), date(2024, 3, 31), date(2024, 4, 1), date(2024, 12, 31), date(2025, 1, 5), date(2025, 1, 6))}
    assert list(found.values()) == [date(2022, 12, 26), date(2024, 3, 25), date(2024, 4, 1), date(2024, 12, 30), date(2024, 12, 30), date(2025, 1, 6)]


def test_working_days_leave_out_weekends_and_the_holidays_of_the_country(bench):
    plain, spanish = days_of(bench), days_of(bench, holidays="ES")
    assert [plain[date(2024, 5, d)]["is_working_day"] for d in (1, 3, 4, 5, 6)] == [True, True, False, False, True]
    # Labour Day is a holiday in all of Spain, the second of May in Madrid only.
    assert not spanish[date(2024, 5, 1)]["is_working_day"] and spanish[date(2024, 5, 2)]["is_working_day"]
    assert not days_of(bench, holidays="ES-MD")[date(2024, 5, 2)]["is_working_day"]
    week = [spanish[date(2024, 5, d)]["working_days_before"] for d in (6, 13)]
    assert week[1] - week[0] == 5


def test_days_begin_by_the_clock_of_the_business_also_when_it_changes(bench):
    days = days_of(bench, zone="Europe/Madrid")
    assert days[date(2024, 3, 31)]["starts_at"] == datetime(2024, 3, 30, 23)
    assert days[date(2024, 4, 1)]["starts_at"] == datetime(2024, 3, 31, 22)


def test_every_day_is_there_once():
    found = list(working_days(date(2023, 12, 30), date(2024, 1, 2), "US"))
    assert found == [(date(2023, 12, 30), False), (date(2023, 12, 31), False), (date(2024, 1, 1), False), (date(2024, 1, 2), True)]


def test_periods_run_from_the_first_event_to_as_of(bench):
    rows = bench.run(["core.calendar", "core.periods"], {**GIVEN, **settings(zone="Europe/Madrid", begins=4)})["core.periods"]
    found = sorted((r["period"], r["period_start"], r["ends_before"], r["last_day"], r["is_running"], r["previous_start"]) for r in rows if r["period"] in ("month", "year"))
    assert found == [
        ("month", date(2024, 4, 1), date(2024, 5, 1), date(2024, 4, 30), False, None),
        ("month", date(2024, 5, 1), date(2024, 6, 1), date(2024, 5, 31), False, date(2024, 4, 1)),
        ("month", date(2024, 6, 1), date(2024, 7, 1), date(2024, 6, 30), False, date(2024, 5, 1)),
        ("month", date(2024, 7, 1), date(2024, 8, 1), date(2024, 7, 10), True, date(2024, 6, 1)),
        ("year", date(2024, 4, 1), date(2025, 4, 1), date(2024, 7, 10), True, None),
    ]
    weeks = sorted((r for r in rows if r["period"] == "week"), key=lambda r: r["period_start"])
    assert [r["period_start"] for r in weeks] == [date(2024, 4, 1) + timedelta(weeks=n) for n in range(15)]
    # Midnight in Madrid, from Monday to Monday; the running one ends at as-of.
    assert (weeks[0]["starts_at"], weeks[0]["ends_at"]) == (datetime(2024, 3, 31, 22), datetime(2024, 4, 7, 22))
    assert (weeks[-1]["last_day"], weeks[-1]["ends_at"], weeks[-1]["is_running"]) == (date(2024, 7, 10), datetime(2024, 7, 10, 12), True)
    (april,) = [r for r in rows if r["period"] == "month" and r["period_start"] == date(2024, 4, 1)]
    assert (april["starts_at"], april["ends_at"]) == (datetime(2024, 3, 31, 22), datetime(2024, 4, 30, 22))
    (july,) = [r for r in rows if r["period"] == "month" and r["is_running"]]
    assert july["ends_at"] == datetime(2024, 7, 10, 12)
    assert [(r["period_start"], r["last_day"]) for r in rows if r["period"] == "all"] == [(date(2024, 4, 1), date(2024, 7, 10))]
