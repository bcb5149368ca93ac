"""Which activities are the answer of a human, to whom, and when."""

import pytest

GIVEN = {
    "core.as_of": "one | as_of\n1 | 2024-06-30 12:00",
    "settings.automatic_mails": "pattern\nmass email*",
    "core.person_links": "system | person_id | person\ncrm | 1 | crm:1\ncrm | 2 | crm:1\ncrm | 3 | crm:3",
    "staging.owners": "system | owner_id | owner_name\ncrm | 5 | Ana",
    "staging.deal_people": "system | deal_id | person_id\ncrm | d | 1\ncrm | d | 3\ncrm | d | gone",
}
ACTIVITY = "system | activity_id | activity_type | direction | is_done | occurred_at | due_on | subject | person_id | deal_id | owner_id"


@pytest.mark.parametrize("activity, is_answer", [
    ("Call    |          | true  | 2024-06-01 10:00 | |", True),
    ("Email   | outbound | true  | 2024-06-01 10:00 | |", True),
    ("        |          | true  | 2024-06-01 10:00 | | Hello", True),
    ("Email   | inbound  | true  | 2024-06-01 10:00 | |", False),
    ("Email   | outbound | true  | 2024-06-01 10:00 | | Mass Email: news", False),
    ("Mass Email | outbound | true | 2024-06-01 10:00 | |", False),
    ("Email   | outbound | true  | 2024-06-01 10:00 | | Re: mass email of May", True),
    ("Note    |          | true  | 2024-06-01 10:00 | |", False),
    ("Meeting |          |       | 2024-06-30 12:00 | |", True),
    ("Meeting |          |       | 2024-06-30 12:01 | |", False),
    ("Meeting |          | false | 2024-06-01 10:00 | |", False),
    ("Task    |          | false |                  | 2024-06-01 |", False),
    ("Task    |          | true  |                  | 2024-06-01 |", False),
])  # fmt: skip
def test_what_is_an_answer(example, activity, is_answer):
    acts = f"{ACTIVITY}\ncrm | 9 | {activity} | 1 | | 5"
    expected = "person | system | activity_id | answered_by" + ("\ncrm:1 | crm | 9 | Ana" if is_answer else "")
    example("core.answers", {**GIVEN, "staging.activities": acts}, expected)


def test_a_day_without_a_time_counts_at_its_end_and_not_after_as_of(example):
    example("core.answers", {**GIVEN, "staging.activities": f"""
        {ACTIVITY}
        crm | 1 | Call | | true | 2024-06-03 | 2024-06-03 | | 3 | | 5
        crm | 2 | Call | | true | 2024-06-30 | 2024-06-30 | | 3 | | 5
        crm | 3 | Call | | true | 2024-06-03 |            | | 3 | | Ben
        crm | 4 | Call | | true | 2024-06-03 | 2024-06-02 | | 3 | |
    """}, """
        activity_id | answered_at                | has_time | answered_by
        1           | 2024-06-03 23:59:59.999999 | false    | Ana
        2           | 2024-06-30 12:00           | false    | Ana
        3           | 2024-06-03                 | true     | Ben
        4           | 2024-06-03                 | true     |
    """)  # fmt: skip


def test_an_activity_about_a_deal_alone_is_with_the_people_of_the_deal(example):
    example("core.answers", {**GIVEN, "staging.activities": f"""
        {ACTIVITY}
        crm | 1 | Call | | true | 2024-06-03 10:00 | | |      | d | 5
        crm | 2 | Call | | true | 2024-06-03 11:00 | | | 2    | d | 5
        crm | 3 | Call | | true | 2024-06-03 11:00 | | | gone | d | 5
    """}, """
        person | activity_id
        crm:1  | 1
        crm:3  | 1
        crm:1  | 2
    """)  # fmt: skip


def test_an_activity_a_deal_and_an_owner_are_those_of_their_own_system_and_an_answer_to_two_records_of_one_person_is_one(example):
    example("core.answers", {
        **GIVEN,
        "core.person_links": GIVEN["core.person_links"] + "\ncrm | 4 | crm:4\nweb | 1 | web:1",
        "staging.owners": GIVEN["staging.owners"] + "\nweb | 5 | Zed",
        "staging.deal_people": GIVEN["staging.deal_people"] + "\ncrm | d | 2\ncrm | e | 4\nweb | d | 4",
        "staging.activities": f"""
            {ACTIVITY}
            crm | 1 | Call | | true | 2024-06-03 10:00 | | |   | d | 5
            web | 1 | Call | | true | 2024-06-03 11:00 | | | 1 |   | 5
        """,
    }, """
        person | system | activity_id | answered_at      | answered_by
        crm:1  | crm    | 1           | 2024-06-03 10:00 | Ana
        crm:3  | crm    | 1           | 2024-06-03 10:00 | Ana
        web:1  | web    | 1           | 2024-06-03 11:00 | Zed
    """)  # fmt: skip
