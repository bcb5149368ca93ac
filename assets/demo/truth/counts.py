"""The tables per stage: snapshot, days, conversion and duration."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import inf
from statistics import median

from assets.demo.truth.events import days_between, first_stage, key, place
from assets.demo.truth.statistics import mean, ratio, survival_quantiles, wilson
from assets.demo.truth.survival import estimate_of

CENT = Decimal("0.01")


def open_stages(stages):
    """The open stages of each pipeline, in their order."""
    return sorted((s for s in stages if s["kind"] == "open"), key=lambda s: (s["pipeline"], s["stage_order"]))


def scopes(stages):
    """(labels of a row, the stages it adds up): each open stage, each pipeline, everything."""
    opening = open_stages(stages)
    for stage in opening:
        yield {name: stage[name] for name in ("pipeline", "stage", "stage_order")}, {place(stage)}
    for pipeline in sorted({stage["pipeline"] for stage in opening}):
        places = {place(stage) for stage in opening if stage["pipeline"] == pipeline}
        yield {"pipeline": pipeline, "stage": "all", "stage_order": None}, places
    yield {"pipeline": "all", "stage": "all", "stage_order": None}, {place(stage) for stage in opening}


def total(amounts):
    """Σ of the known amounts."""
    return sum((amount for amount in amounts if amount is not None), Decimal("0.00"))


def stage_snapshot(deals, limits, stages, as_of):
    """marts.stage_snapshot from the rows of `deals` and `stall_limits`."""
    limits = {(*place(limit), limit["size_band"]): inf if limit["limit_days"] is None else limit["limit_days"] for limit in limits}
    standing = [(deal, days_between(deal["stage_entered_at"], as_of)) for deal in deals if deal["status"] == "open"]
    rows = []
    for labels, places in scopes(stages):
        here = [(deal, days) for deal, days in standing if place(deal) in places]
        amounts = [deal["amount"] for deal, _ in here]
        judged = any(limits[*spot, "all"] < inf for spot in places)
        stalled = [deal["amount"] for deal, days in here if days > limits[*place(deal), deal["size_band"]]]
        rows.append(
            {
                **labels,
                "open_deals": len(here),
                "open_amount": total(amounts),
                "average_amount": mean(amount for amount in amounts if amount is not None),
                "weighted_amount": total(_weighted(deal) for deal, _ in here),
                "average_age_days": mean(days_between(deal["created_at"], as_of) for deal, _ in here),
                "average_days_in_stage": mean(days for _, days in here),
                "stalled_deals": len(stalled) if judged else None,
                "stalled_amount": total(stalled) if judged else None,
                "deals_without_amount": amounts.count(None),
                "deals_without_probability": [deal["probability"] for deal, _ in here].count(None),
            }
        )
    return rows


def _weighted(deal):
    if deal["amount"] is None or deal["probability"] is None:
        return None
    # Through the shortest decimal text: 0.1 means one tenth, not the nearest binary fraction.
    return (deal["amount"] * Decimal(str(deal["probability"]))).quantize(CENT, ROUND_HALF_UP)


def stage_daily(visits, values, stages, as_of, days=None):
    """marts.stage_daily, or these days of it: each day counted from the visits, none from the day before."""
    if not visits:
        return []
    stays = defaultdict(list)
    for visit in visits:
        left_on = visit["left_at"] and visit["left_at"].date()
        stays[place(visit)].append((visit["entered_at"].date(), left_on, key(visit)))
    rows = []
    for day in _all_days(visits, as_of):
        if days is not None and day not in days:
            continue
        midnight = datetime.combine(day, time.max)
        at_the_end = {
            spot: [
                values.at(deal, "amount", min(midnight, as_of))
                for entered, left, deal in here
                if entered <= day and (left is None or left > day)
            ]
            for spot, here in stays.items()
        }
        came = {spot: sum(1 for entered, _, _ in here if entered == day) for spot, here in stays.items()}
        went = {spot: sum(1 for _, left, _ in here if left == day) for spot, here in stays.items()}
        for labels, places in scopes(stages):
            rows.append(
                {
                    "day": day,
                    **labels,
                    "open_deals": sum(len(at_the_end.get(spot, ())) for spot in places),
                    "open_amount": total(amount for spot in places for amount in at_the_end.get(spot, ())),
                    "entered": sum(came.get(spot, 0) for spot in places),
                    "left": sum(went.get(spot, 0) for spot in places),
                }
            )
    return rows


def _all_days(visits, as_of):
    day = min(visit["entered_at"] for visit in visits).date()
    while day <= as_of.date():
        yield day
        day += timedelta(days=1)


def stage_conversion(visits, stages, figures, first_day):
    """marts.stage_conversion, incl. reached-or-beyond; figures: rows of marts.survival by their labels."""
    rows = []
    for stage in open_stages(stages):
        here = [visit for visit in visits if place(visit) == place(stage)]
        outcomes = [visit["outcome"] for visit in here]
        won = outcomes.count("won")
        advanced = outcomes.count("advanced") + won
        resolved = len(here) - outcomes.count("still_there")
        to_date, among_resolved = ratio(advanced, len(here)), ratio(advanced, resolved)
        to_date_low, to_date_high = wilson(to_date, len(here))
        resolved_low, resolved_high = wilson(among_resolved, resolved)
        entered = {key(visit) for visit in here}
        reached = _reached(visits, stage["pipeline"], stage["stage_order"])
        rows.append(
            {
                "pipeline": stage["pipeline"],
                "stage": stage["stage"],
                "stage_order": stage["stage_order"],
                "entered": len(here),
                "advanced": advanced,
                "won": won,
                "lost": outcomes.count("lost"),
                "moved_back": outcomes.count("moved_back"),
                "handed_off": outcomes.count("handed_off"),
                "still_there": outcomes.count("still_there"),
                "conversion_to_date": to_date,
                "conversion_to_date_low": to_date_low,
                "conversion_to_date_high": to_date_high,
                "conversion_among_resolved": among_resolved,
                "conversion_among_resolved_low": resolved_low,
                "conversion_among_resolved_high": resolved_high,
                **estimate_of(
                    figures.get(("stage", *place(stage), "all", "all", first_day)), "conversion_estimate", "estimated_entries"
                ),
                "deals_entered": len(entered),
                "deals_reached": len(reached),
                "deals_skipped": len(reached) - len(entered),
                "share_of_pipeline": ratio(len(reached), len(_reached(visits, *_entrance(stages, stage["pipeline"])))),
            }
        )
    return rows


def _entrance(stages, pipeline):
    first = first_stage(stages, pipeline)
    return pipeline, next(s["stage_order"] for s in stages if place(s) == (pipeline, first))


def _reached(visits, pipeline, order):
    reached = set()
    for visit in visits:
        is_beyond = visit["kind"] == "won" or (visit["kind"] == "open" and visit["stage_order"] >= order)
        if visit["pipeline"] == pipeline and is_beyond:
            reached.add(key(visit))
    return reached


def stage_duration(visits, stages, figures, first_day):
    """marts.stage_duration, Kaplan–Meier by hand."""
    rows = []
    for stage in open_stages(stages):
        here = [visit for visit in visits if place(visit) == place(stage)]
        spells = [(visit["days"], visit["left_at"] is not None) for visit in here if visit["is_observed"]]
        median_days, p75_days, p90_days = survival_quantiles(spells, (Fraction(1, 2), Fraction(1, 4), Fraction(1, 10)))
        completed = [days for days, is_completed in spells if is_completed]
        rows.append(
            {
                "pipeline": stage["pipeline"],
                "stage": stage["stage"],
                "stage_order": stage["stage_order"],
                "visits": len(spells),
                "completed": len(completed),
                "still_there": len(spells) - len(completed),
                "visits_without_dates": len(here) - len(spells),
                "median_days": median_days,
                "p75_days": p75_days,
                "p90_days": p90_days,
                **_more_durations(stage, here, figures, first_day),
                "naive_mean_days": mean(completed),
                "naive_median_days": median(completed) if completed else None,
                "longest_open_days": max((days for days, is_completed in spells if not is_completed), default=None),
            }
        )
    return rows


def _more_durations(stage, here, figures, first_day):
    curve = figures.get(("stage", *place(stage), "all", "all", first_day), {})
    together = figures.get(("deal in stage", *place(stage), "all", "all", first_day), {})
    names = ("median_days_low", "median_days_high", "restricted_mean_days", "restricted_to_days")
    latest = {}
    for visit in sorted(here, key=lambda visit: visit["event_number"]):
        if visit["is_observed"]:
            latest[key(visit)] = visit
    ended = [visit["days"] for visit in latest.values() if visit["left_at"] is not None]
    return {
        **{name: curve.get(name) for name in names},
        "median_cumulative_days": together.get("median_days"),
        "p90_cumulative_days": together.get("p90_days"),
        "naive_median_latest_days": median(ended) if ended else None,
    }
