"""Actions and what follows them against plain Python on random companies; in the demo company the one that helps is found, and no other."""

from datetime import timedelta

import pytest
from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import companies, laws
from test_models_against_reference import given_tables

from assets.demo import tables_of
from assets.demo import truth as reference
from assets.demo.company import HELPED, simulate

MODELS = [
    "staging.deal_edits", "core.deal_values", "core.deals", "core.stage_events", "core.calendar", "core.periods", "marts.stage_visits", "marts.deals",
    "marts.survival", "core.activity_kinds", "core.actions", "marts.action_stays", "marts.action_rates", "marts.action_tests", "marts.action_effect",
]  # fmt: skip
TYPES = [None, "", "Call", "Llamada", "meeting", "Event", "E-Mail", "Demo", "Brochure", "To-do", "¿?"]
SUBJECTS = [None, "Demo", "the DEMO, again", "Democracy", ""]


@st.composite
def activities(draw, company):
    """What was done about some of the deals, mostly soon after they came into a stage; in crowded companies about many of them."""
    entries = [(change["system"], change["deal_id"], change["changed_at"]) for change in company.changes] or [("crm", "gone", company.as_of)]
    kinds = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=3))
    whose = draw(st.lists(st.sampled_from(entries), max_size=60))
    return [
        {
            "system": system, "deal_id": draw(st.sampled_from([deal_id] * 9 + [""])), "activity_id": str(number),
            "occurred_at": draw(st.just(at + timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 7, 40])))) | st.none()),
            "is_done": draw(st.sampled_from([None, True, True, True, False])), "activity_type": draw(st.sampled_from(kinds)),
            "subject": draw(st.sampled_from(SUBJECTS)), "direction": draw(st.sampled_from([None, None, "outbound", "inbound"])), "due_on": None, "created_at": None,
        }
        for number, (system, deal_id, at) in enumerate(whose)
    ]  # fmt: skip


@st.composite
def worked(draw):
    """A company and what was done about its deals."""
    company = draw(companies(crowded=st.sampled_from([True, True, False])))
    return company, draw(activities(company))


@laws(15)
@given(world=worked())
def test_every_action_says_what_the_reference_says(bench, world):
    company, done = world
    found = bench.run(MODELS, {**given_tables(company), "staging.activities": done})["marts.action_effect"]
    wanted = reference.tables(company.deals, company.changes, company.stages, company.as_of, edits=company.edits, activities=done)
    compare("marts.action_effect", found, wanted["marts.action_effect"])
    by_action = {(row["pipeline"], row["stage"], row["action"]): row for row in found}
    for (pipeline, stage, _), row in by_action.items():
        # Whoever had a call had something done.
        assert row["with_stays"] <= by_action[pipeline, stage, "any"]["with_stays"]
        assert row["stays_with_action"] >= row["with_stays"]


@pytest.mark.parametrize("seed", [7, 8, 9])
def test_the_demo_that_helps_is_found_and_nothing_that_does_not(seed):
    effects = tables_of(simulate("small", seed), set())["marts.action_effect"]
    by_place = {(row["stage"], row["action"]): row for row in effects}
    helped = by_place[HELPED, "demo"]
    assert helped["verdict"] == "more go on" and helped["difference_low"] > 0
    others = {where: row["verdict"] for where, row in by_place.items() if where not in ((HELPED, "demo"), (HELPED, "any"))}
    assert set(others.values()) == {"no clear difference", "insufficient cases"}
    # Of calls there are enough to say so.
    assert by_place[HELPED, "call"]["verdict"] == "no clear difference"
