"""The demo company's Salesforce opportunities and their history, as the Data Loader writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from assets.demo import salesforce_records
from assets.demo.company import CENT, LOST, TEMPOS, WON, Account, Company, Deal
from assets.demo.salesforce_records import record_id, yes
from assets.demo.writing import File, stamp

CATEGORY = {WON: "Closed", LOST: "Omitted", "Negotiation/Review": "Forecast", "Proposal/Price Quote": "BestCase"}
OPPORTUNITY = (
    "Id", "IsDeleted", "AccountId", "Name", "Description", "StageName", "Amount", "Probability", "CloseDate", "Type",
    "LeadSource", "IsClosed", "IsWon", "ForecastCategory", "CampaignId", "OwnerId", "CreatedDate", "LastModifiedDate",
    "SystemModstamp", "LastStageChangeDate", "Region__c",
)  # fmt: skip
HISTORY = (
    "Id", "OpportunityId", "CreatedById", "CreatedDate", "StageName", "Amount", "ExpectedRevenue", "CloseDate",
    "Probability", "ForecastCategory", "SystemModstamp", "IsDeleted",
)  # fmt: skip
ARCHIVED = datetime(2026, 5, 31, 22)
"""When somebody put an export aside."""


def deal_id(deal: Deal) -> str:
    """The opportunity's id."""
    return record_id("006", deal.number)


def account_id(account: Account) -> str:
    """The account's id."""
    return record_id("001", account.number)


def write(company: Company, folder: Path) -> list[dict[str, object]]:
    """All Salesforce files; returns the truth of each."""
    deals = [d for d in company.deals if d.system == "salesforce"]
    owner = {name: record_id("005", n) for n, name in enumerate(company.owners)}
    return [
        *_opportunities(deals, owner, folder),
        _history(deals, owner, folder),
        *salesforce_records.write(company, [(deal, deal_id(deal)) for deal in deals], owner, folder),
    ]


def _opportunity(deal: Deal, owner: dict[str, str]) -> dict[str, object]:
    return {
        "Id": deal_id(deal), "IsDeleted": yes(deal.is_deleted), "AccountId": record_id("001", deal.account.number),
        "Name": deal.name, "Description": 'First call: "looks good",\nsend the offer' if deal.number % 17 == 0 else "",
        "StageName": deal.stage, "Amount": deal.amount, "Probability": f"{deal.probability * 100:g}",
        "CloseDate": deal.close_on.isoformat(), "Type": _type(deal),
        "LeadSource": deal.source, "IsClosed": yes(deal.is_closed), "IsWon": yes(deal.stage == WON),
        "ForecastCategory": CATEGORY.get(deal.stage, "Pipeline"), "CampaignId": record_id("701", deal.number % 6),
        "OwnerId": owner[deal.owner], "CreatedDate": stamp(deal.created_at), "LastModifiedDate": stamp(deal.updated_at),
        "SystemModstamp": stamp(deal.updated_at), "LastStageChangeDate": stamp(deal.moves[-1][1]), "Region__c": "EMEA",
    }  # fmt: skip


def _older(row: dict[str, object], deal: Deal, at: datetime) -> dict[str, object]:
    """The same record as it was on another day: less is known of it, and something else is wrong."""
    return {
        **row, "StageName": deal.moves[0][0], "Amount": "1.00", "Probability": TEMPOS[deal.moves[0][0]].percent,
        "IsClosed": "false", "IsWon": "false", "ForecastCategory": "Pipeline", "LastModifiedDate": stamp(at),
        "SystemModstamp": stamp(at), "CloseDate": (at + timedelta(days=60)).date().isoformat(),
        "LastStageChangeDate": stamp(deal.moves[0][1]),
    }  # fmt: skip


def _opportunities(deals: list[Deal], owner: dict[str, str], folder: Path) -> list[dict[str, object]]:
    now = File(folder, "salesforce/Opportunity.csv", OPPORTUNITY, quote_all=True, encoding="utf-8-sig")
    archive = File(folder, "salesforce/archive/Opportunity_2026-05.csv", OPPORTUNITY, quote_all=True)
    for deal in deals:
        row = _opportunity(deal, owner)
        earlier = deal.created_at + (deal.updated_at - deal.created_at) / 2
        if deal.updated_at - deal.created_at > timedelta(days=3):
            if deal.number % 31 == 0:
                now.duplicate(_older(row, deal, earlier))
            if deal.number % 13 == 0 and earlier < ARCHIVED:
                archive.duplicate(_older(row, deal, earlier - timedelta(hours=1)))
        now.keep(row)
        if deal.number % 37 == 0 and deal.updated_at - deal.created_at > timedelta(days=3):
            # Nothing says that the newer copy of a record comes last.
            now.duplicate(_older(row, deal, earlier - timedelta(hours=2)))
    good = _opportunity(deals[0], owner)
    now.reject({**good, "Id": ""})
    now.reject({**good, "Id": record_id("006", 9_000_001), "CreatedDate": "yesterday"})
    now.reject({**good, "Id": record_id("006", 9_000_002), "StageName": ""})
    now.reject_text('"006000000000000AAA","false","cut off here"')
    return [now.close(), archive.close()]


def segments(deal: Deal, company: Company) -> dict[str, object]:
    """What its exports say of source, type, forecast category and the owner's team."""
    team = salesforce_records.TEAMS[company.owners.index(deal.owner) % len(salesforce_records.TEAMS)]
    category = CATEGORY.get(deal.stage, "Pipeline")
    return {"lead_source": deal.source, "deal_type": _type(deal), "team": team, "forecast_category": category}


def _type(deal: Deal) -> str:
    return "Upgrade" if deal.number % 4 == 0 else "New Customer"


def edits(deal: Deal) -> Iterator[dict[str, object]]:
    """What its history says of its values, row by row."""
    for at, stage, amount in _changes(deal):
        yield {"field": "amount", "changed_at": at, "new_value": amount}
        yield {"field": "close_on", "changed_at": at, "new_value": deal.close_on}
        yield {"field": "probability", "changed_at": at, "new_value": TEMPOS[stage].percent / 100}
        yield {"field": "forecast_category", "changed_at": at, "new_value": CATEGORY.get(stage, "Pipeline")}


def _changes(deal: Deal) -> Iterator[tuple[datetime, str, Decimal | None]]:
    """(at, stage, amount) of each row of the history: Salesforce writes one for a change of the amount too."""
    rows = [(at, False, n) for n, (_, at) in enumerate(deal.moves)] + [(at, True, 0) for at in deal.edits]
    stage, pending = deal.moves[0][0], len(deal.edits)
    for at, is_edit, n in sorted(rows):
        if is_edit:
            pending -= 1
        else:
            stage = deal.moves[n][0]
        yield at, stage, None if deal.amount is None else (deal.amount * (10 - pending) / 10).quantize(CENT)


def _history(deals: Sequence[Deal], owner: dict[str, str], folder: Path) -> dict[str, object]:
    file = File(folder, "salesforce/OpportunityHistory.csv", HISTORY, quote_all=True, newline="\r\n")
    number = 0
    for deal in deals:
        identity = deal_id(deal)
        for at, stage, amount in _changes(deal):
            number += 1
            percent = TEMPOS[stage].percent
            file.keep({
                "Id": record_id("008", number), "OpportunityId": identity, "CreatedById": owner[deal.owner],
                "CreatedDate": stamp(at), "StageName": stage, "Amount": amount,
                "ExpectedRevenue": None if amount is None else amount * percent / 100,
                "CloseDate": deal.close_on.isoformat(), "Probability": percent,
                "ForecastCategory": CATEGORY.get(stage, "Pipeline"), "SystemModstamp": stamp(at),
                "IsDeleted": yes(deal.is_deleted),
            })  # fmt: skip
    file.reject_text('"008000000000000AAA","only two fields"')
    return file.close()
