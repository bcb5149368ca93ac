"""marts.benchmarks a second time: one row after the other, each from the deals that concern it."""

from datetime import date
from statistics import median

from assets.demo.truth.counts import total
from assets.demo.truth.plans import MONTHS, closed_in, known_amounts, shifted
from assets.demo.truth.statistics import kish, mean, ratio, wilson

CUMULATIVE = ("deals_created", "won", "won_amount")
METRICS = {
    "deals_created": ("deals created in the period", "deals", "higher"),
    "deals_in_pipeline": ("deals in an open stage at the end of the period", "deals", "higher"),
    "open_amount": ("amount of the deals in an open stage at the end of the period", "money", "higher"),
    "won": ("deals won in the period", "deals", "higher"),
    "lost": ("deals lost in the period", "deals", "lower"),
    "won_amount": ("amount of the deals won in the period", "money", "higher"),
    "lost_amount": ("amount of the deals lost in the period", "money", "lower"),
    "win_rate": ("won / (won + lost)", "rate", "higher"),
    "win_rate_by_amount": ("won_amount / (won_amount + lost_amount)", "rate", "higher"),
    "average_deal_size": ("won_amount / won deals with an amount", "money", "higher"),
    "average_days_to_close": ("mean days from creation to closing of won deals", "days", "lower"),
    "median_days_to_close": ("median days from creation to closing of won deals", "days", "lower"),
    "velocity_per_day": ("deals_in_pipeline * win_rate * average_deal_size / average_days_to_close", "money per day", "higher"),
}  # fmt: skip
PEOPLE = {
    "lead_to_mql": ("mqls / leads", "rate", "higher"),
    "mql_to_sql": ("sqls / mqls", "rate", "higher"),
    "sql_to_opportunity": ("opportunities / sqls", "rate", "higher"),
    "opportunity_to_customer": ("customers / opportunities", "rate", "higher"),
    "lead_to_customer": ("customers / leads", "rate", "higher"),
}
"""Of people, of all time: mature months of leads."""
ALL = METRICS | PEOPLE
OF_VALUE = ("value", "value_low", "value_high", "value_records", "value_missing", "target_status", "target_gap", "verdict")


def benchmarks(book, targets, outside, funnel=None):
    """marts.benchmarks; funnel: metric of PEOPLE -> (reached, people), without it nothing is said of their values."""
    wanted = {(m, period, since, "all", "all", "all") for m in METRICS for period, since in _calendar(book)}
    wanted |= {(m, "all", book.first, "all", "all", "all") for m in PEOPLE if book.first}
    wanted |= {_wish(t) for t in targets}
    wanted |= {(b["metric"], "all", book.first or book.today, "all", "all", "all") for b in outside}
    plan = {_wish(t): t for t in targets}
    rows = []
    for wish in sorted(wanted):
        metric, period, since, *scope = wish
        until = shifted(since, MONTHS[period]) if period in MONTHS else None
        before = shifted(since, -MONTHS[period]) if period in MONTHS else None
        value, low, high, records, missing = _own(book, metric, period, since, until, scope)
        reached, people = (funnel or {}).get(metric, (0, 0))
        if people and period == "all" and scope == ["all"] * 3:
            value, low, high, records, missing = reached / people, *wilson(reached / people, people), people, 0
        definition, unit, better = ALL.get(metric, (None, None, None))
        target = plan.get(wish)
        row = {
            "metric": metric, "definition": definition, "unit": unit, "period": period, "period_start": since,
            "pipeline": scope[0], "owner": scope[1], "team": scope[2], "value": value,
            "value_low": value if low is None else low, "value_high": value if high is None else high,
            "value_records": records, "value_missing": missing,
            "previous_value": _own(book, metric, period, before, since, scope)[0] if until else None,
            "target": target and target["target"],
            "target_status": _target_status(metric, better, value, target, until, book.today),
            "target_gap": None if target is None or None in (value, target["target"]) else value - float(target["target"]),
        }  # fmt: skip
        others = sorted(
            (b for b in outside if b["metric"] == metric),
            key=lambda b: (b["source"], b["year"] is None, b["year"] or 0, b["definition"]),
        )
        for number, benchmark in enumerate(others or [None], 1):
            whole = {**row, "benchmark_number": number if others else 0, **_beside(row, benchmark, better)}
            rows.append({k: v for k, v in whole.items() if k not in OF_VALUE} if metric in PEOPLE and funnel is None else whole)
    return rows


def _wish(target):
    return tuple(target[name] for name in ("metric", "period", "period_start", "pipeline", "owner", "team"))


def _calendar(book):
    """(period, first day) of the months, quarters and years from the first event to as-of, and of all time."""
    if book.first is None:
        return
    yield "all", book.first
    for period, months in MONTHS.items():
        start = date(book.first.year, (book.first.month - 1) // months * months + 1, 1)
        while start <= book.today:
            yield period, start
            start = shifted(start, months)


def _own(book, metric, period, since, until, scope):
    """(value, low, high, records, missing) of a metric in the days from `since` to before `until`, or of all time."""
    nothing = (None, None, None, None, None)
    if metric not in METRICS or book.first is None or period not in ("all", *MONTHS):
        return nothing
    since, until = (date.min, date.max) if period == "all" else (since, until)
    if since > book.today or until <= book.first:
        return nothing
    return book.once((since, until, *scope), lambda: _metrics(book, since, until, scope))[metric]


def _metrics(book, since, until, scope):
    """metric -> (value, low, high, records, missing)."""
    deals, standing = book.of(*scope), book.standing(until, *scope)
    created = [d for d in deals if since <= d["created_on"] < until]
    closed = closed_in(deals, since, until)
    won, lost = ([d for d in closed if d["status"] == status] for status in ("won", "lost"))
    days = [d["days_to_close"] for d in won if d["days_to_close"] is not None]
    won_amounts, lost_amounts, amounts = known_amounts(won), known_amounts(lost), known_amounts(closed)
    size, cycle, rate = mean(won_amounts), mean(days), ratio(len(won), len(closed))
    by_amount = ratio(total(won_amounts), total(amounts))
    velocity = None if None in (size, rate) or not cycle else len(standing) * rate * size / cycle
    without = len(won) - len(won_amounts)
    return {
        "deals_created": (len(created), None, None, len(created), 0),
        "deals_in_pipeline": (len(standing), None, None, len(standing), 0),
        "open_amount": (float(total(known_amounts(standing))), None, None, len(standing), None),
        "won": (len(won), None, None, len(won), 0),
        "lost": (len(lost), None, None, len(lost), 0),
        "won_amount": (float(total(won_amounts)), None, None, len(won_amounts), without),
        "lost_amount": (float(total(lost_amounts)), None, None, len(lost_amounts), len(lost) - len(lost_amounts)),
        "win_rate": (rate, *wilson(rate, len(closed)), len(closed), 0),
        "win_rate_by_amount": (by_amount, *wilson(by_amount, kish(amounts)), len(amounts), len(closed) - len(amounts)),
        "average_deal_size": (size, None, None, len(won_amounts), without),
        "average_days_to_close": (cycle, None, None, len(days), len(won) - len(days)),
        "median_days_to_close": (median(days) if days else None, None, None, len(days), len(won) - len(days)),
        "velocity_per_day": (velocity, None, None, len(standing), None),
    }


def _target_status(metric, better, value, target, until, today):
    if target is None:
        return "no target"
    if better is None:
        return "not measured here"
    if until is None:
        return "period not understood"
    if target["target"] is None:
        return "target unknown"
    has_ended = until <= today
    if value is None:
        return "no own value" if has_ended else "open"
    reached = value >= float(target["target"]) if better == "higher" else value <= float(target["target"])
    if has_ended:
        return "met" if reached else "missed"
    return "met" if reached and metric in CUMULATIVE else "open"


def _beside(row, benchmark, better):
    if benchmark is None:
        return {"is_comparable": None, "verdict": "no benchmark"}
    scale = 100 if row["unit"] == "rate" else 1
    value, low, high = (
        v / scale if v is not None and scale > 1 and v > 1 else v for v in (benchmark[n] for n in ("value", "low", "high"))
    )
    said = benchmark["definition"].lower().translate(str.maketrans({"÷": "/", "×": "*", " ": None}))
    comparable = row["definition"] is not None and said == row["definition"].replace(" ", "")
    ends = [v for v in (value, low, high) if v is not None]
    return {
        "benchmark_value": value,
        "benchmark_low": low,
        "benchmark_high": high,
        "benchmark_source": benchmark["source"],
        "benchmark_year": benchmark["year"],
        "benchmark_definition": benchmark["definition"],
        "is_comparable": comparable,
        "verdict": _verdict(row, comparable, ends, better),
    }


def _verdict(row, comparable, ends, better):
    if row["definition"] is None:
        return "not measured here"
    if not comparable:
        return "not comparable"
    if not ends:
        return "no benchmark"
    if row["value"] is None:
        return "no own value"
    bottom, top = min(ends), max(ends)
    if bottom <= row["value"] <= top:
        return "within"
    if row["value_low"] <= top and row["value_high"] >= bottom:
        return "no clear difference"
    return "better" if (row["value"] > top) == (better == "higher") else "worse"
