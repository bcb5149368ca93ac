"""Which segments lose other shares than the rest of their stage, beyond chance."""

import polars as pl

from assets.statistics import tested
from pipeline_etl import Query, computed

KEYS = ("pipeline", "stage", "dimension", "segment")


def leak_tests(query: Query) -> pl.DataFrame:
    """Every segment with enough deals on either side."""
    rates = query("select * from marts.leak_rates where dimension <> 'all' order by pipeline, stage, dimension, segment")
    return tested(rates, KEYS, "lost", "resolved", "rest_lost", "rest_resolved")


MODELS = [
    computed(
        "marts.leak_tests",
        "One row per tested segment of a stage: how surely it loses another share of its deals than the rest of the stage.",
        {
            "pipeline": ("VARCHAR", "Pipeline."),
            "stage": ("VARCHAR", "Open stage."),
            "dimension": ("VARCHAR", "owner, team, size band, source, product or type."),
            "segment": ("VARCHAR", "Its value."),
            "p_value": ("DOUBLE", "Two-sided p-value of Fisher's exact test, of the segment against the rest of the stage."),
            "q_value": ("DOUBLE", "The same after Benjamini and Hochberg, over all rows of this table."),
        },
        KEYS,
        ("marts.leak_rates",),
        leak_tests,
    )
]
