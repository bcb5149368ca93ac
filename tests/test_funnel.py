"""Who became what, by the month in which they became leads; and that a young month is not taken for a bad one."""

from datetime import datetime, timedelta
from random import Random

from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import laws

from assets.demo.truth.funnel import STAGES, funnel_conversion, funnel_times

AS_OF = datetime(2024, 12, 31)
TARGETS = ["marts.funnel_people", "marts.funnel_conversion", "marts.funnel_times"]


def person(number, times, channel="Email", campaign=None, is_test=False, lead_source=None):
    """A row of `marts.funnel_stages`; times: of lead, MQL, SQL … in order, None where nothing says it."""
    row = {"person": f"p{number}", "channel": channel, "campaign": campaign, "is_test": is_test, "lead_source": lead_source}
    row |= {f"first_{stage}_at": at for stage, at in zip(STAGES, times, strict=True)}
    furthest = max((n for n, at in enumerate(times) if at), default=-1)
    for place, stage in enumerate(STAGES[:-1]):
        row[f"{stage}_is_inferred"] = times[place] is None and furthest > place
    return row | {"furthest_stage": STAGES[furthest].replace("_", "-") if furthest >= 0 else "disqualified"}


@st.composite
def crowds(draw):
    """Some hundred people of few channels: of many nothing but the beginning is known."""
    dice, people = Random(draw(st.integers(0, 10**9))), []
    for number in range(draw(st.sampled_from([0, 1, 5, 60, 150]))):
        began = datetime(2024, 1, 1, 9) + timedelta(days=dice.randrange(360))
        times, at = [], began
        reached = dice.choice([0, 1, 1, 2, 3, 5, 5, 6])
        for stage in range(6):
            is_known = stage < reached and dice.random() < 0.8 and at <= AS_OF
            times.append(at if is_known else None)
            at += timedelta(days=dice.choice([0, 1, 10, 30, -2]))
        people.append(person(number, times, dice.choice(["Email", "Event"]), dice.choice([None, "a", "b"]), dice.random() < 0.05, dice.choice([None, "Web"])))
    return people


@laws(25)
@given(people=crowds())
def test_every_cohort_is_what_the_reference_counts(bench, people):
    given_tables = {"core.as_of": [{"as_of": AS_OF}], "marts.funnel_stages": people}
    owners = {p["person"]: {"owner": f"Owner {n % 3}", "team": f"Team {n % 2}"} for n, p in enumerate(people) if n % 4}
    given_tables["core.people"] = [{"person": person, **of} for person, of in owners.items()]
    found = bench.run(TARGETS, given_tables)
    compare("marts.funnel_conversion", found["marts.funnel_conversion"], funnel_conversion(people, AS_OF, owners))
    compare("marts.funnel_times", found["marts.funnel_times"], funnel_times(people, AS_OF))


def test_a_quarter_that_is_young_is_not_taken_for_a_bad_one(bench):
    """True for everybody: one in ten buys, after 30 to 120 days. To date the newest quarter says far less."""
    dice, people = Random(3), []
    for number in range(4000):
        began = datetime(2024, 1, 1) + timedelta(days=dice.randrange(365))
        sold = began + timedelta(days=dice.randint(30, 120)) if dice.random() < 0.1 else None
        people.append(person(number, [began, None, None, None, sold if sold and sold <= AS_OF else None, None]))
    found = bench.run(TARGETS, {"core.as_of": [{"as_of": AS_OF}], "marts.funnel_stages": people})["marts.funnel_conversion"]
    months = {r["cohort_start"].month: r for r in found if r["cohort"] == "month" and r["channel"] == r["dimension"] == "all"}
    assert months[10]["lead_to_customer"] < 0.07 and not months[10]["is_mature"]
    assert all(months[m]["is_mature"] for m in range(1, 8))
    holding = {m for m, r in months.items() if m <= 10 and r["lead_to_customer_estimate_low"] < 0.1 < r["lead_to_customer_estimate_high"]}
    # Of ten intervals of 95 % one may miss.
    assert 10 in holding and len(holding) >= 9, months
    assert months[12]["lead_to_customer_estimate"] is None, "of December nobody can know"


def test_without_twenty_customers_nothing_is_expected_and_nobody_is_divided_by_nothing(bench):
    people = [person(1, [datetime(2024, 3, 1), None, None, None, None, None]), person(2, [None] * 6), person(3, [datetime(2024, 3, 2)] * 6, is_test=True)]
    found = bench.run(TARGETS, {"core.as_of": [{"as_of": AS_OF}], "marts.funnel_stages": people})["marts.funnel_conversion"]
    assert {(r["cohort"], r["leads"], r["mqls"], r["mql_to_sql"], r["lead_to_customer"], r["maturity"], r["is_mature"]) for r in found if r["dimension"] == "all"} == {
        ("month", 1, 0, None, 0.0, None, None), ("all", 1, 0, None, 0.0, None, None),
    }  # fmt: skip
    assert len(found) == 6 + 2 * 2 * 3
