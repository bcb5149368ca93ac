"""What a channel cost and brought, where only a drawing shows it."""

CALENDAR = """
    day        | week_start | month_start | quarter_start | year_start
    2024-01-31 | 2024-01-29 | 2024-01-01  | 2024-01-01    | 2024-01-01
    2024-02-01 | 2024-01-29 | 2024-02-01  | 2024-01-01    | 2024-01-01
"""


def test_cents_divide_too_and_what_lies_before_the_calendar_is_in_no_period_but_all(example):
    """A touch at 23:30 in New York is one of that day; one from before the first deal counts in `all` alone."""
    example("marts.channel_performance", {
        "core.calendar": CALENDAR,
        "settings.run": "business_time_zone\nAmerica/New_York",
        "core.spend": "spent_on | channel | campaign | spend | impressions | clicks\n2024-01-31 | Email | none | 0.5 | 10 | 1",
        "core.touches": """
            side      | occurred_at      | channel | campaign
            marketing | 2024-02-01 04:30 | Email   |
            marketing | 2023-06-01 12:00 | Email   |
        """,
        "marts.funnel_stages": """
            channel | is_test | first_lead_at    | first_mql_at     | first_sql_at
            Email   | false   | 2024-02-01 04:30 | 2024-02-01 04:30 | 2024-02-01 04:30
            Email   | false   | 2024-01-31 12:00 | 2024-01-31 12:00 | 2024-01-31 12:00
        """,
        "marts.deals": """
            system | deal_id | status | created_on | closed_on  | amount
            crm    | 1       | won    | 2024-01-31 | 2024-01-31 | 2
            crm    | 2       | won    | 2024-01-31 | 2024-01-31 |
        """,
        "marts.deal_origins": "system | deal_id | channel | campaign\ncrm | 1 | Email | none\ncrm | 2 | Email | none",
    }, """
        period  | period_start | channel | campaign | spend | touches | leads | mqls | sqls | deals | won | won_amount | won_without_amount | cost_per_lead | cost_per_mql | cost_per_sql | cost_per_deal | cost_per_won | roi
        week    | 2024-01-29   | Email   | none     | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        week    | 2024-01-29   | Email   | all      | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        week    | 2024-01-29   | all     | all      | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        month   | 2024-01-01   | Email   | none     | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        month   | 2024-01-01   | Email   | all      | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        month   | 2024-01-01   | all     | all      | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        quarter | 2024-01-01   | Email   | none     | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        quarter | 2024-01-01   | Email   | all      | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        quarter | 2024-01-01   | all     | all      | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        year    | 2024-01-01   | Email   | none     | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        year    | 2024-01-01   | Email   | all      | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        year    | 2024-01-01   | all     | all      | 0.5   | 1       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        all     | 2023-06-01   | Email   | none     | 0.5   | 2       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        all     | 2023-06-01   | Email   | all      | 0.5   | 2       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
        all     | 2023-06-01   | all     | all      | 0.5   | 2       | 2     | 2    | 2    | 2     | 2   | 2          | 1                  | 0.25          | 0.25         | 0.25         | 0.25          | 0.25         | 3
    """)  # fmt: skip


def test_a_deal_without_a_touch_has_the_channel_of_its_lead_source_as_a_word_alone(bench):
    given = {
        "core.calendar": CALENDAR,
        "marts.deals": "system | deal_id | status | created_on | lead_source\ncrm | 1 | open | 2024-01-31 | Fair\ncrm | 2 | open | 2024-01-31 | Nonsense",
        "core.origins": """
            word | source | medium | campaign | referrer | click_id | channel
            fair | ''     | ''     | ''       | ''       | ''       | Event
            fair | x      | ''     | ''       | ''       | ''       | Other
            fair | ''     | x      | ''       | ''       | ''       | Other
            fair | ''     | ''     | x        | ''       | ''       | Other
            fair | ''     | ''     | ''       | x        | ''       | Other
            fair | ''     | ''     | ''       | ''       | x        | Other
        """,
    }
    found = bench.run(["marts.deal_origins", "marts.channel_performance"], given)["marts.channel_performance"]
    assert {(r["channel"], r["deals"]) for r in found} == {("Event", 1), ("Unknown", 1), ("all", 2)}
