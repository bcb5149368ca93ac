"""Who arrived, who was answered and how soon, and what nobody followed up: person by person, day by day of work."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from fnmatch import fnmatchcase
from zoneinfo import ZoneInfo

from assets.demo.truth.events import days_between, key

PRICES = {"pricing", "price", "prices", "plans", "precio", "precios"}
DEALT_WITH = ("unqualified", "disqualified", "junk", "spam")
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Work:
    """When people work, how soon they are to answer, and what a machine sends."""

    opens: time = time(9)
    closes: time = time(17)
    home: str = "UTC"
    zones: dict = field(default_factory=dict)
    limits: dict = field(default_factory=dict)
    usual_limit: float = 8.0
    unanswered_days: float = 2.0
    automatic: tuple = ("mass email*", "automatic reply*")

    def zone(self, owner):
        """Where this owner works."""
        return self.zones.get(owner, self.home)

    def spans(self, zone, since):
        """The working days of a zone, from the one before a moment on, as (begin, end) in UTC."""
        here = ZoneInfo(zone)
        day = since.date() - timedelta(days=2)
        while True:
            if day.weekday() < 5:
                yield tuple(datetime.combine(day, t, here).astimezone(UTC).replace(tzinfo=None) for t in (self.opens, self.closes))
            day += timedelta(days=1)

    def between(self, zone, since, until):
        """Working time from one moment to another."""
        worked = timedelta(0)
        for begin, end in self.spans(zone, since):
            if begin >= until:
                return worked
            worked += max(min(end, until) - max(begin, since), timedelta(0))
        return None

    def after(self, zone, since, hours):
        """When so many hours of work have passed."""
        left = timedelta(hours=hours)
        for begin, end in self.spans(zone, since):
            here = max(end - max(begin, since), timedelta(0))
            if here >= left:
                return max(begin, since) + left
            left -= here
        return None

    def is_automatic(self, *texts):
        """Whether one of the texts is what a machine writes."""
        return any(fnmatchcase((text or "").lower(), pattern) for text in texts for pattern in self.automatic)


def sign_of(kind, page):
    """What a touch of this kind says: reply, form, meeting request, pricing page, or None."""
    words, on_page = (set(re.split("[^a-z]+", (text or "").lower())) for text in (kind, page))
    if words & {"meeting", "demo"} and words & {"request", "requested", "booked"}:
        return "meeting request"
    if words & {"form", "forms"}:
        return None if words & {"view", "start", "error"} else "form"
    if words & {"reply", "replied"}:
        return "reply"
    return "pricing page" if words & {"visit", "view"} and on_page & PRICES else None


class Contacts:
    """Everything known of the people: records, signs, answers; all up to as-of.

    people: system, person_id, record_type, email, owner, team, name, lead_source, lifecycle, created_at, is_test; links: (system, person_id) ->
    person; touches and activities as staging holds them; deal_people: (system, deal_id, person_id).
    """

    def __init__(self, people, links, touches, activities, deal_people, as_of, work):
        self.as_of, self.work, self.links = as_of, work, links
        crms = {p["system"] for p in people if p["owner"]}
        self.acting = {a["system"] for a in activities if a["person_id"] or a["deal_id"]}
        self.records, addresses = defaultdict(list), defaultdict(list)
        for p in people:
            person = links[p["system"], p["person_id"]]
            self.records[person].append({**p, "is_in_crm": p["system"] in crms})
            if p["email"]:
                addresses[p["email"]].append(person)
        for records in self.records.values():
            records.sort(key=lambda r: (
                not r["is_in_crm"], r["record_type"] != "lead", r["created_at"] is None, r["created_at"] or as_of, r["system"], r["person_id"],
            ))  # fmt: skip
        self.signs, self.answers = defaultdict(list), defaultdict(list)
        for t in touches:
            stranger = f"e-mail:{t['email']}" if t["email"] else None
            person = links.get((t["system"], t["person_id"])) or min(addresses.get(t["email"], ()), default=stranger)
            sign = sign_of(t["touch_type"], t["page"])
            if person and not self.is_test(person) and sign and t["occurred_at"] <= as_of and not work.is_automatic(t["touch_type"]):
                self.signs[person].append((t["occurred_at"], t["system"], t["touch_id"], sign, t["source"] or t["channel"]))
        of_deal = defaultdict(set)
        for system, deal_id, person_id in deal_people:
            of_deal[system, deal_id].add(person_id)
        for a in activities:
            self._read(a, of_deal)

    def _read(self, a, of_deal):
        at = a["occurred_at"]
        if at is None or at > self.as_of or a["is_done"] is False:
            return
        kind = (a["activity_type"] or "").lower()
        person = self.links.get((a["system"], a["person_id"]))
        if a["direction"] == "inbound":
            if "mail" in kind and person and not self.work.is_automatic(a["subject"]):
                self.signs[person].append((at, a["system"], a["activity_id"], "reply", None))
            return
        if kind.startswith("note") or self.work.is_automatic(kind, a["subject"]):
            return
        has_time = a["due_on"] is None or at != datetime.combine(a["due_on"], time())
        at = at if has_time else min(datetime.combine(a["due_on"], time.max), self.as_of)
        ids = [a["person_id"]] if a["person_id"] else of_deal[key(a)]
        for whose in {self.links[a["system"], i] for i in ids if (a["system"], i) in self.links}:
            self.answers[whose].append((at, a["system"], a["activity_id"], a["activity_type"], a["owner"], has_time))

    def first(self, person, name):
        """What the first record says that says anything."""
        return next((r[name] for r in self.records.get(person, ()) if r[name]), None)

    def owner(self, person):
        """(owner, team) of the first record that names an owner."""
        return next(((r["owner"], r["team"]) for r in self.records.get(person, ()) if r["owner"]), (None, None))

    def is_test(self, person):
        """Whether one of the records is a test."""
        return any(r["is_test"] for r in self.records.get(person, ()))

    def is_judged(self, person):
        """Whether an answer would be seen."""
        crms = {r["system"] for r in self.records.get(person, ()) if r["is_in_crm"]}
        return bool(crms & self.acting) if crms else bool(self.acting)

    def lead_records(self, person):
        """Records that make the person a lead."""
        return [
            r for r in self.records.get(person, ())
            if r["is_in_crm"] and r["record_type"] == "lead" and (r["created_at"] is None or r["created_at"] <= self.as_of)
        ]  # fmt: skip


def response_times(contacts, assignments):
    """marts.response_times."""
    given = defaultdict(list)
    for a in assignments:
        if (a["system"], a["person_id"]) in contacts.links:
            given[contacts.links[a["system"], a["person_id"]]].append(a["assigned_at"])
    rows = []
    for person in sorted({*contacts.records, *contacts.signs}):
        requests = sorted(s for s in contacts.signs.get(person, ()) if s[3] in ("form", "meeting request"))
        records = contacts.lead_records(person)
        if (requests or records) and not contacts.is_test(person):
            rows.append(_lead(contacts, person, requests, records, given.get(person, ())))
    return rows


def _lead(contacts, person, requests, records, given):
    as_of, work = contacts.as_of, contacts.work
    created = min((r["created_at"] for r in records if r["created_at"]), default=None)
    arrived, by = created, "lead record" if created else "not known"
    if requests and (created is None or requests[0][0] < created):
        arrived, by = requests[0][0], requests[0][3]
    answers = sorted(a for a in contacts.answers.get(person, ()) if arrived and a[0] >= arrived)
    answer = answers[0] if answers else None
    assigned = min((at for at in given if arrived and arrived <= at <= as_of), default=None)
    until = answer[0] if answer else as_of if contacts.is_judged(person) else None
    is_assigned = assigned is not None and assigned <= (answer[0] if answer else as_of)
    begins = assigned if is_assigned else arrived
    owner, team = contacts.owner(person)
    zone = work.zone(owner)
    source = contacts.first(person, "lead_source") or (requests[0][4] if requests else None) or "unknown"
    limit = work.limits.get(source.lower(), work.usual_limit)
    is_known = until is not None and arrived is not None
    used = work.between(zone, begins, until) / HOUR if is_known else None
    status = "not known"
    if is_known:
        status = "missed" if used > limit else "met" if answer else "running"
    return {
        "person": person, "person_name": contacts.first(person, "name"), "lead_source": source, "owner": owner, "team": team, "time_zone": zone,
        "lead_status": next((r["lifecycle"] for r in records if r["lifecycle"]), None),
        "arrived_at": arrived, "arrived_by": by, "assigned_at": assigned, "answered_at": answer[0] if answer else None,
        "answered_with": answer[3] if answer else None, "answered_by": answer[4] if answer else None, "answer_has_time": answer[5] if answer else None,
        "is_answered": bool(answer) if is_known else None,
        "days_waited": days_between(arrived, until) if is_known else None,
        "business_hours": work.between(zone, arrived, until) / HOUR if is_known else None,
        "sla_hours": limit, "sla_from": "assignment" if is_assigned else "arrival", "sla_begins_at": begins,
        "due_at": work.after(zone, begins, limit) if begins else None, "sla_hours_used": used, "sla_status": status,
    }  # fmt: skip


def missed_follow_ups(contacts, leads, activities, deal_people, deals, merged, stalled, visits):
    """marts.missed_follow_ups; merged: (system, deal_id) -> the deal it lives on in."""
    as_of = contacts.as_of
    by_key = {key(deal): deal for deal in deals}
    of_person = defaultdict(dict)
    for system, deal_id, person_id in deal_people:
        where = system, merged.get((system, deal_id), deal_id)
        if (system, person_id) in contacts.links and where in by_key:
            of_person[contacts.links[system, person_id]][where] = by_key[where]
    # Whom somebody met about a deal has a part in it too.
    for a in activities:
        where = a["system"], merged.get(key(a), a["deal_id"])
        person = contacts.links.get((a["system"], a["person_id"]))
        if person and where in by_key and a["is_done"] is not False and a["occurred_at"] and a["occurred_at"] <= as_of:
            of_person[person][where] = by_key[where]
    rows = [
        *_unanswered(contacts, leads, of_person), *_overdue(contacts, activities, by_key, of_person),
        *_without_step(stalled, visits, as_of),
    ]  # fmt: skip
    late = {(row["system"], row["record_id"]) for row in rows if (row["kind"], row["about"]) == ("overdue task", "deal")}
    rows = [row for row in rows if row["kind"] != "no next step" or (row["system"], row["record_id"]) not in late]
    told = {row["record_id"] for row in rows if row["kind"] == "lead not answered"}
    rows += _signs(contacts, of_person, told)
    for row in rows:
        row |= {"days_late": days_between(row["due_at"], as_of), "amount_known": row["amount"] is not None}
    rows.sort(key=lambda r: (r["amount"] is None, -(r["amount"] or 0), -r["days_late"], r["kind"], r["system"], r["record_id"]))
    return [{"priority": number, **row} for number, row in enumerate(rows, 1)]


def _at_stake(deals):
    """(amount of the open deals of a person, the dearest of them)."""
    open_deals = [deal for deal in deals.values() if deal["status"] == "open"]
    amounts = [deal["amount"] for deal in open_deals if deal["amount"] is not None]
    dearest = min(open_deals, key=lambda d: (d["amount"] is None, -(d["amount"] or 0), *key(d)), default=None)
    return (sum(amounts) if amounts else None), dearest


def _home(person):
    system = person.partition(":")[0]
    return "" if system == "e-mail" else system


def _unanswered(contacts, leads, of_person):
    for lead in leads:
        status, mine = (lead["lead_status"] or "").lower(), of_person.get(lead["person"], {})
        amount, dearest = _at_stake(mine)
        is_over = any(d["status"] in ("won", "lost") and d["created_at"] >= lead["arrived_at"] for d in mine.values()) if lead["arrived_at"] else False
        if lead["is_answered"] is not False or lead["sla_status"] != "missed" or any(word in status for word in DEALT_WITH):
            continue
        if dearest or not is_over:
            yield {
                "kind": "lead not answered", "about": "person", "system": _home(lead["person"]), "record_id": lead["person"], "person": lead["person"],
                "deal_id": dearest and dearest["deal_id"], "owner": lead["owner"], "since_at": lead["sla_begins_at"], "due_at": lead["due_at"],
                "items": 1, "sla_hours": lead["sla_hours"], "amount": amount,
            }  # fmt: skip


def _is_overdue(a, as_of):
    if a["due_on"] is None or a["due_on"] >= as_of.date():
        return False
    recorded = a["created_at"]
    if a["is_done"]:
        return bool(a["occurred_at"] and a["occurred_at"] > as_of and recorded and recorded <= as_of)
    return a["is_done"] is False and a["occurred_at"] is None and (recorded is None or recorded <= as_of)


def _overdue(contacts, activities, deals, of_person):
    found = defaultdict(list)
    for a in activities:
        deal, person = deals.get(key(a)), contacts.links.get((a["system"], a["person_id"]))
        if not _is_overdue(a, contacts.as_of) or (deal and deal["status"] != "open") or (person and contacts.is_test(person)):
            continue
        about, record = ("deal", a["deal_id"]) if a["deal_id"] else ("person", person) if person else ("task", a["activity_id"])
        found[about, a["system"], record].append((a["due_on"], a["activity_id"], a, person, deal))
    for (about, system, record), tasks in found.items():
        due_on, _, first, person, deal = min(tasks, key=lambda task: task[:2])
        late = datetime.combine(due_on + timedelta(days=1), time())
        amount = deal["amount"] if deal else _at_stake(of_person.get(record, {}))[0] if about == "person" else None
        yield {
            "kind": "overdue task", "about": about, "system": system, "record_id": record, "person": person, "deal_id": deal and deal["deal_id"],
            "owner": first["owner"] or (deal and deal["owner"]) or contacts.owner(person)[0], "since_at": late, "due_at": late, "items": len(tasks),
            "sla_hours": None, "amount": amount,
        }  # fmt: skip


def _without_step(stalled, visits, as_of):
    entered = defaultdict(list)
    for visit in visits:
        entered[key(visit)].append(visit["entered_at"])
    for deal in stalled:
        if deal["has_no_next_step"]:
            idle = max([*entered[key(deal)], deal["last_changed_at"], deal["last_activity_at"] or deal["last_changed_at"]])
            yield {
                "kind": "no next step", "about": "deal", "system": deal["system"], "record_id": deal["deal_id"], "person": None,
                "deal_id": deal["deal_id"], "owner": deal["owner"], "since_at": idle, "due_at": idle, "items": 1, "sla_hours": None,
                "amount": deal["amount"],
            }  # fmt: skip


def _signs(contacts, of_person, told):
    for person, signs in contacts.signs.items():
        last = max((a[0] for a in contacts.answers.get(person, ())), default=datetime.min)
        waiting = [at for at, *_ in signs if at > last]
        if not waiting or person in told or contacts.is_test(person) or not contacts.is_judged(person):
            continue
        due = min(waiting) + timedelta(days=contacts.work.unanswered_days)
        amount, dearest = _at_stake(of_person.get(person, {}))
        if due < contacts.as_of:
            yield {
                "kind": "inbound sign unanswered", "about": "person", "system": _home(person), "record_id": person, "person": person,
                "deal_id": dearest and dearest["deal_id"], "owner": (dearest and dearest["owner"]) or contacts.owner(person)[0],
                "since_at": min(waiting), "due_at": due, "items": len(waiting), "sla_hours": None, "amount": amount,
            }  # fmt: skip
