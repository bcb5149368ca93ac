"""The demo company's plans: its quotas, its capacities, and what outsiders say of companies like it; and the truth of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from assets.demo.company import AS_OF, Company
from assets.demo.truth import Values, benchmarks, plans
from assets.demo.writing import File

TEAMS = ("Enterprise", "Mid-market")
"""The departments of the users, by turns."""
QUARTERS = [date(2025 + n // 4, n % 4 * 3 + 1, 1) for n in range(7)]
"""2025, and 2026 up to the third quarter, which is to come."""
TARGET = ("period", "period_start", "metric", "target", "pipeline", "owner", "team")
CAPACITY = ("period", "period_start", "owner", "team", "open_deals", "deliverable_deals")
BENCHMARK = ("metric", "value", "low", "high", "source", "year", "definition", "note", "url")
IMPLISIT = {"source": "Implisit", "note": "As quoted; the year is not known."}
SIRIUS = {"source": "SiriusDecisions-type ranges, as quoted by mv3marketing", "note": "Quoted second-hand."}
SHERPA = {"source": "MarketingSherpa", "year": 2010, "note": ""}
BENCHMARKS: list[dict[str, object]] = [
    {**IMPLISIT, "metric": "lead_to_opportunity", "value": 0.13, "definition": "opportunities / leads"},
    {**IMPLISIT, "metric": "days_from_lead_to_opportunity", "value": 84, "definition": "days from lead to opportunity"},
    {**IMPLISIT, "metric": "win_rate", "value": 0.06, "definition": "deals / opportunities"},
    {**IMPLISIT, "metric": "average_days_to_close", "value": 18, "definition": "days from opportunity to deal"},
    {**SIRIUS, "metric": "inquiry_to_mql", "low": 0.10, "high": 0.25, "definition": "MQL / inquiries"},
    {**SIRIUS, "metric": "mql_to_sal", "low": 0.40, "high": 0.60, "definition": "SAL / MQL"},
    {**SIRIUS, "metric": "sal_to_sql", "low": 0.50, "high": 0.70, "definition": "SQL / SAL"},
    {**SIRIUS, "metric": "win_rate", "low": 0.20, "high": 0.30, "definition": "closed / SQL"},
    {**SHERPA, "metric": "leads_that_never_convert", "value": 0.79, "definition": "leads that never convert / leads"},
    {**SHERPA, "metric": "lead_to_customer", "value": 0.04, "definition": "leads that buy / leads"},
    {
        "metric": "lead_to_customer", "value": 0.01, "source": "Forrester, as quoted by Bizible, as quoted by themarketingjot.com",
        "definition": "customers / leads", "note": "\"99% of leads never convert into customers\"; second-hand.",
    },
]  # fmt: skip
"""What the trade quotes; none of it is counted as we count, which is the point of asking for a definition."""


def targets(company: Company) -> list[dict[str, object]]:
    """Quotas of the owners per quarter, of the company per year, and some targets that are no amounts."""
    per_owner = Decimal(len(company.deals) // len(company.owners))
    everybody = {"pipeline": "all", "owner": "all", "team": "all"}
    rows: list[dict[str, object]] = [
        {
            **everybody, "period": "quarter", "period_start": start, "metric": "won_amount", "owner": owner,
            "target": per_owner * (600 + 100 * (n % 5)),
        }
        # The newest of them has no quota yet.
        for start in QUARTERS for n, owner in enumerate(company.owners[:-1])
    ]  # fmt: skip
    year = {**everybody, "period": "year", "period_start": date(2026, 1, 1)}
    rows += [
        {**year, "metric": "won_amount", "target": per_owner * len(company.owners) * 4000},
        {**year, "metric": "won_amount", "team": TEAMS[0], "target": per_owner * len(company.owners) * 1800},
        {**year, "metric": "win_rate", "target": Decimal("0.45")},
        {**year, "metric": "average_days_to_close", "target": Decimal(60)},
        {**year, "metric": "win_rate", "pipeline": "Renewals", "target": Decimal("0.7")},
        {**year, "period_start": date(2025, 1, 1), "metric": "deals_created", "target": Decimal(len(company.deals) // 3)},
        # Their fiscal year begins in February.
        {**year, "period_start": date(2025, 2, 1), "metric": "win_rate_by_amount", "team": TEAMS[1], "target": Decimal("0.4")},
    ]
    return rows


def capacities(company: Company) -> list[dict[str, object]]:
    """What each owner can work, and what the company can deliver, in the last quarters."""
    per_owner = len(company.deals) // len(company.owners)
    rows: list[dict[str, object]] = []
    for start in QUARTERS[-2:]:
        period: dict[str, object] = {"period": "quarter", "period_start": start, "owner": "all", "team": "all"}
        unknown: dict[str, object] = {"open_deals_capacity": None, "delivery_capacity": None}
        rows += [
            {**period, **unknown, "owner": owner, "open_deals_capacity": per_owner // 5 + n % 4}
            for n, owner in enumerate(company.owners)
        ]
        rows.append({**period, **unknown, "delivery_capacity": len(company.deals) // 25})
    return rows


def write(company: Company, folder: Path) -> list[dict[str, object]]:
    """The three files; returns the truth of each."""
    wanted = File(folder, "plans/targets.csv", TARGET)
    for row in targets(company):
        wanted.keep(_written(row))
    able = File(folder, "plans/capacities.csv", CAPACITY)
    for row in capacities(company):
        able.keep({
            **_written(row), "open_deals": row["open_deals_capacity"], "deliverable_deals": row["delivery_capacity"],
        })  # fmt: skip
    outside = File(folder, "plans/benchmarks.csv", BENCHMARK)
    for row in BENCHMARKS:
        outside.keep(row)
    outside.reject({"metric": "win_rate", "value": 0.5, "definition": "won / (won + lost)"})
    return [wanted.close(), able.close(), outside.close()]


def tables(
    company: Company, known: dict[str, list[dict[str, object]]], identity: dict[tuple[str, int], str], values: Values
) -> dict[str, list[dict[str, object]]]:
    """The truth of both marts; `identity` gives the id of a deal in its system."""
    team_of = {owner: TEAMS[n % len(TEAMS)] for n, owner in enumerate(company.owners)}
    details = {
        (deal.system, identity[deal.system, deal.number]): {
            "owner": deal.owner, "team": team_of[deal.owner], "expected_close_on": None if deal.is_closed else deal.close_on,
        }
        for deal in company.deals
    }  # fmt: skip
    book = plans.Book(known["marts.deals"], known["marts.stage_visits"], values, details, team_of, AS_OF)
    wanted = targets(company)
    outside = [{"value": None, "low": None, "high": None, "year": None, **row} for row in BENCHMARKS]
    return {
        "marts.capacity": plans.capacity(book, wanted, capacities(company)),
        "marts.benchmarks": benchmarks.benchmarks(book, wanted, outside),
    }


def _written(row: dict[str, object]) -> dict[str, object]:
    return {name: "" if value == "all" else value for name, value in row.items()}
