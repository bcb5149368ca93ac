"""Response times and missed follow-ups against plain Python, on random people, signs, activities and deals."""

import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import laws

from assets.demo.truth.follow_ups import Contacts, Work, missed_follow_ups, response_times
from pipeline_etl.follow_up import AUTOMATIC_MAILS

pytestmark = pytest.mark.slow

MODELS = [
    "core.owner_teams", "core.channel_rules", "core.origins", "core.mailboxes", "core.addresses", "core.company_domains", "core.people",
    "core.sightings", "core.touches", "core.inbound_signs", "core.answers", "core.deal_people", "core.leads", "core.owner_time_zones", "core.working_hours",
    "marts.response_times", "marts.missed_follow_ups",
]  # fmt: skip
SYSTEMS, LETTERS = ["hubspot", "salesforce"], "letters"
OWNERS = ["Ana", "Ben", "Cleo", None]
ZONES = {"Ana": "America/New_York", "Cleo": "Asia/Kolkata"}
KINDS = ["form_fill", "Form", "form_fill", "form_view", "email reply", "automatic reply", "page_view", "meeting booked", "email sent"]
TYPES = ["Call", "Email", "Mass Email", "Note", "Meeting", None]
SUBJECTS = [None, "Hello", "Automatic reply: away"]
EMAILS = [None, "a@x.example", "b@x.example", "c@x.example", "lost@y.example"]
EPOCH = datetime(2024, 3, 6)
CLOCK = [timedelta(0), timedelta(hours=8, minutes=30), timedelta(hours=13, microseconds=1), timedelta(hours=17), timedelta(hours=22)]
ENDS = [timedelta(days=9, hours=14), timedelta(days=4, hours=3), timedelta(days=70)]
# Two weeks with a change of the clocks in New York, and one day much later.
DAYS = [0, 1, 2, 3, 4, 5, 6, 8, 9, 60]
AMOUNTS = [None, Decimal("10.50"), Decimal("99.99")]


@dataclass
class World:
    """What the tables hold before the follow-up."""

    as_of: datetime
    people: list
    links: dict
    touches: list
    activities: list
    assignments: list
    deal_people: list
    deals: list
    stalled: list


class Dice(random.Random):
    """Draws what a world is made of; from a seed, since lists of lists drawn by hypothesis are mostly nearly empty."""

    def moment(self):
        return EPOCH + timedelta(days=self.choice(DAYS)) + self.choice(CLOCK)

    def maybe(self, value):
        return value if self.random() < 0.75 else None

    def times(self, low, high):
        return range(self.randint(low, high))


def world_of(seed):
    """People in two CRMs and a newsletter tool that names no owners, and what they and the sales team did."""
    dice = Dice(seed)
    pick, maybe, moment = dice.choice, dice.maybe, dice.moment
    people = []
    for n in dice.times(0, 7):
        system = pick([*SYSTEMS, *SYSTEMS, LETTERS])
        people.append({
            "system": system, "person_id": f"p{n}", "record_type": pick(["lead", "lead", "contact", None]), "email": pick(EMAILS),
            "owner": None if system == LETTERS else pick(OWNERS), "name": pick([None, f"Name {n}"]), "team": None,
            "lead_source": pick([None, "Web", "Fair"]), "lifecycle": pick([None, "New", "Unqualified"]), "created_at": maybe(moment()),
            "is_test": dice.random() < 0.1,
        })  # fmt: skip
    links = {(p["system"], p["person_id"]): pick(["hubspot:p0", "letters:p1", *[f"{p['system']}:{p['person_id']}"] * 4]) for p in people}
    whose = [*links, *links, *links, *((system, None) for system in (*SYSTEMS, LETTERS)), ("hubspot", "gone")]
    deals = [
        {
            "system": pick(SYSTEMS), "deal_id": f"d{n}", "deal_name": f"Deal {n}", "status": pick(["open", "open", "won", "lost", "merged"]),
            "amount": pick(AMOUNTS), "owner": pick(OWNERS), "created_at": moment(), "stage_entered_at": EPOCH,
        }
        for n in dice.times(0, 5)
    ]  # fmt: skip
    stalled = [
        {
            **{name: deal[name] for name in ("system", "deal_id", "deal_name", "amount", "owner")}, "has_no_next_step": pick([True, True, False, None]),
            "last_changed_at": EPOCH + timedelta(days=pick([0, 1])), "last_activity_at": pick([None, EPOCH + timedelta(days=2)]), "days_silent": 1.5,
        }
        for deal in deals if deal["status"] == "open"
    ]  # fmt: skip
    touches = []
    for n in dice.times(0, 6):
        system, person_id = pick(whose)
        touches.append({
            "system": system, "touch_id": f"t{n}", "occurred_at": moment(), "person_id": person_id, "email": pick(EMAILS),
            "touch_type": pick(KINDS), "page": pick([None, "/pricing", "/plans-x/", "/p"]), "source": pick([None, "news"]), "channel": pick([None, "Email"]),
        })  # fmt: skip
    activities = [_activity(dice, f"a{n}", *pick(whose), deals) for n in dice.times(0, 12)]
    assignments = [
        {"system": system, "person_id": person_id, "owner_id": "Ben", "assigned_at": moment()}
        for system, person_id in (pick([*links, ("hubspot", "gone")]) for _ in dice.times(0, 4))
    ]
    deal_people = sorted({(d["system"], d["deal_id"], pick(["p0", "p1", "p2", "p3", "gone"])) for d in deals for _ in dice.times(0, 3)})
    return World(EPOCH + pick(ENDS), people, links, touches, activities, assignments, deal_people, deals, stalled)


def _activity(dice, activity_id, system, person_id, deals):
    """Something that was done, or a task that is to be done; some are known by their day alone."""
    pick, at = dice.choice, dice.moment()
    is_done = pick([None, True, True, True, False, False])
    at, due_on = (datetime.combine(at.date(), time()), at.date()) if dice.random() < 0.25 else (at, dice.maybe(dice.moment().date()))
    return {
        "system": system, "activity_id": activity_id, "activity_type": pick(TYPES), "is_done": is_done, "due_on": due_on,
        "occurred_at": None if is_done is False and dice.random() < 0.75 else at, "person_id": person_id,
        "deal_id": pick([None, None, None, "gone", *(deal["deal_id"] for deal in deals)]), "owner": pick(OWNERS),
        "subject": pick(SUBJECTS), "direction": pick([None, None, "inbound", "outbound"]), "created_at": pick([None, dice.moment()]),
    }  # fmt: skip


def run(bench, world):
    """The tables that the SQL makes of it."""
    tests = {p["person_id"]: p["is_test"] for p in world.people}
    tables = {
        "core.as_of": [{"one": 1, "as_of": world.as_of}],
        "core.run": [{"started_at": EPOCH, "as_of": world.as_of, "as_of_on": world.as_of.date()}],
        "core.parameters": [{"one": 1, "base_currency": "EUR", "business_time_zone": "UTC"}],
        "staging.people": [
            {**{k: v for k, v in p.items() if k not in ("owner", "is_test", "name", "team")}, "owner_id": p["owner"], "first_name": p["name"]}
            for p in world.people
        ],
        "core.person_links": [{"system": s, "person_id": i, "person": person, "is_test": tests[i]} for (s, i), person in world.links.items()],
        "staging.touches": world.touches,
        "staging.activities": [{("owner_id" if k == "owner" else k): v for k, v in a.items()} for a in world.activities],
        "staging.assignments": world.assignments,
        "staging.deal_people": [dict(zip(("system", "deal_id", "person_id"), row, strict=True)) for row in world.deal_people],
        "core.deals": [{**{k: d[k] for k in ("system", "deal_id")}, "record_status": "merged" if d["status"] == "merged" else "live"} for d in world.deals],
        "marts.deals": world.deals,
        "marts.stalled_deals": world.stalled,
        "settings.follow_up": [{"opens_at": "09:00", "closes_at": "17:00", "unanswered_days": 1.5}],
        "settings.owner_time_zones": [{"owner": owner, "time_zone": zone} for owner, zone in ZONES.items()],
        "settings.answer_limits": [{"lead_source": "*", "hours": 8.0}, {"lead_source": "web", "hours": 0.5}],
        "settings.automatic_mails": [{"pattern": pattern} for pattern in AUTOMATIC_MAILS],
    }  # fmt: skip
    return bench.run(MODELS, tables)


def told(world):
    """The same in plain Python."""
    work = Work(zones=ZONES, limits={"web": 0.5}, unanswered_days=1.5)
    contacts = Contacts(world.people, world.links, world.touches, world.activities, world.deal_people, world.as_of, work)
    leads = response_times(contacts, world.assignments)
    visits = [{"system": d["system"], "deal_id": d["deal_id"], "entered_at": d["stage_entered_at"]} for d in world.deals]
    missed = missed_follow_ups(contacts, leads, world.activities, world.deal_people, world.deals, {}, world.stalled, visits)
    return {"marts.response_times": leads, "marts.missed_follow_ups": missed}


@laws(80)
@given(seed=st.integers(0, 2**32))
def test_both_tables_say_what_the_reference_says(bench, seed):
    world = world_of(seed)
    found, wanted = run(bench, world), told(world)
    for table, rows in wanted.items():
        compare(table, found[table], rows)
