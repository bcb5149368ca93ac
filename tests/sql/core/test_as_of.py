"""The moment that the numbers describe."""

RUN = """
    started_at       | as_of
    2026-01-01 00:00 |
"""


def test_it_is_the_newest_event_that_is_not_in_the_future(example):
    example("core.as_of", {
        "settings.run": RUN,
        "staging.deals": """
            system | deal_id | created_at | updated_at
            crm    | 1       | 2025-01-01 | 2025-03-01
            crm    | 2       | 2042-01-01 | 2025-02-01
        """,
        "staging.touches": """
            system | touch_id | occurred_at
            web    | 1        | 2025-03-02
        """,
    }, """
        as_of      | as_of_from
        2025-03-02 | the newest event in the exports
    """)  # fmt: skip


def test_what_was_asked_for_wins(example):
    example("core.as_of", {"settings.run": "started_at | as_of\n2026-01-01 | 2024-06-30"}, """
        as_of      | as_of_from
        2024-06-30 | as asked for
    """)  # fmt: skip


def test_a_planned_meeting_does_not_move_it(example):
    example("core.as_of", {
        "settings.run": RUN,
        "staging.activities": """
            system | activity_id | occurred_at | is_done | created_at
            crm    | 1           | 2025-03-02  | true    | 2025-03-01
            crm    | 2           | 2025-09-01  |         | 2025-03-03
        """,
    }, """
        as_of
        2025-03-03
    """)  # fmt: skip
