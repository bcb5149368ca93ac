"""Which segments lose other shares than the rest of their stage: Fisher's exact test, and Benjamini and Hochberg over all."""

from collections.abc import Callable, Sequence
from math import exp, lgamma

import polars as pl

from pipeline_etl import Query, computed

ENOUGH = 10
KEYS = ("pipeline", "stage", "dimension", "segment")
# Tables of one probability must compare as equal, whatever the last digits of the logarithms.
TIE = 1e-7
NEGLIGIBLE = 1e-17


def fisher(lost: int, resolved: int, rest_lost: int, rest_resolved: int) -> float:
    """The two-sided p-value: what all tables together that are as improbable as this one are worth (R's fisher.test)."""
    drawn = lost + rest_lost
    low, high = max(0, drawn - rest_resolved), min(resolved, drawn)
    mode = min(high, max(low, (resolved + 1) * (drawn + 1) // (resolved + rest_resolved + 2)))

    def logarithm(k: int) -> float:
        return _choose(resolved, k) + _choose(rest_resolved, drawn - k) - _choose(resolved + rest_resolved, drawn)

    def ratio(k: int) -> float:
        """What one more loss changes the probability by."""
        return (resolved - k) * (drawn - k) / ((k + 1) * (rest_resolved - drawn + k + 1))

    bound = logarithm(lost) + TIE
    if logarithm(mode) <= bound:
        return 1.0
    below = _edge(low, mode, lambda k: logarithm(k) <= bound)
    above = _edge(high, mode, lambda k: logarithm(k) <= bound)
    total = 0.0
    if below is not None:
        total += _tail(exp(logarithm(below)), range(below, low, -1), lambda k: 1 / ratio(k - 1))
    if above is not None:
        total += _tail(exp(logarithm(above)), range(above, high), ratio)
    return min(1.0, total)


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _edge(end: int, mode: int, fits: Callable[[int], bool]) -> int | None:
    """The k nearest to the mode that still fits, between it and an end, the probabilities falling towards the end."""
    if not fits(end):
        return None
    good, bad = end, mode
    while abs(good - bad) > 1:
        middle = (good + bad) // 2
        good, bad = (middle, bad) if fits(middle) else (good, middle)
    return good


def _tail(term: float, steps: range, ratio: Callable[[int], float]) -> float:
    total = term
    for k in steps:
        term *= ratio(k)
        total += term
        if term < total * NEGLIGIBLE:
            break
    return total


def false_discovery_rates(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg (1995): for each p-value the smallest false discovery rate at which it is a discovery."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place], reverse=True)
    found, least = [0.0] * len(p_values), 1.0
    for behind, place in enumerate(order):
        least = min(least, p_values[place] * len(p_values) / (len(p_values) - behind))
        found[place] = least
    return found


def leak_tests(query: Query) -> pl.DataFrame:
    """Every segment with enough deals on either side."""
    rates = query("select * from marts.leak_rates where dimension <> 'all' order by pipeline, stage, dimension, segment")
    tested = rates.filter((pl.col("resolved") >= ENOUGH) & (pl.col("rest_resolved") >= ENOUGH))
    counts = tested.select("lost", "resolved", "rest_lost", "rest_resolved").rows()
    p_values = [fisher(*row) for row in counts]
    return tested.select(KEYS).with_columns(
        pl.Series("p_value", p_values, pl.Float64), pl.Series("q_value", false_discovery_rates(p_values), pl.Float64)
    )


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
