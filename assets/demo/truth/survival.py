"""marts.survival: one list of spells at a time, step by step through its days."""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from itertools import groupby
from math import exp, log, sqrt

from assets.demo.truth.events import days_between, key, place
from assets.demo.truth.statistics import Z95, survival_quantiles

CENSORED, WENT_ON, ENDED_OTHERWISE = 0, 1, 2
NEAR = 1e-12
LABELS = ("measure", "pipeline", "stage", "size_band", "cohort", "cohort_start")


def quarter(day):
    """The first day of a calendar quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def cohorts_of(day):
    """(cohort, first day) of a day."""
    return [("month", day.replace(day=1)), ("quarter", quarter(day)), ("year", date(day.year, 1, 1))]


def survival(deals, visits, as_of, first_day):
    """marts.survival without its measure in business days."""
    groups = defaultdict(list)
    band_of = {key(deal): deal["size_band"] for deal in deals}
    together = defaultdict(list)
    for visit in visits:
        if visit["kind"] == "open" and visit["is_observed"]:
            spell = visit["days"], _ending(visit["outcome"])
            where = "stage", *place(visit)
            groups[*where, "all", "all", first_day].append(spell)
            groups[*where, band_of[key(visit)], "all", first_day].append(spell)
            groups[*where, "all", "quarter", quarter(visit["entered_on"])].append(spell)
            together[key(visit), place(visit)].append(spell)
    for (_, where), spells in together.items():
        endings = {ending for _, ending in spells}
        ending = next(e for e in (CENSORED, ENDED_OTHERWISE, WENT_ON) if e in endings)
        groups["deal in stage", *where, "all", "all", first_day].append((sum(days for days, _ in spells), ending))
    for deal in deals:
        if deal["closed_at"] is None or deal["closed_at"] >= deal["created_at"]:
            ending = {"open": CENSORED, "won": WENT_ON, "lost": ENDED_OTHERWISE}[deal["status"]]
            spell = days_between(deal["created_at"], deal["closed_at"] or as_of), ending
            for pipeline in (deal["pipeline"], "all"):
                for cohort, start in (("all", first_day), *cohorts_of(deal["created_at"].date())):
                    groups["deal", pipeline, "all", "all", cohort, start].append(spell)
    return [{**dict(zip(LABELS, where, strict=True)), **figures(spells)} for where, spells in groups.items()]


def _ending(outcome):
    if outcome == "still_there":
        return CENSORED
    return WENT_ON if outcome in ("advanced", "won") else ENDED_OTHERWISE


def figures(spells):
    """All figures of a list of (days, ending)."""
    steps = list(_walk(spells))
    final = steps[-1]["incidence"]
    median_days, p75_days, p90_days = survival_quantiles(
        [(days, ending != CENSORED) for days, ending in spells], (Fraction(1, 2), Fraction(1, 4), Fraction(1, 10))
    )
    longest = max(days for days, _ in spells)
    area = _area(steps, longest)
    error = sqrt(sum(_area(steps, longest, since=s["days"]) ** 2 * s["hazard_variance"] for s in steps))
    low, high = _log_log(final, _incidence_error(steps, final))
    return {
        "spells": len(spells),
        "went_on": sum(ending == WENT_ON for _, ending in spells),
        "ended_otherwise": sum(ending == ENDED_OTHERWISE for _, ending in spells),
        "censored": sum(ending == CENSORED for _, ending in spells),
        "median_days": median_days,
        "median_days_low": _median_limit(steps, +1),
        "median_days_high": _median_limit(steps, -1),
        "p75_days": p75_days,
        "p90_days": p90_days,
        "went_on_p80_days": next((s["days"] for s in steps if s["incidence"] >= 0.8 * final - NEAR), None) if final else None,
        "restricted_mean_days": area,
        "restricted_mean_days_low": max(area - Z95 * error, 0),
        "restricted_mean_days_high": area + Z95 * error,
        "restricted_to_days": longest,
        "estimate": min(final, 1.0),
        "estimate_low": low,
        "estimate_high": high,
        "unresolved_share": steps[-1]["survival"],
    }


def _walk(spells):
    """What holds from each distinct day on: the share left, and the share that went on."""
    left, incidence, greenwood, at_risk = 1.0, 0.0, 0.0, len(spells)
    for days, group in groupby(sorted(spells), key=lambda spell: spell[0]):
        endings = [ending for _, ending in group]
        went_on, leaving = endings.count(WENT_ON), len(endings) - endings.count(CENSORED)
        before = left
        incidence += left * went_on / at_risk
        left = 0.0 if leaving == at_risk else left * (1 - leaving / at_risk)
        variance = 0.0 if leaving == at_risk else leaving / (at_risk * (at_risk - leaving))
        greenwood += variance
        yield {
            "days": days, "survival": left, "before": before, "incidence": incidence, "greenwood": greenwood,
            "hazard_variance": variance, "at_risk": at_risk, "went_on": went_on,
        }  # fmt: skip
        at_risk -= len(endings)


def _area(steps, until, since=0.0):
    """The area below the survival curve between two days."""
    edges = [(0.0, 1.0), *((s["days"], s["survival"]) for s in steps)]
    ends = [*(days for days, _ in edges[1:]), until]
    return sum(max(0.0, min(end, until) - max(begin, since)) * height for (begin, height), end in zip(edges, ends, strict=True))


def _median_limit(steps, sign):
    """Where an end of the log-log interval of S(t) reaches one half; where all have left there is no interval, and it does."""
    for step in steps:
        left = step["survival"]
        if left == 0.0:
            return step["days"]
        if left < 1.0:
            spread = Z95 * sqrt(step["greenwood"]) / abs(log(left))
            if left ** exp(sign * spread) <= 0.5 + NEAR:
                return step["days"]
    return None


def _incidence_error(steps, final):
    variance = 0.0
    for s in steps:
        ahead, n, d = final - s["incidence"], s["at_risk"], s["went_on"]
        variance += ahead**2 * s["hazard_variance"] + s["before"] ** 2 * d * (n - d) / n**3
        variance -= 2 * ahead * s["before"] * d / n**2
    return sqrt(max(variance, 0.0))


def _log_log(share, error):
    if not 0 < share < 1 - NEAR:
        return None, None
    spread = Z95 * error / (share * abs(log(share)))
    return share ** exp(spread), share ** exp(-spread)


def estimate_of(figures, name, counted):
    """The columns of an estimate from a row of marts.survival, where there is one."""
    got = figures or {}
    return {
        name: got.get("estimate"), f"{name}_low": got.get("estimate_low"), f"{name}_high": got.get("estimate_high"),
        counted: got.get("spells", 0), "unresolved_share": got.get("unresolved_share"),
    }  # fmt: skip
