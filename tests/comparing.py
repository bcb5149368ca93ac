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
    "marts.survival": ("measure", "pipeline", "stage", "size_band", "cohort", "cohort_start"),
    "marts.stage_times": ("system", "deal_id", "pipeline", "stage"),
    "marts.stage_conversion_by_cohort": ("pipeline", "stage", "cohort_start"),
    "marts.health_by_cohort": ("period", "period_start", "pipeline"),
    "marts.health_by_segment": ("basis", "period", "period_start", "pipeline", "dimension", "segment"),
    "marts.waterfall_deals": ("scope", "period", "period_start", "system", "deal_id", "pipeline", "owner", "line"),
    "marts.pipeline_waterfall": ("scope", "period", "period_start", "pipeline", "owner", "line"),
    "marts.stall_limits": ("pipeline", "stage", "size_band"),
    "marts.stalled_deals": ("system", "deal_id"),
    "marts.response_times": ("person",),
    "marts.missed_follow_ups": ("kind", "about", "system", "record_id"),
    "marts.bottlenecks": ("pipeline", "stage", "period_start"),
    "marts.stage_endings": ("system", "deal_id", "pipeline", "stage"),
    "marts.leaks": ("pipeline", "stage", "dimension", "segment", "reason"),
    "marts.action_effect": ("pipeline", "stage", "action"),
    "marts.obstacles": ("pipeline", "dimension", "obstacle"),
    "marts.customer_deals": ("system", "deal_id"),
    "quality.missing_fields": ("system", "deal_id", "field"),
    "quality.completeness": ("system", "pipeline", "stage", "owner", "field"),
    "marts.customers": ("customer_id",),
    "marts.customer_retention": ("cohort", "cohort_start", "quarters_since"),
    "marts.stage_probabilities": ("pipeline", "stage"),
    "marts.deal_forecasts": ("system", "deal_id"),
    "marts.forecast": ("pipeline", "forecast_category"),
    "marts.forecast_backtest": ("period", "period_start", "pipeline"),
    "marts.deal_changes": ("system", "deal_id"),
    "marts.restatements": ("restated_at", "metric_table", "period", "period_start", "pipeline", "metric"),
    "marts.funnel_conversion": ("cohort", "cohort_start", "channel", "campaign", "dimension", "segment"),
    "marts.acquisition_cost": ("period", "period_start", "channel", "campaign"),
    "marts.funnel_times": ("step", "channel"),
    "marts.journeys": ("side", "touch_system", "touch_id", "system", "deal_id"),
    "marts.attribution": ("milestone", "model", "system", "deal_id", "person", "touch_system", "touch_id"),
    "marts.removal_effects": ("milestone", "channel"),
    "marts.capacity": ("period", "period_start", "owner", "team"),
    "marts.benchmarks": ("metric", "period", "period_start", "pipeline", "owner", "team", "benchmark_number"),
}


def same(found, wanted, scale=1.0):
    """Equal, numbers to nine digits of themselves or of what they were taken from."""
    if isinstance(wanted, bool) or isinstance(found, bool) or wanted is None or found is None:
        return found is wanted or found == wanted
    if isinstance(wanted, int | float | Decimal):
        return math.isclose(float(found), float(wanted), rel_tol=1e-9, abs_tol=1e-9 * scale)
    return found == wanted


def compare(table, found, wanted):
    """Row by row, by key, in all columns that the reference knows."""
    names = NAMES.get(table, {})
    wanted = [{names.get(k, k): v for k, v in row.items()} for row in wanted]
    if table == "marts.survival":
        # Days without weekends are judged by pictures.
        found = [row for row in found if row["measure"] != "stage in business days"]
    if table == "marts.deals":
        found = [row for row in found if row["status"] in ("open", "won", "lost")]

    def by_key(rows):
        return {tuple(row[k] for k in KEYS[table]): row for row in rows}

    found_rows, wanted_rows = by_key(found), by_key(wanted)
    assert len(found_rows) == len(found), f"{table}: keys repeat"
    assert found_rows.keys() == wanted_rows.keys(), f"{table}: other rows"
    for key, row in wanted_rows.items():
        # The low end of an interval is a difference of larger numbers.
        scales = {c: max(1.0, abs(float(row[f"{c[:-4]}_high"] or 0))) for c in row if c.endswith("_low")}
        wrong = {c: (found_rows[key][c], v) for c, v in row.items() if not same(found_rows[key][c], v, scales.get(c, 1.0))}
        assert not wrong, f"{table} {key}: (SQL, reference) = {wrong}"
