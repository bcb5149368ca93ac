"""Every definition of docs/metrics.md a second time, in plain Python: the demo company's truth, and the tests' judge.

Written apart from the SQL and in another way (loops over single lives), so that the two do not share a mistake.
"""

from assets.demo.truth.actions import action_effect
from assets.demo.truth.cohorts import health_by_cohort, health_by_segment, stage_conversion_by_cohort, stage_times
from assets.demo.truth.counts import stage_conversion, stage_daily, stage_duration, stage_snapshot
from assets.demo.truth.customers import customer_deals, customer_retention, customers
from assets.demo.truth.events import deals, key, stage_events, stage_visits
from assets.demo.truth.forecast import deal_forecasts, forecast, forecast_backtest, stage_probabilities
from assets.demo.truth.health import periods, pipeline_health
from assets.demo.truth.leaks import leaks, stage_endings
from assets.demo.truth.missing import completeness, missing_fields
from assets.demo.truth.obstacles import obstacles
from assets.demo.truth.stalls import bottlenecks, stall_limits, stalled_deals
from assets.demo.truth.statistics import kaplan_meier, kish, student_t, survival_quantile, wilson
from assets.demo.truth.survival import LABELS, figures, survival
from assets.demo.truth.values import Values
from assets.demo.truth.waterfall import every_entry, pipeline_waterfall, waterfall_deals

__all__ = ["Values", "figures", "kaplan_meier", "kish", "student_t", "survival_quantile", "tables", "wilson"]


def tables(raw_deals, changes, stages, as_of, days=None, edits=(), activities=()):
    """All tables of one company, by name; `marts.stage_daily` for these days only, where they are given."""
    values = Values(raw_deals, edits)
    events = stage_events(raw_deals, changes, stages, as_of)
    visits = stage_visits(events, as_of)
    facts = deals(raw_deals, visits, values, as_of)
    begun = [deal["created_at"].date() for deal in facts] + [visit["entered_on"] for visit in visits]
    first_day = min(begun, default=None)
    curves = survival(facts, visits, as_of, first_day)
    spans = list(periods(facts, visits, as_of)) if facts else []
    entries = every_entry(raw_deals, events, values, spans, as_of)
    kept = {}
    if days is None:  # Of a large company the entries are too many to be kept.
        entries = list(entries)
        kept = {"marts.waterfall_deals": list(waterfall_deals(entries, spans))}
    probabilities = stage_probabilities(facts, visits, stages)
    forecasts = deal_forecasts(facts, probabilities, values, as_of)
    by_labels = {tuple(curve[label] for label in LABELS): curve for curve in curves}
    limits = stall_limits(stages, by_labels, first_day)
    stalled = stalled_deals(facts, visits, values, limits, edits, activities, as_of)
    endings = stage_endings(facts, visits)
    company_of = {key(deal): deal.get("company") for deal in raw_deals}
    sales = customer_deals(facts, company_of)
    return {
        "core.stage_events": events,
        "marts.stage_visits": visits,
        "marts.deals": facts,
        "marts.survival": curves,
        "marts.stage_snapshot": stage_snapshot(facts, limits, stages, as_of),
        "marts.stall_limits": limits,
        "marts.stalled_deals": stalled,
        "marts.bottlenecks": bottlenecks(visits, facts, values, stages, limits, as_of),
        "marts.stage_endings": endings,
        "marts.leaks": leaks(facts, endings, stalled),
        "marts.action_effect": action_effect(visits, activities, by_labels, first_day, as_of),
        "marts.obstacles": obstacles(facts, visits, stages),
        "quality.missing_fields": missing_fields(facts, company_of),
        "quality.completeness": completeness(facts, company_of),
        "marts.customer_deals": sales,
        "marts.customers": customers(sales, as_of),
        "marts.customer_retention": customer_retention(sales, first_day, as_of),
        "marts.stage_probabilities": probabilities,
        "marts.deal_forecasts": forecasts,
        "marts.forecast": forecast(forecasts, stages),
        "marts.forecast_backtest": forecast_backtest(raw_deals, facts, events, values, edits, stages, visits, as_of),
        # Of a first run: nothing was said before.
        "marts.deal_changes": [],
        "marts.restatements": [],
        "marts.stage_daily": stage_daily(visits, values, stages, as_of, days),
        "marts.stage_times": stage_times(visits),
        "marts.pipeline_health": pipeline_health(facts, visits, values, stages, as_of),
        "marts.health_by_cohort": health_by_cohort(facts, by_labels, first_day, as_of),
        "marts.health_by_segment": health_by_segment(facts, first_day),
        "marts.stage_conversion": stage_conversion(visits, stages, by_labels, first_day),
        "marts.stage_conversion_by_cohort": stage_conversion_by_cohort(visits, by_labels, first_day, as_of),
        "marts.stage_duration": stage_duration(visits, stages, by_labels, first_day),
        "marts.pipeline_waterfall": pipeline_waterfall(entries, spans),
        **kept,
    }
