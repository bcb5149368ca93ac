"""The moment that the numbers describe."""

import pytest

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


@pytest.mark.parametrize(("table", "row"), [
    ("staging.deals", "system | deal_id | created_at\ncrm | 1 | {}"),
    ("staging.deals", "system | deal_id | updated_at\ncrm | 1 | {}"),
    ("staging.deals", "system | deal_id | stage_changed_at\ncrm | 1 | {}"),
    ("staging.stage_changes", "system | deal_id | changed_at\ncrm | 1 | {}"),
    ("staging.deal_edits", "system | deal_id | changed_at\ncrm | 1 | {}"),
    ("staging.touches", "system | touch_id | occurred_at\nweb | 1 | {}"),
    ("staging.activities", "system | activity_id | is_done | occurred_at\ncrm | 1 | true | {}"),
    ("staging.activities", "system | activity_id | is_done | created_at\ncrm | 1 | false | {}"),
])  # fmt: skip
def test_every_kind_of_event_counts_up_to_the_start_of_the_run_and_not_after(example, table, row):
    earlier = row.format("2024-01-01").splitlines()[1].replace(" 1 |", " 2 |")
    for at in ("2025-03-01", "2026-01-01 00:00"):
        given = {"settings.run": RUN, table: f"{row.format(at)}\n{earlier}"}
        example("core.as_of", given, f"one | as_of | as_of_from\n1 | {at} | the newest event in the exports")
    example("core.as_of", {"settings.run": RUN, table: row.format("2026-01-01 00:01")}, """
        as_of            | as_of_from
        2026-01-01 00:00 | the start of the run: no export holds an event
    """)  # fmt: skip
