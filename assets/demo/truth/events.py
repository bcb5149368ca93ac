"""The stage-event log, the visits and the deals: one deal's life at a time."""

from collections import defaultdict
from datetime import timedelta
from math import inf

HISTORY, DATE_COLUMN = "history", "date column"
OLD_VALUE, ASSUMED = "first stage, from the old value", "first stage, assumed"
CURRENT, SINCE_CREATION = "current stage", "current stage, since creation"

BEST_FIRST = [HISTORY, DATE_COLUMN, OLD_VALUE, CURRENT, SINCE_CREATION, ASSUMED]
UNOBSERVED = {SINCE_CREATION, ASSUMED}
INITIAL = {OLD_VALUE, ASSUMED}


def key(row):
    """What tells one deal from another."""
    return row["system"], row["deal_id"]


def place(row):
    """A stage has a meaning only within its pipeline."""
    return row["pipeline"], row["stage"]


def record_status(deal, as_of):
    """live, deleted or merged: what it was by then."""
    if deal.get("ended_at") and deal["ended_at"] > as_of:
        return "live"
    return "deleted" if deal.get("is_deleted") else "merged" if deal.get("is_merged") else "live"


def is_known(deal, as_of):
    """Deleted and merged deals are in no metric, and later ones are not there yet."""
    return deal["created_at"] <= as_of and record_status(deal, as_of) == "live"


def stage_events(deals, changes, stages, as_of):
    """core.stage_events, each deal's events in the order of its life, numbered by `event_number` from 1."""
    by_place = {place(stage): stage for stage in stages}
    changes_of = defaultdict(list)
    for change in changes:
        changes_of[key(change)].append(change)
    rows = []
    for deal in deals:
        # Of a deleted or merged deal of which nobody knows when it ended there is no history to tell.
        if deal["created_at"] <= as_of and (is_known(deal, as_of) or deal.get("ended_at")):
            life = [event for event in _life(deal, changes_of[key(deal)], by_place) if event["entered_at"] <= as_of]
            status = record_status(deal, as_of)
            rows += [{**event, "event_number": number, "record_status": status} for number, event in enumerate(life, 1)]
    return rows


def _life(deal, changes, by_place):
    """All events of a deal, also those after as-of."""

    def event(pipeline, stage, entered_at, evidence):
        return {
            "system": deal["system"],
            "deal_id": deal["deal_id"],
            "pipeline": pipeline,
            "stage": stage,
            "stage_order": by_place[pipeline, stage]["stage_order"],
            "kind": by_place[pipeline, stage]["kind"],
            "entered_at": entered_at,
            "entered_on": entered_at.date(),
            "evidence": evidence,
            "is_observed": evidence not in UNOBSERVED,
        }

    known, old_values = [], defaultdict(set)
    for change in changes:
        entry = event(change["pipeline"] or deal["pipeline"], change["stage"], change["changed_at"], change["evidence"])
        known.append(entry)
        old_values[_moment(entry)].add((entry["pipeline"], change["from_stage"]))
    if known:
        first = min(known, key=_order)
        since = min(deal["created_at"], first["entered_at"])
        old = [event(*old, since, OLD_VALUE) for old in old_values[_moment(first)] if old in by_place]
        known += sorted(old, key=_order)[:1]
    else:
        known = [event(*place(deal), *_arrival(deal, by_place[place(deal)]["kind"], None))]

    first = min(known, key=_order)
    late = first["entered_at"] - deal["created_at"] > timedelta(days=1)
    entrance = first_stage(by_place.values(), first["pipeline"])
    if first["stage"] != entrance and (late or first["kind"] != "open"):
        known.append(event(first["pipeline"], entrance, min(deal["created_at"], first["entered_at"]), ASSUMED))

    life = _without_runs(sorted(known, key=_order))
    if place(life[-1]) != place(deal):
        newest = max(entry["entered_at"] for entry in known)
        arrival = _arrival(deal, by_place[place(deal)]["kind"], newest)
        life.append(event(*place(deal), *arrival))
    return life


def _arrival(deal, kind, last):
    """When a deal came to stand in its current stage, not earlier than its last event, and the evidence for it."""
    closed_at = None if kind == "open" else deal["closed_on_at"]
    known = [time for time in (closed_at, deal["stage_changed_at"], last) if time is not None]
    if not known:
        return deal["created_at"], SINCE_CREATION if kind == "open" else CURRENT
    return (known[0] if last is None else max(known[0], last)), CURRENT


def _moment(event):
    return event["entered_at"], place(event)


def _order(event):
    """Time, initial events first, forward through the stages; the rest only keeps equal events in a fixed order."""
    is_recorded = event["evidence"] not in INITIAL
    rank = BEST_FIRST.index(event["evidence"])
    return event["entered_at"], is_recorded, event["stage_order"], event["stage"], event["pipeline"], rank


def _without_runs(events):
    kept = []
    for event in events:
        if not kept or place(kept[-1]) != place(event):
            kept.append(event)
    return kept


def first_stage(stages, pipeline):
    """The open stage a pipeline starts with."""
    opening = [stage for stage in stages if stage["pipeline"] == pipeline and stage["kind"] == "open"]
    return min(opening, key=lambda stage: stage["stage_order"])["stage"]


def stage_visits(events, as_of):
    """marts.stage_visits from events in the order of `event_number`."""
    lives = defaultdict(list)
    for event in sorted(events, key=lambda event: event["event_number"]):
        if event["record_status"] == "live":
            lives[key(event)].append(event)
    visits = []
    for life in lives.values():
        for event, following in zip(life, [*life[1:], None], strict=True):
            left_at = following and following["entered_at"]
            until = as_of if left_at is None and event["kind"] == "open" else left_at
            days = None if until is None else days_between(event["entered_at"], until)
            left_on = following and following["entered_on"]
            ending = {"left_at": left_at, "left_on": left_on, "days": days, "outcome": _outcome(event, following)}
            stay = {name: value for name, value in event.items() if name != "record_status"}
            visits.append({**stay, **ending})
    return visits


def _outcome(event, following):
    if following is None:
        return "still_there"
    if following["kind"] != "open":
        return following["kind"]
    if following["pipeline"] != event["pipeline"]:
        return "handed_off"
    return "advanced" if following["stage_order"] > event["stage_order"] else "moved_back"


SIZE_BANDS = (("0-5000", 0, 5_000), ("5000-20000", 5_000, 20_000), ("20000-100000", 20_000, 100_000), ("100000+", 100_000, inf))
SEGMENTS = ("team", "lead_source", "product", "deal_type")


def size_band(amount):
    """The band of an amount, by the shipped settings."""
    found = [name for name, low, high in SIZE_BANDS if amount is not None and low <= amount < high]
    return found[0] if found else "unknown"


def deals(raw_deals, visits, values, as_of):
    """marts.deals: where each deal stands at as-of; a deal of which nothing happened yet is not there."""
    last = {}
    for visit in visits:
        if key(visit) not in last or visit["event_number"] > last[key(visit)]["event_number"]:
            last[key(visit)] = visit
    rows = []
    for deal in raw_deals:
        if key(deal) not in last or not is_known(deal, as_of):
            continue
        visit = last[key(deal)]
        closed_at = visit["entered_at"] if visit["kind"] in ("won", "lost") else None
        days = None if closed_at is None else days_between(deal["created_at"], closed_at)
        rows.append(
            {
                "system": deal["system"],
                "deal_id": deal["deal_id"],
                "pipeline": visit["pipeline"],
                "stage": visit["stage"],
                "status": visit["kind"],
                "created_at": deal["created_at"],
                "stage_entered_at": visit["entered_at"],
                "closed_at": closed_at,
                "days_to_close": None if days is None or days < 0 else days,
                **{field: values.at(key(deal), field, as_of) for field in ("amount", "probability", "owner")},
                **{field: deal.get(field) for field in (*SEGMENTS, "lost_reason")},
                "size_band": size_band(values.at(key(deal), "amount", as_of)),
                "expected_close_on": values.at(key(deal), "close_on", as_of) if visit["kind"] == "open" else None,
            }
        )
    return rows


def days_between(start, end):
    """Fractional days of 86,400 seconds."""
    return (end - start) / timedelta(days=1)
