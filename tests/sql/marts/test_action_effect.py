"""Whether an action is followed by more deals going on: what the landmark keeps apart, and what it says beside the naive comparison."""

from datetime import datetime, timedelta
from random import Random

import pytest

from assets.demo.truth.leaks import fisher

CHAIN = ["marts.action_stays", "marts.action_rates", "marts.action_tests", "marts.action_effect"]
AS_OF = "one | as_of\n1 | 2024-06-30 00:00"
STAYS = "system | deal_id | visit_number | pipeline | stage | stage_order | stage_kind | entered_at       | left_at          | days | outcome     | is_observed"
MEDIAN = "measure | pipeline | stage | size_band | cohort | cohort_start | median_days\nstage | p | Demo | all | all | 2024-01-01 | 8"


def effects(bench, stays, actions, median=MEDIAN):
    found = bench.run(CHAIN, {"core.as_of": AS_OF, "marts.survival": median, "marts.stage_visits": stays, "core.actions": actions})
    return {row["action"]: row for row in found["marts.action_effect"]}


def test_an_action_counts_before_the_landmark_and_an_outcome_after_it(bench):
    row = effects(bench, f"""
        {STAYS}
        crm | in time   | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-11 00:00 | 10 | advanced    | true
        crm | too late  | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-21 00:00 | 20 | won         | true
        crm | never     | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-07 00:00 | 6  | moved_back  | true
        crm | before    | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-06 00:00 | 5  | lost        | true
        crm | open      | 1 | p | Demo | 1 | open | 2024-06-01 00:00 |                  | 29 | still_there | true
        crm | left soon | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-05 00:00 | 4  | lost        | true
        crm | young     | 1 | p | Demo | 1 | open | 2024-06-27 00:00 | 2024-06-28 00:00 | 1  | won         | true
        crm | assumed   | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-21 00:00 | 20 | won         | false
        crm | closed    | 1 | p | Won  | 2 | won  | 2024-01-01 00:00 |                  |    | still_there | true
        other | silent  | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-21 00:00 | 20 | won         | true
    """, """
        system | activity_id | deal_id   | action | occurred_at
        crm    | 1           | in time   | call   | 2024-01-04 23:59
        crm    | 2           | in time   | call   | 2024-01-02 00:00
        crm    | 3           | too late  | call   | 2024-01-05 00:00
        crm    | 4           | before    | call   | 2023-12-31 23:59
        crm    | 5           | before    | call   | 2024-01-06 00:00
        crm    | 6           | open      | call   | 2024-06-01 00:00
        crm    | 7           | left soon | call   | 2024-01-01 00:00
        crm    | 8           | assumed   | call   | 2024-01-02 00:00
        crm    | 9           | closed    | call   | 2024-01-02 00:00
    """)["call"]  # fmt: skip
    assert (row["landmark_days"], row["landmark_basis"]) == (4, "half the median time of the stage")
    assert (row["stays"], row["stays_without_entry_time"], row["stays_with_action"]) == (7, 1, 4)
    assert (row["left_before_landmark"], row["before_landmark"], row["with_stays"], row["without_stays"]) == (1, 1, 2, 3)
    assert (row["with_resolved"], row["with_went_on"], row["with_open"], row["with_rate"]) == (1, 1, 1, 1.0)
    assert (row["without_resolved"], row["without_went_on"], row["without_open"]) == (3, 1, 0)
    assert row["difference"] == pytest.approx(2 / 3)
    assert (row["with_median_days"], row["without_median_days"]) == (10, 6)
    # The naive comparison asks the whole stay and all that ended: who stays long has the time to be called.
    assert (row["naive_with_resolved"], row["naive_with_went_on"]) == (3, 2)
    assert (row["naive_without_resolved"], row["naive_without_went_on"]) == (3, 1)
    assert (row["naive_with_median_days"], row["naive_without_median_days"]) == (10, 5)
    assert (row["verdict"], row["p_value"], row["q_value"]) == ("insufficient cases", None, None)
    assert "association, not cause" in row["note"].lower() and "1 of the stays compared is still open" in row["note"]


def test_any_action_is_one_row_more_and_each_system_counts_where_it_records_the_kind(bench):
    rows = effects(bench, f"""
        {STAYS}
        a | 1 | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-11 00:00 | 10 | advanced | true
        b | 1 | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-11 00:00 | 10 | lost     | true
    """, """
        system | activity_id | deal_id | action  | occurred_at
        a      | 1           | 1       | call    | 2024-01-02
        b      | 1           | 1       | call    | 2024-01-06
        b      | 2           | 1       | meeting | 2024-01-03
    """)  # fmt: skip
    counted = {action: (row["stays"], row["stays_with_action"], row["with_stays"], row["without_stays"]) for action, row in rows.items()}
    assert counted == {"call": (2, 2, 1, 1), "meeting": (1, 1, 1, 0), "any": (2, 2, 2, 0)}
    assert (rows["any"]["without_rate"], rows["any"]["difference"], rows["any"]["without_median_days"]) == (None, None, None)


@pytest.mark.parametrize(("median", "days", "basis"), [
    ("9", 5, "half the median time of the stage"), ("0.5", 1, "half the median time of the stage"), ("", 7, "a week: half of its stays have not ended yet"),
])  # fmt: skip
def test_the_landmark_is_taken_from_the_stage(bench, median, days, basis):
    row = effects(bench, f"{STAYS}\ncrm | 1 | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-21 00:00 | 20 | won | true",
                  "system | activity_id | deal_id | action | occurred_at\ncrm | 1 | 1 | call | 2024-01-01", MEDIAN[:-1] + median)["call"]  # fmt: skip
    assert (row["landmark_days"], row["landmark_basis"]) == (days, basis)


def test_half_have_left_when_the_last_one_does_even_if_the_others_are_still_there(bench):
    row = effects(bench, f"""
        {STAYS}
        crm | 1 | 1 | p | Demo | 1 | open | 2024-06-20 00:00 |                  | 10 | still_there | true
        crm | 2 | 1 | p | Demo | 1 | open | 2024-06-10 00:00 |                  | 20 | still_there | true
        crm | 3 | 1 | p | Demo | 1 | open | 2024-01-01 00:00 | 2024-01-31 00:00 | 30 | lost        | true
    """, "system | activity_id | deal_id | action | occurred_at\ncrm | 1 | 1 | call | 2024-06-29")["call"]  # fmt: skip
    assert (row["without_stays"], row["without_median_days"], row["with_median_days"]) == (3, 30, None)
    assert "2 of the stays compared are still open" in row["note"]


def test_half_have_left_is_asked_of_each_pipeline_and_of_each_side_alone(example):
    """Of q nothing is known of the median, so that a week is waited; one of three has left after 15 days, two after 25."""
    stays = [("p", True, 10), ("p", True, 20), ("q", True, 15), ("q", True, 25), ("q", True, 35), ("q", False, 12), ("q", False, 40), ("q", False, 41)]
    entered = datetime(2024, 1, 1)
    example("marts.action_rates", {
        "core.as_of": AS_OF,
        "marts.survival": MEDIAN,
        "core.actions": [
            {"system": "crm", "deal_id": str(n), "activity_id": str(n), "action": "call", "occurred_at": entered} for n, (_, called, _) in enumerate(stays) if called
        ],
        "marts.stage_visits": [
            {"system": "crm", "deal_id": str(n), "visit_number": 1, "pipeline": pipeline, "stage": "Demo", "stage_order": 1, "stage_kind": "open", "days": days,
             "entered_at": entered, "left_at": entered + timedelta(days=days), "outcome": "lost", "is_observed": True}
            for n, (pipeline, _, days) in enumerate(stays)
        ],
    }, """
        pipeline | action | landmark_days | with_stays | without_stays | with_median_days | without_median_days
        p        | call   | 4             | 2          | 0             | 10               |
        p        | any    | 4             | 2          | 0             | 10               |
        q        | call   | 7             | 3          | 3             | 25               | 40
        q        | any    | 7             | 3          | 3             | 25               | 40
    """)  # fmt: skip


def test_a_verdict_is_that_of_its_own_stage_and_a_note_counts_who_is_still_there(example):
    note = "Association, not cause: the team may do it where it sees the better chances."
    example("marts.action_effect", {
        "marts.action_rates": """
            pipeline | stage | action | stays | stays_with_action | with_stays | with_resolved | with_went_on | without_stays | without_resolved | without_went_on | naive_with_resolved | naive_with_went_on | naive_without_resolved | naive_without_went_on
            p        | Demo  | call   | 40    | 20                | 20         | 20            | 15           | 20            | 20               | 5               | 40                  | 10                 | 20                     | 5
            p        | Demo  | demo   | 40    | 10                | 21         | 20            | 15           | 21            | 20               | 5               | 0                   | 0                  | 0                      | 0
            p        | Offer | call   | 0     | 0                 | 3          | 0             | 0            | 1             | 0                | 0               | 0                   | 0                  | 0                      | 0
            q        | Demo  | call   | 40    | 20                | 20         | 20            | 5            | 21            | 20               | 15              | 20                  | 10                 | 20                     | 5
        """,
        "marts.action_tests": """
            pipeline | stage | action | p_value | q_value
            p        | Demo  | call   | 0.01    | 0.05
            p        | Demo  | demo   | 0.02    | 0.06
            q        | Demo  | call   | 0.01    | 0.01
        """,
    }, f"""
        pipeline | stage | action | share_with_action | difference | naive_with_rate | naive_without_rate | naive_difference | verdict             | note
        p        | Demo  | call   | 0.5               | 0.5        | 0.25            | 0.25               | 0                | more go on          | {note}
        p        | Demo  | demo   | 0.25              | 0.5        |                 |                    |                  | no clear difference | {note} 2 of the stays compared are still open and in no rate.
        p        | Offer | call   |                   |            |                 |                    |                  | insufficient cases  | {note} 4 of the stays compared are still open and in no rate.
        q        | Demo  | call   | 0.5               | -0.5       | 0.5             | 0.25               | 0.25             | fewer go on         | {note} 1 of the stays compared is still open and in no rate.
    """)  # fmt: skip


def many(with_ends, without_ends):
    """Stays of ten days, those of the first list with a demo on their first day: (went on, lost) of each."""
    stays, actions = [], []
    for shown, (went_on, lost) in ((True, with_ends), (False, without_ends)):
        for n, outcome in enumerate(["advanced"] * went_on + ["lost"] * lost):
            whose = {"system": "crm", "deal_id": f"{shown}{n}"}
            stays.append({**whose, "visit_number": 1, "pipeline": "p", "stage": "Demo", "stage_order": 1, "stage_kind": "open", "is_observed": True,
                          "entered_at": datetime(2024, 1, 1), "left_at": datetime(2024, 1, 11), "days": 10.0, "outcome": outcome})  # fmt: skip
            if shown:
                actions.append({**whose, "activity_id": str(n), "action": "demo", "occurred_at": datetime(2024, 1, 2)})
    return stays, actions


def test_the_interval_of_a_difference_is_newcombes(bench):
    # Newcombe (1998), table II, method 10: 56/70 against 48/80 is 0.2 with the interval 0.0524 to 0.3339.
    row = effects(bench, *many((56, 14), (48, 32)))["demo"]
    assert row["difference"] == pytest.approx(0.2)
    assert (round(row["difference_low"], 4), round(row["difference_high"], 4)) == (0.0524, 0.3339)
    assert row["verdict"] == "more go on" and row["p_value"] == pytest.approx(fisher(56, 70, 48, 80))


def test_fewer_go_on_is_a_finding_too_and_nine_cases_are_none(bench):
    assert effects(bench, *many((20, 60), (60, 20)))["demo"]["verdict"] == "fewer go on"
    assert effects(bench, *many((20, 20), (21, 20)))["demo"]["verdict"] == "no clear difference"
    assert effects(bench, *many((9, 0), (0, 50)))["demo"]["verdict"] == "insufficient cases"
    assert effects(bench, *many((10, 0), (0, 50)))["demo"]["verdict"] == "more go on"


def test_a_call_that_does_nothing_looks_strong_to_the_naive_eye_and_not_at_the_landmark(bench):
    """Deals that are lost are lost soon; calls come at any time, so those that live long enough to be called are the good ones."""
    drawn, stays, actions = Random(3), [], []
    for n in range(600):
        goes_on = drawn.random() < 0.5
        days = drawn.uniform(0.5, 40 if goes_on else 14)
        entered, called = datetime(2024, 1, 1), drawn.uniform(0, 20)
        whose = {"system": "crm", "deal_id": str(n)}
        stays.append({**whose, "visit_number": 1, "pipeline": "p", "stage": "Demo", "stage_order": 1, "stage_kind": "open", "is_observed": True,
                      "entered_at": entered, "left_at": entered + timedelta(days=days), "days": days, "outcome": "advanced" if goes_on else "lost"})  # fmt: skip
        if called < days:
            actions.append({**whose, "activity_id": str(n), "action": "call", "occurred_at": entered + timedelta(days=called)})
    row = effects(bench, stays, actions)["call"]
    assert row["naive_difference"] > 0.2
    assert row["verdict"] == "no clear difference" and abs(row["difference"]) < 0.1
