"""Days, and business days, of a stay."""


def test_business_days_leave_out_nights_of_weekends_and_count_parts_of_days(bench):
    found = bench.run(["core.calendar", "core.periods", "marts.stage_visits"], {
        "settings.run": "business_time_zone | fiscal_year_begins | holidays\nEurope/Madrid | 1 | ES",
        "core.as_of": "one | as_of\n1 | 2024-05-10 10:00",
        "core.deals": """
            system | deal_id | record_status | created_at       | created_on
            crm    | 1       | live          | 2024-04-26 10:00 | 2024-04-26
        """,
        "core.stage_events": """
            system | deal_id | event_number | record_status | pipeline | stage | stage_order | kind | entered_at       | entered_on | is_observed
            crm    | 1       | 1            | live          | p        | Lead  | 1           | open | 2024-04-26 10:00 | 2024-04-26 | true
            crm    | 1       | 2            | live          | p        | Demo  | 2           | open | 2024-05-02 22:00 | 2024-05-03 | true
            crm    | 1       | 3            | live          | p        | Lead  | 1           | open | 2024-05-04 10:00 | 2024-05-04 | true
            crm    | 1       | 4            | live          | p        | Won   | 3           | won  | 2024-05-10 10:00 | 2024-05-10 | true
        """,
    })["marts.stage_visits"]  # fmt: skip
    rows = {row["visit_number"]: row for row in found}
    # Friday noon to midnight, Monday, Tuesday, the first of May at home, Thursday; then Friday; then Monday to Friday noon.
    assert [round(rows[n]["business_days"], 9) for n in (1, 2, 3)] == [3.5, 1.0, 4.5]
    assert [round(rows[n]["days"], 9) for n in (1, 2, 3)] == [6.5, 1.5, 6.0]
    assert rows[4]["business_days"] is None
