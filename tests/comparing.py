"""Compare what the SQL says with what plain Python says, row by row."""

import math
from decimal import Decimal

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
    "marts.capacity": ("period", "period_start", "owner", "team"),
    "marts.benchmarks": ("metric", "period", "period_start", "pipeline", "owner", "team", "benchmark_number"),
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
