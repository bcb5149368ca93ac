"""The tables by cohort and by segment, and the times of each deal in each stage: deal by deal into heaps, then counted."""

from collections import defaultdict
from datetime import timedelta
from math import ceil, sqrt
from statistics import stdev

from assets.demo.truth.counts import total
from assets.demo.truth.events import key, place
from assets.demo.truth.statistics import kish, mean, ratio, student_t, wilson
from assets.demo.truth.survival import cohorts_of, estimate_of, quarter

DIMENSIONS = {
    "owner": "owner", "team": "team", "size band": "size_band", "source": "lead_source", "product": "product", "type": "deal_type",
}  # fmt: skip


def interval(name, rate, trials):
    """A rate with both ends of its interval, as three columns."""
    low, high = wilson(rate, trials)
    return {name: rate, f"{name}_low": low, f"{name}_high": high}


def around(name, values):
    """The mean of values with the ends of Student's interval, as three columns."""
    values = [float(value) for value in values]
    middle = mean(values)
    margin = student_t(len(values) - 1) * stdev(values) / sqrt(len(values)) if len(values) > 1 else None
    low, high = (None, None) if margin is None else (middle - margin, middle + margin)
    return {name: middle, f"{name}_low": low, f"{name}_high": high}


def is_mature(newest_on, whole, as_of):
    """Whether nine in ten of even the youngest should have ended by now."""
    return bool(whole and whole["p90_days"] is not None and newest_on + timedelta(days=ceil(whole["p90_days"])) <= as_of.date())


def stage_conversion_by_cohort(visits, figures, first_day, as_of):
    """marts.stage_conversion_by_cohort; figures: rows of marts.survival by their labels."""
    heaps = defaultdict(list)
    for visit in visits:
        if visit["kind"] == "open":
            heaps[*place(visit), quarter(visit["entered_on"])].append(visit)
    rows = []
    for (pipeline, stage, start), here in heaps.items():
        outcomes = [visit["outcome"] for visit in here]
        advanced = outcomes.count("advanced") + outcomes.count("won")
        resolved = len(here) - outcomes.count("still_there")
        where = "stage", pipeline, stage, "all"
        rows.append({
            "pipeline": pipeline, "stage": stage, "stage_order": here[0]["stage_order"], "cohort_start": start,
            "entered": len(here), "advanced": advanced,
            **{way: outcomes.count(way) for way in ("won", "lost", "moved_back", "handed_off", "still_there")},
            **interval("conversion_to_date", ratio(advanced, len(here)), len(here)),
            **interval("conversion_among_resolved", ratio(advanced, resolved), resolved),
            **estimate_of(figures.get((*where, "quarter", start)), "conversion_estimate", "estimated_entries"),
            "is_mature": is_mature(max(v["entered_on"] for v in here), figures.get((*where, "all", first_day)), as_of),
        })  # fmt: skip
    return rows


def stage_times(visits):
    """marts.stage_times."""
    heaps = defaultdict(list)
    for visit in visits:
        if visit["kind"] == "open":
            heaps[*key(visit), *place(visit)].append(visit)
    rows = []
    for (system, deal_id, pipeline, stage), stays in heaps.items():
        last = max(stays, key=lambda stay: stay["event_number"])
        rows.append({
            "system": system, "deal_id": deal_id, "pipeline": pipeline, "stage": stage, "visits": len(stays),
            "first_entered_at": min(stay["entered_at"] for stay in stays), "latest_entered_at": last["entered_at"],
            "latest_days": last["days"], "cumulative_days": sum(stay["days"] for stay in stays),
            "is_there": last["left_at"] is None, "is_observed": all(stay["is_observed"] for stay in stays),
        })  # fmt: skip
    return rows


def health_by_cohort(deals, figures, first_day, as_of):
    """marts.health_by_cohort."""
    heaps = defaultdict(list)
    for deal in deals:
        for pipeline in (deal["pipeline"], "all"):
            for cohort, start in cohorts_of(deal["created_at"].date()):
                heaps[cohort, start, pipeline].append(deal)
    rows = []
    for (cohort, start, pipeline), here in heaps.items():
        won, lost = ([deal for deal in here if deal["status"] == status] for status in ("won", "lost"))
        cycles = _known(won, "days_to_close")
        where = "deal", pipeline, "all", "all"
        newest = max(deal["created_at"] for deal in here).date()
        rows.append({
            "period": cohort, "period_start": start, "pipeline": pipeline, "created": len(here), "won": len(won), "lost": len(lost),
            "still_open": len(here) - len(won) - len(lost), "created_amount": total(_known(here, "amount")),
            "won_amount": total(_known(won, "amount")), "lost_amount": total(_known(lost, "amount")),
            "deals_without_amount": len(here) - len(_known(here, "amount")),
            **interval("win_rate_to_date", ratio(len(won), len(here)), len(here)),
            **interval("win_rate_among_resolved", ratio(len(won), len(won) + len(lost)), len(won) + len(lost)),
            **estimate_of(figures.get((*where, cohort, start)), "win_rate_estimate", "estimated_deals"),
            "is_mature": is_mature(newest, figures.get((*where, "all", first_day)), as_of),
            "average_deal_size": mean(_known(won, "amount")), "average_days_to_close": mean(cycles),
            "deals_without_cycle": len(won) - len(cycles),
        })  # fmt: skip
    return rows


def health_by_segment(deals, first_day):
    """marts.health_by_segment."""
    heaps = defaultdict(list)
    for deal in deals:
        bases = [("creation", deal["created_at"].date())]
        if deal["closed_at"]:
            bases.append(("closing", deal["closed_at"].date()))
        for basis, day in bases:
            for period, start in (("all", first_day), *cohorts_of(day)):
                for pipeline in (deal["pipeline"], "all"):
                    for dimension, field in DIMENSIONS.items():
                        heaps[basis, period, start, pipeline, dimension, deal.get(field) or "unknown"].append(deal)
    names = ("basis", "period", "period_start", "pipeline", "dimension", "segment")
    return [{**dict(zip(names, where, strict=True)), **_segment(here)} for where, here in heaps.items()]


def _segment(here):
    won, lost = ([deal for deal in here if deal["status"] == status] for status in ("won", "lost"))
    won_amounts, amounts, cycles = _known(won, "amount"), _known(won + lost, "amount"), _known(won, "days_to_close")
    return {
        "deals": len(here), "won": len(won), "lost": len(lost), "still_open": len(here) - len(won) - len(lost),
        "won_amount": total(won_amounts), "lost_amount": total(_known(lost, "amount")),
        "closed_without_amount": len(won) + len(lost) - len(amounts), "won_without_amount": len(won) - len(won_amounts),
        **interval("win_rate", ratio(len(won), len(won) + len(lost)), len(won) + len(lost)),
        **interval("win_rate_by_amount", ratio(total(won_amounts), total(amounts)), kish(amounts)),
        **around("average_deal_size", won_amounts), **around("average_days_to_close", cycles),
        "deals_without_cycle": len(won) - len(cycles),
    }  # fmt: skip


def _known(rows, column):
    return [row[column] for row in rows if row[column] is not None]
