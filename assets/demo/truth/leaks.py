"""Where deals are lost, for what reason, by whom, and whether that is more than chance: deal by deal, and with whole numbers."""

import re
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
from math import comb, floor

from assets.demo.truth.cohorts import DIMENSIONS
from assets.demo.truth.counts import total
from assets.demo.truth.events import key, place
from assets.demo.truth.statistics import ratio, wilson

ENOUGH_RESOLVED = 10
REASONS = {
    "duplicate or bad data": r"duplica|dup\b|bad data\b|test\b|spam\b|datos err.neos\b",
    "no budget": r"budget|presupuest|no fund|sin fondos\b",
    "competitor": r"competit|competidor|competencia\b|(an)?other vendor\b|otro proveedor\b",
    "price": r"pric|precio|expensive\b|cost(.|s)?\b|car[oa]\b|discount|descuento",
    "timing": r"timing\b|not now\b|bad time\b|too early\b|postpone|delay|on hold\b|aplaza|plazo|momento\b",
    "product fit": r"feature|functional|funcionalidad|fit\b|requirement|requisito|integraci.n\b|integration|encaj[ae]\b",
    "no decision": r"(no|sin) decisi.n\b|status quo\b|do nothing\b|no interest\b|not interested\b|no need\b|sin inter.s\b|no interesad.\b",
    "lost contact": r"unresponsive\b|no response\b|no reply\b|went (dark|silent)\b|ghost|lost contact\b|no (contesta|responde)\b|sin (respuesta|contacto)\b",
}
KINDS = {"all": None, **DIMENSIONS}


def reason_of(text):
    """One of ten reasons, by the first that its words fit."""
    if not (text or "").strip():
        return "unknown"
    words = " ".join(re.findall(r"[^\W_]+", text.lower()))
    return next((reason for reason, pattern in REASONS.items() if re.search(rf"\b({pattern})", words)), "other")


def stage_endings(deals, visits):
    """marts.stage_endings."""
    stays_of, rows = defaultdict(list), []
    for visit in sorted(visits, key=lambda visit: visit["event_number"]):
        if visit["kind"] == "open":
            stays_of[key(visit)].append(visit)
    for deal in deals:
        stays = stays_of[key(deal)]
        for stay in {place(stay): stay for stay in stays}.values():
            if stay["outcome"] != "still_there":
                is_lost = deal["status"] == "lost" and stay is stays[-1] and stay["outcome"] == "lost"
                rows.append({
                    **{name: deal[name] for name in ("system", "deal_id", "amount", *DIMENSIONS.values())},
                    **{name: stay[name] for name in ("pipeline", "stage", "stage_order")}, "is_lost": is_lost,
                    "reason": reason_of(deal["lost_reason"]) if is_lost else None, "lost_reason": deal["lost_reason"] if is_lost else None,
                })  # fmt: skip
    return rows


def segments_of(row):
    """(dimension, segment) of a deal."""
    return [(kind, "all" if field is None else row[field] or "unknown") for kind, field in KINDS.items()]


def fisher(lost, resolved, rest_lost, rest_resolved):
    """The two-sided p-value in whole numbers: all tables with these sums that are no more probable than this one."""
    drawn = lost + rest_lost
    low, high = max(0, drawn - rest_resolved), min(resolved, drawn)
    ways = [comb(resolved, low) * comb(rest_resolved, drawn - low)]
    for k in range(low, high):
        ways.append(ways[-1] * (resolved - k) * (drawn - k) // ((k + 1) * (rest_resolved - drawn + k + 1)))
    return float(Fraction(sum(way for way in ways if way <= ways[lost - low]), sum(ways)))


def false_discovery_rates(p_values):
    """q of each name, by the definition: the smallest p × m ÷ rank of those that are not smaller."""
    ranks = {p: sum(other <= p for other in p_values.values()) for p in set(p_values.values())}
    return {name: min(1.0, *(q * len(p_values) / ranks[q] for q in ranks if q >= p)) for name, p in p_values.items()}


def leaks(deals, endings, stalled):
    """marts.leaks, from the rows of `deals`, `stage_endings` and `stalled_deals`."""
    by_key = {key(deal): deal for deal in deals}
    left, lost, heaps, orders = defaultdict(list), defaultdict(list), defaultdict(list), {}
    for row in endings:
        for segment in segments_of(row):
            left[*place(row), *segment].append(row)
            if row["is_lost"]:
                lost[*place(row), *segment].append(row)
                heaps[*place(row), *segment, row["reason"]].append(row)
        orders[place(row)] = row["stage_order"]
    for row in stalled:
        if row["is_over_limit"]:
            deal = by_key[key(row)]
            orders[place(row)] = row["stage_order"]
            for segment in segments_of(deal):
                heaps[*place(row), *segment, "stalled"].append({**deal, "lost_reason": None})
    tables, tested = {}, {}
    for where, here in left.items():
        whole = *where[:2], "all", "all"
        tables[where] = len(lost[where]), len(here), len(lost[whole]) - len(lost[where]), len(left[whole]) - len(here)
        if where[2] != "all" and min(tables[where][1], tables[where][3]) >= ENOUGH_RESOLVED:
            tested[where] = fisher(*tables[where])
    rates = false_discovery_rates(tested)
    rows = [{**_labels(where), **_sums(here), "reason_sample": _sample(here)} for where, here in heaps.items()]
    for where, here in left.items():
        found = _against(here, *tables[where]) if where[2] != "all" else dict.fromkeys(("rest_resolved", "baseline_rate", "excess_lost", "excess_amount"))
        share = ratio(len(lost[where]), len(here))
        low, high = wilson(share, len(here))
        rows.append({
            **_labels((*where, "all")), **_sums(lost[where]), "resolved": len(here), "lost_rate": share, "lost_rate_low": low,
            "lost_rate_high": high, **found, "p_value": tested.get(where), "q_value": rates.get(where),
            "is_significant": rates[where] <= 0.05 if where in rates else None,
        })  # fmt: skip
    rows = [{**row, "stage_order": orders[place(row)]} for row in rows]
    return _ranked(rows)


def _labels(where):
    return dict(zip(("pipeline", "stage", "dimension", "segment", "reason"), where, strict=True))


def _sums(here):
    amounts = [row["amount"] for row in here]
    return {"deals": len(here), "amount": total(amounts), "deals_without_amount": amounts.count(None)}


def _sample(here):
    times = Counter(row["lost_reason"] for row in here if row["lost_reason"])
    return " | ".join(sorted(times, key=lambda text: (-times[text], text))[:3]) or None


def _against(here, lost, resolved, rest_lost, rest_resolved):
    baseline = ratio(rest_lost, rest_resolved)
    excess = None if baseline is None else lost - resolved * baseline
    known = [Fraction(row["amount"]) for row in here if row["amount"] is not None]
    money = None
    if baseline is not None and known:
        exact = (lost - Fraction(resolved * rest_lost, rest_resolved)) * sum(known) / len(known) * 100
        cents = floor(abs(exact) + Fraction(1, 2))
        money = Decimal(cents if exact > 0 else -cents).scaleb(-2)
    return {"rest_resolved": rest_resolved, "baseline_rate": baseline, "excess_lost": excess, "excess_amount": money}


def _ranked(rows):
    def money(row):
        return row["excess_amount"] if row["reason"] == "all" and row["dimension"] != "all" else row["amount"]

    def order(row):
        value = money(row)
        return value is None, -(value or 0), -row["deals"], row["pipeline"], row["stage"], row["segment"], row["reason"]

    ranks, ranked = Counter(), []
    for row in sorted(rows, key=order):
        ranks[row["dimension"], row["reason"] == "all"] += 1
        ranked.append({**row, "money_rank": ranks[row["dimension"], row["reason"] == "all"]})
    return ranked
