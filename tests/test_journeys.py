"""Touches, people and deals joined: against a reading in plain Python, on random companies."""

from datetime import datetime, timedelta

import pytest
from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import laws

from assets.demo.truth.journeys import Ledger, journeys

pytestmark = pytest.mark.slow

AS_OF = datetime(2024, 6, 30, 12)
TARGETS = ["core.channel_rules", "core.origins", "core.mailboxes", "core.addresses", "core.company_domains", "core.people", "core.sightings",
           "core.touches", "core.deal_people", "core.deal_journeys", "core.deal_touches", "marts.journeys"]  # fmt: skip
EMAILS = [None, "", "ann@acme.com", "Ann+news@Acme.com", "bob@acme.com", "a.b@gmail.com", "ab@gmail.com", "info@acme.com", "eve@beta.org"]
SITES = {"a1": "https://www.acme.com", "a2": "beta.org", "a3": "gmail.com", "a4": "shop.acme.com"}
moments = st.builds(lambda d, h: datetime(2023, 5, 1) + timedelta(days=d, hours=h), st.sampled_from([0, 100, 200, 366, 400, 424, 426]), st.sampled_from([0, 9, 12]))


def some(values):
    return st.sampled_from([None, *values])


@st.composite
def markets(draw):
    """A company's people, devices, touches and deals: the tables that the models are given."""
    people, links = [], []
    for number in range(draw(st.integers(0, 5))):
        record = {
            "system": draw(st.sampled_from(["crm", "web"])), "person_id": f"p{number}", "email": (draw(st.sampled_from(EMAILS)) or "").lower() or None,
            "account_id": draw(some(["a1", "a2", "a3", "gone"])), "created_at": draw(moments), "converted_deal_id": draw(some(["d0", "d1"])),
        }  # fmt: skip
        people.append(record)
        links.append({
            "system": record["system"], "person_id": f"p{number}", "person": draw(st.sampled_from(["crm:p0", "crm:p1", "web:p2"])), "method": "e-mail",
            "confidence": draw(st.sampled_from([1.0, 0.95])), "is_test": draw(st.sampled_from([False, False, False, True])),
        })  # fmt: skip
    deals, events = [], []
    for number in range(draw(st.integers(0, 3))):
        created, closed = sorted([draw(moments), draw(moments)])
        status = draw(st.sampled_from(["live", "live", "live", "deleted"]))
        company, sure = draw(st.sampled_from([(None, 1.0), ("crm:a1", 1.0), ("crm:a2", 1.0), ("crm:a1", 0.9), ("crm:a2", 0.5)]))
        deals.append({
            "deal": number, "system": "crm", "deal_id": f"d{number}", "company": company, "company_confidence": sure, "created_at": created, "record_status": status,
        })  # fmt: skip
        stages = [("open", created)] if draw(st.booleans()) else [("open", created), ("won", closed)]
        for place, (kind, at) in enumerate(stages, 1):
            events.append({"system": "crm", "deal_id": f"d{number}", "event_number": place, "kind": kind, "entered_at": at})
    some_deal, some_person = some(["d0", "d1", "old", "gone"]), some([r["person_id"] for r in people])
    touches = [
        {
            "system": draw(st.sampled_from(["crm", "web"])), "touch_id": f"t{number}", "occurred_at": draw(moments), "email": draw(st.sampled_from(EMAILS)),
            "visitor_id": draw(some(["v1", "v2"])), "person_id": draw(some_person), "deal_id": draw(st.sampled_from([None, None, None, "d0"])),
            "touch_type": draw(st.sampled_from(["visit", "email click"])), "channel": draw(some(["email", "webinar"])),
        }
        for number in range(draw(st.integers(0, 10)))
    ]  # fmt: skip
    activities = [
        {
            "system": "crm", "activity_id": f"a{number}", "activity_type": "call", "occurred_at": draw(st.none() | moments), "is_done": draw(some([True, False])),
            "deal_id": draw(some_deal), "person_id": draw(some_person),
        }
        for number in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    parts = {(f"d{draw(st.integers(0, 2))}", f"p{draw(st.integers(0, 4))}") for _ in range(draw(st.integers(0, 4)))} | {("old", "p0")}
    roles = [{"system": "crm", "deal_id": d, "person_id": p, "is_primary": draw(st.booleans())} for d, p in sorted(parts)]
    return {
        "core.as_of": [{"as_of": AS_OF}], "staging.people": people, "core.person_links": links, "core.deals": deals, "core.stage_events": events,
        "staging.touches": touches, "staging.activities": activities, "staging.deal_people": roles,
        "core.merged_records": [{"system": "crm", "entity": "deal", "record_id": "old", "into_id": "d1"}],
        "staging.accounts": [{"system": "crm", "account_id": a, "website": site} for a, site in SITES.items()],
        "core.account_links": [
            {"system": "crm", "account_id": a, "account": "crm:a1" if a == "a4" else f"crm:{a}", "confidence": 0.9 if a == "a4" else 1.0} for a in SITES
        ],
        "marts.deals": [{"system": "crm", "deal_id": d["deal_id"], "status": "open" if d["record_status"] == "live" else "deleted"} for d in deals],
    }  # fmt: skip


def truth(tables):
    """The same, read person by person."""
    of_record = {(r["system"], r["person_id"]): r for r in tables["core.person_links"]}
    persons = {key: r["person"] for key, r in of_record.items()}
    tests = {r["person"] for r in tables["core.person_links"] if r["is_test"]}
    own = {"ann@acme.com": "ann@acme.com", "ann+news@acme.com": "ann@acme.com", "bob@acme.com": "bob@acme.com", "a.b@gmail.com": "ab@gmail.com",
           "ab@gmail.com": "ab@gmail.com", "eve@beta.org": "eve@beta.org"}  # fmt: skip
    bearers = {}
    for r in tables["staging.people"]:
        if r["email"]:
            bearers.setdefault(r["email"], set()).add(persons[r["system"], r["person_id"]])
    addresses = {}
    for email in {*bearers, *((t["email"] or "").lower() for t in tables["staging.touches"])} - {""}:
        if email not in own:
            one = bearers.get(email, set())
            addresses[email] = next(iter(one)) if len(one) == 1 else f"e-mail:{email}", "mailbox of a desk", 0.5
            continue
        known = sorted((e, p) for e, people in bearers.items() if own.get(e) == own[email] for p in people)
        addresses[email] = known[0][1] if known else f"e-mail:{own[email]}", "e-mail", 0.95
    companies = {a["account_id"]: (a["account"], a["confidence"]) for a in tables["core.account_links"]}
    domains = {"acme.com": "crm:a1", "beta.org": "crm:a2"}
    employers = {}
    for person in {*persons.values(), *(p for p, _, _ in addresses.values())}:
        records = [r for r in tables["staging.people"] if persons[r["system"], r["person_id"]] == person]
        jobs = sorted((-companies[r["account_id"]][1], companies[r["account_id"]][0]) for r in records if r["system"] == "crm" and r["account_id"] in companies)
        mails = sorted((r["created_at"], r["system"], r["person_id"], r["email"]) for r in records if r["email"])
        email = person.removeprefix("e-mail:") if person.startswith("e-mail:") else mails[0][3] if mails else ""
        if jobs:
            employers[person] = jobs[0][1], -jobs[0][0]
        elif (domain := email.rpartition("@")[2]) in domains:
            employers[person] = domains[domain], 0.9
    deals = []
    for d in tables["core.deals"]:
        mine = [e for e in tables["core.stage_events"] if e["deal_id"] == d["deal_id"]]
        deals.append({
            **d, "closed_at": mine[-1]["entered_at"] if mine[-1]["kind"] == "won" else None, "is_live": d["record_status"] == "live",
        })  # fmt: skip
    members = {}
    rank = {"main contact": 1, "converted lead": 2, "contact": 3, "activity": 4}
    parts = [(r["deal_id"], r["person_id"], "main contact" if r["is_primary"] else "contact", "crm") for r in tables["staging.deal_people"]]
    parts += [(r["converted_deal_id"], r["person_id"], "converted lead", r["system"]) for r in tables["staging.people"] if r["converted_deal_id"]]
    parts += [
        (a["deal_id"], a["person_id"], "activity", "crm")
        for a in tables["staging.activities"] if a["deal_id"] and a["is_done"] is not False and a["occurred_at"] and a["occurred_at"] <= AS_OF
    ]  # fmt: skip
    for deal_id, person_id, method, system in parts:
        link, deal_id = of_record.get((system, person_id)), "d1" if deal_id == "old" else deal_id
        if link and system == "crm" and any(d["deal_id"] == deal_id for d in deals):
            people = members.setdefault(("crm", deal_id), {})
            people.setdefault(link["person"], []).append((rank[method], -min(link["confidence"], 0.8 if method == "activity" else 1), method))
    members = {key: {p: (min(ways)[2], -min(ways)[1]) for p, ways in people.items()} for key, people in members.items()}
    ledger = Ledger(AS_OF, persons, addresses, employers, tests)
    moved = [{**t, "deal_id": "d1" if t["system"] == "crm" and t["deal_id"] == "old" else t["deal_id"]} for t in [*tables["staging.touches"], *tables["staging.activities"]]]
    return journeys(ledger, [t for t in moved if "touch_id" in t], [t for t in moved if "activity_id" in t], deals, members)


@laws(60)
@given(tables=markets())
def test_every_touch_and_every_deal_is_where_the_reference_has_it(bench, tables):
    found = bench.run(TARGETS, tables)
    compare("marts.journeys", found["marts.journeys"], truth(tables))


@laws(40)
@given(tables=markets())
def test_no_touch_and_no_deal_is_lost(bench, tables):
    found = bench.run(TARGETS, tables)["marts.journeys"]
    touches = {("marketing", t["system"], t["touch_id"]) for t in tables["staging.touches"] if t["occurred_at"] <= AS_OF}
    touches |= {
        ("sales", a["system"], a["activity_id"])
        for a in tables["staging.activities"] if a["is_done"] is not False and a["occurred_at"] and a["occurred_at"] <= AS_OF
    }  # fmt: skip
    assert {(r["side"], r["touch_system"], r["touch_id"]) for r in found if r["side"]} == touches
    live = {d["deal_id"] for d in tables["core.deals"] if d["record_status"] == "live"}
    assert {r["deal_id"] for r in found if r["deal_id"]} == live
