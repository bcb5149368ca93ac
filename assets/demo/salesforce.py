"""The demo company's Salesforce, as the Data Loader writes it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from assets.demo.company import AS_OF, LOST, WON, Company, Deal, Person
from assets.demo.writing import File, stamp

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CATEGORY = {WON: "Closed", LOST: "Omitted", "Negotiation/Review": "Forecast", "Proposal/Price Quote": "BestCase"}
OPPORTUNITY = (
    "Id", "IsDeleted", "AccountId", "Name", "Description", "StageName", "Amount", "Probability", "CloseDate", "Type",
    "LeadSource", "IsClosed", "IsWon", "ForecastCategory", "CampaignId", "OwnerId", "CreatedDate", "LastModifiedDate",
    "SystemModstamp", "LastStageChangeDate", "Region__c",
)  # fmt: skip


def record_id(prefix: str, number: int) -> str:
    """An 18-character id: the prefix, a number in base 62, and three characters that say which of the 15 are capitals."""
    digits = ""
    rest = number * 7919 + 1_000_003
    while rest:
        rest, digit = divmod(rest, 62)
        digits = ALPHABET[digit] + digits
    short = prefix + "Dm" + digits.rjust(13 - len(prefix), "0")
    suffix = ""
    for chunk in (short[0:5], short[5:10], short[10:15]):
        capitals = sum(1 << i for i, c in enumerate(chunk) if "A" <= c <= "Z")
        suffix += "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[capitals]
    return short + suffix


def deal_id(deal: Deal) -> str:
    """The opportunity's id."""
    return record_id("006", deal.number)


def write(company: Company, folder: Path) -> list[dict[str, object]]:
    """All Salesforce files; returns the truth of each."""
    deals = [d for d in company.deals if d.system == "salesforce"]
    owner = {name: record_id("005", n) for n, name in enumerate(company.owners)}
    return [
        *_opportunities(company, deals, owner, folder), _history(deals, owner, folder), *_people(company, deals, owner, folder),
        *_campaigns(company, folder), *_activities(company, deals, owner, folder), _users(company, owner, folder),
    ]  # fmt: skip


def _opportunity(deal: Deal, owner: dict[str, str]) -> dict[str, object]:
    return {
        "Id": deal_id(deal), "IsDeleted": str(deal.is_deleted).lower(), "AccountId": record_id("001", deal.account.number),
        "Name": deal.name, "Description": 'First call: "looks good",\nsend the offer' if deal.number % 17 == 0 else "",
        "StageName": deal.stage, "Amount": deal.amount, "Probability": f"{deal.probability * 100:g}",
        "CloseDate": deal.close_on.isoformat(), "Type": "New Customer", "LeadSource": deal.source,
        "IsClosed": str(deal.is_closed).lower(), "IsWon": str(deal.stage == WON).lower(),
        "ForecastCategory": CATEGORY.get(deal.stage, "Pipeline"), "CampaignId": record_id("701", deal.number % 6),
        "OwnerId": owner[deal.owner], "CreatedDate": stamp(deal.created_at), "LastModifiedDate": stamp(deal.updated_at),
        "SystemModstamp": stamp(deal.updated_at), "LastStageChangeDate": stamp(deal.moves[-1][1]), "Region__c": "EMEA",
    }  # fmt: skip


def _opportunities(company: Company, deals: list[Deal], owner: dict[str, str], folder: Path) -> list[dict[str, object]]:
    now = File("salesforce/Opportunity.csv", OPPORTUNITY, quote_all=True, encoding="utf-8-sig")
    earlier = File("salesforce/archive/Opportunity_2026-05.csv", OPPORTUNITY, quote_all=True)
    for deal in deals:
        row = _opportunity(deal, owner)
        older = {**row, "Amount": "1.00", "StageName": "Prospecting", "SystemModstamp": stamp(deal.updated_at - timedelta(days=3))}
        if deal.number % 31 == 0:
            now.duplicate(older)
        now.keep(row)
        if deal.number % 13 == 0:
            earlier.duplicate({**older, "SystemModstamp": stamp(deal.updated_at - timedelta(days=9))})
    good = _opportunity(deals[0], owner)
    now.reject({**good, "Id": ""})
    now.reject({**good, "Id": record_id("006", 9_000_001), "CreatedDate": "yesterday"})
    now.reject({**good, "Id": record_id("006", 9_000_002), "StageName": ""})
    now.reject_text('"006000000000000AAA","false","cut off here"')
    return [now.save(folder), earlier.save(folder)]


def _history(deals: list[Deal], owner: dict[str, str], folder: Path) -> dict[str, object]:
    headings = (
        "Id", "OpportunityId", "CreatedById", "CreatedDate", "StageName", "Amount", "ExpectedRevenue", "CloseDate", "Probability",
        "ForecastCategory", "SystemModstamp", "IsDeleted",
    )  # fmt: skip
    file, number = File("salesforce/OpportunityHistory.csv", headings, quote_all=True, newline="\r\n"), 0
    for deal in deals:
        rows = [(at, 0, stage) for stage, at in deal.moves]
        # Salesforce writes a row for a change of the amount too, with the stage of the moment.
        rows += [(at, 1, [s for s, entered in deal.moves if entered <= at][-1]) for at in deal.edits if at >= deal.moves[0][1]]
        for at, _, stage in sorted(rows, key=lambda r: r[:2]):
            number += 1
            file.keep({
                "Id": record_id("008", number), "OpportunityId": deal_id(deal), "CreatedById": owner[deal.owner], "CreatedDate": stamp(at),
                "StageName": stage, "Amount": deal.amount, "CloseDate": deal.close_on.isoformat(), "Probability": f"{deal.probability * 100:g}",
                "ForecastCategory": CATEGORY.get(stage, "Pipeline"), "SystemModstamp": stamp(at), "IsDeleted": "false",
            })  # fmt: skip
    file.reject_text('"008000000000000AAA","only two fields"')
    return file.save(folder)


def _people(company: Company, deals: list[Deal], owner: dict[str, str], folder: Path) -> list[dict[str, object]]:
    ours = sorted({d.person.number for d in deals})
    accounts = File(
        "salesforce/Account.csv", ("Id", "IsDeleted", "Name", "Type", "Industry", "BillingCity", "NumberOfEmployees", "Website", "OwnerId", "CreatedDate", "SystemModstamp"),
        quote_all=True,
    )  # fmt: skip
    for a in sorted({d.account.number: d.account for d in deals}.values(), key=lambda a: a.number):
        accounts.keep({
            "Id": record_id("001", a.number), "IsDeleted": "false", "Name": a.name, "Type": "Prospect", "Industry": "Finance",
            "BillingCity": "Málaga", "NumberOfEmployees": 10 + a.number % 900, "Website": a.domain, "OwnerId": owner[company.owners[a.number % len(owner)]],
            "CreatedDate": stamp(AS_OF - timedelta(days=900)), "SystemModstamp": stamp(AS_OF - timedelta(days=30)),
        })  # fmt: skip
    contacts = File("salesforce/Contact.csv", ("Id", "IsDeleted", "AccountId", "LastName", "FirstName", "Email", "Title", "MailingCity", "OwnerId", "CreatedDate", "SystemModstamp"))
    leads = File(
        "salesforce/Lead.csv",
        ("Id", "IsDeleted", "LastName", "FirstName", "Company", "Email", "Status", "LeadSource", "IsConverted", "ConvertedDate", "ConvertedAccountId",
         "ConvertedContactId", "ConvertedOpportunityId", "OwnerId", "CreatedDate", "SystemModstamp"),
    )  # fmt: skip
    of_deal = {d.person.number: d for d in deals}
    for number in ours:
        person, deal = company.people[number], of_deal[number]
        common = {
            "IsDeleted": "false", "LastName": person.last_name, "FirstName": person.first_name, "Email": _shouted(person),
            "OwnerId": owner[deal.owner], "CreatedDate": stamp(person.created_at), "SystemModstamp": stamp(person.created_at),
        }  # fmt: skip
        contacts.keep({**common, "Id": record_id("003", number), "AccountId": record_id("001", person.account.number), "Title": "CFO", "MailingCity": "Köln"})
        leads.keep({
            **common, "Id": record_id("00Q", number), "Company": person.account.name, "Status": "Qualified", "LeadSource": deal.source,
            "IsConverted": "true", "ConvertedDate": deal.created_at.date().isoformat(), "ConvertedAccountId": record_id("001", person.account.number),
            "ConvertedContactId": record_id("003", number), "ConvertedOpportunityId": deal_id(deal),
        })  # fmt: skip
    for person in company.people[:: 9]:
        if person.number not in of_deal:
            leads.keep({
                "Id": record_id("00Q", person.number), "IsDeleted": "false", "LastName": person.last_name, "FirstName": person.first_name,
                "Company": person.account.name, "Email": person.email, "Status": "Open - Not Contacted", "LeadSource": "Web", "IsConverted": "false",
                "OwnerId": owner[company.owners[0]], "CreatedDate": stamp(person.created_at), "SystemModstamp": stamp(person.created_at),
            })  # fmt: skip
    return [accounts.save(folder), contacts.save(folder), leads.save(folder)]


def _shouted(person: Person) -> str:
    """Some systems keep an address as it was typed."""
    return f" {person.email.upper()} " if person.number % 6 == 0 else person.email


def _campaigns(company: Company, folder: Path) -> list[dict[str, object]]:
    campaigns = File("salesforce/Campaign.csv", ("Id", "IsDeleted", "Name", "Type", "Status", "StartDate", "EndDate", "BudgetedCost", "ActualCost", "NumberSent", "SystemModstamp"))
    members = File("salesforce/CampaignMember.csv", ("Id", "IsDeleted", "CampaignId", "LeadId", "ContactId", "Status", "HasResponded", "FirstRespondedDate", "Email", "CreatedDate", "SystemModstamp"))
    for n in range(6):
        campaigns.keep({
            "Id": record_id("701", n), "IsDeleted": "false", "Name": f"Webinar > Spring {n}", "Type": "Webinar", "Status": "Completed",
            "StartDate": f"2025-0{n + 1}-10", "EndDate": f"2025-0{n + 1}-11", "BudgetedCost": "5000", "ActualCost": "4321.50", "NumberSent": "800",
            "SystemModstamp": stamp(AS_OF - timedelta(days=200)),
        })  # fmt: skip
    for person in company.people[:: 7]:
        joined = min(person.created_at + timedelta(days=20), AS_OF - timedelta(days=1))
        members.keep({
            "Id": record_id("00v", person.number), "IsDeleted": "false", "CampaignId": record_id("701", person.number % 6), "LeadId": record_id("00Q", person.number),
            "Status": "Responded", "HasResponded": "true", "FirstRespondedDate": joined.date().isoformat(), "Email": person.email,
            "CreatedDate": stamp(joined), "SystemModstamp": stamp(joined),
        })  # fmt: skip
    return [campaigns.save(folder), members.save(folder)]


def _activities(company: Company, deals: list[Deal], owner: dict[str, str], folder: Path) -> list[dict[str, object]]:
    tasks = File("salesforce/Task.csv", ("Id", "IsDeleted", "WhoId", "WhatId", "OwnerId", "Subject", "Status", "IsClosed", "ActivityDate", "CompletedDateTime", "TaskSubtype", "CreatedDate", "SystemModstamp"))
    events = File("salesforce/Event.csv", ("Id", "IsDeleted", "WhoId", "WhatId", "OwnerId", "Subject", "StartDateTime", "EndDateTime", "EventSubtype", "CreatedDate", "SystemModstamp"))
    for deal in deals:
        called = min(deal.created_at + timedelta(hours=30), AS_OF - timedelta(hours=1))
        done = deal.number % 5 != 0
        common = {"IsDeleted": "false", "WhoId": record_id("003", deal.person.number), "WhatId": deal_id(deal), "OwnerId": owner[deal.owner], "CreatedDate": stamp(deal.created_at), "SystemModstamp": stamp(called)}
        tasks.keep({
            **common, "Id": record_id("00T", deal.number), "Subject": "Call", "Status": "Completed" if done else "Not Started", "IsClosed": str(done).lower(),
            "ActivityDate": called.date().isoformat(), "CompletedDateTime": stamp(called) if done else "", "TaskSubtype": "Call",
        })  # fmt: skip
        if deal.number % 3 == 0:
            met = deal.created_at + timedelta(days=9)
            events.keep({**common, "Id": record_id("00U", deal.number), "Subject": "Demo", "StartDateTime": stamp(met), "EndDateTime": stamp(met + timedelta(hours=1)), "EventSubtype": "Event"})
    return [tasks.save(folder), events.save(folder)]


def _users(company: Company, owner: dict[str, str], folder: Path) -> dict[str, object]:
    users = File("salesforce/User.csv", ("Id", "Username", "Name", "Email", "IsActive", "Department", "SystemModstamp"))
    for n, (name, identity) in enumerate(owner.items()):
        users.keep({
            "Id": identity, "Username": f"rep{n}@demo.example.com", "Name": name, "Email": f"rep{n}@demo.example.com", "IsActive": "true",
            "Department": ("Enterprise", "Mid-market")[n % 2], "SystemModstamp": stamp(AS_OF - timedelta(days=100)),
        })  # fmt: skip
    return users.save(folder)
