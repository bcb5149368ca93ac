"""Who gets the credit for a lead, a deal, a sale: every rule written out for one path at a time."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MILESTONES = ("lead", "mql", "sql", "opportunity", "won")
MODELS = (
    "first_touch", "last_touch", "linear", "position_based", "time_decay", "u_shaped", "w_shaped", "full_path", "markov",
)  # fmt: skip
ANCHORS = {
    "u_shaped": ({"first": Fraction(40), "lead": Fraction(40)}, Fraction(20)),
    "w_shaped": ({"first": Fraction(30), "lead": Fraction(30), "opportunity": Fraction(30)}, Fraction(10)),
    "full_path": ({"first": Fraction("22.5"), "lead": Fraction("22.5"), "opportunity": Fraction("22.5"), "won": Fraction("22.5")}, Fraction(10)),
}
"""Model -> percent of each anchor, and percent that the touches between them share."""

Row = dict[str, object]


def end_of(moment: datetime) -> datetime:
    """A day without a time counts to its end."""
    return moment + timedelta(days=1, microseconds=-1) if moment.time() == datetime.min.time() else moment


def path_to(milestone: str, moments: dict[str, datetime | None], own: list[Row], colleagues: list[Row]) -> list[Row]:
    """The touches that had taken place by a milestone, in order: of people with a part, else of their colleagues."""
    until = end_of(moments[milestone])
    for touches in (own, colleagues):
        if found := [t for t in touches if t["occurred_at"] <= until]:
            return sorted(found, key=lambda t: (t["occurred_at"], t["touch_system"], t["touch_id"]))
    return []


def credits(model: str, milestone: str, moments: dict[str, datetime | None], path: list[Row], half_life: float, effects: dict[str, float]) -> list[float]:
    """The share of each touch of a path, in order; together 1."""
    n = len(path)
    if model == "first_touch":
        return [1.0] + [0.0] * (n - 1)
    if model == "last_touch":
        return [0.0] * (n - 1) + [1.0]
    if model == "position_based":
        if n < 3:
            return [1 / n] * n
        return [0.4, *[0.2 / (n - 2)] * (n - 2), 0.4]
    if model == "time_decay":
        ages = [(path[-1]["occurred_at"] - t["occurred_at"]) / timedelta(days=1) for t in path]
        return _shared([0.5 ** (age / half_life) for age in ages])
    if model == "markov":
        return _shared([effects.get(t["channel"], 0.0) for t in path])
    if model in ANCHORS:
        return [float(share) for share in _anchored(model, milestone, moments, path)]
    return [1 / n] * n


def _anchored(model: str, milestone: str, moments: dict[str, datetime | None], path: list[Row]) -> list[Fraction]:
    anchors, between = ANCHORS[model]
    weights = [Fraction(0)] * len(path)
    for anchor, percent in anchors.items():
        if anchor == "first":
            weights[0] += percent
            continue
        at = moments[anchor]
        if MILESTONES.index(anchor) > MILESTONES.index(milestone) or at is None or at > moments[milestone]:
            continue
        if before := [i for i, t in enumerate(path) if t["occurred_at"] <= end_of(at)]:
            weights[before[-1]] += percent
    bare = [i for i, weight in enumerate(weights) if not weight]
    for i in bare:
        weights[i] = between / len(bare)
    return [weight / sum(weights) for weight in weights]


def _shared(weights: list[float]) -> list[float]:
    total = sum(weights)
    return [w / total for w in weights] if total else [1 / len(weights)] * len(weights)


def removal_effects(converted: list[list[str]], others: list[list[str]]) -> dict[str, float]:
    """Channel -> by what share fewer would convert without it: 1 − P(converting without it) ÷ P(converting), first order.

    Anderl, Becker, von Wangenheim and Schumann (2016). Of one person's path only the next channel depends on the present one.
    """
    steps: dict[str, Counter] = {}
    for path, end in [(p, "(converted)") for p in converted] + [(p, "(lost)") for p in others]:
        for here, there in zip(["(start)", *path], [*path, end], strict=True):
            steps.setdefault(here, Counter())[there] += 1
    channels = {c for path in [*converted, *others] for c in path}
    whole = _chance(steps, None)
    return {c: 1 - _chance(steps, c) / whole if whole else 0.0 for c in channels}


def _chance(steps: dict[str, Counter], without: str | None) -> float:
    """Chance to convert from the start, by letting a unit flow until next to nothing is under way."""
    under_way, arrived = {"(start)": 1.0}, 0.0
    while sum(under_way.values()) > 1e-13:
        onwards: dict[str, float] = {}
        for here, mass in under_way.items():
            total = sum(steps[here].values())
            for there, count in steps[here].items():
                if there == "(converted)":
                    arrived += mass * count / total
                elif there != "(lost)" and there != without:
                    onwards[there] = onwards.get(there, 0.0) + mass * count / total
        under_way = onwards
    return arrived


def attribution(tables: dict[str, list[Row]]) -> tuple[list[Row], list[Row]]:
    """Rows of `marts.attribution` and of `marts.removal_effects`, from the tables that the models are given."""
    half_life = tables["core.parameters"][0]["attribution_half_life_days"]
    channels = {(t["system"], t["touch_id"]): t for t in tables["core.touches"] if t["side"] == "marketing"}
    firsts = {f["person"]: f for f in tables["marts.funnel_stages"]}
    live = [d for d in tables["marts.deals"] if d["status"] in ("open", "won", "lost")]
    parts = _grouped((m for m in tables["core.deal_people"] if m["has_role"]), lambda m: (m["system"], m["deal_id"]))
    journeys = _grouped(tables["core.deal_journeys"], lambda j: (j["system"], j["deal_id"]))
    wanted: list[tuple[str, Row, dict, list[Row]]] = []
    others: dict[str, list[list[str]]] = defaultdict(list)
    for deal in live:
        moments: dict[str, datetime | None] = {"opportunity": deal["created_at"], "won": deal["closed_at"] if deal["status"] == "won" else None}
        for early in ("lead", "mql", "sql"):
            people = [p["person"] for p in parts.get((deal["system"], deal["deal_id"]), ()) if p["person"] in firsts]
            known = [at for p in people if (at := firsts[p][f"first_{early}_at"])]
            moments[early] = min((at for at in known if at <= end_of(deal["created_at"])), default=None)
        touches = [
            {**channels[j["touch_system"], j["touch_id"]], **j} for j in journeys.get((deal["system"], deal["deal_id"]), ())
            if j["side"] == "marketing"
        ]  # fmt: skip
        nearer = [t for t in touches if t["method"] != "same company"], [t for t in touches if t["method"] == "same company"]
        who = {"system": deal["system"], "deal_id": deal["deal_id"], "person": "", "whole": deal["amount"]}
        for milestone in MILESTONES:
            if milestone != "won" or deal["status"] == "won":
                path = path_to(milestone, moments, *nearer) if moments[milestone] else []
                wanted.append((milestone, who, moments, path))
        if deal["status"] == "lost":
            for some in nearer:
                if known := [t for t in some if t["occurred_at"] <= deal["closed_at"]]:
                    others["won"].append(_channels(known))
                    break
    busy = {member["person"] for deal in live for member in parts.get((deal["system"], deal["deal_id"]), ())}
    counted = [{**t, "touch_system": t["system"]} for t in channels.values() if t["excluded"] is None]
    of_person = _grouped(counted, lambda t: t["person"])
    for person, first in firsts.items():
        if first["is_test"] or person in busy:
            continue
        mine = of_person.get(person, [])
        moments = {m: first.get(f"first_{m}_at") for m in MILESTONES}
        for milestone in MILESTONES:
            if moments[milestone]:
                who = {"system": "", "deal_id": "", "person": person, "whole": None}
                wanted.append((milestone, who, moments, path_to(milestone, moments, mine, [])))
            elif mine and not first.get(f"{milestone}_is_inferred"):
                others[milestone].append(_channels(mine))
    strangers = (t for t in counted if t["not_linked"] == "visitor never known")
    for mine in _grouped(strangers, lambda t: (t["system"], t["visitor_id"])).values():
        for milestone in MILESTONES:
            others[milestone].append(_channels(mine))
    rows, missed = [], []
    for milestone in MILESTONES:
        led = [_channels(path) for m, _, _, path in wanted if m == milestone and path]
        effects = removal_effects(led, others[milestone]) if led else {}
        missed += [{"milestone": milestone, "channel": c, "removal_effect": e} for c, e in effects.items()]
        for _, who, moments, path in (w for w in wanted if w[0] == milestone):
            for model in MODELS:
                rows += [{"milestone": milestone, "model": model, **row} for row in _rows(model, milestone, who, moments, path, half_life, effects)]
    return rows, missed


def _grouped(rows: Iterable[Row], key: Callable[[Row], object]) -> dict[object, list[Row]]:
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _channels(touches: list[Row]) -> list[str]:
    return [t["channel"] for t in sorted(touches, key=lambda t: (t["occurred_at"], t["touch_system"], t["touch_id"]))]


def _rows(model: str, milestone: str, who: Row, moments: dict, path: list[Row], half_life: float, effects: dict[str, float]) -> list[Row]:
    whole = who["whole"]
    key = {k: who[k] for k in ("system", "deal_id", "person")}
    if not path:
        why = "no touch before it" if moments[milestone] else "milestone not recorded"
        return [{**key, "touch_system": "", "touch_id": "", "channel": "unattributed", "credit": 1.0, "amount": whole, "unattributed": why}]
    shares = credits(model, milestone, moments, path, half_life, effects)
    paid, so_far, rows = Decimal(0), 0.0, []
    last = max(i for i, share in enumerate(shares) if share)
    for i, (touch, share) in enumerate(zip(path, shares, strict=True)):
        if not share:
            continue
        so_far += share
        due = None if whole is None else whole if i == last else (whole * Decimal(so_far)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        rows.append({
            **key, "touch_system": touch["touch_system"], "touch_id": touch["touch_id"], "channel": touch["channel"], "credit": share,
            "amount": None if due is None else due - paid, "unattributed": None, "touch_number": i + 1, "touches": len(path),
        })  # fmt: skip
        paid = paid if due is None else due
    return rows
