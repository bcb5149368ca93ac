"""What became of the people who were leads in a month, counted person by person."""

from bisect import bisect_right
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from assets.demo.truth.statistics import kaplan_meier, survival_quantile, wilson

STAGES = ("lead", "mql", "sql", "opportunity", "customer", "post_sale")
DAY = timedelta(days=1)


def funnel_conversion(people: list[dict], as_of: datetime, labels: dict[str, dict[str, str]] | None = None) -> list[dict]:
    """Rows of `marts.funnel_conversion` from those of `marts.funnel_stages`; months in UTC.

    labels: person -> owner and team, of those who have any.
    """
    counted, labels = [], labels or {}
    for p in people:
        times = [p[f"first_{s}_at"] for s in STAGES]
        if p["is_test"] or not any(times):
            continue
        began = min(t for t in times if t)
        # Whoever reached a later stage reached the earlier ones.
        reached = max(n for n, t in enumerate(times) if t)
        bought = (p["first_customer_at"] or p["first_post_sale_at"]) if reached >= 4 else None
        counted.append({
            "month": began.date().replace(day=1), "channel": p["channel"], "campaign": p["campaign"] or "none", "reached": reached,
            "lead source": p.get("lead_source") or "none", **labels.get(p["person"], {"owner": "nobody", "team": "none"}),
            "age": (as_of - began) / DAY, "days": max((bought - began) / DAY, 0.0) if bought else None,
        })  # fmt: skip
    curve = _share_sold(counted)
    first = min((p["month"] for p in counted), default=None)
    cohorts = defaultdict(list)
    for p in counted:
        for cohort in (("month", p["month"]), ("all", first)):
            for scope in ((p["channel"], p["campaign"]), (p["channel"], "all"), ("all", "all")):
                cohorts[*cohort, *scope, "all", "all"].append(p)
            for dimension in ("lead source", "owner", "team"):
                for channel in (p["channel"], "all"):
                    cohorts[*cohort, channel, "all", dimension, p[dimension]].append(p)
    return [_row(key, members, curve) for key, members in cohorts.items()]


def _share_sold(people: list[dict]) -> list[tuple[float, float]]:
    """(days, share of customers by then), product limit; empty under 20 customers."""
    if sum(p["days"] is not None for p in people) < 20:
        return []
    left, curve = 1.0, []
    for day in sorted({p["age"] if p["days"] is None else p["days"] for p in people}):
        at_risk = sum((p["age"] if p["days"] is None else p["days"]) >= day for p in people)
        sold = sum(p["days"] == day for p in people)
        left *= 1 - sold / at_risk
        curve.append((day, 1 - left))
    return curve


def _row(key: tuple, members: list[dict], curve: list[tuple[float, float]]) -> dict:
    leads, mqls, sqls, opportunities, customers = (sum(p["reached"] >= n for p in members) for n in range(5))
    row = dict(zip(("cohort", "cohort_start", "channel", "campaign", "dimension", "segment"), key, strict=True))
    row |= {"leads": leads, "mqls": mqls, "sqls": sqls, "opportunities": opportunities, "customers": customers}
    reached = (leads, mqls, sqls, opportunities, customers)
    for name, of, to in zip(("lead_to_mql", "mql_to_sql", "sql_to_opportunity", "opportunity_to_customer"), reached, reached[1:], strict=False):
        low, high = wilson(to / of, of) if of else (None, None)
        row |= {name: to / of if of else None, f"{name}_low": low, f"{name}_high": high}
    days = [p["days"] for p in members if p["days"] is not None]
    rate = customers / leads
    low, high = wilson(rate, leads)
    row |= {"lead_to_customer": rate, "lead_to_customer_low": low, "lead_to_customer_high": high, "median_days_to_customer": median(days) if days else None}
    if not curve:
        return row | {"maturity": None, "is_mature": None, "lead_to_customer_estimate": None}
    knots, shares = [d for d, _ in curve], [s for _, s in curve]
    matured = sum((shares[place - 1] if (place := bisect_right(knots, p["age"])) else 0.0) / shares[-1] for p in members)
    maturity = matured / leads
    row |= {"maturity": maturity, "is_mature": maturity >= 0.9, "lead_to_customer_estimate": None}
    if maturity >= 0.1:
        estimate = min(customers / matured, 1)
        low, high = wilson(estimate, matured)
        row |= {"lead_to_customer_estimate": estimate, "lead_to_customer_estimate_low": low, "lead_to_customer_estimate_high": high}
    return row


def funnel_times(people: list[dict], as_of: datetime) -> list[dict]:
    """Rows of `marts.funnel_times` from those of `marts.funnel_stages`."""
    groups: dict[tuple[str, str], list[tuple[float, bool] | str]] = defaultdict(list)
    for p in people:
        for start, end in [*pairwise(STAGES[:5]), ("lead", "customer")]:
            since, then = p[f"first_{start}_at"], p[f"first_{end}_at"]
            if p["is_test"] or since is None:
                continue
            spell: tuple[float, bool] | str = ((then or as_of) - since) / DAY, then is not None
            if then is None and p[f"{end}_is_inferred"]:
                spell = "without_time"
            elif spell[0] < 0:
                spell = "backwards"
            for channel in (p["channel"], "all"):
                groups[f"{start} to {end}", channel].append(spell)
    rows = []
    for (step, channel), all_of in groups.items():
        spells = [s for s in all_of if isinstance(s, tuple)]
        curve, arrived = kaplan_meier(spells), [days for days, has in spells if has]
        quantiles = {f"{name}_days": survival_quantile(curve, level) for name, level in (("median", 0.5), ("p75", 0.25), ("p90", 0.1))}
        rows.append({
            "step": step, "channel": channel, "people": len(spells), "arrived": len(arrived), "waiting": len(spells) - len(arrived), **quantiles,
            "naive_median_days": median(arrived) if arrived else None, **{w: all_of.count(w) for w in ("without_time", "backwards")},
        })  # fmt: skip
    return rows
