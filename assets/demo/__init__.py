"""The demo company: exports with the flaws that real exports have, and the truth about them."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from assets.demo import follow_ups, hubspot, marketing, plans, salesforce, salesforce_records, truth
from assets.demo.company import AS_OF, BEGINNING, LADDERS, LOST, WON, Company, Deal, simulate

DERIVED = ("core.stage_events", "marts.stage_visits", "marts.waterfall_deals")
"""What truth.json leaves out: long lists that the other tables are counted from."""


def write_demo(folder: Path, size: str = "small", seed: int = 7) -> dict[str, list[dict[str, object]]]:
    """Write `folder/exports/` and `folder/truth.json`; returns the truth.

    The truth is computed from the simulated ledger, never from the exports. Its keys are the tables of docs/metrics.md
    and `files`, each a list of rows; the same size and seed give the same bytes. `marts.stage_daily` holds the first
    day of each month and the last day; what is returned for a small company holds all days.
    """
    company = simulate(size, seed)
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    files = [*salesforce.write(company, exports), *hubspot.write(company, exports), *marketing.write(company, exports)]
    files += plans.write(company, exports)
    known = {**tables_of(company, None if size == "small" else _listed_days()), "files": files}
    _write_truth(folder / "truth.json", known)
    return known


def deal_id(deal: Deal) -> str:
    """The deal's id in its system."""
    return salesforce.deal_id(deal) if deal.system == "salesforce" else hubspot.deal_id(deal)


def tables_of(company: Company, days: set[date] | None) -> dict[str, list[dict[str, object]]]:
    """All tables that are true of a company; `marts.stage_daily` for these days only, where they are given."""
    stages = []
    for (_, pipeline), ladder in LADDERS.items():
        for order, stage in enumerate((*ladder, WON, LOST), 1):
            kind = {WON: "won", LOST: "lost"}.get(stage, "open")
            stages.append({"pipeline": pipeline, "stage": stage, "stage_order": order, "kind": kind})
    deals, changes, edits, done = [], [], [], []
    for deal in company.deals:
        identity = {"system": deal.system, "deal_id": deal_id(deal), "pipeline": deal.pipeline}
        deals.append({
            **identity, "stage": deal.stage, "created_at": deal.created_at, "stage_changed_at": deal.moves[-1][1],
            "closed_on_at": datetime.combine(deal.close_on, datetime.min.time()), "close_on": deal.close_on,
            "amount": deal.amount, "probability": deal.probability, "owner": deal.owner, "updated_at": deal.updated_at,
            "is_deleted": deal.is_deleted, "is_merged": deal.merged_into is not None,
            **(salesforce if deal.system == "salesforce" else hubspot).segments(deal, company),
            # All the firms' domains are below example.com, so that the accounts of two systems are never one company.
            "company": f"{deal.system}:{(salesforce if deal.system == 'salesforce' else hubspot).account_id(deal.account)}",
            "ended_at": deal.updated_at if deal.is_deleted or deal.merged_into is not None else None,
        })  # fmt: skip
        if deal.system == "salesforce":
            edits += [{**identity, **edit} for edit in salesforce.edits(deal)]
        done += [{**identity, **activity} for activity in (salesforce_records if deal.system == "salesforce" else hubspot).activities(deal)]
        evidence = "history" if deal.system == "salesforce" else "date column"
        for stage, at in deal.moves:
            changes.append({**identity, "stage": stage, "from_stage": None, "changed_at": at, "evidence": evidence})
    known = truth.tables(deals, changes, stages, AS_OF, days, edits, done)
    identity = {(d.system, d.number): deal_id(d) for d in company.deals}
    known |= plans.tables(company, known, identity, truth.Values(deals, edits))
    # Of a large company the people are too many to be walked through one by one.
    return known | (follow_ups.tables(company, known, deal_id) if days is None else {})


def _listed_days() -> set[date]:
    years = range(BEGINNING.year, AS_OF.year + 1)
    return {AS_OF.date(), *(date(year, month, 1) for year in years for month in range(1, 13))}


def _write_truth(path: Path, known: dict[str, list[dict[str, object]]]) -> None:
    """A row per line, written one by one: the text of a large company would fill the memory."""
    listed = _listed_days()
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(f'{{\n"as_of": {json.dumps(AS_OF, default=_plain)}')
        for table, rows in known.items():
            if table in DERIVED:
                continue
            stream.write(f",\n{json.dumps(table)}: [")
            between = "\n"
            for row in rows:
                if table != "marts.stage_daily" or row["day"] in listed:
                    stream.write(between + json.dumps(row, default=_plain, ensure_ascii=False))
                    between = ",\n"
            stream.write("\n]")
        stream.write("\n}\n")


def _plain(value: Decimal | date | datetime) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat()
