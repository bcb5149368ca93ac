"""What stands still: the limits of the stages, the deals beyond them or without a sign of life, and the stages that clog."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from math import floor

from assets.demo.truth.events import SIZE_BANDS, days_between, key, place

ENOUGH_WENT_ON = 20
PUSHED, SILENT_DAYS = 2, 30
VALUES = ("amount", "close_on", "owner")


def stall_limits(stages, figures, first_day):
    """marts.stall_limits; figures: rows of marts.survival by their labels."""
    rows = []
    for stage in stages:
        if stage["kind"] != "open":
            continue
        histories = {
            band: figures.get(("stage", *place(stage), band, "all", first_day), {"went_on": 0})
            for band in ("all", "unknown", *(band for band, _, _ in SIZE_BANDS))
        }
        for band, own in histories.items():
            is_own = own["went_on"] >= ENOUGH_WENT_ON
            used = own if is_own else histories["all"]
            is_enough = used["went_on"] >= ENOUGH_WENT_ON
            basis = "deals of the same size band" if is_own and band != "all" else "deals of all sizes"
            rows.append({
                "pipeline": stage["pipeline"], "stage": stage["stage"], "stage_order": stage["stage_order"], "size_band": band,
                "limit_days": used["went_on_p80_days"] if is_enough else None, "cases": used["went_on"],
                "limit_basis": basis if is_enough else "insufficient history",
            })  # fmt: skip
    return rows


def pushes_of(deal_key, values, as_of):
    """(day, date before, date after) of each day on which the close date moved to a later month."""
    moments = [moment for moment in values.moments(deal_key) if moment <= as_of]
    if not moments:
        return []
    known, found = values.at(deal_key, "close_on", datetime.min), []
    for day in sorted({moment.date() for moment in moments}):
        after = values.at(deal_key, "close_on", min(datetime.combine(day, time.max), as_of))
        if after is None:
            continue
        if known is not None and (after.year, after.month) > (known.year, known.month):
            found.append((day, known, after))
        known = after
    return found


def last_change(deal_key, visits, values, as_of):
    """When the deal last entered a stage or got another amount, close date or owner."""
    latest = max(visit["entered_at"] for visit in visits)
    for moment in values.moments(deal_key):
        before = moment - timedelta(microseconds=1)
        if moment <= as_of and any(values.at(deal_key, name, moment) != values.at(deal_key, name, before) for name in VALUES):
            latest = max(latest, moment)
    return latest


def is_next_step(activity, as_of):
    """Whether it is still to be done, as far as was known at as-of."""
    is_ahead = bool(activity["occurred_at"] and activity["occurred_at"] > as_of)
    is_due = bool(activity["due_on"] and activity["due_on"] >= as_of.date())
    recorded = activity.get("created_at")
    if activity["is_done"]:
        return is_ahead and recorded is not None and recorded <= as_of
    return (is_ahead or is_due) and (recorded is None or recorded <= as_of)


def stalled_deals(deals, visits, values, limits, edits, activities, as_of):
    """marts.stalled_deals."""
    limit_of = {(*place(limit), limit["size_band"]): limit for limit in limits}
    visits_of, activities_of = defaultdict(list), defaultdict(list)
    for visit in visits:
        visits_of[key(visit)].append(visit)
    for activity in activities:
        activities_of[key(activity)].append(activity)
    acting = {activity["system"] for activity in activities if activity["deal_id"]}
    dating = {edit["system"] for edit in edits if edit["field"] == "close_on"}
    rows = []
    for deal in deals:
        if deal["status"] == "open":
            mine = activities_of[key(deal)]
            limit = limit_of[*place(deal), deal["size_band"]]
            row = _judged(deal, limit, mine if deal["system"] in acting else None, as_of)
            changed = last_change(key(deal), visits_of[key(deal)], values, as_of)
            done = [a["occurred_at"] for a in mine if a["is_done"] is not False and a["occurred_at"] and a["occurred_at"] <= as_of]
            silent = days_between(max([changed, *done]), as_of)
            row |= {
                "last_changed_at": changed, "last_activity_at": max(done, default=None), "days_silent": silent,
                "is_silent": silent > SILENT_DAYS,
                **_pushed(pushes_of(key(deal), values, as_of) if deal["system"] in dating else None),
            }  # fmt: skip
            row["signs"] = sum(row[s] is True for s in ("is_over_limit", "is_past_close_date", "is_pushed", "has_no_next_step", "is_silent"))
            if row["signs"]:
                rows.append({**row, "why": _why(row), "not_known": _not_known(row)})
    rows.sort(key=lambda r: (r["amount"] is None, -(r["amount"] or 0), -r["signs"], -r["days_in_stage"], *key(r)))
    return [{"priority": number, **row} for number, row in enumerate(rows, 1)]


def _judged(deal, limit, activities, as_of):
    days, most, close_on = days_between(deal["stage_entered_at"], as_of), limit["limit_days"], deal["expected_close_on"]
    past = None if close_on is None else (as_of.date() - close_on).days
    is_over = None if most is None else days > most
    return {
        **{name: deal[name] for name in ("system", "deal_id", "pipeline", "stage", "owner", "amount", "size_band", "expected_close_on")},
        "stage_order": limit["stage_order"],
        **{name: limit[name] for name in ("limit_days", "limit_basis", "cases")},
        "amount_known": deal["amount"] is not None,
        "days_in_stage": days,
        "is_over_limit": is_over,
        "days_over_limit": days - most if is_over else None,
        "times_over": days / most if most else None,
        "is_past_close_date": None if past is None else past > 0,
        "days_past_close_date": past if past and past > 0 else None,
        "has_no_next_step": None if activities is None else not any(is_next_step(a, as_of) for a in activities),
    }


def _pushed(pushes):
    if pushes is None:
        return dict.fromkeys(("pushes", "is_pushed", "quarter_pushes", "days_pushed", "last_pushed_on"))
    later = [1 for _, old, new in pushes if (new.year, (new.month + 2) // 3) > (old.year, (old.month + 2) // 3)]
    return {
        "pushes": len(pushes), "is_pushed": len(pushes) >= PUSHED, "quarter_pushes": len(later),
        "days_pushed": sum((new - old).days for _, old, new in pushes), "last_pushed_on": max((day for day, _, _ in pushes), default=None),
    }  # fmt: skip


def _tenths(days):
    return f"{floor(days * 10 + 0.5) / 10:.1f}"


def _why(row):
    parts = []
    if row["is_over_limit"]:
        whose = "stays" if row["limit_basis"] == "deals of all sizes" else "stays of deals of its size"
        parts.append(
            f"in {row['stage']} for {_tenths(row['days_in_stage'])} days, longer than the {_tenths(row['limit_days'])}"
            f" within which four in five of {row['cases']} {whose} that went on had ended"
        )
    if row["is_past_close_date"]:
        ago = row["days_past_close_date"]
        parts.append(f"expected to close on {row['expected_close_on']}, {ago} day{'' if ago == 1 else 's'} ago")
    if row["is_pushed"]:
        parts.append(f"close date moved to a later month {row['pushes']} times, by {row['days_pushed']} days in all")
    if row["has_no_next_step"]:
        parts.append("no next step is planned")
    if row["is_silent"]:
        parts.append(f"nothing has happened for {floor(row['days_silent'])} days")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:] + "."


def _not_known(row):
    parts = []
    if row["limit_days"] is None:
        parts.append(f"how long is too long: only {row['cases']} stays in this stage went on so far")
    if row["expected_close_on"] is None:
        parts.append("when it should close: it has no close date")
    if row["pushes"] is None:
        parts.append("moved close dates: the exports record no changes of them")
    if row["has_no_next_step"] is None:
        parts.append("next steps: the exports hold no activities about deals")
    return "; ".join(parts) or None


def bottlenecks(visits, deals, values, stages, limits, as_of):
    """marts.bottlenecks: each month of each stage counted by itself, none from the month before."""
    limit_of = {place(limit): limit["limit_days"] for limit in limits if limit["size_band"] == "all"}
    begun = [deal["created_at"].date() for deal in deals] + [visit["entered_on"] for visit in visits]
    rows = []
    for stage in stages if begun else ():
        stays = [visit for visit in visits if place(visit) == place(stage)]
        if stage["kind"] == "open":
            rows += [
                _month(stage, start, min(begun).replace(day=1), stays, values, limit_of[place(stage)], as_of)
                for start in _months(min(begun), as_of.date())
            ]
    return rows


def _months(first, last):
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = _later(month, 1)


def _later(month, count):
    year, number = divmod(month.year * 12 + month.month - 1 + count, 12)
    return date(year, number + 1, 1)


def _month(stage, start, beginning, stays, values, limit, as_of):
    since, before_this = max(_later(start, -2), beginning), _later(start, -2)
    last = min(_later(start, 1) - timedelta(days=1), as_of.date())
    queue = [visit for visit in stays if visit["entered_on"] <= last and (visit["left_on"] is None or visit["left_on"] > last)]
    earlier = [v for v in stays if v["entered_on"] < before_this and (v["left_on"] is None or v["left_on"] >= before_this)]
    left = [visit["outcome"] for visit in stays if visit["left_on"] and start <= visit["left_on"] <= last]
    trailing = [visit for visit in stays if visit["left_on"] and since <= visit["left_on"] <= last]
    rate = len(trailing) / ((last - since).days + 1)
    work = 0.0 if not queue else len(queue) / rate if rate else None
    end = min(datetime.combine(last, time.max), as_of)
    amounts = [values.at(key(visit), "amount", end) for visit in queue]
    state = "empty" if not queue else "no departures" if not rate else "flowing"
    if state == "flowing" and len(queue) > len(earlier):
        state = "clogged" if limit is not None and work > limit else "filling"
    return {
        "pipeline": stage["pipeline"], "stage": stage["stage"], "stage_order": stage["stage_order"], "period_start": start,
        "arrivals": sum(start <= visit["entered_on"] <= last for visit in stays), "departures": len(left),
        "went_on": left.count("advanced") + left.count("won"),
        **{way: left.count(way) for way in ("lost", "moved_back", "handed_off")},
        "queue": len(queue), "queue_amount": sum(a for a in amounts if a is not None), "queue_before": len(earlier),
        "departures_per_day": rate, "days_of_work": work, "limit_days": limit, "state": state,
    }  # fmt: skip
