"""marts.capacity and marts.benchmarks against plain Python, on random companies with random plans; and docs/plans.md, run."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import staged
from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import EPOCH, companies, laws
from test_models_against_reference import given_tables

from assets.demo import truth as reference
from assets.demo.plans import BENCHMARKS
from assets.demo.truth import benchmarks, plans
from assets.demo.truth.events import record_status

MODELS = [
    "core.stage_events", "core.calendar", "core.periods", "core.deal_states", "marts.stage_visits", "marts.deals", "marts.stage_daily", "marts.pipeline_health",
    "core.run", "core.metric_definitions", "core.plan_names", "core.owner_teams", "core.targets", "core.capacities",
    "marts.capacity", "marts.benchmarks",
]  # fmt: skip
DOCUMENT = (Path(__file__).resolve().parents[1] / "docs" / "plans.md").read_text(encoding="utf-8")
OWNERS, TEAMS = ["Ana", "Ben", "Cruz"], ["North", "South"]
PERIODS = st.sampled_from(["month", "month", "quarter", "quarter", "year"])
# First days that health knows too, and others: a fiscal year, the end of a month, a period to come, one long before.
STARTS = st.sampled_from([date(2024, 1, 1), date(2024, 1, 1), date(2023, 12, 1), date(2023, 11, 1), date(2024, 1, 31), date(2024, 2, 29), date(2024, 7, 1), date(2020, 1, 1), date(2023, 3, 31)])
RATES = ("win_rate", "win_rate_by_amount")


@st.composite
def details(draw, company):
    """Owner, team and expected close date of each deal; an owner may have two teams, or none."""
    names = draw(st.sampled_from([OWNERS, OWNERS[:1], [None, "Ana"]]))
    days = st.none() | st.builds(lambda n: (EPOCH + timedelta(days=n)).date(), st.integers(0, 140))
    return {
        (d["system"], d["deal_id"]): {
            "owner": draw(st.none() | st.sampled_from(names)), "team": draw(st.none() | st.sampled_from(TEAMS)),
            "expected_close_on": draw(days),
        }
        for d in company.deals
    }  # fmt: skip


@st.composite
def planned(draw):
    """Targets, capacities and benchmarks: some of people, metrics and periods that nobody knows."""
    scope = {
        "pipeline": st.sampled_from(["all", "all", "Sales", "Renewal", "Gone"]), "owner": st.sampled_from(["all", *OWNERS, "Nobody"]),
        "team": st.sampled_from(["all", "all", *TEAMS, "East"]),
    }  # fmt: skip
    targets, capacities, outside = {}, {}, {}
    # Few periods, so that the plans of one of them have something to do with each other.
    when = st.sampled_from(draw(st.lists(st.tuples(PERIODS, STARTS), min_size=1, max_size=2)))
    for _ in range(draw(st.integers(0, 10))):
        period, start = draw(when)
        row = {"period": period if draw(st.integers(0, 9)) else "week", "period_start": start, **{k: draw(v) for k, v in scope.items()}}
        row["metric"] = draw(st.sampled_from(["won_amount"] * 8 + [*benchmarks.METRICS, "happiness"]))
        if row["metric"] == "won_amount" and draw(st.booleans()):
            row["pipeline"] = "all"
        row["target"] = draw(st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(1)])) if row["metric"] in RATES else draw(st.sampled_from([Decimal(0), Decimal(2), Decimal(1000), Decimal("40000.5"), Decimal(10) ** 7]))
        targets[tuple(row[k] for k in row if k != "target")] = row
    for _ in range(draw(st.integers(0, 8))):
        period, start = draw(when)
        row = {"period": period, "period_start": start, "owner": draw(scope["owner"]), "team": draw(scope["team"])}
        keys = tuple(row.values())
        counts = st.none() | st.sampled_from([0.0, 1.0, 2.5, 8.0])
        capacities[keys] = {**row, "open_deals_capacity": draw(counts), "delivery_capacity": draw(counts)}
    for _ in range(draw(st.integers(0, 5))):
        metric = draw(st.sampled_from(["win_rate", "win_rate", "average_days_to_close", "lost", "lead_conversion_rate"]))
        ours = benchmarks.METRICS.get(metric, ("x",))[0]
        row = {"metric": metric, "source": draw(st.sampled_from("AB")), "year": draw(st.none() | st.just(2010)), "definition": draw(st.sampled_from([ours, ours, ours.upper().replace("/", " ÷ "), "won / created"]))}
        numbers = st.none() | st.sampled_from([0.1, 0.5, 1.0, 20.0, 60.0])
        outside[tuple(row.values())] = {**row, "value": draw(numbers), "low": draw(numbers), "high": draw(numbers)}
    return list(targets.values()), list(capacities.values()), list(outside.values())


def as_written(rows):
    """Plans as the staging tables have them: names in any case."""
    return [{**row, **{k: row[k].upper() if row[k] != "all" else "all" for k in ("owner", "team", "pipeline") if k in row}, "file": 1, "line": n} for n, row in enumerate(rows)]


def understood(rows, company, more):
    """A name that nobody has stays as it is written."""
    known = {d["pipeline"] for d in company.stages} | {m[k] for m in more.values() for k in ("owner", "team")} | {"all"}
    return [{**row, **{k: row[k] if row[k] in known else row[k].upper() for k in ("owner", "team", "pipeline") if k in row}} for row in rows]


def as_core(deal, more, as_of):
    """A deal as core.deals has it: here an owner's deals may be of several teams."""
    status = record_status(deal, as_of)
    names = ("system", "deal_id", "pipeline", "stage", "amount", "probability", "created_at", "stage_changed_at", "ended_at")
    return {
        **{name: deal[name] for name in names}, "created_on": deal["created_at"].date(), "close_at": deal["closed_on_at"],
        "owner": more["owner"], "team": more["team"], "close_on": more["expected_close_on"], "is_test": False, "record_status": status,
    }  # fmt: skip


@laws(12)
@given(data=st.data())
def test_capacity_and_benchmarks_say_what_the_reference_says(bench, data):
    company = data.draw(companies(16))
    more = data.draw(details(company))
    targets, capacities, outside = data.draw(planned())
    tables = given_tables(company)
    del tables["feeds.deal_edits"], tables["staging.deals"]
    tables |= {
        "core.deals": [as_core(deal, more[deal["system"], deal["deal_id"]], company.as_of) for deal in company.deals],
        "staging.targets": as_written(targets), "staging.capacities": as_written(capacities),
        "staging.benchmarks": [{**b, "file": 1, "line": n} for n, b in enumerate(outside)],
        "core.parameters": [{"one": 1, "base_currency": "EUR"}], "settings.run": [{"started_at": company.as_of}],
    }
    names = ("leads", "mqls", "sqls", "opportunities", "customers")
    counts = sorted(data.draw(st.lists(st.integers(0, 50), min_size=5, max_size=5)), reverse=True)
    cohort = {"cohort": "month", "channel": "all", "dimension": "all", "is_mature": True, **dict(zip(names, counts, strict=True))}
    tables["marts.funnel_conversion"] = [cohort, {**cohort, "is_mature": False}, {**cohort, "channel": "Email"}]
    funnel = dict(zip(benchmarks.PEOPLE, [(b, a) for a, b in pairwise(counts)] + [(counts[4], counts[0])], strict=True))
    found = bench.run(MODELS, tables)

    wanted = reference.tables(company.deals, company.changes, company.stages, company.as_of)
    deals, visits = wanted["marts.deals"], wanted["marts.stage_visits"]
    teams = plans.owner_teams([(m["owner"], m["team"]) for m in more.values() if m["owner"]])
    book = plans.Book(deals, visits, reference.Values(company.deals, []), more, teams, company.as_of)
    targets, capacities = understood(targets, company, more), understood(capacities, company, more)
    compare("marts.capacity", found["marts.capacity"], plans.capacity(book, targets, capacities))
    compare("marts.benchmarks", found["marts.benchmarks"], benchmarks.benchmarks(book, targets, outside, funnel))


def fences():
    return re.findall(r"```csv\n(.*?)```", DOCUMENT, flags=re.DOTALL)


def test_the_examples_of_the_documentation_are_read_without_a_fault(catalog, tmp_path):
    (tmp_path / "exports").mkdir()
    for number, fence in enumerate(fences()):
        (tmp_path / "exports" / f"example {number}.csv").write_text(fence, encoding="utf-8")
    found = staged.staged(tmp_path / "exports", tmp_path / "home", catalog)
    read = staged.picture(found, "quality.files", ("path", "object", "rejected", "unreadable_values", "unmapped_columns"))
    objects = ["targets", "targets", "capacities", "capacities", "benchmarks", "benchmarks", "channels"]
    assert read == [[f"example {n}.csv", kind, "0", "0", ""] for n, kind in enumerate(objects)]
    metrics = {row[0] for row in staged.picture(found, "staging.targets", ("metric",))}
    assert metrics == {"won_amount", "win_rate", "deals_created", "average_days_to_close", "importe_ganado", "tasa_de_cierre"}


def test_the_benchmarks_of_the_documentation_are_those_of_the_demo_company():
    shown = [dict(row) for row in csv.DictReader(fences()[4].splitlines())]
    assert shown == [{k: str(b.get(k, "")) for k in shown[0]} for b in BENCHMARKS]


def test_the_metrics_of_the_documentation_are_those_of_the_sql(bench):
    listed = re.findall(r"^\| `(\w+)` \| ([^|]+) \| `(.+?)` \| ([^|]+) \| (\w+) \|$", DOCUMENT, flags=re.MULTILINE)
    rows = bench.run(["core.metric_definitions"], {})["core.metric_definitions"]
    assert listed == [(r["metric"], r["spanish"].replace("_", " "), r["definition"], r["unit"], r["better"]) for r in rows]
    assert {r["metric"]: (r["definition"], r["unit"], r["better"]) for r in rows} == benchmarks.ALL
    assert {r["metric"] for r in rows if r["basis"] == "deals"} <= bench.types["marts.pipeline_health"].keys()
    assert {r["metric"] for r in rows if r["basis"] == "people"} == benchmarks.PEOPLE.keys() <= bench.types["marts.funnel_conversion"].keys()
