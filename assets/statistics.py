"""Whether two shares differ by more than chance: Fisher's exact test, and Benjamini and Hochberg over all tests of a table."""

from collections.abc import Callable, Sequence
from math import exp, lgamma

import polars as pl

ENOUGH = 10
"""Cases on either side below which nothing is tested."""
# Tables of one probability must compare as equal, whatever the last digits of the logarithms.
TIE = 1e-7
NEGLIGIBLE = 1e-17


def fisher(hits: int, cases: int, rest_hits: int, rest_cases: int) -> float:
    """The two-sided p-value: what all tables together that are as improbable as this one are worth (R's fisher.test)."""
    drawn = hits + rest_hits
    low, high = max(0, drawn - rest_cases), min(cases, drawn)
    mode = min(high, max(low, (cases + 1) * (drawn + 1) // (cases + rest_cases + 2)))

    def logarithm(k: int) -> float:
        return _choose(cases, k) + _choose(rest_cases, drawn - k) - _choose(cases + rest_cases, drawn)

    def ratio(k: int) -> float:
        """What one more hit changes the probability by."""
        return (cases - k) * (drawn - k) / ((k + 1) * (rest_cases - drawn + k + 1))

    bound = logarithm(hits) + TIE
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


def tested(rows: pl.DataFrame, keys: Sequence[str], hits: str, cases: str, rest_hits: str, rest_cases: str) -> pl.DataFrame:
    """keys, p_value and q_value of every row with enough cases on either side."""
    enough = rows.filter((pl.col(cases) >= ENOUGH) & (pl.col(rest_cases) >= ENOUGH))
    p_values = [fisher(*row) for row in enough.select(hits, cases, rest_hits, rest_cases).rows()]
    return enough.select(keys).with_columns(
        pl.Series("p_value", p_values, pl.Float64), pl.Series("q_value", false_discovery_rates(p_values), pl.Float64)
    )
