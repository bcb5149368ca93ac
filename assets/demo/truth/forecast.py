"""The forecast, and what it would have said at the beginning of each quarter: deal by deal, from what was known by then."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

from assets.demo.truth.counts import CENT, open_stages, total
from assets.demo.truth.events import key, place
from assets.demo.truth.health import periods
from assets.demo.truth.statistics import ratio, wilson

CATEGORIES = ("pipeline", "best case", "most likely", "commit", "closed", "omitted", "unknown")
SPELLINGS = {"bestcase": "best case", "mostlikely": "most likely", "forecast": "commit", "omit": "omitted"}
ENOUGH_CLOSED, ENOUGH_OPEN = 20, 5


def category(word):
    """One of CATEGORIES for what a CRM wrote."""
    plain = (word or "").lower().replace("_", "").replace(" ", "")
    found = SPELLINGS.get(plain, plain)
    return found if found in CATEGORIES else "unknown"


def sane(probability):
    """The probability where it is one, else None."""
    return probability if probability is not None and 0 <= probability <= 1 else None


def weighted(amount, probability):
    """amount × probability to six digits, to the cent."""
    if amount is None or probability is None:
        return None
    return (amount * Decimal(str(probability)).quantize(Decimal("0.000001"), ROUND_HALF_UP)).quantize(CENT, ROUND_HALF_UP)


def stage_probabilities(deals, visits, stages):
    """marts.stage_probabilities."""
    status = {key(deal): deal["status"] for deal in deals}
    rows = []
    for stage in open_stages(stages):
        ends = [status[who] for who in {key(visit) for visit in visits if place(visit) == place(stage)}]
        won, lost = ends.count("won"), ends.count("lost")
        enough = won + lost >= ENOUGH_CLOSED
        standing = [deal for deal in deals if deal["status"] == "open" and place(deal) == place(stage)]
        known = [p for p in (sane(deal["probability"]) for deal in standing) if p is not None]
        low, high = wilson(won / (won + lost), won + lost) if enough else (None, None)
        rows.append({
            "pipeline": stage["pipeline"], "stage": stage["stage"], "stage_order": stage["stage_order"],
            "deals_entered": len(ends), "won": won, "lost": lost, "closed_deals": won + lost,
            "own_probability": won / (won + lost) if enough else None, "own_probability_low": low, "own_probability_high": high,
            "history": "enough" if enough else "insufficient history", "open_deals": len(standing),
            "deals_with_probability": len(known), "average_probability": sum(known) / len(known) if known else None,
            "typical_probability": median(known) if len(known) >= ENOUGH_OPEN else None,
        })  # fmt: skip
    return rows


def deal_forecasts(deals, probabilities, values, as_of):
    """marts.deal_forecasts; probabilities: rows of stage_probabilities."""
    of_stage = {place(row): row for row in probabilities}
    rows = []
    for deal in deals:
        is_open = deal["status"] == "open"
        own = of_stage[place(deal)]["own_probability"] if is_open else None
        crm = sane(deal["probability"])
        rows.append({
            **{name: deal[name] for name in ("system", "deal_id", "pipeline", "stage", "status", "amount", "expected_close_on")},
            "category": category(values.at(key(deal), "forecast_category", as_of)),
            "crm_probability": crm, "own_probability": own,
            "crm_weighted_amount": weighted(deal["amount"], crm) if is_open else None,
            "own_weighted_amount": weighted(deal["amount"], own), "conflict": _conflict(deal, of_stage),
        })  # fmt: skip
    return rows


def _conflict(deal, of_stage):
    probability = deal["probability"]
    if probability is None:
        return None
    if sane(probability) is None:
        return "The probability lies outside 0 to 1."
    if deal["status"] != "open":
        expected = 1 if deal["status"] == "won" else 0
        return None if probability == expected else f"{deal['status'].title()}, but the probability is not {expected}."
    if probability in (0, 1):
        return f"Open, but the probability is {int(probability)}."
    here = of_stage[place(deal)]
    earlier = [
        row["typical_probability"] for row in of_stage.values()
        if row["pipeline"] == here["pipeline"] and row["stage_order"] < here["stage_order"] and row["typical_probability"] is not None
    ]  # fmt: skip
    return "The probability is below what is typical of an earlier stage." if any(probability < p for p in earlier) else None


def forecast(forecasts, stages):
    """marts.forecast; forecasts: rows of deal_forecasts."""
    rows = []
    for pipeline in (*sorted({stage["pipeline"] for stage in stages}), "all") if stages else ():
        for name in (*CATEGORIES, "all"):
            here = [d for d in forecasts if pipeline in (d["pipeline"], "all") and name in (d["category"], "all")]
            standing = [d for d in here if d["status"] == "open"]
            rows.append({
                "pipeline": pipeline, "forecast_category": name, "open_deals": len(standing),
                "open_amount": total(d["amount"] for d in standing),
                "deals_without_amount": sum(d["amount"] is None for d in standing),
                "crm_weighted_amount": total(d["crm_weighted_amount"] for d in standing),
                "deals_without_probability": sum(d["crm_probability"] is None for d in standing),
                "own_weighted_amount": total(d["own_weighted_amount"] for d in standing),
                "deals_without_history": sum(d["own_probability"] is None for d in standing),
                "conflicts": sum(d["conflict"] is not None for d in here),
                "open_conflicts": sum(d["conflict"] is not None for d in standing),
            })  # fmt: skip
    return rows


def forecast_backtest(raw_deals, deals, events, values, edits, stages, visits, as_of):
    """marts.forecast_backtest."""
    if not visits:
        return []
    tracked = {(edit["system"], edit["field"]) for edit in edits if edit["changed_at"] <= as_of}
    lives = defaultdict(list)
    for event in sorted(events, key=lambda event: event["event_number"]):
        lives[key(event)].append(event)
    records = {key(deal): deal for deal in raw_deals}
    now = {key(deal): deal for deal in deals}
    rows = []
    for period, start, since, until in periods(deals, visits, as_of):
        if period != "quarter":
            continue
        moment = datetime.combine(start, time())
        known = [
            {**found, "ends_as": now.get(who)}
            for who, life in lives.items()
            if (found := _then(records[who], life, values, tracked, moment))
        ]
        own = _own_by_then(known)
        for pipeline in (*sorted({stage["pipeline"] for stage in stages}), "all"):
            here = [d for d in known if pipeline in (d["pipeline"], "all")]
            came = [d for d in deals if pipeline in (d["pipeline"], "all") and _won_in(d, since, until)]
            rows.append({
                "period": "quarter", "period_start": start, "pipeline": pipeline, "is_running": as_of.date() < until,
                **_backtest([d for d in here if d["kind"] == "open"], own, since, until, is_over=until <= as_of.date()),
                "closed_deals": sum(d["kind"] in ("won", "lost") for d in here), "won": len(came),
                "won_amount": total(d["amount"] for d in came),
            })  # fmt: skip
    return rows


def _then(record, life, values, tracked, moment):
    """What was known of a deal just before a moment; None of one that was not there."""
    past = [event for event in life if event["entered_at"] < moment]
    if not past or record["created_at"] >= moment:
        return None
    if past[-1]["record_status"] != "live" and max(record["ended_at"], life[-1]["entered_at"]) < moment:
        return None
    is_untouched = record["updated_at"] is not None and record["updated_at"] < moment
    found = {
        field: values.at(key(record), field, moment - timedelta(microseconds=1))
        if is_untouched or (record["system"], field) in tracked else None
        for field in ("amount", "probability", "close_on")
    }  # fmt: skip
    stood_in = {place(event) for event in past if event["kind"] == "open"}
    return {**found, **{name: past[-1][name] for name in ("pipeline", "stage", "kind")}, "stood_in": stood_in}


def _own_by_then(known):
    ends = defaultdict(list)
    for deal in known:
        if deal["kind"] != "open":
            for spot in deal["stood_in"]:
                ends[spot].append(deal["kind"] == "won")
    return {spot: sum(ended) / len(ended) for spot, ended in ends.items() if len(ended) >= ENOUGH_CLOSED}


def _won_in(deal, since, until):
    return bool(deal and deal["status"] == "won" and since <= deal["closed_at"].date() < until)


def _backtest(standing, own, since, until, is_over):
    due = [d for d in standing if d["close_on"] and since <= d["close_on"] < until]
    figures = {
        "open_deals_then": len(standing), "deals_without_close_date": sum(d["close_on"] is None for d in standing),
        "overdue_deals": sum(bool(d["close_on"] and d["close_on"] < since) for d in standing), "due_deals": len(due),
        "due_amount_then": total(d["amount"] for d in due), "due_without_amount": sum(d["amount"] is None for d in due),
        "due_without_probability": sum(sane(d["probability"]) is None for d in due),
        "due_without_history": sum(place(d) not in own for d in due),
        "due_won": sum(_won_in(d["ends_as"], since, until) for d in due), "due_won_amount": _came(due, since, until),
    }  # fmt: skip
    for name, chance in (("crm", lambda d: sane(d["probability"])), ("own", lambda d: own.get(place(d)))):
        usable = [d for d in due if d["amount"] is not None and chance(d) is not None]
        if due and not usable:
            figures |= dict.fromkeys((f"{name}_said", f"{name}_came", f"{name}_error", f"{name}_relative_error"))
            continue
        said, came = total(weighted(d["amount"], chance(d)) for d in usable), _came(usable, since, until)
        figures |= {
            f"{name}_said": said, f"{name}_came": came, f"{name}_error": said - came if is_over else None,
            f"{name}_relative_error": ratio(said - came, came) if is_over else None,
        }  # fmt: skip
    return figures


def _came(due, since, until):
    return total(d["ends_as"]["amount"] for d in due if _won_in(d["ends_as"], since, until))
