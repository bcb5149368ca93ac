"""The demo company's marketing: generic touches, campaigns and spend; and two files that are no exports."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from assets.demo.company import AS_OF, CHANNELS, Company
from assets.demo.writing import File

CAMPAIGNS = 24
KINDS = ("page_view", "ad_click", "email_open", "email_click", "form_fill", "webinar_attend")


def write(company: Company, folder: Path) -> list[dict[str, object]]:
    """All marketing files; returns the truth of each."""
    notes = folder / "notes"
    notes.mkdir(parents=True, exist_ok=True)
    (notes / "README.txt").write_text("Exports of 30 June. Ask Olga about the parking list.\n", encoding="utf-8")
    (notes / "parking.csv").write_text("plate,floor,since\nB-XY 123,2,2025\n", encoding="utf-8")
    return [_touches(company, folder), _campaigns(folder), _spend(company, folder)]


def _touches(company: Company, folder: Path) -> dict[str, object]:
    rng = company.random
    headings = ("touch_id", "email", "anon_id", "occurred_at", "campaign_id", "channel", "event_type", "page")
    file, number = File("marketing/touches.csv", headings), 0

    def touch(email: str, visitor: str, at: str) -> dict[str, object]:
        campaign = rng.randrange(CAMPAIGNS)
        return {
            "touch_id": f"t{number}", "email": email, "anon_id": visitor, "occurred_at": at, "campaign_id": f"c{campaign}",
            "channel": CHANNELS[campaign % len(CHANNELS)], "event_type": rng.choice(KINDS), "page": f"/p/{rng.randrange(60)}",
        }  # fmt: skip

    for deal in company.deals:
        for _ in range(rng.randrange(7)):
            number += 1
            at = deal.created_at - timedelta(days=rng.randrange(90)) + timedelta(seconds=rng.randrange(86400))
            known = rng.random() < 0.8
            file.keep(touch(deal.person.email if known else "", f"a{deal.person.number}", f"{min(at, AS_OF):%Y-%m-%dT%H:%M:%SZ}"))
    number += 1
    file.keep(touch(company.people[0].email, "a0", f"{AS_OF:%Y-%m-%dT%H:%M:%SZ}"))
    file.reject({**touch("x@example.com", "a1", "last week"), "touch_id": "bad1"})
    file.reject_text("bad2,too,short")
    return file.save(folder)


def _campaigns(folder: Path) -> dict[str, object]:
    file = File("marketing/campaigns.csv", ("campaign_id", "name", "channel", "start_at", "budget"))
    for n in range(CAMPAIGNS):
        file.keep({"campaign_id": f"c{n}", "name": f"Campaign {n} | always on", "channel": CHANNELS[n % len(CHANNELS)], "start_at": "2024-01-08T00:00:00Z", "budget": 1000 + 250 * n})
    return file.save(folder)


def _spend(company: Company, folder: Path) -> dict[str, object]:
    rng = company.random
    file, day = File("marketing/ad_spend.csv", ("date", "campaign_id", "impressions", "clicks", "spend")), date(2024, 1, 8)
    while day <= AS_OF.date():
        for n in range(0, CAMPAIGNS, 4):
            clicks = rng.randrange(200)
            file.keep({"date": day.isoformat(), "campaign_id": f"c{n}", "impressions": clicks * 40, "clicks": clicks, "spend": f"{clicks * 0.87:.2f}"})
        day += timedelta(days=7)
    return file.save(folder)
