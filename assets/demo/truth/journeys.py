"""Whose touch a touch is, and of which deals: read from the ledger in plain Python, touch by touch."""

from datetime import datetime, timedelta

YEAR = timedelta(days=365)
HAND = 3
"""So many clicks in one mail within a second are a machine's."""

Row = dict[str, object]


class Ledger:
    """What is known of people, devices and deals; every argument a list of rows as in `staging` and `core`.

    persons: (system, person_id) -> person; addresses: e-mail -> (person, method, confidence); employers: person -> (company, confidence).
    """

    def __init__(self, as_of: datetime, persons: dict, addresses: dict, employers: dict, tests: set[str]) -> None:
        self.as_of, self.persons, self.addresses, self.employers, self.tests = as_of, persons, addresses, employers, tests
        self.seen: dict[tuple, list[tuple[datetime, str]]] = {}

    def named(self, touch: Row) -> tuple[str, str, float] | None:
        """Who the touch itself says it was."""
        if person := self.persons.get((touch["system"], touch["person_id"])):
            return person, "record", 1.0
        return self.addresses.get((touch["email"] or "").strip().lower())

    def look_at_devices(self, touches: list[Row]) -> None:
        """Remember when whom was seen on which device."""
        for touch in touches:
            if touch["visitor_id"] and touch["occurred_at"] <= self.as_of and (who := self.named(touch)):
                self.seen.setdefault((touch["system"], touch["visitor_id"]), []).append((touch["occurred_at"], who[0]))

    def reached(self, touch: Row) -> tuple[str | None, str | None, float | None, str | None]:
        """person, method, confidence, and why nobody where it is nobody."""
        if who := self.named(touch):
            return *who, None
        seen = sorted(set(self.seen.get((touch["system"], touch["visitor_id"]), [])))
        people = {person for _, person in seen}
        if len(people) == 1:
            return people.pop(), "device", 0.8, None
        before = [person for at, person in seen if at < touch["occurred_at"]]
        after = [person for at, person in seen if at > touch["occurred_at"]]
        now = [person for at, person in seen if at == touch["occurred_at"]]
        if len(people) > 1 and before and after and before[-1] == after[0] and not now:
            return before[-1], "device of several people", 0.5, None
        if len(people) > 1:
            return None, None, None, "device of several people"
        return None, None, None, "visitor never known" if touch["visitor_id"] else "nobody is named"


def journeys(ledger: Ledger, touches: list[Row], activities: list[Row], deals: list[Row], members: dict[tuple, dict[str, tuple[str, float]]]) -> list[Row]:
    """Rows of `marts.journeys`, without what only describes a touch.

    deals: system, deal_id, created_at, closed_at, company, company_confidence, is_live; members: (system, deal_id) -> person ->
    (method, confidence), those with a role.
    """
    ledger.look_at_devices(touches)
    clicks: dict[tuple, int] = {}
    for t in touches:
        if t["email"] and "click" in (t["touch_type"] or "").lower() and t["occurred_at"] <= ledger.as_of:
            key = t["email"].strip().lower(), t["occurred_at"].replace(microsecond=0)
            clicks[key] = clicks.get(key, 0) + 1
    happened = []
    for t in touches:
        machine = "click" in (t["touch_type"] or "").lower() and clicks.get(((t["email"] or "").strip().lower(), t["occurred_at"].replace(microsecond=0)), 0) >= HAND
        happened.append(("marketing", t["touch_id"], t, ledger.reached(t), machine))
    for a in activities:
        person = ledger.persons.get((a["system"], a["person_id"]))
        who = (person, "record", 1.0, None) if person else (None, None, None, "nobody is named")
        if a["is_done"] is not False and a["occurred_at"]:
            happened.append(("sales", a["activity_id"], a, who, False))
    rows, touched = [], {}
    for side, identity, touch, (person, method, confidence, nobody), machine in happened:
        if touch["occurred_at"] > ledger.as_of:
            continue
        excluded = "test or internal" if person in ledger.tests else "machine" if machine else None
        row = {
            "side": side, "touch_system": touch["system"], "touch_id": identity, "occurred_at": touch["occurred_at"], "person": person,
            "person_method": method, "person_confidence": confidence,
        }  # fmt: skip
        links = [] if excluded else [(d, link) for d in deals if d["is_live"] and (link := _link(ledger, touch, person, confidence, d, members))]
        for deal, (how, sure) in links:
            phase = "before creation" if touch["occurred_at"] < deal["created_at"] else "while open"
            if deal["closed_at"] and touch["occurred_at"] > deal["closed_at"] and phase == "while open":
                phase = "after closing"
            linked = {**row, "system": deal["system"], "deal_id": deal["deal_id"], "method": how, "confidence": sure, "phase": phase, "not_linked": None}
            linked["days_before_creation"] = (deal["created_at"] - touch["occurred_at"]) / timedelta(days=1)
            rows.append(linked)
            touched.setdefault((deal["system"], deal["deal_id"]), []).append(linked)
        if not links:
            why = excluded or ("its deal is in no export, or is deleted" if touch.get("deal_id") else nobody)
            has_deals = any(person in people for people in members.values())
            why = why or ("deals of the person are deleted" if has_deals else "person without a deal")
            rows.append({**row, "system": "", "deal_id": "", "not_linked": why})
    for of_deal in touched.values():
        for number, row in enumerate(sorted(of_deal, key=lambda r: (r["occurred_at"], r["side"], r["touch_system"], r["touch_id"])), 1):
            row["touch_number"] = number
    for deal in deals:
        if deal["is_live"] and (deal["system"], deal["deal_id"]) not in touched:
            rows.append({"side": "", "touch_system": "", "touch_id": "", "system": deal["system"], "deal_id": deal["deal_id"]})
    return rows


def _link(ledger: Ledger, touch: Row, person: str | None, confidence: float | None, deal: Row, members: dict) -> tuple[str, float] | None:
    """How a touch belongs to a deal, and how sure that is."""
    if touch.get("deal_id"):
        return ("deal", 1.0) if (touch["system"], touch["deal_id"]) == (deal["system"], deal["deal_id"]) else None
    if person is None or confidence is None:
        return None
    if part := members.get((deal["system"], deal["deal_id"]), {}).get(person):
        return part[0], min(part[1], confidence)
    company, sure = ledger.employers.get(person, (None, 0.0))
    begins, ends = deal["created_at"] - YEAR, deal["closed_at"] or datetime.max
    if company is None or company != deal["company"] or not begins <= touch["occurred_at"] <= ends:
        return None
    return "same company", min(0.6, sure, deal["company_confidence"], confidence)
