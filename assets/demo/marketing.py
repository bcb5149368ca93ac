"""The demo company's marketing: generic touches, campaigns and spend; and two files that are no exports."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from assets.demo.company import AS_OF, BEGINNING, WON, Company
from assets.demo.writing import File

CHANNELS = ("paid_search", "paid_social", "email", "organic", "webinar", "partner", "display", "direct")
PAID = ("paid_search", "paid_social", "display")
THEMES = ("Always on", "Spring | launch", "Otoño: precios, prueba", '"Why now"', "夏のキャンペーン")
KINDS = ("page_view", "ad_click", "email_open", "email_click", "form_fill", "webinar_attend")
LOOKING = ("page_view", "ad_click", "email_open")
WINNING, IDLE = "webinar", "display"
"""The channel that wins deals, and the one that brings readers."""
READERS = 5
"""So many people only read for each deal that there is."""
PRICING = 7
"""The page with the prices."""
TOUCH = ("touch_id", "email", "anon_id", "occurred_at", "campaign_id", "channel", "event_type", "page")


class Campaign(NamedTuple):
    """A campaign and the days on which it runs."""

    identity: str
    name: str
    channel: str
    start: date
    end: date
    budget: int


CAMPAIGNS = [
    Campaign(
        f"c{n}", f"{CHANNELS[n % len(CHANNELS)]} {n} - {THEMES[n % len(THEMES)]}", CHANNELS[n % len(CHANNELS)],
        BEGINNING.date() + timedelta(days=n * 31), BEGINNING.date() + timedelta(days=n * 36 + 60), 1000 + 250 * n,
    )
    for n in range(24)
]  # fmt: skip


def write(company: Company, folder: Path) -> list[dict[str, object]]:
    """All marketing files; returns the truth of each."""
    notes = folder / "notes"
    notes.mkdir(parents=True, exist_ok=True)
    (notes / "README.txt").write_bytes(b"Exports of 30 June. Ask Olga about the parking list.\n")
    (notes / "parking.csv").write_bytes(b"plate,floor,since\nB-XY 123,2,2025\n")
    rng = dice(company)
    return [_touches(company, rng, folder), _campaigns(folder), _spend(rng, folder)]


def dice(company: Company) -> random.Random:
    """What the marketing of a company is drawn from, touches first."""
    return random.Random(company.seed + 1)


def touches(company: Company, rng: random.Random) -> Iterator[dict[str, object]]:
    """Every touch of the company's people, in the words of the export, with the moment itself in `at`.

    Who came to buy went to webinars; that is the one thing that a channel does here.
    """
    number = 0
    for deal in company.deals:
        since = max(BEGINNING, deal.created_at - timedelta(days=90))
        until = min(deal.created_at + timedelta(days=20), AS_OF - timedelta(minutes=1))
        for _ in range(rng.randrange(7)):
            number += 1
            person = rng.choice(deal.contacts)
            email = "" if rng.random() < 0.2 else person.email.upper() if number % 15 == 0 else person.email
            favoured = WINNING if deal.stage == WON else None
            yield _touch(rng, f"t{number}", email, f"a{person.number}", since + (until - since) * rng.random(), favoured)
    yield _touch(rng, f"t{number + 1}", company.people[0].email, "a0", AS_OF)


def readers(company: Company) -> Iterator[dict[str, object]]:
    """Every touch of those who look and never buy: no CRM knows them, and nothing of what they did asks for an answer."""
    rng, span = random.Random(company.seed + 5), AS_OF - timedelta(days=1) - BEGINNING
    for reader in range(READERS * len(company.deals)):
        at = BEGINNING + span * rng.random()
        for visit in range(rng.choice((1, 1, 2, 3))):
            touch = _touch(rng, f"r{reader}-{visit}", f"reader{reader}@mail{reader % 97}.example.net", f"r{reader}", at, IDLE)
            yield {**touch, "event_type": rng.choice(LOOKING), "page": f"/p/{rng.randrange(8, 60)}"}
            at = min(at + timedelta(days=rng.randrange(1, 30)), AS_OF - timedelta(minutes=1))


def _touch(rng: random.Random, identity: str, email: str, visitor: str, at: datetime, favoured: str | None = None) -> dict[str, object]:
    campaign = rng.choices(CAMPAIGNS, [4 if c.channel == favoured else 1 for c in CAMPAIGNS])[0]
    kind, page = rng.choice(KINDS), rng.randrange(60)
    return {
        "touch_id": identity, "email": email, "anon_id": visitor, "at": at.replace(microsecond=0), "occurred_at": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "campaign_id": campaign.identity, "channel": campaign.channel, "event_type": kind, "page": "/pricing" if page == PRICING else f"/p/{page}",
    }  # fmt: skip


def _touches(company: Company, rng: random.Random, folder: Path) -> dict[str, object]:
    file = File(folder, "marketing/touches.csv", TOUCH)
    for row in (*touches(company, rng), *readers(company)):
        file.keep(row)
    good = _touch(rng, "", "x@example.com", "a1", AS_OF)
    file.reject({**good, "touch_id": "bad1", "occurred_at": "last week"})
    file.reject({**good, "touch_id": "bad2", "occurred_at": ""})
    file.reject_text("bad3,too,short")
    return file.close()


def _campaigns(folder: Path) -> dict[str, object]:
    file = File(folder, "marketing/campaigns.csv", ("campaign_id", "name", "channel", "start_at", "budget"))
    for c in CAMPAIGNS:
        start = f"{c.start.isoformat()}T00:00:00Z"
        row = {"campaign_id": c.identity, "name": c.name, "channel": c.channel, "start_at": start, "budget": c.budget}
        file.keep(row)
    return file.close()


def _spend(rng: random.Random, folder: Path) -> dict[str, object]:
    file = File(folder, "marketing/ad_spend.csv", ("date", "campaign_id", "impressions", "clicks", "spend"))
    for campaign in CAMPAIGNS:
        day = campaign.start
        while campaign.channel in PAID and day < min(campaign.end, AS_OF.date()):
            clicks = rng.randrange(200)
            file.keep({
                "date": day.isoformat(), "campaign_id": campaign.identity, "clicks": clicks,
                "impressions": clicks * 40 + rng.randrange(40), "spend": f"{clicks * 0.87:.2f}",
            })  # fmt: skip
            day += timedelta(days=1)
    file.reject_text("2026-01-15,c0,4000,100,87.00,and one field too many")
    return file.close()
