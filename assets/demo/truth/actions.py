"""Which actions are followed by more deals going on: each stay looked at on its landmark day, one by one."""

import re
from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from math import ceil, sqrt
from statistics import median

from assets.demo.truth.events import key, place
from assets.demo.truth.leaks import ENOUGH_RESOLVED, false_discovery_rates, fisher
from assets.demo.truth.statistics import ratio, survival_quantiles, wilson

KINDS = {
    "demo": r"demo|d.mo\b|vorf.hrung",
    "content": r"content|contenido|brochure|folleto|case study|white paper|document|proposal|propuesta|quote|presupuesto|angebot|devis|letter|postal",
    "e-mail": r"e ?mail|mail|listemail|correo|courriel",
    "call": r"call|phone|voicemail|llamada|tel.fono|anruf|telefon|appel|liga..o|chamada",
    "meeting": r"meeting|event|appointment|visit|lunch|reuni|r.union|cita\b|termin\b|besprechung|rendez",
    "task": r"task|to ?do|deadline|follow up|tarea|seguimiento|aufgabe|t.che|tarefa",
}
PLANNED, LEFT = "before_landmark", "left_before_landmark"
WEEK = "a week: half of its stays have not ended yet"
HALF = "half the median time of the stage"


def kind_of(activity_type, subject):
    """What an activity is, by the first kind of which a word begins so."""
    words = " ".join(re.findall(r"[^\W_]+", (activity_type or "").lower()))
    kind = next((kind for kind, pattern in KINDS.items() if re.search(rf"\b({pattern})", words)), "other")
    return "demo" if kind == "meeting" and re.search(r"\bdemos?\b", (subject or "").lower()) else kind


def action_effect(visits, activities, by_labels, first_day, as_of):
    """marts.action_effect."""
    done, recorded = defaultdict(list), defaultdict(set)
    for activity in activities:
        at = activity["occurred_at"]
        if activity["deal_id"] and activity["is_done"] is not False and at and at <= as_of and activity.get("direction") != "inbound":
            for kind in (kind_of(activity.get("activity_type"), activity.get("subject")), "any"):
                done[key(activity), kind].append(at)
                recorded[activity["system"]].add(kind)
    stays_of = defaultdict(list)
    for visit in visits:
        if visit["kind"] == "open":
            for kind in recorded[visit["system"]]:
                stays_of[*place(visit), kind].append(visit)
    rows, tested = [], {}
    for where, stays in stays_of.items():
        curve = by_labels.get(("stage", *where[:2], "all", "all", first_day), {"median_days": None})
        row = _effect(where, stays, done, curve["median_days"], as_of)
        rows.append(row)
        if min(row["with_resolved"], row["without_resolved"]) >= ENOUGH_RESOLVED:
            tested[where] = fisher(row["with_went_on"], row["with_resolved"], row["without_went_on"], row["without_resolved"])
    rates = false_discovery_rates(tested)
    for row in rows:
        where = row["pipeline"], row["stage"], row["action"]
        row |= {"p_value": tested.get(where), "q_value": rates.get(where), "verdict": _verdict(row, rates.get(where))}
    return rows


def _effect(where, stays, done, median_days, as_of):
    landmark = 7 if median_days is None else max(1, ceil(median_days / 2))
    heaps = {name: [] for name in (LEFT, PLANNED, "with", "without")}
    naive = {True: [], False: []}
    known = [stay for stay in stays if stay["is_observed"]]
    for stay in known:
        then = stay["entered_at"] + timedelta(days=landmark)
        mine = [at for at in done[key(stay), where[2]] if stay["entered_at"] <= at and (stay["left_at"] is None or at < stay["left_at"])]
        naive[bool(mine)].append(stay)
        if then > as_of:
            heaps[PLANNED].append(stay)
        elif stay["left_at"] is not None and stay["left_at"] <= then:
            heaps[LEFT].append(stay)
        else:
            heaps["with" if any(at < then for at in mine) else "without"].append(stay)
    row = {
        "pipeline": where[0], "stage": where[1], "stage_order": stays[0]["stage_order"], "action": where[2],
        "stays": len(known), "stays_without_entry_time": len(stays) - len(known), "stays_with_action": len(naive[True]),
        "share_with_action": ratio(len(naive[True]), len(known)), "landmark_days": landmark,
        "landmark_basis": WEEK if median_days is None else HALF, LEFT: len(heaps[LEFT]), PLANNED: len(heaps[PLANNED]),
        **_group("with", heaps["with"]), **_group("without", heaps["without"]),
        **_naive("with", naive[True]), **_naive("without", naive[False]),
    }  # fmt: skip
    return row | _difference(row) | {"naive_difference": _minus(row["naive_with_rate"], row["naive_without_rate"])}


def _group(name, stays):
    ended = [stay for stay in stays if stay["outcome"] != "still_there"]
    went_on = sum(stay["outcome"] in ("advanced", "won") for stay in ended)
    rate = ratio(went_on, len(ended))
    low, high = wilson(rate, len(ended))
    (half,) = survival_quantiles([(stay["days"], stay["outcome"] != "still_there") for stay in stays], (Fraction(1, 2),))
    return {
        f"{name}_stays": len(stays), f"{name}_resolved": len(ended), f"{name}_went_on": went_on, f"{name}_open": len(stays) - len(ended),
        f"{name}_rate": rate, f"{name}_rate_low": low, f"{name}_rate_high": high, f"{name}_median_days": half,
    }  # fmt: skip


def _naive(name, stays):
    ended = [stay for stay in stays if stay["outcome"] != "still_there"]
    went_on = sum(stay["outcome"] in ("advanced", "won") for stay in ended)
    return {
        f"naive_{name}_resolved": len(ended), f"naive_{name}_went_on": went_on, f"naive_{name}_rate": ratio(went_on, len(ended)),
        f"naive_{name}_median_days": median(stay["days"] for stay in ended) if ended else None,
    }  # fmt: skip


def _difference(row):
    with_rate, without_rate = row["with_rate"], row["without_rate"]
    if with_rate is None or without_rate is None:
        return dict.fromkeys(("difference", "difference_low", "difference_high"))
    below = sqrt((with_rate - row["with_rate_low"]) ** 2 + (row["without_rate_high"] - without_rate) ** 2)
    above = sqrt((row["with_rate_high"] - with_rate) ** 2 + (without_rate - row["without_rate_low"]) ** 2)
    difference = with_rate - without_rate
    return {"difference": difference, "difference_low": difference - below, "difference_high": difference + above}


def _minus(one, other):
    return None if one is None or other is None else one - other


def _verdict(row, rate):
    if rate is None:
        return "insufficient cases"
    if rate > 0.05:
        return "no clear difference"
    return "more go on" if row["difference"] > 0 else "fewer go on"
