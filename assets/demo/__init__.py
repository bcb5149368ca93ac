"""The demo company: exports with the flaws that real exports have, and the truth about them."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from assets.demo import hubspot, marketing, salesforce, truth
from assets.demo.company import AS_OF, LADDERS, LOST, WON, Company, Deal, simulate


def write_demo(folder: Path, size: str = "small", seed: int = 7) -> dict[str, list[dict[str, object]]]:
    """Write `folder/exports/` and `folder/truth.json`; returns the truth.

    The truth is computed from the simulated ledger, never from the exports. Its keys are the tables of docs/metrics.md and
    `files`, each a list of rows; the same size and seed give the same bytes.
    """
    company = simulate(size, seed)
    exports = folder / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    files = [*salesforce.write(company, exports), *hubspot.write(company, exports), *marketing.write(company, exports)]
    known = {**_tables(company), "files": files}
    document = {"as_of": AS_OF, **{k: v if size == "small" or k != "marts.stage_daily" else _first_days(v) for k, v in known.items()}}
    text = json.dumps(document, default=_plain, indent=1, ensure_ascii=False)
    (folder / "truth.json").write_text(text, encoding="utf-8")
    return known


def deal_id(deal: Deal) -> str:
    """The deal's id in its system."""
    return salesforce.deal_id(deal) if deal.system == "salesforce" else hubspot.deal_id(deal)


def _tables(company: Company) -> dict[str, list[dict[str, object]]]:
    stages = []
    for (_, pipeline), ladder in LADDERS.items():
        for order, stage in enumerate((*ladder, WON, LOST), 1):
            kind = {WON: "won", LOST: "lost"}.get(stage, "open")
            stages.append({"pipeline": pipeline, "stage": stage, "stage_order": order, "kind": kind})
    deals, changes = [], []
    for deal in company.deals:
        identity = {"system": deal.system, "deal_id": deal_id(deal), "pipeline": deal.pipeline}
        closing = datetime.combine(deal.close_on, datetime.min.time())
        deals.append({
            **identity, "stage": deal.stage, "created_at": deal.created_at, "stage_changed_at": deal.moves[-1][1], "closed_on_at": closing,
            "amount": deal.amount, "probability": deal.probability, "is_deleted": deal.is_deleted, "is_merged": deal.merged_into is not None,
        })  # fmt: skip
        evidence = "history" if deal.system == "salesforce" else "date column"
        changes += [{**identity, "stage": s, "from_stage": None, "changed_at": at, "evidence": evidence} for s, at in deal.moves]
    return truth.tables(deals, changes, stages, AS_OF)


def _first_days(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """The first day of each month: enough to compare a large company by."""
    return [row for row in rows if isinstance(row["day"], date) and row["day"].day == 1]


def _plain(value: object) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date | datetime) else repr(value)
