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
