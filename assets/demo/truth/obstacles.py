"""What lost deals have in common: every closed deal asked for what it has, and each obstacle set against the rest of its pipeline."""

from collections import defaultdict
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from assets.demo.truth.events import key
from assets.demo.truth.leaks import ENOUGH_RESOLVED, false_discovery_rates, fisher, reason_of
from assets.demo.truth.statistics import ratio, wilson

TRAITS = {"source": "lead_source", "size band": "size_band", "product": "product", "type": "deal_type"}


def obstacles(deals, visits, stages):
    """marts.obstacles."""
    asked, lives = defaultdict(lambda: ([], [])), defaultdict(list)
    for visit in visits:
        lives[key(visit)].append(visit)
    closed = [deal for deal in deals if deal["status"] != "open"]
    values = {name: {deal[field] or "unknown" for deal in closed} for name, field in TRAITS.items()}
    values["reason"] = {reason_of(deal["lost_reason"]) for deal in closed}
    for deal in closed:
        is_lost, pipeline = deal["status"] == "lost", deal["pipeline"]
        for name, field in TRAITS.items():
            for value in values[name]:
                asked[pipeline, name, value][(deal[field] or "unknown") != value].append(is_lost)
        for value in values["reason"] if is_lost else ():
            asked[pipeline, "reason", value][reason_of(deal["lost_reason"]) != value].append(True)
        for step, is_missing in _steps(deal, lives[key(deal)], stages):
            asked[pipeline, "missing step", step][not is_missing].append(is_lost)
    tables = {where: (sum(having), len(having), sum(rest), len(rest)) for where, (having, rest) in asked.items() if having}
    return _judged(tables)


def _steps(deal, life, stages):
    """(open stage, whether the deal was never there) of each before the furthest that it came to."""
    here = [visit for visit in life if visit["pipeline"] == deal["pipeline"]]
    furthest = max((visit["stage_order"] for visit in here if visit["kind"] == "open"), default=0)
    if not all(visit["is_observed"] for visit in life):
        return []
    been = {visit["stage"] for visit in here}
    return [
        (stage["stage"], stage["stage"] not in been)
        for stage in stages
        if stage["pipeline"] == deal["pipeline"] and stage["kind"] == "open" and stage["stage_order"] < furthest
    ]


def _judged(tables):
    strata, tested = defaultdict(dict), {}
    for (pipeline, *obstacle), table in tables.items():
        strata[tuple(obstacle)][pipeline] = table
    for (dimension, obstacle), of_pipelines in strata.items():
        if dimension == "reason":
            continue
        for pipeline, table in of_pipelines.items():
            if min(table[1], table[3]) >= ENOUGH_RESOLVED:
                tested[pipeline, dimension, obstacle] = fisher(*table)
        compared = [table for table in of_pipelines.values() if table[3]]
        if len(compared) > 1 and min(sum(t[1] for t in compared), sum(t[3] for t in compared)) >= ENOUGH_RESOLVED:
            tested["all", dimension, obstacle] = _mantel_haenszel(compared)
    rates, rows = false_discovery_rates(tested), []
    for (dimension, obstacle), of_pipelines in strata.items():
        for pipeline, chosen in [*((name, {name: table}) for name, table in of_pipelines.items()), ("all", of_pipelines)]:
            rows.append(_row(pipeline, dimension, obstacle, list(chosen.values())))
            where = pipeline, dimension, obstacle
            compared = sum(table[3] > 0 for table in of_pipelines.values())
            rows[-1] |= {
                "pipelines_with": len(of_pipelines),
                "pipelines_more_lost": sum(
                    rates.get((name, dimension, obstacle), 1) <= 0.05 and _leaning([table]) > 0 for name, table in of_pipelines.items()
                ),
                "p_value": tested.get(where), "q_value": rates.get(where),
                "verdict": _verdict(where, rates.get(where), _leaning(chosen.values()), compared),
            }  # fmt: skip
    return rows


def _row(pipeline, dimension, obstacle, tables):
    with_lost, with_closed, without_lost, without_closed = (sum(column) for column in zip(*tables, strict=True))
    is_compared = dimension != "reason"
    rate = ratio(with_lost, with_closed) if is_compared else None
    low, high = wilson(rate, with_closed)
    excesses = [lost - Fraction(closed * rest_lost, rest) for lost, closed, rest_lost, rest in tables if rest]
    return {
        "pipeline": pipeline, "dimension": dimension, "obstacle": obstacle, "with_closed": with_closed, "with_lost": with_lost,
        "share_of_lost": ratio(with_lost, with_lost + without_lost), "with_lost_rate": rate, "with_lost_rate_low": low, "with_lost_rate_high": high,
        "without_closed": without_closed, "without_lost": without_lost,
        "without_lost_rate": ratio(without_lost, without_closed) if is_compared else None,
        "excess_lost": float(sum(excesses)) if is_compared and excesses else None,
    }  # fmt: skip


def _leaning(tables):
    """Mantel and Haenszel's difference between what was lost and what was to be expected: its sign is the verdict's."""
    return sum(lost - Fraction(closed * (lost + rest_lost), closed + rest) for lost, closed, rest_lost, rest in tables)


def _mantel_haenszel(tables):
    variance = Fraction(0)
    for lost, closed, rest_lost, rest in tables:
        n, losses = closed + rest, lost + rest_lost
        if n > 1:
            variance += Fraction(closed * rest * losses * (n - losses), n * n * (n - 1))
    return 2 * NormalDist().cdf(-abs(float(_leaning(tables))) / sqrt(variance)) if variance else 1.0


def _verdict(where, rate, leaning, compared):
    if where[1] == "reason":
        return "lost deals only"
    if rate is None:
        return "in one pipeline only" if where[0] == "all" and compared == 1 else "insufficient cases"
    if rate > 0.05:
        return "no clear difference"
    return "more lost" if leaning > 0 else "fewer lost"
