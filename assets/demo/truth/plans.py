"""marts.capacity and marts.benchmarks a second time: one row after the other, each from the deals that concern it.

Plans come as they are understood: `targets`, `capacities` and `benchmarks`, with owners, teams and pipelines as the deals
name them ("all" for all), and money in base currency.
"""

from calendar import monthrange
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from statistics import median

from assets.demo.truth.counts import total
from assets.demo.truth.events import key
from assets.demo.truth.statistics import kish, mean, ratio, wilson

MONTHS = {"month": 1, "quarter": 3, "year": 12}
ENOUGH_CLOSED = 10
CUMULATIVE = ("deals_created", "won", "won_amount")


def shifted(day, months):
    """The same day so many months later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def owner_teams(seen):
    """owner -> team, from (owner, team) as the systems show them: where it is one only."""
    teams = {}
    for owner, team in seen:
        teams.setdefault(owner, set()).add(team)
    return {owner: next(iter(known)) for owner, named in teams.items() if len(known := named - {None}) == 1}


class Book:
    """What a row is counted from.

    values: what each deal held at any moment; details: system, deal_id -> owner, team, expected_close_on; teams: owner -> team.
    """

    def __init__(self, deals, visits, values, details, teams, as_of):
        self.as_of, self.today, self.teams, self.values = as_of, as_of.date(), teams, values
        self.deals = []
        for deal in deals:
            more = details[key(deal)]
            team = more["team"] if more["team"] is not None else teams.get(more["owner"])
            days = {"created_on": deal["created_at"].date(), "closed_on": deal["closed_at"] and deal["closed_at"].date()}
            self.deals.append({**deal, **more, **days, "team": team})
        by_key = {key(deal): deal for deal in self.deals}
        stays = [(visit, by_key[key(visit)]) for visit in visits if visit["kind"] == "open"]
        starts = [deal["created_at"] for deal in deals] + [visit["entered_at"] for visit in visits]
        self.first = min(starts).date() if deals else None
        # A large company has many rows: each looks through the deals of its owner or team only.
        self._deals_of, self._stays_of = defaultdict(list), defaultdict(list)
        for deal in self.deals:
            for who in self._holders(deal):
                self._deals_of[who].append(deal)
        for visit, deal in stays:
            left_on = visit["left_at"].date() if visit["left_at"] else date.max
            for who in self._holders(deal):
                self._stays_of[who].append((visit["entered_at"].date(), left_on, visit["pipeline"], deal))
        self.remembered = {}

    @staticmethod
    def _holders(deal):
        return ("owner", deal["owner"]), ("team", deal["team"]), ("all", "all")

    @staticmethod
    def _holder(owner, team):
        return ("owner", owner) if owner != "all" else ("team", team) if team != "all" else ("all", "all")

    def of(self, pipeline, owner, team):
        """The deals of a scope."""
        return [
            deal for deal in self._deals_of[self._holder(owner, team)]
            if pipeline in ("all", deal["pipeline"]) and team in ("all", deal["team"])
        ]  # fmt: skip

    def standing(self, until, pipeline, owner, team):
        """The deals of a scope that were open when the last day before `until` ended, with their amounts of then."""
        end = self.as_of if until == date.max else min(datetime.combine(until, time()) - timedelta(microseconds=1), self.as_of)
        return [
            {**deal, "amount": self.values.at(key(deal), "amount", end)}
            for entered_on, left_on, place, deal in self._stays_of[self._holder(owner, team)]
            if entered_on < until <= left_on and pipeline in ("all", place) and team in ("all", deal["team"])
        ]  # fmt: skip

    def once(self, question, answer):
        """The answer to a question that many rows ask."""
        if question not in self.remembered:
            self.remembered[question] = answer()
        return self.remembered[question]


def _closed(deals, since, until):
    return [d for d in deals if d["closed_on"] and since <= d["closed_on"] < until]


def _amounts(deals):
    return [deal["amount"] for deal in deals if deal["amount"] is not None]


# capacity


def capacity(book, targets, capacities):
    """marts.capacity."""
    quotas = [{**t, "planned": t["target"]} for t in targets if t["metric"] == "won_amount" and t["pipeline"] == "all"]
    kinds = {
        "quota": quotas,
        "open_deals_capacity": [{**c, "planned": c["open_deals_capacity"]} for c in capacities if c["open_deals_capacity"] is not None],
        "delivery_capacity": [{**c, "planned": c["delivery_capacity"]} for c in capacities if c["delivery_capacity"] is not None],
    }
    named = {(p["period"], p["period_start"]) for rows in kinds.values() for p in rows if p["period"] in MONTHS}
    for period, months in MONTHS.items():
        start = date(book.today.year, (book.today.month - 1) // months * months + 1, 1)
        if not any(kind == period and since <= book.today < shifted(since, months) for kind, since in named):
            named.add((period, start))
    rows = []
    for period, since in sorted(named):
        here = {k: [p for p in rows if (p["period"], p["period_start"]) == (period, since)] for k, rows in kinds.items()}
        rows += [_capacity_row(book, period, since, owner, team, here) for owner, team in _scopes(book, period, since, here)]
    return rows


def _scopes(book, period, since, plans):
    """(owner, team) of each row of a period: who has a plan in it, works deals at its end, or won some in it."""
    until = shifted(since, MONTHS[period])
    active = book.standing(until, "all", "all", "all")
    active += [d for d in _closed(book.deals, since, until) if d["status"] == "won"]
    owners = {d["owner"] for d in active} | {p["owner"] for rows in plans.values() for p in rows if p["owner"] != "all"}
    teams = {d["team"] for d in active} | {p["team"] for rows in plans.values() for p in rows if p["owner"] == "all"}
    teams |= {book.teams.get(p["owner"]) for rows in plans.values() for p in rows if p["owner"] != "all"}
    scopes = {("all", "all")} | {(owner, "all") for owner in owners if owner} | {("all", team) for team in teams if team}
    return sorted(scopes)


def _sum(values):
    return None if None in values else sum(values)


def _planned(book, plans, owner, team):
    """What the plans of one kind and period give a row, and where that comes from; (None, None) without any."""
    own = [p for p in plans if p["owner"] == owner]
    if owner != "all":
        whole = [p["planned"] for p in own if p["team"] == "all"]
        return (_sum(whole or [p["planned"] for p in own]), "plan") if own else (None, None)
    if said := [p["planned"] for p in own if p["team"] == team]:
        return said[0], "plan"
    owners = sorted({p["owner"] for p in plans if p["owner"] != "all"})
    if team != "all":
        parts = [_planned(book, plans, name, "all")[0] for name in owners if book.teams.get(name) == team]
        return (_sum(parts), "sum of owners") if parts else (None, None)
    teams = {p["team"] for p in plans if p["owner"] == "all"} | {book.teams.get(name) for name in owners}
    parts = [_planned(book, plans, "all", name)[0] for name in teams if name is not None]
    parts += [_planned(book, plans, name, "all")[0] for name in owners if book.teams.get(name) is None]
    return (_sum(parts), "sum of teams and owners") if parts else (None, None)


def _win_rate(book, owner, team):
    """(rate, of whom, deals behind it, deals of the row's own) over the twelve months up to as-of."""
    tries = [(owner, team, "owner" if owner != "all" else "team" if team != "all" else "company")]
    tries += [("all", book.teams[owner], "team")] if owner in book.teams else []
    tries += [("all", "all", "company")]
    counted = []
    for who, part, name in tries:
        closed = book.once(("recent", who, part), lambda who=who, part=part: _recent(book, who, part))
        counted.append((sum(1 for d in closed if d["status"] == "won"), len(closed), name))
    for won, closed, name in counted:
        if closed >= ENOUGH_CLOSED:
            return won / closed, name, closed, counted[0][1]
    return None, "too few closed deals", None, counted[0][1]


def _recent(book, owner, team):
    """What was closed in the twelve months up to as-of."""
    moment = book.as_of
    since = datetime.combine(shifted(moment.date(), -12), moment.time())
    return [d for d in book.of("all", owner, team) if d["closed_at"] and since < d["closed_at"] <= moment]


def _capacity_row(book, period, since, owner, team, plans):
    until = shifted(since, MONTHS[period])
    state = "ended" if until <= book.today else "ahead" if since > book.today else "running"
    standing = book.standing(until, "all", owner, team)
    won = [d for d in _closed(book.of("all", owner, team), since, until) if d["status"] == "won"]
    due = [
        d for d in book.of("all", owner, team)
        if d["status"] == "open" and d["expected_close_on"] and since <= d["expected_close_on"] < until
    ]  # fmt: skip
    quota, quota_from = _planned(book, plans["quota"], owner, team)
    work, work_from = _planned(book, plans["open_deals_capacity"], owner, team)
    deliveries, deliveries_from = _planned(book, plans["delivery_capacity"], owner, team)
    rate, rate_from, behind, own_closed = _win_rate(book, owner, team)
    booked, coverage = float(total(_amounts(won))), float(total(_amounts(due)))
    missing = None if quota is None else max(float(quota) - booked, 0.0)
    needed = 0.0 if missing == 0 else missing / rate if missing and rate else None
    is_over = state == "ended"
    status = "met" if missing == 0 else "missed" if is_over else "open"
    return {
        "period": period,
        "period_start": since,
        "period_end": until,
        "period_state": state,
        "owner": owner,
        "team": team,
        "owner_team": book.teams.get(owner),
        "open_deals": len(standing),
        "open_amount": total(_amounts(standing)),
        "open_without_amount": len(standing) - len(_amounts(standing)),
        "open_deals_capacity": work,
        "open_deals_capacity_from": work_from,
        "capacity_used": None if work is None else ratio(len(standing), work),
        "deals_over_capacity": None if work is None else max(len(standing) - work, 0),
        "won": len(won),
        "delivery_capacity": deliveries,
        "delivery_capacity_from": deliveries_from,
        "delivery_used": None if deliveries is None else ratio(len(won), deliveries),
        "deals_over_delivery": None if deliveries is None else max(len(won) - deliveries, 0),
        "booked": booked,
        "won_without_amount": len(won) - len(_amounts(won)),
        "quota": quota,
        "quota_from": quota_from,
        "attainment": booked / float(quota) if quota else None,
        "target_status": "no target" if quota_from is None else "target unknown" if quota is None else status,
        "trailing_win_rate": rate,
        "trailing_win_rate_from": rate_from,
        "trailing_closed": behind,
        "own_closed": own_closed,
        "due_deals": None if is_over else len(due),
        "due_without_amount": None if is_over else len(due) - len(_amounts(due)),
        "coverage": None if is_over else coverage,
        "coverage_needed": None if is_over else needed,
        "coverage_gap": None if is_over or needed is None else max(needed - coverage, 0.0),
        "coverage_ratio": None if is_over or not missing else coverage / missing,
        "coverage_ratio_needed": 1 / rate if rate else None,
    }


# benchmarks

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


def benchmarks(book, targets, outside):
    """marts.benchmarks."""
    wanted = {(m, period, since, "all", "all", "all") for m in METRICS for period, since in _calendar(book)}
    wanted |= {_wish(t) for t in targets}
    wanted |= {(b["metric"], "all", book.first or book.today, "all", "all", "all") for b in outside}
    plan = {_wish(t): t for t in targets}
    rows = []
    for wish in sorted(wanted):
        metric, period, since, *scope = wish
        until = shifted(since, MONTHS[period]) if period in MONTHS else None
        before = shifted(since, -MONTHS[period]) if period in MONTHS else None
        value, low, high, records, missing = _own(book, metric, period, since, until, scope)
        definition, unit, better = METRICS.get(metric, (None, None, None))
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
            rows.append({**row, "benchmark_number": number if others else 0, **_beside(row, benchmark, better)})
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
    closed = _closed(deals, since, until)
    won, lost = ([d for d in closed if d["status"] == status] for status in ("won", "lost"))
    days = [d["days_to_close"] for d in won if d["days_to_close"] is not None]
    won_amounts, lost_amounts, amounts = _amounts(won), _amounts(lost), _amounts(closed)
    size, cycle, rate = mean(won_amounts), mean(days), ratio(len(won), len(closed))
    by_amount = ratio(total(won_amounts), total(amounts))
    velocity = None if None in (size, rate) or not cycle else len(standing) * rate * size / cycle
    without = len(won) - len(won_amounts)
    return {
        "deals_created": (len(created), None, None, len(created), 0),
        "deals_in_pipeline": (len(standing), None, None, len(standing), 0),
        "open_amount": (float(total(_amounts(standing))), None, None, len(standing), None),
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
