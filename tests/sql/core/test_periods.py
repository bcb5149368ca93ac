"""Which weeks, months, quarters and years there are: from the first thing known of a deal that counts to as-of."""

from datetime import date, datetime, timedelta


def test_periods_reach_from_the_first_live_deal_to_as_of_on_the_last_day_of_a_month(example):
    """Deal 2 is deleted, and another system has a live deal 2 that came later."""
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(366)]
    example("core.periods", {
        "core.as_of": "as_of\n2024-03-31 12:00",
        "core.calendar": [
            {"day": d, "week_start": d - timedelta(days=d.weekday()), "month_start": d.replace(day=1), "quarter_start": d.replace(day=1, month=(d.month - 1) // 3 * 3 + 1), "year_start": date(2024, 1, 1),
             "starts_at": datetime(d.year, d.month, d.day)} for d in days
        ],
        "core.deals": "system | deal_id | created_on\ncrm | 1 | 2024-02-15\ncrm | 2 | 2024-01-05\nweb | 2 | 2024-03-01\ncrm | 3 | 2024-01-02",
        "core.stage_events": """
            system | deal_id | entered_on | record_status
            crm    | 1       | 2024-02-20 | live
            crm    | 1       | 2024-03-20 | live
            crm    | 2       | 2024-01-06 | deleted
            web    | 2       | 2024-03-01 | live
        """,
    }, """
        period  | period_start | ends_before | last_day   | ends_at          | is_running | previous_start
        week    | 2024-02-12   | 2024-02-19  | 2024-02-18 | 2024-02-19 00:00 | false      |
        week    | 2024-02-19   | 2024-02-26  | 2024-02-25 | 2024-02-26 00:00 | false      | 2024-02-12
        week    | 2024-02-26   | 2024-03-04  | 2024-03-03 | 2024-03-04 00:00 | false      | 2024-02-19
        week    | 2024-03-04   | 2024-03-11  | 2024-03-10 | 2024-03-11 00:00 | false      | 2024-02-26
        week    | 2024-03-11   | 2024-03-18  | 2024-03-17 | 2024-03-18 00:00 | false      | 2024-03-04
        week    | 2024-03-18   | 2024-03-25  | 2024-03-24 | 2024-03-25 00:00 | false      | 2024-03-11
        week    | 2024-03-25   | 2024-04-01  | 2024-03-31 | 2024-03-31 12:00 | true       | 2024-03-18
        month   | 2024-02-01   | 2024-03-01  | 2024-02-29 | 2024-03-01 00:00 | false      |
        month   | 2024-03-01   | 2024-04-01  | 2024-03-31 | 2024-03-31 12:00 | true       | 2024-02-01
        quarter | 2024-01-01   | 2024-04-01  | 2024-03-31 | 2024-03-31 12:00 | true       |
        year    | 2024-01-01   | 2025-01-01  | 2024-03-31 | 2024-03-31 12:00 | true       |
        all     | 2024-02-15   |             | 2024-03-31 | 2024-03-31 12:00 | true       |
    """)  # fmt: skip


def test_a_report_offers_thirteen_weeks_two_years_of_months_eight_quarters_and_every_year(bench):
    """Three and a half years, the last day in the middle of a week: of each length the newest, with the running one."""
    days = [date(2021, 1, 1) + timedelta(days=n) for n in range(2000)]
    found = bench.run(["core.periods"], {
        "core.as_of": "as_of\n2024-06-12 12:00",
        "core.calendar": [
            {"day": d, "week_start": d - timedelta(days=d.weekday()), "month_start": d.replace(day=1), "quarter_start": d.replace(day=1, month=(d.month - 1) // 3 * 3 + 1), "year_start": d.replace(month=1, day=1),
             "starts_at": datetime(d.year, d.month, d.day)} for d in days
        ],
        "core.deals": "system | deal_id | created_on\ncrm | 1 | 2021-02-15",
        "core.stage_events": "system | deal_id | entered_on | record_status\ncrm | 1 | 2021-02-15 | live",
    })["core.periods"]  # fmt: skip
    recent = {}
    for row in found:
        if row["is_recent"]:
            recent.setdefault(row["period"], []).append(row["period_start"])
    assert {p: (len(starts), min(starts), max(starts)) for p, starts in recent.items()} == {
        "week": (13, date(2024, 3, 18), date(2024, 6, 10)), "month": (24, date(2022, 7, 1), date(2024, 6, 1)),
        "quarter": (8, date(2022, 7, 1), date(2024, 4, 1)), "year": (4, date(2021, 1, 1), date(2024, 1, 1)), "all": (1, date(2021, 2, 15), date(2021, 2, 15)),
    }  # fmt: skip
