"""A push is a close date that moves to a later month, once a day at most."""

VERSIONS = """
    system | deal_id | valid_from          | close_on
    crm    | 1       | 0001-01-01          | 2024-01-31
    crm    | 1       | 2024-01-05 09:00    | 2024-02-01
    crm    | 1       | 2024-01-05 10:00    | 2024-03-31
    crm    | 1       | 2024-01-05 23:30    | 2024-04-10
    crm    | 1       | 2024-01-07 09:00    | 2024-04-30
    crm    | 1       | 2024-01-08 09:00    |
    crm    | 1       | 2024-01-09 09:00    | 2024-05-01
    crm    | 1       | 2024-01-10 09:00    | 2024-03-01
    crm    | 2       | 0001-01-01          |
    crm    | 2       | 2024-01-05 09:00    | 2024-06-01
    crm    | 3       | 0001-01-01          | 2024-01-01
    crm    | 3       | 2024-01-05 09:00    | 2024-09-01
    crm    | 3       | 2024-01-05 10:00    | 2024-01-02
"""


def test_several_changes_of_a_day_are_one_and_an_emptied_date_is_remembered(example):
    example("core.close_date_pushes", {"core.deal_values": VERSIONS}, """
        system | deal_id | pushed_on  | close_on_before | close_on   | is_to_later_quarter
        crm    | 1       | 2024-01-05 | 2024-01-31      | 2024-04-10 | true
        crm    | 1       | 2024-01-09 | 2024-04-30      | 2024-05-01 | false
    """)  # fmt: skip


def test_days_and_quarters_are_those_of_the_settings(example):
    example("core.close_date_pushes", {
        "core.deal_values": VERSIONS, "settings.run": "business_time_zone | fiscal_year_begins\nEurope/Madrid | 5",
    }, """
        system | deal_id | pushed_on  | close_on_before | close_on   | is_to_later_quarter
        crm    | 1       | 2024-01-05 | 2024-01-31      | 2024-03-31 | true
        crm    | 1       | 2024-01-06 | 2024-03-31      | 2024-04-10 | false
        crm    | 1       | 2024-01-09 | 2024-04-30      | 2024-05-01 | true
    """)  # fmt: skip
