"""Lead, MQL, SQL, opportunity, customer, post-sale: against a reading in plain Python, on random lives."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from strategies import laws

from assets.demo.truth.lifecycle import funnel_stages, life

AS_OF = datetime(2024, 6, 30, 12)
TARGETS = ["core.lifecycle_words", "marts.lifecycle_events", "marts.funnel_stages"]
WORDS = {
    "Lead": "lead", "marketingqualifiedlead": "mql", "Marketing Qualified Lead": "mql", "SQL": "sql", "Sales-Qualified Lead": "sql", "opportunity": "opportunity",
    "customer": "customer", "Evangelist": "post-sale", "Closed - Not Converted": "disqualified", "something else": None,
}  # fmt: skip
moments = st.integers(0, 14).map(lambda n: datetime(2024, 1, 1, 9) + timedelta(days=n * 14))
PEOPLE = ["ann", "bob", "e-mail:eve@x.org"]


@st.composite
def lives(draw):
    """Some people's records, histories, touches and deals."""
    people = [{"person": p, "created_at": None if p.startswith("e-mail") else draw(st.none() | moments), "is_test": False} for p in PEOPLE]
    changes = [
        {
            "system": "crm", "person": draw(st.sampled_from(["1", "2", "3", "eve@x.org"])), "stage": draw(st.sampled_from(list(WORDS))),
            "changed_at": draw(moments), "evidence": "history", "email": None,
        }
        for _ in range(draw(st.integers(0, 8)))
    ]  # fmt: skip
    touches = [
        {
            "side": draw(st.sampled_from(["marketing", "sales"])), "system": "web", "touch_id": f"t{n}", "occurred_at": draw(moments),
            "person": draw(st.sampled_from([*PEOPLE, None])), "channel": draw(st.sampled_from(["Email", "Event"])), "campaign": None,
            "excluded": draw(st.sampled_from([None, None, "machine"])),
        }
        for n in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    deals, parts = [], []
    for number in range(draw(st.integers(0, 4))):
        created, closed = sorted([draw(moments), draw(moments)])
        status = draw(st.sampled_from(["open", "won", "lost", "deleted"]))
        closed_at = closed if status in ("won", "lost") and closed <= AS_OF else None
        deals.append({"system": "crm", "deal_id": f"d{number}", "created_at": created, "status": status if closed_at or status == "deleted" else "open", "closed_at": closed_at})
        parts += [{"system": "crm", "deal_id": f"d{number}", "person": p, "has_role": draw(st.booleans())} for p in PEOPLE if draw(st.booleans())]
    return {
        "core.as_of": [{"as_of": AS_OF}], "core.people": people, "staging.lifecycle_changes": changes, "core.touches": touches, "marts.deals": deals,
        "core.deal_people": parts, "core.addresses": [{"email": "eve@x.org", "person": "e-mail:eve@x.org"}],
        "core.person_links": [{"system": "crm", "person_id": i, "person": p} for i, p in (("1", "ann"), ("2", "ann"), ("3", "bob"))],
    }  # fmt: skip


def truth(tables):
    """Each person's entries, by name."""
    who = {"1": "ann", "2": "ann", "3": "bob", "eve@x.org": "e-mail:eve@x.org"}
    found = {}
    for p in tables["core.people"]:
        recorded = [(WORDS[c["stage"]], c["changed_at"], "lifecycle history") for c in tables["staging.lifecycle_changes"] if who[c["person"]] == p["person"] and WORDS[c["stage"]]]
        touched = [t["occurred_at"] for t in tables["core.touches"] if t["person"] == p["person"] and not t["excluded"]]
        mine = {r["deal_id"] for r in tables["core.deal_people"] if r["person"] == p["person"] and r["has_role"]}
        deals = [d for d in tables["marts.deals"] if d["deal_id"] in mine and d["status"] != "deleted"]
        found[p["person"]] = life(recorded, p["created_at"], min(touched, default=None), deals, AS_OF)
    return found


@laws(60)
@given(tables=lives())
def test_every_life_is_what_the_reference_says(bench, tables):
    found, wanted = bench.run(TARGETS, tables), truth(tables)
    events = {p: [] for p in PEOPLE}
    for row in sorted(found["marts.lifecycle_events"], key=lambda r: (r["person"], r["event_number"])):
        events[row["person"]].append((row["stage"], row["entered_at"], row["evidence"]))
    assert events == wanted
    assert {row["person"] for row in found["marts.funnel_stages"]} == set(PEOPLE)
    for row in found["marts.funnel_stages"]:
        known = funnel_stages(wanted[row["person"]])
        assert {k: row[k] for k in known} == known, row["person"]


@laws(20)
@given(tables=lives(), later=st.integers(1, 400))
def test_what_comes_later_never_rewrites_a_first_time(bench, tables, later):
    """A person who becomes MQL again does not move last year's count."""
    first = ["first_lead_at", "first_mql_at", "first_sql_at"]
    before = {r["person"]: [r[c] for c in first] for r in bench.run(TARGETS, tables)["marts.funnel_stages"]}
    again = {"system": "crm", "person": "1", "stage": "Marketing Qualified Lead", "changed_at": datetime(2024, 7, 15, 9) + timedelta(days=later), "evidence": "history", "email": None}
    # Known to a run of a later day, and after everything that was known before.
    tables = {**tables, "staging.lifecycle_changes": [*tables["staging.lifecycle_changes"], again]}
    after = {r["person"]: [r[c] for c in first] for r in bench.run(TARGETS, {**tables, "core.as_of": [{"as_of": again["changed_at"]}]})["marts.funnel_stages"]}
    for person, times in before.items():
        for was, became in zip(times, after[person], strict=True):
            assert was is None or was == became
