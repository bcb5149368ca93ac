"""Stalled deals, bottlenecks and leaks against plain Python, on random small companies with random activities."""

from dataclasses import replace
from datetime import timedelta

import pytest
from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import EPOCH, SYSTEMS, companies, dates, laws, moments
from test_models_against_reference import given_tables

from assets.demo import truth as reference

pytestmark = pytest.mark.slow

MODELS = [
    "staging.deal_edits", "core.deal_values", "core.deals", "core.stage_events", "core.calendar", "core.periods", "core.deal_states",
    "core.close_date_pushes", "marts.stage_visits", "marts.deals", "marts.survival", "marts.stall_limits", "marts.stage_snapshot",
    "marts.stalled_deals", "marts.stage_daily", "marts.bottlenecks",
    "core.loss_reasons", "marts.stage_endings", "marts.leak_rates", "marts.leak_tests", "marts.leaks",
]  # fmt: skip
COMPARED = ["marts.stall_limits", "marts.stalled_deals", "marts.bottlenecks", "marts.stage_endings", "marts.leaks"]

TEXTS = [None, "", "Price", "Too expensive!", "precio", "Lost to competitor", "Sin presupuesto", "No decisión", "went-dark", "¿?", "Bad luck"]
RECORDS = st.fixed_dictionaries({
    "lost_reason": st.sampled_from(TEXTS), "lead_source": st.sampled_from([None, "Web", "Fair"]), "deal_type": st.sampled_from(["New", "Old"]),
})  # fmt: skip


@st.composite
def activities(draw, company):
    """What the sales team did, planned or left undone; one of the systems may export none."""
    acting = draw(st.lists(st.sampled_from(SYSTEMS), unique=True))
    deals = [d for d in company.deals if d["system"] in acting]
    if not deals:
        return []
    return [
        {
            "system": deal["system"], "deal_id": deal["deal_id"], "activity_id": str(number),
            "occurred_at": draw(st.none() | moments | st.just(company.as_of) | st.just(company.as_of + timedelta(days=1))),
            "due_on": draw(st.none() | st.builds(lambda at: at.date(), dates) | st.just(company.as_of.date())),
            "is_done": draw(st.sampled_from([None, True, False])), "created_at": draw(st.none() | moments),
        }
        for number, deal in enumerate(draw(st.lists(st.sampled_from(deals), max_size=12)))
    ]  # fmt: skip


@st.composite
def moved_dates(draw, deal):
    """A close date that keeps moving, sometimes back, sometimes emptied."""
    whose = {"system": deal["system"], "deal_id": deal["deal_id"], "field": "close_on", "old_value": None, "knows_old": False}
    steps = draw(st.lists(st.tuples(st.sampled_from([0, 1, 9, 20]), st.none() | st.sampled_from([-40, 5, 35, 35, 100])), min_size=3, max_size=5))
    edits, at, day = [], EPOCH, EPOCH.date()
    for wait, move in steps:
        at, day = at + timedelta(days=wait, hours=1), day + timedelta(days=move or 0)
        edits.append({**whose, "changed_at": at, "new_value": day if move else None})
    return edits


@st.composite
def worlds(draw):
    """A company with its activities: the tables that the models read, and what the reference reads."""
    company = draw(companies(crowded=st.sampled_from([True, True, False])))
    late = draw(st.booleans())
    edits = [*company.edits, *(edit for deal in company.deals if draw(st.integers(0, 4)) == 4 for edit in draw(moved_dates(deal)))]
    company = replace(company, edits=edits, as_of=EPOCH + timedelta(days=110) if late else company.as_of)
    done = draw(activities(company))
    named = [{**deal, **draw(RECORDS)} for deal in company.deals]
    company = replace(company, deals=named)
    tables = given_tables(company)
    for staged, deal in zip(tables["staging.deals"], named, strict=True):
        staged.update({name: deal[name] for name in ("lost_reason", "lead_source", "deal_type")})
    read = (company.deals, company.changes, company.stages, company.as_of), {"edits": company.edits, "activities": done}
    return {**tables, "staging.activities": done}, read


@laws(15)
@given(world=worlds())
def test_every_table_says_what_the_reference_says(bench, world):
    tables, (read, more) = world
    found, wanted = bench.run(MODELS, tables), reference.tables(*read, **more)
    for table in COMPARED:
        compare(table, found[table], wanted[table])
    over = sum(row["is_over_limit"] is True for row in found["marts.stalled_deals"])
    (whole,) = [row["stalled_deals"] for row in found["marts.stage_snapshot"] if row["pipeline"] == "all"]
    assert (whole or 0) == over
