"""The demo company, simulated: a seeded ledger of deals, people and owners that no export has touched yet."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from assets.demo.names import FIRMS, FIRST_NAMES, KINDS, LAST_NAMES, OFFERS, REASONS, SOURCES

AS_OF = datetime(2026, 6, 30, 18)
BEGINNING = datetime(2024, 1, 1, 8)
CENT = Decimal("0.01")
SIZES = {"small": 600, "medium": 20_000, "large": 200_000}
"""Deals per size."""

WON, LOST = "Closed Won", "Closed Lost"
LADDERS = {
    ("salesforce", "default"): (
        "Prospecting", "Qualification", "Needs Analysis", "Value Proposition", "Proposal/Price Quote",
        "Negotiation/Review",
    ),
    ("hubspot", "Sales Pipeline"): ("Discovery", "Qualified", "Demo", "Proposal", "Negotiation"),
    ("hubspot", "Renewals"): ("Renewal due", "In talks"),
}  # fmt: skip
"""The open stages of each system's pipelines, in their order."""
RETIRED, RETIRED_AT = "Value Proposition", datetime(2024, 9, 1)
"""A stage that nothing enters any more."""
BUSY = (0.8, 0.9, 1.0, 0.9, 0.9, 1.0, 0.6, 0.4, 1.0, 1.0, 0.9, 0.5)
"""How many of the possible deals are created in each month of a year."""


class Tempo(NamedTuple):
    """How deals pass through a stage: median days, the share lost there, the CRM's probability in percent."""

    days: float
    lost: float
    percent: int


TEMPOS = {
    "Prospecting": Tempo(6, 0.17, 10), "Qualification": Tempo(9, 0.18, 20), "Needs Analysis": Tempo(12, 0.12, 35),
    "Value Proposition": Tempo(7, 0.10, 50), "Proposal/Price Quote": Tempo(34, 0.21, 65),
    "Negotiation/Review": Tempo(14, 0.15, 90), "Discovery": Tempo(5, 0.17, 20), "Qualified": Tempo(8, 0.16, 40),
    "Demo": Tempo(11, 0.15, 60), "Proposal": Tempo(30, 0.24, 80), "Negotiation": Tempo(12, 0.17, 90),
    "Renewal due": Tempo(30, 0.20, 50), "In talks": Tempo(20, 0.22, 70),
    WON: Tempo(0, 0, 100), LOST: Tempo(0, 0, 0),
}  # fmt: skip
"""Proposals are where this company's deals stand still."""
HELPED, LOST_WITH_DEMO, LOST_WITHOUT = "Needs Analysis", 0.03, 0.40
"""In this stage a demo truly helps; in place of its tempo's, these shares are lost. Calls do nothing anywhere."""


@dataclass(slots=True)
class Account:
    """A company that buys, or may."""

    number: int
    name: str
    domain: str


@dataclass(slots=True)
class Person:
    """A human being at an account."""

    number: int
    first_name: str
    last_name: str
    email: str
    account: Account
    created_at: datetime


@dataclass(slots=True)
class Deal:
    """A deal's whole life: moves are (stage, entered_at), in the order in which they took place."""

    system: str
    number: int
    name: str
    pipeline: str
    amount: Decimal | None
    created_at: datetime
    moves: list[tuple[str, datetime]]
    owner: str
    contacts: list[Person]
    close_on: date
    probability: float | None
    source: str
    reason: str | None = None
    is_deleted: bool = False
    merged_into: int | None = None
    edits: list[datetime] = field(default_factory=list)
    """When its amount or close date was changed, its stage staying as it was."""
    actions: list[tuple[str, datetime]] = field(default_factory=list)
    """(Call or Demo, time) of what was done while it stood in a stage."""

    @property
    def account(self) -> Account:
        """The company of the primary contact."""
        return self.contacts[0].account

    @property
    def stage(self) -> str:
        """Where it stands."""
        return self.moves[-1][0]

    @property
    def is_closed(self) -> bool:
        """Won or lost."""
        return self.stage in (WON, LOST)

    @property
    def updated_at(self) -> datetime:
        """The newest thing that happened to it."""
        return max([self.created_at, self.moves[-1][1], *self.edits])


@dataclass(slots=True)
class Company:
    """Everything that happened until `AS_OF`."""

    seed: int
    owners: list[str]
    people: list[Person]
    deals: list[Deal]


def simulate(size: str, seed: int) -> Company:
    """The company of one size; the same seed gives the same company."""
    rng = random.Random(seed)
    count = SIZES[size]
    # The lists have 14 and 11 names: no two of up to 154 owners are called alike.
    team = range(12 if size == "small" else 60)
    owners = [f"{FIRST_NAMES[n % len(FIRST_NAMES)]} {LAST_NAMES[n * 3 % len(LAST_NAMES)]}" for n in team]
    accounts = [_account(rng, n) for n in range(count // 4)]
    people = [_person(rng, n, accounts[n % len(accounts)]) for n in range(count * 2)]
    deals = []
    for number in range(count):
        system, pipeline = rng.choices(list(LADDERS), weights=(50, 38, 12))[0]
        first = rng.randrange(len(people))
        # Colleagues stand one round of accounts apart.
        contacts = [people[(first + len(accounts) * n) % len(people)] for n in range(rng.choice((1, 1, 2, 3)))]
        deals.append(_deal(rng, number, system, pipeline, rng.choice(owners), contacts))
    for deal in deals:
        for person in deal.contacts:
            person.created_at = min(person.created_at, deal.created_at)
    hubspot = [d for d in deals if d.system == "hubspot"]
    for kept, gone in zip(hubspot[1:4], hubspot[11:14], strict=True):
        gone.merged_into = kept.number
    for deal in [d for d in hubspot[14:] if d.created_at.year > 2024][:4]:
        _import(deal)
    return Company(seed, owners, people, deals)


def _account(rng: random.Random, number: int) -> Account:
    firm = FIRMS[number % len(FIRMS)]
    again = f" {number}" if number >= len(FIRMS) else ""
    return Account(number, firm + again + rng.choice(KINDS), f"firm{number}.example.com")


def _person(rng: random.Random, number: int, account: Account) -> Person:
    created = BEGINNING + timedelta(seconds=rng.randrange(900 * 86400))
    email = f"person{number}@{account.domain}"
    return Person(number, rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES), email, account, _minute(created))


def _deal(rng: random.Random, number: int, system: str, pipeline: str, owner: str, contacts: list[Person]) -> Deal:
    created = _creation(rng)
    moves, actions = _walk(rng, system, pipeline, created)
    stage, last = moves[-1]
    is_logged = system == "salesforce"
    expected = AS_OF + timedelta(days=rng.randint(1, 120))
    deal = Deal(
        system, number, f"{contacts[0].account.name} - {rng.choice(OFFERS)}", pipeline, _amount(rng), created, moves,
        owner, contacts,
        close_on=(last if stage in (WON, LOST) else expected).date(),
        probability=TEMPOS[stage].percent / 100,
        source=rng.choice(SOURCES),
        reason=rng.choice(REASONS) if stage == LOST and rng.random() < 0.8 else None,
        is_deleted=is_logged and rng.random() < 0.01,
        actions=actions,
    )  # fmt: skip
    if is_logged:
        edits = [created + (AS_OF - created) * rng.random() for _ in range(rng.randint(0, 2))]
        deal.edits = sorted(e.replace(microsecond=0) for e in edits)
    elif rng.random() < 0.03:
        deal.probability = None
    return deal


def _creation(rng: random.Random) -> datetime:
    """Ever more deals are created, so that more of them are recent, and open; few in summer and at weekends."""
    span = AS_OF - timedelta(days=1) - BEGINNING
    while True:
        created = BEGINNING + span * rng.random() ** 0.5
        if rng.random() < BUSY[created.month - 1] and (created.weekday() < 5 or rng.random() < 0.1):
            return _minute(created)


def _amount(rng: random.Random) -> Decimal | None:
    """Mostly to the cent, sometimes a round sum; for some deals nobody knows it yet."""
    chance = rng.random()
    if chance < 0.06:
        return None
    if chance < 0.20:
        return Decimal(rng.randint(2, 90)).scaleb(3).quantize(CENT)
    return Decimal(round(rng.lognormvariate(9.4, 0.9) * 100)).scaleb(-2)


Steps = list[tuple[str, datetime]]


def _walk(rng: random.Random, system: str, pipeline: str, created: datetime) -> tuple[Steps, Steps]:
    """A path through the stages until closed or today, and what was done on it; going back and reopening in Salesforce only."""
    ladder = LADDERS[system, pipeline]
    is_logged = system == "salesforce"
    at, now = 0, created if is_logged else created + timedelta(minutes=rng.randint(-300, 300))
    moves, actions = [(ladder[at], now)], []
    while True:
        stage, entered = ladder[at], now
        tempo = TEMPOS[stage]
        # Somebody moves a deal twice within one second.
        is_quick = is_logged and rng.random() < 0.02
        if not is_quick:
            now += timedelta(days=rng.lognormvariate(0, 0.8) * tempo.days, seconds=1)
            now = now.replace(microsecond=0) if is_logged else _minute(now)
        done = _actions(rng, stage, entered, now)
        actions += done
        if now >= AS_OF:
            return moves, actions
        lost = tempo.lost
        if stage == HELPED:
            lost = LOST_WITH_DEMO if any(kind == "Demo" for kind, _ in done) else LOST_WITHOUT
        chance = rng.random()
        if chance < lost and not is_quick:
            moves.append((LOST, now))
            reopened = now + timedelta(days=rng.randint(3, 60))
            if not is_logged or rng.random() > 0.07 or reopened >= AS_OF:
                return moves, actions
            at, now = len(ladder) - 1, reopened
        else:
            is_back = is_logged and at > 0 and chance > 0.94 and not is_quick
            at += -1 if is_back else 2 if rng.random() < 0.08 else 1
            if at < len(ladder) and ladder[at] == RETIRED and now >= RETIRED_AT:
                at += -1 if is_back else 1
            if at >= len(ladder):
                moves.append((WON, now))
                return moves, actions
        moves.append((ladder[at], now))


def _actions(rng: random.Random, stage: str, entered: datetime, left: datetime) -> Steps:
    """What was planned for the first days of a stay, every second time, and done where the stay lasted until then."""
    found = []
    for kind in ("Call", "Demo") if stage == HELPED else ("Call",):
        is_planned, at = rng.random() < 0.5, _minute(entered + timedelta(days=rng.uniform(0.1, 3)))
        if is_planned and at < min(left, AS_OF):
            found.append((kind, at))
    return found


def _import(deal: Deal) -> None:
    """Turn a deal into one that was won long ago and imported later: only the closing date is known."""
    closed = deal.created_at - timedelta(days=90)
    deal.moves, deal.actions = [(WON, closed)], []
    deal.close_on, deal.probability, deal.reason = closed.date(), 1.0, None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
