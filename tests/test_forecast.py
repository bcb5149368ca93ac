"""The forecast and its backtest against plain Python, on random companies; and what lies ahead changes nothing that was said."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import EPOCH, Company, companies, laws, make_change, make_deal
from test_models_against_reference import given_tables

from assets.demo import truth as reference

MODELS = [
    "staging.deal_edits", "core.deal_values", "core.deals", "core.stage_events", "core.calendar", "core.periods", "core.deal_states",
    "marts.stage_visits", "marts.deals", "marts.stage_probabilities", "marts.deal_forecasts", "marts.forecast", "marts.forecast_backtest",
]  # fmt: skip
JUDGED = MODELS[-4:]
WORDS = [None, "Pipeline", "BestCase", "BEST_CASE", "Most Likely", "Forecast", "Commit", "OMIT", "Closed", "", "my own"]
QUARTER = datetime(2024, 4, 1)


@st.composite
def forecast_companies(draw):
    """A company, its categories, and in two of three a crowd of simple deals from which the stages have a history."""
    company = draw(companies())
    for deal in company.deals:
        deal["forecast_category"] = draw(st.sampled_from(WORDS))
    random = Random(draw(st.integers(0, 1_000_000)))
    deals, changes, edits = [], [], []
    for number in range(draw(st.sampled_from([0, 45, 80]))):
        deal, history, edited = simple_deal(random, company.stages, number)
        deals, changes, edits = [*deals, deal], [*changes, *history], [*edits, *edited]
    as_of = draw(st.sampled_from([company.as_of, datetime(2024, 7, 10, 9)]))
    return Company(company.deals + deals, company.changes + changes, company.stages, as_of, company.edits + edits)


def simple_deal(random, stages, number):
    """From the first stage perhaps through the second to the end, with close dates about the beginning of a quarter."""
    pipeline = random.choice([s["pipeline"] for s in stages])
    ladder = [(pipeline, s["stage"]) for s in stages if s["pipeline"] == pipeline]
    begun = EPOCH + timedelta(days=random.choice([random.randint(0, 60), random.randint(70, 110)]))
    path = [ladder[0], *([ladder[1]] if random.random() < 0.5 else []), *([random.choice(ladder[-2:])] if random.random() < 0.8 else [])]
    times = sorted(begun + timedelta(days=n * random.choice([1, 9, 30])) for n in range(len(path)))
    deal = make_deal(
        f"s{number}", path[-1], begun, system=random.choice(["hubspot", "salesforce"]), stage_changed_at=times[-1],
        amount=random.choice([None, Decimal("100.00"), Decimal("12345.67"), Decimal("0.33")]),
        probability=random.choice([None, 0.0, 0.25, 0.5, 0.5, 0.5, 1.0]), owner=random.choice(["Ana", None]),
        close_on=random.choice([None, (EPOCH + timedelta(days=random.choice([12, 40, 102, 103, 120, 150, 193, 194]))).date()]),
        updated_at=random.choice([None, times[-1], begun + timedelta(days=100)]), forecast_category=random.choice(WORDS),
    )  # fmt: skip
    changes = [make_change(deal, place, time) for place, time in zip(path, times, strict=True)]
    edits = [
        {
            "system": deal["system"], "deal_id": deal["deal_id"], "field": field, "knows_old": True, "old_value": random.choice(old),
            "changed_at": begun + timedelta(days=random.choice([1, 50, 101, 105])), "new_value": deal[field],
        }
        for field, old in (
            ("probability", [0.125, None]), ("amount", [Decimal("7.77"), None]), ("close_on", [(EPOCH + timedelta(days=110)).date(), None]),
        )
        if random.random() < 0.4
    ]  # fmt: skip
    return deal, changes, edits


def tables_of(company):
    found = given_tables(company)
    for row, deal in zip(found["staging.deals"], company.deals, strict=True):
        row["forecast_category"] = deal["forecast_category"]
    return found


@laws(10)
@given(company=forecast_companies())
def test_forecast_and_backtest_say_what_the_reference_says(bench, company):
    found = bench.run(MODELS, tables_of(company))
    wanted = reference.tables(company.deals, company.changes, company.stages, company.as_of, edits=company.edits)
    for table in JUDGED:
        compare(table, found[table], wanted[table])


SAID = ("open_deals_then", "deals_without_close_date", "overdue_deals", "due_deals", "due_amount_then", "due_without_amount",
        "due_without_probability", "due_without_history", "closed_deals", "crm_said", "own_said")  # fmt: skip


def retold(company, random):
    """The same company until the quarter begins, with other things happening from then on."""
    tracked = {(e["system"], e["field"]) for e in company.edits}
    deals, edits = [], [e for e in company.edits if e["changed_at"] < QUARTER]
    changes = [c for c in company.changes if c["changed_at"] < QUARTER]
    for deal in company.deals:
        later = QUARTER + timedelta(days=random.randint(0, 9))
        mine = [c for c in changes if (c["system"], c["deal_id"]) == (deal["system"], deal["deal_id"])]
        if not mine or deal["created_at"] >= QUARTER:
            continue
        end = random.choice([s for s in company.stages if s["pipeline"] == deal["pipeline"]])
        told = {**deal, "stage": end["stage"], "stage_changed_at": later, "closed_on_at": later, "updated_at": later}
        for field, new in (("amount", Decimal(random.randint(1, 99))), ("probability", random.choice([0.0, 1.0])), ("close_on", later.date())):
            told[field] = new
            if (deal["system"], field) in tracked:
                edits.append({
                    "system": deal["system"], "deal_id": deal["deal_id"], "field": field, "changed_at": later, "knows_old": True,
                    "old_value": last_value(company, deal, field), "new_value": new,
                })  # fmt: skip
        deals.append(told)
        changes.append(make_change(told, (deal["pipeline"], end["stage"]), later))
    return replace(company, deals=deals, changes=changes, edits=edits, as_of=QUARTER + timedelta(days=20))


def last_value(company, deal, field):
    values = reference.Values(company.deals, company.edits)
    return values.at((deal["system"], deal["deal_id"]), field, QUARTER - timedelta(microseconds=1))


@laws(6)
@given(seed=st.integers(0, 1_000_000), size=st.sampled_from([10, 90]))
def test_another_future_changes_nothing_that_was_said(bench, seed, size):
    """Two tellings of what came after a quarter began: won or lost, worth more or less, closing sooner or later."""
    random = Random(seed)
    stages = [{"pipeline": "p", "stage": s, "stage_order": n, "kind": k} for n, (s, k) in enumerate([("Lead", "open"), ("Demo", "open"), ("Won", "won"), ("Lost", "lost")], 1)]
    lives = [simple_deal(random, stages, n) for n in range(size)]
    parts = [[x for life in lives for x in life[n]] for n in (1, 2)]
    company = Company([deal for deal, *_ in lives], parts[0], stages, QUARTER, parts[1])
    said = []
    for telling in (1, 2):
        rows = bench.run(MODELS, tables_of(retold(company, Random(seed + telling))))["marts.forecast_backtest"]
        said.append({(r["period_start"], r["pipeline"]): [r[c] for c in SAID] for r in rows if r["period_start"] <= QUARTER.date()})
    assert said[0] == said[1]
    assert any(row[0] for row in said[0].values())

