"""The demo company, simulated: a seeded ledger of deals, people and marketing that no export has touched yet."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

AS_OF = datetime(2026, 6, 30, 18)
BEGINNING = datetime(2024, 1, 8, 8)
SIZES = {"small": 600, "medium": 20_000, "large": 200_000}
"""Deals per size."""

LADDERS = {
    ("salesforce", "default"): ("Prospecting", "Qualification", "Needs Analysis", "Value Proposition", "Proposal/Price Quote", "Negotiation/Review"),
    ("hubspot", "Sales Pipeline"): ("Discovery", "Qualified", "Demo", "Proposal", "Negotiation"),
    ("hubspot", "Renewals"): ("Renewal due", "In talks"),
}  # fmt: skip
RETIRED = ("Value Proposition", datetime(2024, 9, 1))
"""A stage that nothing enters any more."""
WON, LOST = "Closed Won", "Closed Lost"
DAYS = {"Prospecting": 6, "Qualification": 9, "Needs Analysis": 12, "Value Proposition": 7, "Proposal/Price Quote": 34, "Negotiation/Review": 14,
        "Discovery": 5, "Qualified": 8, "Demo": 11, "Proposal": 30, "Negotiation": 12, "Renewal due": 30, "In talks": 20}  # fmt: skip
"""Median days in a stage: proposals are where this company's deals stand still."""
REASONS = ("Price", "No decision", "Competitor", "Timing", "Missing feature", "Precio")
SOURCES = ("Web", "Partner Referral", "Trade Show", "Phone Inquiry", "Word of mouth")
CHANNELS = ("paid_search", "paid_social", "email", "organic", "webinar", "partner", "display", "direct")
FIRST = ("Ana", "Lucía", "Jürgen", "Marta", "Chen", "Aoife", "Noël", "Priya", "Tom", "María José", "Søren", "李", "Olga", "Kwame")
LAST = ("García", "O'Brien", "Müller", "Nguyen", "Smith", "Fernández-Ruiz", "Østergaard", "Kowalski", "王", "Duarte", "van der Berg")
FIRMS = ("Northwind", "Müller & Söhne", "Pérez Hermanos", "Blue Harbor", "Kite", "Ostrava Steel", "東京商事", "Acme \"West\"", "Summit", "Río Verde")
KINDS = ("GmbH", "S.L.", "Inc.", "Ltd", "Health", "Foods, Inc.", "Labs", "Logistics")


@dataclass
class Account:
    """A company that buys, or may."""

    number: int
    name: str
    domain: str


@dataclass
class Person:
    """A human being at an account."""

    number: int
    first_name: str
    last_name: str
    email: str
    account: Account
    created_at: datetime


@dataclass
class Deal:
    """A deal's whole life: moves are (stage, entered_at), the first one at creation."""

    system: str
    number: int
    name: str
    pipeline: str
    amount: Decimal | None
    created_at: datetime
    moves: list[tuple[str, datetime]]
    owner: str
    account: Account
    person: Person
    close_on: date
    probability: float
    source: str
    reason: str | None = None
    is_deleted: bool = False
    merged_into: int | None = None
    is_imported: bool = False
    edits: list[datetime] = field(default_factory=list)

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


@dataclass
class Company:
    """Everything that happened until `AS_OF`."""

    random: random.Random
    owners: list[str]
    accounts: list[Account]
    people: list[Person]
    deals: list[Deal]


def simulate(size: str, seed: int) -> Company:
    """The company of one size; the same seed gives the same company."""
    rng = random.Random(seed)
    deals = SIZES[size]
    owners = [f"{FIRST[i % len(FIRST)]} {LAST[(i * 3) % len(LAST)]}" for i in range(12 if size == "small" else 60)]
    accounts = [
        Account(n, f"{FIRMS[n % len(FIRMS)]} {rng.choice(KINDS)}" + (f" {n}" if n >= len(FIRMS) else ""), f"firm{n}.example.com")
        for n in range(max(deals // 4, 20))
    ]
    people = [_person(rng, n, accounts[n % len(accounts)]) for n in range(deals * 2)]
    company = Company(rng, owners, accounts, people, [])
    for number in range(deals):
        system, pipeline = rng.choices(list(LADDERS), weights=(50, 38, 12))[0]
        company.deals.append(_deal(rng, number, system, pipeline, owners, people))
    hubspot = [d for d in company.deals if d.system == "hubspot"]
    for kept, gone in zip(hubspot[1:4], hubspot[11:14], strict=True):
        gone.merged_into = kept.number
    for deal in hubspot[20:24]:
        _import(deal)
    return company


def _person(rng: random.Random, number: int, account: Account) -> Person:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    return Person(number, first, last, f"person{number}@{account.domain}", account, BEGINNING + _seconds(rng, 700 * 86400))


def _deal(rng: random.Random, number: int, system: str, pipeline: str, owners: list[str], people: list[Person]) -> Deal:
    # Ever more deals are created: more of them are recent, and open.
    created = _minute(BEGINNING + (AS_OF - timedelta(days=1) - BEGINNING) * rng.random() ** 0.5)
    moves = _walk(rng, system, pipeline, created)
    person = rng.choice(people)
    amount = None if rng.random() < 0.06 else Decimal(round(rng.lognormvariate(9.4, 0.9) * 100)) / 100
    stage, last = moves[-1]
    closed = stage in (WON, LOST)
    ladder = LADDERS[system, pipeline]
    deal = Deal(
        system, number, f"{person.account.name} - {rng.choice(('Pilot', 'Platform', 'Team plan', 'Ampliación', 'Année 2'))}",
        pipeline, amount, created, moves, rng.choice(owners), person.account, person,
        close_on=last.date() if closed else (last + timedelta(days=rng.randint(-20, 120))).date(),
        probability=1.0 if stage == WON else 0.0 if stage == LOST else (ladder.index(stage) + 1) / (len(ladder) + 2) // 0.01 / 100,
        source=rng.choice(SOURCES),
        reason=rng.choice(REASONS) if stage == LOST and rng.random() < 0.8 else None,
        is_deleted=system == "salesforce" and rng.random() < 0.01,
    )  # fmt: skip
    if system == "salesforce":
        deal.edits = [created + (AS_OF - created) * rng.random() for _ in range(rng.randint(0, 2))]
        deal.edits = sorted(e.replace(microsecond=0) for e in deal.edits)
    return deal


def _walk(rng: random.Random, system: str, pipeline: str, created: datetime) -> list[tuple[str, datetime]]:
    """A path through the stages until won, lost or today: skips anywhere; going back and reopening in Salesforce only."""
    ladder = LADDERS[system, pipeline]
    history = system == "salesforce"
    at, now = 0, created
    moves = [(ladder[0], created if history else _minute(created + timedelta(minutes=rng.randint(-300, 300))))]
    now = moves[0][1]
    while True:
        days = rng.lognormvariate(0, 0.8) * DAYS[ladder[at]]
        quick = history and rng.random() < 0.02
        now = now if quick else _minute(now + timedelta(days=days)) + timedelta(seconds=rng.randint(1, 59) if history else 0)
        if now >= AS_OF:
            return moves
        chance = rng.random()
        if chance < 0.24 and not quick:
            moves.append((LOST, now))
            reopened = now + timedelta(days=rng.randint(3, 60))
            if history and rng.random() < 0.07 and reopened < AS_OF:
                at, now = len(ladder) - 1, reopened
                moves.append((ladder[at], now))
                continue
            return moves
        if chance < 0.30 and history and at > 0 and not quick:
            at -= 1
        else:
            at += 2 if rng.random() < 0.08 else 1
        if at >= len(ladder):
            moves.append((WON, now))
            return moves
        if ladder[at] == RETIRED[0] and now >= RETIRED[1]:
            at += 1
        moves.append((ladder[at], now))


def _import(deal: Deal) -> None:
    """Turn a deal into one that was closed long ago and imported later: only the closing date is known."""
    closed = deal.created_at - timedelta(days=90)
    deal.moves = [(WON, closed)]
    deal.close_on, deal.probability, deal.reason, deal.is_imported = closed.date(), 1.0, None, True


def _seconds(rng: random.Random, most: int) -> timedelta:
    return timedelta(seconds=rng.randrange(most))


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
