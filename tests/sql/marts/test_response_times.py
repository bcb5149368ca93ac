"""The time to the first human answer, in days and in working hours, and whether it was in time."""

import pytest

MODELS = ["core.working_hours", "marts.response_times"]
GIVEN = {
    # A Friday evening; the working days before it are those of that week.
    "core.as_of": "one | as_of\n1 | 2024-06-28 18:00",
    "core.parameters": "one | business_time_zone\n1 | UTC",
    "settings.run": "business_time_zone\nUTC",
    "settings.follow_up": "opens_at | closes_at\n09:00 | 17:00",
    "settings.answer_limits": "lead_source | hours\n* | 8\nweb | 1",
    "core.owner_time_zones": "owner | time_zone\nAna | America/New_York",
}


@pytest.fixture
def leads(bench):
    """`leads(arrival, answer, …)`: the row of one lead."""

    def one(arrived, answered=None, source="Web", owner=None, assigned=None, judged="true"):
        given = {
            **GIVEN,
            "core.leads": f"person | arrived_at | arrived_by | lead_source | owner | is_judged\na | {arrived} | form | {source} | {owner or ''} | {judged}",
        }
        if answered:
            given["core.answers"] = "person | system | activity_id | answered_at | answered_by\n" + "\n".join(
                f"a | crm | {n} | {at} | {'Ben' if n == 2 else 'Cid'}" for n, at in enumerate(answered.split(", "))
            )
        if assigned:
            given["core.person_links"] = "system | person_id | person\ncrm | 1 | a"
            given["staging.assignments"] = "system | person_id | owner_id | assigned_at\n" + "\n".join(
                [*(f"crm | 1 | 5 | {at}" for at in assigned.split(", ")), "crm | 2 | 5 | 2024-06-26 10:01", "web | 1 | 5 | 2024-06-26 10:01"]
            )
        (row,) = bench.run(MODELS, given)["marts.response_times"]
        return row

    return one


@pytest.mark.parametrize("arrived, answered, owner, hours", [
    ("2024-06-26 10:00", "2024-06-26 10:30", None, 0.5),
    ("2024-06-26 16:30", "2024-06-27 09:30", None, 1),
    ("2024-06-21 18:00", "2024-06-24 09:15", None, 0.25),       # Over a weekend.
    ("2024-06-22 10:00", "2024-06-22 12:00", None, 0),          # Both on a Saturday.
    ("2024-06-24 08:00", "2024-06-28 17:30", None, 40),
    ("2024-06-26 09:00", "2024-06-26 14:00", "Ana", 1),         # Nine o'clock in New York is 13:00 UTC.
    ("2024-03-08 20:00", "2024-03-11 14:00", "Ana", 3),         # Over the change to summer time there.
])  # fmt: skip
def test_the_working_hours_are_those_of_the_owner(leads, arrived, answered, owner, hours):
    row = leads(arrived, answered, owner=owner)
    assert row["business_hours"] == pytest.approx(hours)
    assert row["is_answered"]
    assert row["time_zone"] == ("America/New_York" if owner else "UTC")


def test_only_the_first_answer_from_the_arrival_on_counts(leads):
    row = leads("2024-06-26 10:00", "2024-06-25 10:00, 2024-06-27 10:00, 2024-06-26 11:00, 2024-06-26 12:00")
    assert (str(row["answered_at"]), row["answered_by"], row["days_waited"]) == ("2024-06-26 11:00:00", "Ben", pytest.approx(1 / 24))
    assert not leads("2024-06-26 10:00", "2024-06-26 09:59")["is_answered"]
    assert leads("2024-06-26 10:00", "2024-06-26 10:00")["business_hours"] == 0


def test_who_was_never_answered_is_still_waiting(leads):
    row = leads("2024-06-27 10:00")
    assert (row["is_answered"], row["answered_at"], row["sla_status"]) == (False, None, "missed")
    assert (row["business_hours"], row["days_waited"]) == (15, pytest.approx(32 / 24))


def test_without_activities_in_the_exports_nothing_is_said(leads):
    row = leads("2024-06-27 10:00", judged="false")
    assert (row["is_answered"], row["business_hours"], row["days_waited"], row["sla_status"]) == (None, None, None, "not known")
    row = leads("", "2024-06-27 10:00")
    assert (row["is_answered"], row["business_hours"], row["due_at"], row["sla_status"]) == (None, None, None, "not known")


@pytest.mark.parametrize("source, arrived, answered, status, due", [
    ("Web", "2024-06-26 10:00", "2024-06-26 11:00", "met", "2024-06-26 11:00"),
    ("WEB", "2024-06-26 10:00", "2024-06-26 11:01", "missed", "2024-06-26 11:00"),
    ("Fair", "2024-06-26 10:00", "2024-06-27 10:00", "met", "2024-06-27 10:00"),
    ("Fair", "2024-06-26 09:00", "2024-06-26 23:00", "met", "2024-06-26 17:00"),        # At night no work is done: still eight hours.
    ("Fair", "2024-06-26 09:00", "2024-06-27 09:01", "missed", "2024-06-26 17:00"),
    ("Fair", "2024-06-28 12:00", None, "running", "2024-07-01 12:00"),
    ("Web", "2024-06-28 17:00", None, "running", "2024-07-01 10:00"),
    ("Web", "2024-06-28 15:59", None, "missed", "2024-06-28 16:59"),
])  # fmt: skip
def test_in_time_or_not(leads, source, arrived, answered, status, due):
    row = leads(arrived, answered, source)
    assert (row["sla_status"], f"{row['due_at']:%Y-%m-%d %H:%M}", row["sla_hours"]) == (status, due, 8 if source == "Fair" else 1)


@pytest.mark.parametrize("assigned, answered, begins, status", [
    ("2024-06-26 14:00", "2024-06-26 14:30", "assignment", "met"),
    ("2024-06-26 14:00, 2024-06-26 11:00, 2024-06-25 10:00", "2024-06-26 14:30", "assignment", "missed"),
    ("2024-06-26 14:00", "2024-06-26 13:00", "arrival", "missed"),
    ("2024-06-28 19:00", None, "arrival", "missed"),
    ("2024-06-28 16:30", None, "assignment", "running"),
    ("2024-06-26 10:30", "2024-06-26 10:30", "assignment", "met"),
    (None, "2024-06-26 10:30", "arrival", "met"),
])  # fmt: skip
def test_the_limit_runs_from_the_assignment_where_one_is_recorded_before_the_answer(leads, assigned, answered, begins, status):
    row = leads("2024-06-26 10:00", answered, assigned=assigned)
    assert (row["sla_from"], row["sla_status"]) == (begins, status)


def test_an_assignment_is_the_first_one_from_the_arrival_to_as_of(leads):
    row = leads("2024-06-26 10:00", assigned="2024-06-25 10:00, 2024-06-26 16:00, 2024-06-26 22:00")
    assert (str(row["assigned_at"]), row["days_to_assignment"]) == ("2024-06-26 16:00:00", 0.25)
    assert leads("2024-06-26 10:00", assigned="2024-06-25 10:00, 2024-06-28 18:01")["assigned_at"] is None
    assert leads("2024-06-26 10:00", assigned="2024-06-26 10:00")["days_to_assignment"] == 0
    assert leads("2024-06-26 10:00", assigned="2024-06-28 18:00")["days_to_assignment"] == pytest.approx(2 + 8 / 24)


def test_without_a_limit_nothing_is_late_and_a_limit_of_a_century_has_no_day(bench):
    """In Madrid the day of an owner without a zone of their own begins at seven o'clock UTC."""
    given = {
        **GIVEN, "core.parameters": "one | business_time_zone\n1 | Europe/Madrid", "settings.run": "business_time_zone\nEurope/Madrid",
        "settings.answer_limits": "lead_source | hours\nfair | 900000",
        "core.leads": "person | arrived_at | lead_source | is_judged\na | 2024-06-26 06:00 | Web | true\nb | 2024-06-26 06:00 | Fair | true",
        "core.answers": "person | system | activity_id | answered_at\na | crm | 1 | 2024-06-26 08:00\nb | crm | 2 | 2024-06-26 08:00",
    }  # fmt: skip
    found = bench.run(MODELS, given)["marts.response_times"]
    assert {r["person"]: (r["time_zone"], r["business_hours"], r["sla_hours"], r["due_at"], r["sla_status"]) for r in found} == {
        "a": ("Europe/Madrid", 1, None, None, "not known"), "b": ("Europe/Madrid", 1, 900000, None, "met"),
    }  # fmt: skip
