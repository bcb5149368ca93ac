"""Intervals and survival curves, by hand."""

from collections import Counter
from fractions import Fraction
from functools import cache
from math import cos, exp, lgamma, pi, sqrt, tan
from statistics import NormalDist

Z95 = NormalDist().inv_cdf(0.975)


def mean(values):
    """The arithmetic mean as a float, None of nothing."""
    values = list(values)
    return float(sum(values) / len(values)) if values else None


def ratio(part, whole):
    """part ÷ whole as a float, None when the whole is 0."""
    return float(part / whole) if whole else None


def wilson(rate, n):
    """Wilson's 95 % interval (low, high) of a rate seen in n trials; n need not be whole."""
    if rate is None or not n:
        return None, None
    n = float(n)
    centre = rate + Z95**2 / (2 * n)
    margin = Z95 * sqrt(rate * (1 - rate) / n + Z95**2 / (4 * n * n))
    scale = 1 + Z95**2 / n
    return max(0.0, (centre - margin) / scale), min(1.0, (centre + margin) / scale)


@cache
def student_t(degrees):
    """The 97.5 % quantile of Student's t: where its distribution function, integrated by Simpson's rule, reaches 0.975."""
    factor = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) / sqrt(pi)

    def beyond_half(angle, steps=400):
        # With x = √n tan a the density becomes cos(a)^(n − 1), smooth and between 0 and 1.
        width = angle / steps
        weights = [1, *([4, 2] * (steps // 2))[:-1], 1]
        return factor * width / 3 * sum(w * cos(n * width) ** (degrees - 1) for n, w in enumerate(weights))

    low, high = 0.0, pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if beyond_half(middle) < 0.475 else (low, middle)
    return sqrt(degrees) * tan(low)


def kish(weights):
    """Kish's effective number of deals: (Σa)² ÷ Σa²."""
    return ratio(sum(weights) ** 2, sum(weight * weight for weight in weights))


def kaplan_meier(spells):
    """The survival curve [(t, S(t))] of (days, completed) spells, at each time something was completed."""
    return list(_steps(spells))


def survival_quantile(curve, level):
    """The smallest t with S(t) ≤ level, None when S never gets there."""
    return next((time for time, survival in curve if survival <= level), None)


def survival_quantiles(spells, levels):
    """The survival quantiles of falling levels, without keeping the curve: its fractions grow long."""
    found, steps = [], _steps(spells)
    time, survival = 0, Fraction(1)
    for level in levels:
        while survival > level and time is not None:
            time, survival = next(steps, (None, survival))
        found.append(time)
    return found


def _steps(spells):
    """Fractions, so that a survival of exactly one half is one half."""
    ended = Counter(days for days, _ in spells)
    completed = Counter(days for days, is_completed in spells if is_completed)
    survival, at_risk = Fraction(1), len(spells)
    for time in sorted(ended):
        if leaving := completed[time]:
            survival *= Fraction(at_risk - leaving, at_risk)
            yield time, survival
        at_risk -= ended[time]
