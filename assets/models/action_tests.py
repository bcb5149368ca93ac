"""After which actions deals go on more or less often than without them, beyond chance."""

import polars as pl

from assets.statistics import tested
from pipeline_etl import Query, computed

KEYS = ("pipeline", "stage", "action")


def action_tests(query: Query) -> pl.DataFrame:
    """Every action of a stage with enough stays that ended, with it and without it."""
    rates = query("select * from marts.action_rates order by pipeline, stage, action")
    return tested(rates, KEYS, "with_went_on", "with_resolved", "without_went_on", "without_resolved")


MODELS = [
    computed(
        "marts.action_tests",
        "One row per tested action of a stage: how surely another share of the stays with it goes on than of those without it.",
        {
            "pipeline": ("VARCHAR", "Pipeline."),
            "stage": ("VARCHAR", "Open stage."),
            "action": ("VARCHAR", "demo, content, e-mail, call, meeting, task, other or any."),
            "p_value": ("DOUBLE", "Two-sided p-value of Fisher's exact test, at the landmark."),
            "q_value": ("DOUBLE", "The same after Benjamini and Hochberg, over all rows of this table."),
        },
        KEYS,
        ("marts.action_rates",),
        action_tests,
    )
]
