"""Each kind of missed follow-up: when it is one, since when, whose, worth what; and what is none."""

import pytest

GIVEN = {
    "core.as_of": "one | as_of\n1 | 2024-06-30 12:00",
    "core.run": "started_at | as_of | as_of_on\n2024-07-01 | 2024-06-30 12:00 | 2024-06-30",
    "core.parameters": "one | business_time_zone\n1 | UTC",
    "settings.follow_up": "unanswered_days\n2",
    "core.person_links": "system | person_id | person\ncrm | 1 | crm:1\ncrm | 2 | crm:2",
    "core.people": "person | person_name | email | owner | team | is_judged | is_test\ncrm:1 | Ana Ray | ana@x.example | Ben | North | true | false\ncrm:2 | | | | | true | true",
    "staging.owners": "system | owner_id | owner_name\ncrm | 5 | Cleo",
    "core.owner_teams": "owner | team\nCleo | South",
}
DEALS = "system | deal_id | deal_name | status | amount | owner | team | created_at | stage_entered_at"
PEOPLE = "system | deal_id | person | has_role\ncrm | d1 | crm:1 | true\ncrm | d2 | crm:1 | true\ncrm | d3 | crm:1 | true"
LEAD = "person | person_name | lead_source | owner | team | lead_status | arrived_at | sla_begins_at | due_at | is_answered | sla_hours | sla_hours_used | sla_from | sla_status"
COMMON = "crm:1 | Ana Ray | Web | Ben | North"
LATE = "2024-06-27 10:00 | 2024-06-27 10:00 | 2024-06-27 12:00 | false | 2 | 20 | arrival | missed"


def test_a_lead_that_nobody_answered_in_time(example):
    leads = f"{LEAD}\n{COMMON} | New | {LATE}"
    example("marts.missed_follow_ups", {**GIVEN, "marts.response_times": leads}, """
        priority | kind | about | system | record_id | name | person | owner | team | since_at | due_at | days_late | items | sla_hours | amount | amount_known | why
        1 | lead not answered | person | crm | crm:1 | Ana Ray | crm:1 | Ben | North | 2024-06-27 10:00 | 2024-06-27 12:00 | 3 | 1 | 2 | | false | Not answered for 20.0 working hours since its arrival; from Web 2.0 are allowed.
    """)  # fmt: skip


@pytest.mark.parametrize("status, rest", [
    ("New", LATE.replace("missed", "running")), ("New", LATE.replace("| false", "| true")), ("Unqualified", LATE), ("Junk Lead", LATE),
    ("New", LATE.replace("false", "").replace("missed", "not known")),
])  # fmt: skip
def test_what_is_answered_running_disqualified_or_not_known_is_not_missed(example, status, rest):
    example("marts.missed_follow_ups", {**GIVEN, "marts.response_times": f"{LEAD}\n{COMMON} | {status} | {rest}"}, "kind")


@pytest.mark.parametrize("deals, expected", [
    (["d1 | A | open | 5 | Cleo | South | 2024-06-28", "d2 | B | open | 7 | Dan | East | 2024-06-28", "d3 | C | won | 9 | Dan | East | 2024-06-28"], "12 | d2"),
    (["d1 | A | open |   | Cleo | South | 2024-06-28"], "| d1"),
    (["d3 | C | won | 9 | Dan | East | 2024-06-28"], None),
    (["d3 | C | lost | 9 | Dan | East | 2024-06-28"], None),
    (["d3 | C | won | 9 | Dan | East | 2024-06-27 10:00"], None),
    (["d3 | C | lost | 9 | Dan | East | 2024-06-26"], "|"),
    (["d3 | C | deleted | 9 | Dan | East | 2024-06-28"], "|"),
])  # fmt: skip
def test_a_lead_is_worth_its_open_deals_and_over_with_a_closed_one(example, deals, expected):
    given = {
        **GIVEN, "marts.response_times": f"{LEAD}\n{COMMON} | New | {LATE}", "core.deal_people": PEOPLE,
        "marts.deals": "\n".join([DEALS, *(f"crm | {deal} | 2024-06-29" for deal in deals)]),
    }  # fmt: skip
    example("marts.missed_follow_ups", given, "amount | deal_id" + (f"\n{expected}" if expected else ""))


TASK = "system | activity_id | due_on | is_done | occurred_at | created_at | deal_id | person_id | owner_id | subject"
OPEN = f"{DEALS}\ncrm | d1 | Deal | open | 5 | Dan | East | 2024-06-01 | 2024-06-01\ncrm | d2 | Won | won | 5 | Dan | East | 2024-06-01 | 2024-06-01"


@pytest.mark.parametrize("task, is_overdue", [
    ("2024-06-29 | false |                  |            ", True),
    ("2024-06-30 | false |                  |            ", False),
    ("2024-06-29 | true  | 2024-06-30 10:00 |            ", False),
    ("2024-06-29 | true  |                  |            ", False),
    ("2024-06-29 |       | 2024-06-29       |            ", False),
    ("2024-06-29 | false | 2024-06-29 10:00 |            ", False),      # A meeting that was called off.
    ("2024-06-29 | true  | 2024-06-30 13:00 | 2024-06-01 ", True),       # Done after as-of.
    ("2024-06-29 | true  | 2024-06-30 13:00 |            ", False),
    ("2024-06-29 | false |                  | 2024-07-01 ", False),
    ("2024-06-29 | false |                  | 2024-06-30 12:00", True),
    ("2024-06-29 | true  | 2024-06-30 12:00 | 2024-06-01 ", False),
    ("2024-06-29 | true  | 2024-06-30 13:00 | 2024-06-30 12:00", True),
])  # fmt: skip
def test_a_task_is_overdue_from_the_day_after_it_was_due(example, task, is_overdue):
    given = {**GIVEN, "marts.deals": OPEN, "staging.activities": f"{TASK}\ncrm | 1 | {task} | d1 | | 5 | Call"}
    expected = "\noverdue task | deal | d1 | Cleo | South | 2024-06-30 | 0.5 | 5 | A task was due on 2024-06-29: Call." if is_overdue else ""
    example("marts.missed_follow_ups", given, f"kind | about | record_id | owner | team | since_at | days_late | amount | why{expected}")


def test_tasks_of_one_deal_are_one_row_and_those_of_closed_deals_and_test_records_none(example):
    given = {**GIVEN, "marts.deals": OPEN, "core.deal_people": PEOPLE, "staging.activities": f"""
        {TASK}
        crm | 1 | 2024-06-28 | false | | | d1   |   |     |
        crm | 2 | 2024-06-20 | false | | | d1   | 1 | 5   | First call
        crm | 3 | 2024-06-28 | false | | | d2   |   | 5   | Won
        crm | 4 | 2024-06-28 | false | | |      | 1 |     | Write
        crm | 5 | 2024-06-28 | false | | |      | 2 | 5   | Test
        crm | 6 | 2024-06-28 | false | | |      |   | Eve | Tidy up
        crm | 7 | 2024-06-28 | false | | | gone |   | 5   | Far off
    """}  # fmt: skip
    example("marts.missed_follow_ups", given, """
        priority | about  | system | record_id | name     | deal_id | person | owner | items | amount | why
        1        | deal   | crm    | d1        | Deal     | d1      | crm:1  | Cleo  | 2     | 5      | 2 tasks were due, the first on 2024-06-20: First call.
        2        | person | crm    | crm:1     | Ana Ray  |         | crm:1  | Ben   | 1     | 5      | A task was due on 2024-06-28: Write.
        3        | task   | crm    | 6         | Tidy up  |         |        | Eve   | 1     |        | A task was due on 2024-06-28: Tidy up.
        4        | deal   | crm    | gone      | Far off  |         |        | Cleo  | 1     |        | A task was due on 2024-06-28: Far off.
    """)  # fmt: skip


def test_a_day_ends_by_the_business_time_zone(example):
    given = {
        **GIVEN, "core.parameters": "one | business_time_zone\n1 | Europe/Madrid", "marts.deals": OPEN,
        "staging.activities": f"{TASK}\ncrm | 1 | 2024-06-29 | false | | | d1 | | 5 |",
    }  # fmt: skip
    example("marts.missed_follow_ups", given, "since_at | why\n2024-06-29 22:00 | A task was due on 2024-06-29.")


def test_an_open_deal_without_a_next_step_since_the_last_thing_that_happened_unless_a_task_of_it_is_overdue(example):
    stalled = """
        system | deal_id | deal_name | owner | team | amount | has_no_next_step | last_changed_at | last_activity_at | days_silent
        crm    | d1      | Deal      | Dan   | East | 5      | true             |                 | 2024-06-20 12:00 | 10
        crm    | d4      | Other     | Dan   | East |        | false            |                 | 2024-06-20 12:00 | 10
        crm    | d5      | Third     | Dan   | East |        |                  |                 | 2024-06-20 12:00 | 10
    """
    given = {**GIVEN, "marts.deals": OPEN, "marts.stalled_deals": stalled}
    example("marts.missed_follow_ups", given, """
        kind         | about | record_id | name | owner | team | since_at         | days_late | amount | why
        no next step | deal  | d1        | Deal | Dan   | East | 2024-06-20 12:00 | 10        | 5      | No next step is planned; the last thing happened 10 days ago.
    """)  # fmt: skip
    task = f"{TASK}\ncrm | 1 | 2024-06-29 | false | | | d1 | | 5 |"
    example("marts.missed_follow_ups", {**given, "staging.activities": task}, "kind\noverdue task")


SIGNS = "system | recorded_as | sign_id | person | sign | occurred_at"


@pytest.mark.parametrize("signs, answers, expected", [
    (["reply | 2024-06-28 11:00"], [], "2024-06-28 11:00 | 1 | Left unanswered for 2 days: reply."),
    (["reply | 2024-06-28 12:00"], [], None),
    (["form | 2024-06-20", "pricing page | 2024-06-25", "form | 2024-06-29"], ["2024-06-19"], "2024-06-20 | 3 | Left unanswered for 10 days: form, pricing page."),
    (["form | 2024-06-20", "pricing page | 2024-06-25"], ["2024-06-21"], "2024-06-25 | 1 | Left unanswered for 5 days: pricing page."),
    (["form | 2024-06-20"], ["2024-06-20"], None),
    (["form | 2024-06-20"], ["2024-06-19", "2024-06-29"], None),
])  # fmt: skip
def test_a_sign_is_answered_by_any_answer_from_then_on(example, signs, answers, expected):
    given = {
        **GIVEN,
        "core.inbound_signs": "\n".join([SIGNS, *(f"web | touch | {n} | crm:1 | {sign}" for n, sign in enumerate(signs))]),
        "core.answers": "\n".join(["person | system | activity_id | answered_at", *(f"crm:1 | crm | {n} | {at}" for n, at in enumerate(answers))]),
    }
    example("marts.missed_follow_ups", given, "since_at | items | why" + (f"\n{expected}" if expected else ""))


def test_whose_and_what_a_sign_is_worth(example):
    people = GIVEN["core.people"] + "\ne-mail:who | | who@x.example | | | true | false\nquiet:1 | | | | | false | false"
    signs = "\n".join([SIGNS, *(f"web | touch | {n} | {who} | form | 2024-06-20" for n, who in enumerate(["crm:1", "crm:2", "e-mail:who", "quiet:1"]))])
    given = {**GIVEN, "core.people": people, "core.inbound_signs": signs}
    example("marts.missed_follow_ups", given, """
        kind                    | system | record_id     | name          | owner | team  | days_late | amount
        inbound sign unanswered | crm    | crm:1         | Ana Ray       | Ben   | North | 8.5       |
        inbound sign unanswered | ''     | e-mail:who    | who@x.example |       |       | 8.5       |
    """)  # fmt: skip
    example("marts.missed_follow_ups", {**given, "marts.deals": OPEN, "core.deal_people": PEOPLE}, """
        priority | record_id     | owner | team | deal_id | amount
        1        | crm:1         | Dan   | East | d1      | 5
        2        | e-mail:who    |       |      |         |
    """)  # fmt: skip
    leads = f"{LEAD}\n{COMMON} | New | {LATE}"
    example("marts.missed_follow_ups", {**given, "marts.response_times": leads}, """
        kind                    | record_id
        inbound sign unanswered | e-mail:who
        lead not answered       | crm:1
    """)  # fmt: skip


def test_the_deals_of_a_colleague_are_not_at_stake(example):
    given = {
        **GIVEN, "core.inbound_signs": f"{SIGNS}\nweb | touch | 1 | crm:1 | form | 2024-06-20", "marts.deals": OPEN,
        "core.deal_people": "system | deal_id | person | has_role\ncrm | d1 | crm:1 | false",
    }  # fmt: skip
    example("marts.missed_follow_ups", given, "record_id | deal_id | amount\ncrm:1 | | ")


def test_a_task_and_a_deal_are_those_of_their_own_system_and_called_by_what_is_known(example):
    """Both systems have an owner 5, a person 1 and a deal d5; a task that names nobody happens to be called d5 too."""
    given = {
        **GIVEN,
        "core.people": GIVEN["core.people"] + "\ncrm:3 | | c@x.example | | | true | false\ncrm:7 | | | | | true | false",
        "core.person_links": GIVEN["core.person_links"] + "\ncrm | 3 | crm:3\nweb | 1 | web:1",
        "staging.owners": GIVEN["staging.owners"] + "\nweb | 5 | Zed",
        "marts.deals": f"""
            {OPEN}
            crm | d5 |     | open |   | Dan | East | 2024-06-01 | 2024-06-01
            web | d5 | Web | open |   | Dan | East | 2024-06-01 | 2024-06-29
        """,
        "marts.stalled_deals": "system | deal_id | owner | has_no_next_step | last_activity_at | days_silent\ncrm | d5 | Dan | true | 2024-06-20 12:00 | 10",
        "core.inbound_signs": f"{SIGNS}\nweb | touch | 1 | crm:7 | form | 2024-06-20",
        "staging.activities": f"""
            {TASK}
            crm | 1  | 2024-06-20 | false | | | d1 |   | '' | ''
            crm | 2  | 2024-06-28 | false | | |    | 3 | 5  | Write
            crm | 3  | 2024-06-27 | false | | |    | 1 | 5  | Call
            crm | d5 | 2024-06-28 | false | | |    |   | 5  | Tidy
            web | 4  | 2024-06-28 | false | | | d5 |   | 5  | Far
        """,
    }
    example("marts.missed_follow_ups", given, """
        kind                    | about  | system | record_id | name        | owner | items | since_at         | why
        overdue task            | deal   | crm    | d1        | Deal        | Dan   | 1     | 2024-06-21 00:00 | A task was due on 2024-06-20.
        overdue task            | person | crm    | crm:3     | c@x.example | Cleo  | 1     | 2024-06-29 00:00 | A task was due on 2024-06-28: Write.
        overdue task            | person | crm    | crm:1     | Ana Ray     | Cleo  | 1     | 2024-06-28 00:00 | A task was due on 2024-06-27: Call.
        overdue task            | task   | crm    | d5        | Tidy        | Cleo  | 1     | 2024-06-29 00:00 | A task was due on 2024-06-28: Tidy.
        overdue task            | deal   | web    | d5        | Web         | Zed   | 1     | 2024-06-29 00:00 | A task was due on 2024-06-28: Far.
        no next step            | deal   | crm    | d5        | d5          | Dan   | 1     | 2024-06-20 12:00 | No next step is planned; the last thing happened 10 days ago.
        inbound sign unanswered | person | crm    | crm:7     | crm:7       |       | 1     | 2024-06-20 00:00 | Left unanswered for 10 days: form.
    """)  # fmt: skip


def test_a_lead_is_worth_the_dearest_of_its_own_deals_and_not_over_with_that_of_somebody_else(example):
    given = {
        **GIVEN, "marts.response_times": f"{LEAD}\ncrm:1 | | Web | Ben | North | New | {LATE.replace('20 |', '19.96 |')}",
        "core.deal_people": PEOPLE + "\ncrm | d9 | crm:9 | true",
        "marts.deals": f"""
            {DEALS}
            crm | d1 | A | open |    | Cleo | South | 2024-06-28 | 2024-06-28
            crm | d2 | B | open | 7  | Dan  | East  | 2024-06-28 | 2024-06-28
            web | d1 | C | open | 99 | Zed  | West  | 2024-06-28 | 2024-06-28
        """,
    }  # fmt: skip
    row = "crm:1 | crm:1 | d2 | 7 | Not answered for 20.0 working hours since its arrival; from Web 2.0 are allowed."
    example("marts.missed_follow_ups", given, f"name | record_id | deal_id | amount | why\n{row}")
    closed = "system | deal_id | status | created_at\ncrm | d9 | won | 2024-06-29"
    example("marts.missed_follow_ups", {**given, "marts.deals": closed}, "record_id | deal_id | amount\ncrm:1 | | ")


def test_what_is_worth_the_same_goes_by_how_late_it_is_then_by_kind_system_and_id(example):
    given = {
        **GIVEN, "marts.response_times": f"{LEAD}\n{COMMON} | New | {LATE.replace('2024-06-27 12:00', '2024-06-29 00:00')}",
        "staging.activities": f"""
            {TASK}
            web | a | 2024-06-28 | false | | | | | | Last
            crm | z | 2024-06-28 | false | | | | | | Fourth
            crm | x | 2024-06-28 | false | | | | | | Third
            crm | y | 2024-06-20 | false | | | | | | First
        """,
    }  # fmt: skip
    example("marts.missed_follow_ups", given, """
        priority | kind              | system | record_id | days_late
        1        | overdue task      | crm    | y         | 9.5
        2        | lead not answered | crm    | crm:1     | 1.5
        3        | overdue task      | crm    | x         | 1.5
        4        | overdue task      | crm    | z         | 1.5
        5        | overdue task      | web    | a         | 1.5
    """)  # fmt: skip
