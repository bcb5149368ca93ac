"""The waterfall on random companies: it says what plain Python says, and it closes, in any currency."""

from datetime import date

import pytest
from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import companies, laws, moments
from test_models_against_reference import given_tables

from assets.demo import truth as reference

pytestmark = pytest.mark.slow

WATERFALL = ["marts.waterfall_deals", "marts.pipeline_waterfall"]
HISTORY = ["staging.deal_edits", "core.deal_values", "core.deals", "core.stage_events", "core.calendar", "core.periods", "core.deal_states"]
STANDING = ["marts.stage_visits", "marts.deals", "marts.stage_snapshot"]
TARGETS = [*HISTORY, *STANDING, *WATERFALL, "checks.waterfall_closes"]
currencies = st.sampled_from([None, "EUR", "USD", "GBP"])


@laws(20)
@given(company=companies())
def test_both_tables_say_what_the_reference_says_and_close(bench, company):
    found = bench.run(TARGETS, given_tables(company))
    wanted = reference.tables(company.deals, company.changes, company.stages, company.as_of, edits=company.edits)
    for table in WATERFALL:
        compare(table, found[table], wanted[table])
    assert found["checks.waterfall_closes"] == []


@st.composite
def foreign_companies(draw):
    """A company whose deals are in several currencies and change them, with rates that move; of the pound the first ones are not known."""
    company = draw(companies(max_deals=8))
    given = given_tables(company)
    for deal in given["staging.deals"]:
        deal["currency"] = draw(currencies)
        converted = deal["amount"] if deal["currency"] == "EUR" else draw(st.none() | st.integers(0, 10**6))
        deal["company_amount"] = None if deal["amount"] is None else converted
        changed = draw(st.lists(moments, max_size=2)) if draw(st.booleans()) else []
        given["feeds.deal_edits"] += [
            {
                "system": deal["system"], "deal_id": deal["deal_id"], "field": "currency", "changed_at": moment, "old_value": draw(currencies),
                "new_value": draw(currencies), "knows_old": True, "sequence": f"x{number}",
            }
            for number, moment in enumerate(changed)
        ]  # fmt: skip
    rates = []
    for currency, first in (("USD", date(1, 1, 1)), ("GBP", date(2024, 1, 10))):
        days = [first, *sorted(draw(st.sets(st.integers(12, 80), max_size=8)))]
        days = [day if isinstance(day, date) else date.fromordinal(date(2024, 1, 1).toordinal() + day) for day in days]
        for since, until in zip(days, [*days[1:], None], strict=True):
            rates.append({"currency": currency, "valid_from": since, "valid_to": until, "rate": draw(st.integers(5_000, 20_000)) / 10_000})
    return given | {"core.exchange_rates": rates}


@laws(20)
@given(company=foreign_companies())
def test_it_closes_to_the_cent_in_every_currency(bench, company):
    found = bench.run(TARGETS, company)
    assert found["checks.waterfall_closes"] == []
    # A deal that was won but once, and not edited since, is won for what it is worth.
    won = {(r["system"], r["deal_id"]): r for r in found[WATERFALL[0]] if (r["period"], r["line"], r["deals"]) == ("all", "won", -1)}
    edited = {(e["system"], e["deal_id"]) for e in company["feeds.deal_edits"]}
    for deal in found["marts.deals"]:
        key = deal["system"], deal["deal_id"]
        if deal["status"] == "won" and key in won and key not in edited:
            assert -won[key]["amount"] == (deal["amount"] or 0)
            assert -won[key]["deals_without_amount"] == (deal["amount"] is None)


PERIODS = """
    period | period_start | is_running | previous_start
    month  | 2024-01-01   | false      |
    month  | 2024-02-01   | true       | 2024-01-01
"""
SNAPSHOT = """
    pipeline | stage | open_deals | open_amount | deals_without_amount
    p        | all   | 1          | 5           | 0
    p        | Lead  | 1          | 5           | 0
"""
SOUND = {
    ("2024-01-01", "created"): (2, "9", 1),
    ("2024-01-01", "closing"): (2, "9", 1),
    ("2024-02-01", "opening"): (2, "9", 1),
    ("2024-02-01", "won"): (-1, "-4", -1),
    ("2024-02-01", "closing"): (1, "5", 0),
}


def drawn(sums, scope="open"):
    heading = "scope | period | period_start | pipeline | owner | line | deals | amount | deals_without_amount"
    rows = [" | ".join([scope, "month", start, "p", "all", line, *map(str, sums[start, line])]) for start, line in sums]
    return "\n".join([heading, *rows])


def faults(bench, sums, **more):
    given = {"core.periods": PERIODS, "marts.stage_snapshot": SNAPSHOT, "marts.pipeline_waterfall": drawn(sums, **more)}
    return {(r["fault"], str(r["period_start"])) for r in bench.run(["checks.waterfall_closes"], given)["checks.waterfall_closes"]}


CLOSES = "opening + lines <> closing"
GOES_ON = "closing <> opening of the next period"
STANDS = "closing of the running period <> open deals"


def test_a_sound_waterfall_has_no_fault(bench):
    assert faults(bench, SOUND) == set()


@pytest.mark.parametrize("measure", range(3))
@pytest.mark.parametrize(
    ("broken", "wanted"),
    [
        (["2024-02-01 won"], {(CLOSES, "2024-02-01")}),
        (["2024-01-01 created", "2024-01-01 closing"], {(GOES_ON, "2024-02-01")}),
        (["2024-02-01 won", "2024-02-01 closing"], {(STANDS, "2024-02-01")}),
    ],
)
def test_the_check_names_each_law_that_is_broken_in_each_measure(bench, broken, wanted, measure):
    sums = dict(SOUND)
    for start, line in map(str.split, broken):
        sums[start, line] = tuple(int(v) + (n == measure) for n, v in enumerate(sums[start, line]))
    assert faults(bench, sums) == wanted


def test_a_period_that_is_missing_is_a_fault_and_deals_that_are_due_need_not_go_on(bench):
    assert faults(bench, {k: v for k, v in SOUND.items() if k[0] == "2024-01-01"}) == {(GOES_ON, "2024-02-01"), (STANDS, "2024-02-01")}
    other = SOUND | {("2024-01-01", "created"): (3, "10", 1), ("2024-01-01", "closing"): (3, "10", 1)}
    assert faults(bench, other, scope="due") == {(STANDS, "2024-02-01")}
