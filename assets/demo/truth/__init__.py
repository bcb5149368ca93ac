"""Every definition of docs/metrics.md a second time, in plain Python: the demo company's truth, and the tests' judge.

Written apart from the SQL and in another way (loops over single lives), so that the two do not share a mistake.
"""

from assets.demo.truth.counts import stage_conversion, stage_daily, stage_duration, stage_snapshot
from assets.demo.truth.events import deals, stage_events, stage_visits
from assets.demo.truth.health import pipeline_health
from assets.demo.truth.statistics import kaplan_meier, kish, survival_quantile, wilson
from assets.demo.truth.values import Values

__all__ = [
    "Values",
    "deals",
    "kaplan_meier",
    "kish",
    "pipeline_health",
    "stage_conversion",
    "stage_daily",
    "stage_duration",
    "stage_events",
    "stage_snapshot",
    "stage_visits",
    "survival_quantile",
    "tables",
    "wilson",
]


def tables(raw_deals, changes, stages, as_of, days=None, edits=()):
    """All tables of one company, by name; `marts.stage_daily` for these days only, where they are given."""
    values = Values(raw_deals, edits)
    events = stage_events(raw_deals, changes, stages, as_of)
    visits = stage_visits(events, as_of)
    facts = deals(raw_deals, visits, values, as_of)
    return {
        "core.stage_events": events,
        "marts.stage_visits": visits,
        "marts.deals": facts,
        "marts.stage_snapshot": stage_snapshot(facts, visits, stages, as_of),
        "marts.stage_daily": stage_daily(visits, values, stages, as_of, days),
        "marts.pipeline_health": pipeline_health(facts, visits, values, stages, as_of),
        "marts.stage_conversion": stage_conversion(visits, stages),
        "marts.stage_duration": stage_duration(visits, stages),
    }
