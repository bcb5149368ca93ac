"""Random small companies for hypothesis, with everything in them that exports get wrong."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

EPOCH = datetime(2023, 12, 20)
# Few days and few times of the day, so that events tie; among them the first and last days of a month and a year.
DAYS = [0, 1, 2, 11, 12, 13, 40, 42, 43, 72, 103]
CLOCK = [
    timedelta(0),
    timedelta(hours=9),
    timedelta(hours=9, milliseconds=500),
    timedelta(days=1) - timedelta(microseconds=1),
]
OWNERS = ["Ana", "Ben", None]
SYSTEMS = ["hubspot", "salesforce"]
EVIDENCE = ["history", "date column"]
MAYBE = st.booleans()
OPEN_NAMES = ["Lead", "Demo", "Offer", "Legal", "Approval"]



def laws(companies: int) -> settings:
    """Settings of a test that runs the models: so many random companies, or LAWS times as many (`make laws`)."""
    many = round(companies * float(os.environ.get("LAWS", "1")))
    return settings(max_examples=many, deadline=None, suppress_health_check=list(HealthCheck))


moments = st.builds(
    lambda day, clock: EPOCH + timedelta(days=day) + clock, st.sampled_from(DAYS), st.sampled_from(CLOCK)
)
dates = st.builds(lambda day: EPOCH + timedelta(days=day), st.sampled_from(DAYS))
cents = st.integers(0, 5_000_000) | st.integers(10**9, 10**15)
"""Of a small deal, or of one in rupiah: sums must hold both."""
amounts = st.none() | cents.map(lambda number: Decimal(number).scaleb(-2))
# Binary fractions: whether a cent is rounded up must not hang on how 0.1 is stored.
probabilities = st.none() | st.sampled_from([0.0, 0.125, 0.25, 0.5, 0.75, 1.0])


@dataclass(frozen=True)
class Company:
    """The input of the reference: lists of dicts and a moment."""

    deals: list
    changes: list
    stages: list
    as_of: datetime
    edits: list = field(default_factory=list)


@st.composite
def companies(draw, max_deals=12, crowded=MAYBE):
    """One or two pipelines and their deals; every second company has a stage crowded enough to tell stalled deals."""
    stages = [
        stage for name in draw(st.sampled_from([["Sales"], ["Sales", "Renewal"]])) for stage in draw(ladders(name))
    ]
    # Two systems may give two deals one id.
    lives = [draw(deal_lives(stages, f"d{number // 2}", SYSTEMS[number % 2])) for number in range(draw(st.integers(0, max_deals)))]
    if draw(crowded):
        values = draw(st.sampled_from([amounts, st.just(Decimal(7000))]))
        lives += [draw(simple_lives(stages, f"c{number}", values)) for number in range(36)]
    deals = [deal for deal, _ in lives]
    changes = [change for _, history in lives for change in history]
    orphans = draw(st.lists(st.sampled_from(changes), max_size=2)) if changes else []
    changes += [{**orphan, "deal_id": "gone"} for orphan in orphans]
    # The same again, perhaps known in another way.
    again = draw(st.lists(st.sampled_from(changes), max_size=3)) if changes else []
    changes += [{**change, "evidence": draw(st.sampled_from(EVIDENCE))} for change in again]
    edits = [edit for deal in deals if draw(st.booleans()) for edit in draw(deal_edits(deal))]
    return Company(deals, draw(st.permutations(changes)), stages, draw(moments | st.just(EPOCH + timedelta(days=110))), edits)


@st.composite
def deal_edits(draw, deal):
    """What is recorded of a deal's values, in the order in which it was recorded; not always up to what the record says now."""
    drawn = {"amount": amounts, "close_on": st.none() | dates.map(datetime.date), "owner": st.sampled_from(OWNERS), "probability": probabilities}
    edits = []
    for name in draw(st.lists(st.sampled_from(sorted(drawn)), unique=True, max_size=3)):
        times = sorted(draw(st.lists(moments, min_size=1, max_size=3)))
        old = draw(drawn[name])
        for number, time in enumerate(times):
            is_last = number == len(times) - 1
            new = deal[name] if is_last and draw(st.booleans()) else draw(drawn[name])
            edits.append({
                "system": deal["system"], "deal_id": deal["deal_id"], "field": name, "changed_at": time, "old_value": old, "new_value": new,
                "knows_old": draw(st.booleans()),
            })  # fmt: skip
            old = new
    return edits


@st.composite
def ladders(draw, pipeline):
    """The stages of a pipeline; pipelines share names of stages, and their order is not alphabetical."""
    names = draw(st.permutations(OPEN_NAMES))[: draw(st.integers(2, 5))]
    kinds = [(name, "open") for name in names] + [("Closed Won", "won"), ("Closed Lost", "lost")]
    return [
        {"pipeline": pipeline, "stage": name, "stage_order": order, "kind": kind}
        for order, (name, kind) in enumerate(kinds, 1)
    ]


@st.composite
def deal_lives(draw, stages, deal_id, system):
    """A deal and what is recorded of it: any stages in any order, known fully, partly, wrongly or not at all."""
    home = draw(st.sampled_from(sorted({stage["pipeline"] for stage in stages})))
    at_home = [(stage["pipeline"], stage["stage"]) for stage in stages if stage["pipeline"] == home]
    anywhere = [(stage["pipeline"], stage["stage"]) for stage in stages]
    places = draw(st.lists(st.sampled_from(at_home) | st.sampled_from(anywhere), min_size=1, max_size=6))
    times = sorted(draw(st.lists(moments, min_size=len(places), max_size=len(places))))
    truth = list(zip(places, times, strict=True))

    now = draw(st.just(places[-1]) | st.just(places[-1]) | st.sampled_from(anywhere))
    deal = make_deal(
        deal_id,
        now,
        draw(st.just(times[0]) | st.just(times[0] - timedelta(hours=30)) | moments),
        system=system,
        stage_changed_at=draw(st.none() | st.just(times[-1]) | moments),
        closed_on_at=draw(st.none() | st.just(times[-1]) | dates),
        amount=draw(amounts),
        probability=draw(probabilities),
        is_deleted=draw(st.integers(0, 9)) == 9,
        is_merged=draw(st.integers(0, 9)) == 9,
        close_on=draw(st.none() | dates.map(datetime.date)),
        owner=draw(st.sampled_from(OWNERS)),
        updated_at=draw(st.none() | st.just(times[-1]) | moments),
    )
    if deal["is_deleted"] or deal["is_merged"]:
        deal["ended_at"] = deal["updated_at"]
    history, before = [], None
    for place, time in truth if draw(st.integers(0, 3)) else []:
        if draw(st.integers(0, 4)):
            is_history = draw(st.booleans())
            from_stage = before[1] if is_history and before and before[0] == place[0] and draw(st.booleans()) else None
            names_pipeline = place[0] != now[0] or draw(st.booleans())
            evidence = "history" if is_history else "date column"
            history.append(make_change(deal, place, time, from_stage, evidence, names_pipeline))
        before = place
    return deal, history


@st.composite
def simple_lives(draw, stages, deal_id, values=amounts):
    """A deal that went from the first stage to any other of its pipeline, or still stands there, fully recorded."""
    pipeline = stages[0]["pipeline"]
    start, *others = [(pipeline, stage["stage"]) for stage in stages if stage["pipeline"] == pipeline]
    end = draw(st.sampled_from([*others, start]))
    first, second = sorted([draw(moments), draw(moments)])
    deal = make_deal(
        deal_id, end, first, stage_changed_at=first if end == start else second, amount=draw(values), probability=draw(probabilities)
    )
    changes = [make_change(deal, start, first), make_change(deal, end, second, start[1])]
    return deal, changes[: 1 if end == start else 2]


def make_deal(deal_id, place, created_at, system="hubspot", **fields):
    """A deal standing in `place`, with nothing known that is not said."""
    unknown = dict.fromkeys(("stage_changed_at", "closed_on_at", "amount", "probability", "close_on", "owner", "updated_at", "ended_at"))
    flags = {"is_deleted": False, "is_merged": False}
    pipeline, stage = place
    names = {"system": system, "deal_id": deal_id, "pipeline": pipeline, "stage": stage, "created_at": created_at}
    return {**names, **unknown, **flags, **fields}


def make_change(deal, place, changed_at, from_stage=None, evidence="history", names_pipeline=True):
    """A recorded entry into a stage; a history that does not name the pipeline means the deal's."""
    return {
        "system": deal["system"],
        "deal_id": deal["deal_id"],
        "pipeline": place[0] if names_pipeline else None,
        "stage": place[1],
        "from_stage": from_stage,
        "changed_at": changed_at,
        "evidence": evidence,
    }
