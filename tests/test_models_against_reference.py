"""The SQL against an independent reading in plain Python, on random small companies."""

import math
from decimal import Decimal

from assets.demo import truth as reference
from hypothesis import HealthCheck, given, settings
from strategies import companies

TARGETS = [
    "core.stage_events", "marts.stage_visits", "marts.deals", "marts.stage_snapshot", "marts.stage_daily",
    "marts.pipeline_health", "marts.stage_conversion", "marts.stage_duration",
]  # fmt: skip
NAMES = {"marts.stage_visits": {"kind": "stage_kind", "event_number": "visit_number"}}
KEYS = {
    "core.stage_events": ("system", "deal_id", "event_number"),
    "marts.stage_visits": ("system", "deal_id", "visit_number"),
    "marts.deals": ("system", "deal_id"),
    "marts.stage_snapshot": ("pipeline", "stage"),
    "marts.stage_daily": ("day", "pipeline", "stage"),
    "marts.pipeline_health": ("period", "period_start", "pipeline"),
    "marts.stage_conversion": ("pipeline", "stage"),
    "marts.stage_duration": ("pipeline", "stage"),
}


def given_tables(company):
    """A company of the strategies as the tables that the models read."""
    deals = [
        {
            "system": d["system"], "deal_id": d["deal_id"], "pipeline": d["pipeline"], "stage": d["stage"],
            "amount": d["amount"], "amount_original": d["amount"], "lacks_rate": False, "probability": d["probability"],
            "created_at": d["created_at"], "stage_changed_at": d["stage_changed_at"], "close_at": d["closed_on_at"],
            "record_status": "deleted" if d.get("is_deleted") else "merged" if d.get("is_merged") else "live",
        }
        for d in company.deals
    ]  # fmt: skip
    pipeline_of = {(d["system"], d["deal_id"]): d["pipeline"] for d in company.deals}
    changes = [
        {
            "system": c["system"], "deal_id": c["deal_id"],
            "pipeline": c["pipeline"] or pipeline_of.get((c["system"], c["deal_id"]), "default"),
            "stage": c["stage"], "from_stage": c["from_stage"] or "", "changed_at": c["changed_at"], "evidence": c["evidence"],
        }
        for c in company.changes
    ]  # fmt: skip
    stages = [{k: s[k] for k in ("pipeline", "stage", "stage_order", "kind")} for s in company.stages]
    return {
        "core.deals": deals,
        "staging.stage_changes": changes,
        "core.stages": stages,
        "core.as_of": [{"one": 1, "as_of": company.as_of, "as_of_from": "test"}],
    }


def same(found, wanted):
    """Equal, numbers to nine digits."""
    if isinstance(wanted, bool) or isinstance(found, bool) or wanted is None or found is None:
        return found is wanted or found == wanted
    if isinstance(wanted, int | float | Decimal):
        return math.isclose(float(found), float(wanted), rel_tol=1e-9, abs_tol=1e-9)
    return found == wanted


def compare(table, found, wanted):
    """Row by row, by key, in all columns that the reference knows."""
    names = NAMES.get(table, {})
    wanted = [{names.get(k, k): v for k, v in row.items()} for row in wanted]
    if table == "marts.deals":
        found = [row for row in found if row["status"] in ("open", "won", "lost")]

    def by_key(rows):
        return {tuple(row[k] for k in KEYS[table]): row for row in rows}

    found_rows, wanted_rows = by_key(found), by_key(wanted)
    assert len(found_rows) == len(found), f"{table}: keys repeat"
    assert found_rows.keys() == wanted_rows.keys(), f"{table}: other rows"
    for key, row in wanted_rows.items():
        wrong = {c: (found_rows[key][c], v) for c, v in row.items() if not same(found_rows[key][c], v)}
        assert not wrong, f"{table} {key}: (SQL, reference) = {wrong}"


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(company=companies())
def test_every_table_says_what_the_reference_says(bench, company):
    found = bench.run(TARGETS, given_tables(company))
    wanted = reference.tables(company.deals, company.changes, company.stages, company.as_of)
    for table in TARGETS:
        compare(table, found[table], wanted[table])
