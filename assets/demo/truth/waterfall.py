"""The waterfall: what came into the pipeline, what moved in it and what left, one deal's life at a time.

Amounts are in base currency here; what exchange rates do is judged by pictures.
"""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from assets.demo.truth.events import key

LINES = (
    "opening", "created", "reopened", "pulled in", "value up", "value down", "currency", "pushed out", "moved between pipelines",
    "moved between owners", "won", "lost", "deleted", "merged", "closing",
)  # fmt: skip


class Standing(NamedTuple):
    """What a deal is from one moment to the next."""

    day: date
    kind: str
    pipeline: str
    owner: str
    close_on: date | None
    amount: Decimal | None


def every_entry(raw_deals, events, values, periods, as_of):
    """Every deal on every line of every period, one row after the other; `periods` are (period, period_start, since, until)."""
    happened = defaultdict(list)
    for event in sorted(events, key=lambda event: event["event_number"]):
        happened[key(event)].append(event)
    for deal in raw_deals:
        if key(deal) not in happened:
            continue
        life = _life(deal, happened[key(deal)], values, as_of)
        sums = defaultdict(Counter)
        for period, period_start, since, until in periods:
            if life[0].day >= until or (life[-1].kind != "open" and life[-1].day < since):
                continue
            for scope, is_in in (("open", _is_open), ("due", _is_due(since, until))):
                if scope == "due" and period == "all":
                    continue
                for line, where, count, amount, unknown in _walk(life, since, until, is_in):
                    found = sums[scope, period, period_start, where.pipeline, where.owner, line]
                    found.update({"deals": count, "amount": amount, "deals_without_amount": unknown})
        names = ("scope", "period", "period_start", "pipeline", "owner", "line")
        for labels, found in sums.items():
            if any(found.values()):
                amounts = {"deals": found["deals"], "amount": found["amount"], "deals_without_amount": found["deals_without_amount"]}
                yield {**dict(zip(names, labels, strict=True)), "system": deal["system"], "deal_id": deal["deal_id"], **amounts}


def waterfall_deals(entries, periods):
    """marts.waterfall_deals: all but those who stand open at the end of a week, and at the beginning of any but the first."""
    first = min((start for period, start, _, _ in periods if period == "week"), default=None)
    for entry in entries:
        is_stock = entry["line"] == "closing" or (entry["line"] == "opening" and entry["period_start"] != first)
        if not (is_stock and entry["scope"] == "open" and entry["period"] == "week"):
            yield entry


def pipeline_waterfall(entries, periods):
    """marts.pipeline_waterfall: the entries added up; the total of everything is there for each period, also an empty one."""
    sums = {}
    for period, period_start, _, _ in periods:
        for scope in ("open", "due") if period != "all" else ("open",):
            sums[scope, period, period_start, "all", "all"] = defaultdict(Counter)
    for entry in entries:
        for pipeline in (entry["pipeline"], "all"):
            for owner in (entry["owner"], "all"):
                labels = entry["scope"], entry["period"], entry["period_start"], pipeline, owner
                found = sums.setdefault(labels, defaultdict(Counter))[entry["line"]]
                found.update({name: entry[name] for name in ("deals", "amount", "deals_without_amount")})
    names = ("scope", "period", "period_start", "pipeline", "owner")
    return [
        {
            **dict(zip(names, labels, strict=True)), "line": line, "line_order": order,
            **{name: by_line[line][name] for name in ("deals", "amount", "deals_without_amount")},
        }
        for labels, by_line in sums.items() for order, line in enumerate(LINES, 1)
    ]  # fmt: skip


def _life(deal, events, values, as_of):
    """All that a deal ever was, in order: at one moment its values change first, then its stage, and it ends last."""
    deal_key, begins = key(deal), events[0]["entered_at"]
    ended_as = events[-1]["record_status"]
    edits = {moment for moment in values.moments(deal_key) if begins < moment <= as_of}
    ends = {max(deal["ended_at"], events[-1]["entered_at"])} if ended_as != "live" else set()
    life, last = [], None
    for moment in sorted({event["entered_at"] for event in events} | edits | ends):
        places = [last] if moment in edits else []
        places += [(event["pipeline"], event["kind"]) for event in events if event["entered_at"] == moment]
        if moment in ends:
            places.append(((places or [last])[-1][0], ended_as))
        for pipeline, kind in places:
            owner, close_on, amount = (values.at(deal_key, field, moment) for field in ("owner", "close_on", "amount"))
            life.append(Standing(moment.date(), kind, pipeline, owner or "unknown", close_on, amount))
            last = pipeline, kind
    return life


def _is_open(standing):
    return standing.kind == "open"


def _is_due(since, until):
    return lambda standing: standing.kind == "open" and standing.close_on is not None and since <= standing.close_on < until


def _walk(life, since, until, is_in):
    """(line, where it counts, deals, amount, deals without amount) of one period, in the order in which things happened."""
    earlier = [standing for standing in life if standing.day < since]
    before = earlier[-1] if earlier else None
    was_open = any(standing.kind == "open" for standing in earlier)
    inside = before is not None and is_in(before)
    if inside:
        yield _all_of("opening", before)
    for now in life[len(earlier) :]:
        if now.day >= until:
            break
        if is_in(now) and inside:
            yield from _changes(before, now)
        elif is_in(now):
            yield _all_of("created" if not was_open else "reopened" if before.kind != "open" else "pulled in", now)
        elif inside:
            line, where, deals, amount, unknown = _all_of("pushed out" if now.kind == "open" else now.kind, before)
            yield line, where, -deals, -amount, -unknown
        inside, before, was_open = is_in(now), now, was_open or now.kind == "open"
    if inside:
        yield _all_of("closing", before)


def _all_of(line, where):
    return line, where, 1, where.amount or Decimal(), int(where.amount is None)


def _changes(before, now):
    """What changes of a deal that stays: its value where it was, then where it is."""
    if now.amount != before.amount:
        change, unknown = (now.amount or 0) - (before.amount or 0), int(now.amount is None) - int(before.amount is None)
        is_down = change < 0 or (change == 0 and unknown > 0)
        yield "value down" if is_down else "value up", before, 0, change, unknown
    where = before._replace(amount=now.amount)
    for line, field in (("moved between pipelines", "pipeline"), ("moved between owners", "owner")):
        if getattr(now, field) != getattr(before, field):
            _, _, deals, amount, unknown = _all_of(line, where)
            yield line, where, -deals, -amount, -unknown
            where = where._replace(**{field: getattr(now, field)})
            yield line, where, deals, amount, unknown
