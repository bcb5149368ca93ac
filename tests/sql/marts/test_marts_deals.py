"""Deals that are no deals any more, and what is told of the others besides where they stand."""

AS_OF = "one | as_of\n1 | 2024-03-31 12:00"


def test_what_was_deleted_merged_or_a_test_is_there_by_that_name_and_stands_nowhere(example):
    example("marts.deals", {
        "core.as_of": AS_OF,
        "core.deals": """
            system | deal_id | record_status | pipeline | amount | created_at       | close_on
            crm    | live    | live          | p        | 1      | 2024-03-01       | 2024-05-01
            crm    | unseen  | live          | p        | 2      | 2024-03-01       | 2024-05-01
            crm    | deleted | deleted       | p        | 3      | 2024-03-31 12:00 | 2024-05-01
            crm    | merged  | merged        | p        | 4      | 2024-03-01       | 2024-05-01
            crm    | test    | test          | p        | 5      | 2024-03-01       | 2024-05-01
            crm    | later   | deleted       | p        | 6      | 2024-03-31 13:00 | 2024-05-01
        """,
        "marts.stage_visits": """
            system | deal_id | visit_number | pipeline | stage | stage_kind | entered_at | left_at | days
            crm    | live    | 1            | q        | Lead  | open       | 2024-03-02 |         | 29.5
        """,
    }, """
        deal_id | status  | pipeline | stage | days_in_stage | age_days | expected_close_on | touches
        live    | open    | q        | Lead  | 29.5          | 30.5     | 2024-05-01        | 0
        deleted | deleted | p        |       |               |          |                   | 0
        merged  | merged  | p        |       |               |          |                   | 0
        test    | test    | p        |       |               |          |                   | 0
    """)  # fmt: skip


def test_a_closed_deal_has_no_expected_close_and_is_not_in_a_stage(example):
    example("marts.deals", {
        "core.as_of": AS_OF,
        "core.deals": """
            system | deal_id | record_status | created_at | close_on
            crm    | won     | live          | 2024-03-01 | 2024-03-21
            other  | won     | live          | 2024-03-01 | 2024-05-01
        """,
        "marts.stage_visits": """
            system | deal_id | visit_number | pipeline | stage | stage_kind | entered_at | left_at    | days
            crm    | won     | 1            | p        | Lead  | open       | 2024-03-01 | 2024-03-11 | 10
            crm    | won     | 2            | p        | Won   | won        | 2024-03-11 |            | 20
            other  | won     | 1            | p        | Lead  | open       | 2024-03-01 |            | 30.5
        """,
        "core.deal_touches": """
            system | deal_id | touches
            crm    | won     | 3
            crm    | other   | 5
        """,
    }, """
        system | deal_id | status | stage | days_in_stage | closed_at  | days_to_close | expected_close_on | touches
        crm    | won     | won    | Won   |               | 2024-03-11 | 10            |                   | 3
        other  | won     | open   | Lead  | 30.5          |            |               | 2024-05-01        | 0
    """)  # fmt: skip
