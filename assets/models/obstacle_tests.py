"""What lost deals have in common beyond chance: Fisher's exact test in a pipeline, Mantel and Haenszel's across them."""

from collections.abc import Sequence
from math import erfc, sqrt

import polars as pl

from assets.statistics import ENOUGH, false_discovery_rates, fisher
from pipeline_etl import Query, computed

KEYS = ("pipeline", "dimension", "obstacle")
COUNTS = ("with_lost", "with_closed", "without_lost", "without_closed")


def mantel_haenszel(tables: Sequence[tuple[int, int, int, int]]) -> float:
    """The two-sided p-value over (hits, cases, rest_hits, rest_cases) of several groups; without continuity correction."""
    difference = variance = 0.0
    for hits, cases, rest_hits, rest_cases in tables:
        everything, all_hits = cases + rest_cases, hits + rest_hits
        difference += hits - cases * all_hits / everything
        if everything > 1:
            variance += cases * rest_cases * all_hits * (everything - all_hits) / (everything**2 * (everything - 1))
    return erfc(abs(difference) / sqrt(2 * variance)) if variance else 1.0


def obstacle_tests(query: Query) -> pl.DataFrame:
    """Every obstacle with enough closed deals on either side, in its pipeline and over all that have some on either side."""
    rates = query("select * from marts.obstacle_rates where dimension <> 'reason' order by pipeline, dimension, obstacle")
    strata: dict[tuple[str, str], list[tuple[int, int, int, int]]] = {}
    found: list[tuple[str, str, str, float]] = []
    for pipeline, dimension, obstacle, *counts in rates.select(*KEYS, *COUNTS).rows():
        table = tuple(counts)
        if table[3]:
            strata.setdefault((dimension, obstacle), []).append(table)
        if min(table[1], table[3]) >= ENOUGH:
            found.append((pipeline, dimension, obstacle, fisher(*table)))
    for (dimension, obstacle), tables in strata.items():
        if len(tables) > 1 and min(sum(t[1] for t in tables), sum(t[3] for t in tables)) >= ENOUGH:
            found.append(("all", dimension, obstacle, mantel_haenszel(tables)))
    tests = pl.DataFrame(found, schema={**dict.fromkeys(KEYS, pl.String), "p_value": pl.Float64}, orient="row")
    return tests.with_columns(pl.Series("q_value", false_discovery_rates(tests["p_value"].to_list()), pl.Float64))


MODELS = [
    computed(
        "marts.obstacle_tests",
        "One row per tested obstacle of a pipeline, and of all: how surely another share of it is lost than of the rest.",
        {
            "pipeline": ("VARCHAR", "Pipeline, or `all`."),
            "dimension": ("VARCHAR", "source, size band, product, type or missing step."),
            "obstacle": ("VARCHAR", "Its value, or the stage that was missed."),
            "p_value": ("DOUBLE", "Two-sided: Fisher's exact test in a pipeline, Mantel and Haenszel's across pipelines."),
            "q_value": ("DOUBLE", "The same after Benjamini and Hochberg, over all rows of this table."),
        },
        KEYS,
        ("marts.obstacle_rates",),
        obstacle_tests,
    )
]
