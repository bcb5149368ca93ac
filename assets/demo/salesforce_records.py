"""What the demo company's Salesforce holds around the opportunities: accounts, people, campaigns, activities, users."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from assets.demo.company import AS_OF, BEGINNING, Company, Deal, Person
from assets.demo.names import CITIES, INDUSTRIES, TITLES
from assets.demo.writing import File, stamp

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ACCOUNT = "Id IsDeleted Name Type Industry BillingCity NumberOfEmployees Website OwnerId CreatedDate SystemModstamp"
CONTACT = "Id IsDeleted AccountId LastName FirstName Email Title MailingCity OwnerId CreatedDate SystemModstamp"
LEAD = (
    "Id IsDeleted LastName FirstName Company Email Status LeadSource IsConverted ConvertedDate ConvertedAccountId"
    " ConvertedContactId ConvertedOpportunityId OwnerId CreatedDate SystemModstamp"
)
CAMPAIGN = "Id IsDeleted Name Type Status StartDate EndDate BudgetedCost ActualCost NumberSent SystemModstamp"
MEMBER = (
    "Id IsDeleted CampaignId LeadId ContactId Status HasResponded FirstRespondedDate Email CreatedDate SystemModstamp"
)
TASK = (
    "Id IsDeleted WhoId WhatId OwnerId Subject Status IsClosed ActivityDate CompletedDateTime TaskSubtype CreatedDate"
    " SystemModstamp"
)
EVENT = "Id IsDeleted WhoId WhatId OwnerId Subject StartDateTime EndDateTime EventSubtype CreatedDate SystemModstamp"
TEAMS = ("Enterprise", "Mid-market")
USER = "Id Username Name Email IsActive Department SystemModstamp"

Deals = Sequence[tuple[Deal, str]]


def suffix(short: str) -> str:
    """The three characters that say which of an id's 15 are capitals, five by five."""
    blocks = (short[0:5], short[5:10], short[10:15])
    capitals = (sum(1 << i for i, c in enumerate(block) if "A" <= c <= "Z") for block in blocks)
    return "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits] for bits in capitals)


def record_id(prefix: str, number: int) -> str:
    """An 18-character id: the object's prefix, a number in base 62, and the suffix."""
    digits, rest = "", number * 7919 + 1_000_003
    while rest:
        rest, digit = divmod(rest, 62)
        digits = ALPHABET[digit] + digits
    short = prefix + "Dm" + digits.rjust(10, "0")
    return short + suffix(short)


def yes(value: bool) -> str:
    """A checkbox."""
    return "true" if value else "false"


def write(company: Company, deals: Deals, owner: dict[str, str], folder: Path) -> list[dict[str, object]]:
    """The files around the opportunities; `deals` come with their ids. Returns the truth of each file."""
    of_person = {person.number: (deal, identity) for deal, identity in deals for person in deal.contacts}
    people = [company.people[number] for number in sorted(of_person)]
    return [
        _accounts(company, people, owner, folder), _contacts(people, of_person, owner, folder),
        _leads(company, of_person, owner, folder), _campaigns(folder), _members(company, of_person, folder),
        *_activities(deals, owner, folder), _users(company, owner, folder),
    ]  # fmt: skip


def _file(folder: Path, name: str, headings: str) -> File:
    return File(folder, f"salesforce/{name}.csv", headings.split(), quote_all=True)


def _accounts(company: Company, people: list[Person], owner: dict[str, str], folder: Path) -> dict[str, object]:
    file = _file(folder, "Account", ACCOUNT)
    for account in sorted({p.account.number: p.account for p in people}.values(), key=lambda a: a.number):
        n = account.number
        file.keep({
            "Id": record_id("001", n), "IsDeleted": "false", "Name": account.name, "Type": "Prospect",
            "Industry": INDUSTRIES[n % len(INDUSTRIES)], "BillingCity": CITIES[n % len(CITIES)],
            "NumberOfEmployees": 10 + n % 900, "Website": account.domain, "CreatedDate": stamp(BEGINNING),
            "OwnerId": owner[company.owners[n % len(owner)]], "SystemModstamp": stamp(AS_OF - timedelta(days=30)),
        })  # fmt: skip
    return file.close()


def _common(person: Person) -> dict[str, object]:
    # Some addresses are kept as they were typed.
    email = f" {person.email.upper()} " if person.number % 6 == 0 else person.email
    return {
        "IsDeleted": "false", "LastName": person.last_name, "FirstName": person.first_name, "Email": email,
        "CreatedDate": stamp(person.created_at), "SystemModstamp": stamp(person.created_at),
    }  # fmt: skip


def _contacts(
    people: list[Person], of_person: dict[int, tuple[Deal, str]], owner: dict[str, str], folder: Path
) -> dict[str, object]:
    file = _file(folder, "Contact", CONTACT)
    for person in people:
        row = {
            **_common(person), "Id": record_id("003", person.number),
            "AccountId": record_id("001", person.account.number), "Title": TITLES[person.number % len(TITLES)],
            "MailingCity": CITIES[person.account.number % len(CITIES)],
            "OwnerId": owner[of_person[person.number][0].owner],
        }  # fmt: skip
        if person.number % 41 == 0:
            file.duplicate({**row, "Title": "Intern", "SystemModstamp": stamp(person.created_at - timedelta(hours=5))})
        file.keep(row)
    file.reject({**row, "Id": ""})
    return file.close()


def _leads(
    company: Company, of_person: dict[int, tuple[Deal, str]], owner: dict[str, str], folder: Path
) -> dict[str, object]:
    file = _file(folder, "Lead", LEAD)
    for person in company.people:
        row = {**_common(person), "Id": record_id("00Q", person.number), "Company": person.account.name}
        if person.number in of_person:
            deal, identity = of_person[person.number]
            file.keep({
                **row, "Status": "Qualified", "LeadSource": deal.source, "OwnerId": owner[deal.owner],
                "IsConverted": "true", "ConvertedDate": deal.created_at.date().isoformat(),
                "ConvertedAccountId": record_id("001", person.account.number),
                "ConvertedContactId": record_id("003", person.number), "ConvertedOpportunityId": identity,
            })  # fmt: skip
        elif person.number % 9 == 0:
            file.keep({
                **row, "Status": "Open - Not Contacted", "LeadSource": "Web", "IsConverted": "false",
                "OwnerId": owner[company.owners[person.number % len(owner)]],
            })  # fmt: skip
    return file.close()


def _campaigns(folder: Path) -> dict[str, object]:
    file = _file(folder, "Campaign", CAMPAIGN)
    for n in range(6):
        file.keep({
            "Id": record_id("701", n), "IsDeleted": "false", "Name": f"Webinar > Spring {n}", "Type": "Webinar",
            "Status": "Completed", "StartDate": f"2025-0{n + 1}-10", "EndDate": f"2025-0{n + 1}-11",
            "BudgetedCost": "5000", "ActualCost": "4321.50", "NumberSent": "800",
            "SystemModstamp": stamp(AS_OF - timedelta(days=200)),
        })  # fmt: skip
    return file.close()


def _members(company: Company, of_person: dict[int, tuple[Deal, str]], folder: Path) -> dict[str, object]:
    file = _file(folder, "CampaignMember", MEMBER)
    for person in company.people:
        n = person.number
        is_contact = n in of_person
        if n % 7 or not (is_contact or n % 9 == 0):
            continue
        joined = min(person.created_at + timedelta(days=20), AS_OF - timedelta(days=1))
        has_responded = n % 3 != 0
        file.keep({
            "Id": record_id("00v", n), "IsDeleted": "false", "CampaignId": record_id("701", n % 6),
            "LeadId": record_id("00Q", n), "ContactId": record_id("003", n) if is_contact else "",
            "Status": "Responded" if has_responded else "Sent", "HasResponded": yes(has_responded),
            "FirstRespondedDate": joined.date().isoformat() if has_responded else "", "Email": person.email,
            "CreatedDate": stamp(joined), "SystemModstamp": stamp(joined),
        })  # fmt: skip
    return file.close()


def activities(deal: Deal) -> list[dict[str, object]]:
    """What its tasks and events say, in the words of `staging.activities`: a first call, an introduction, then what was done in its stages."""
    called = min(deal.created_at + timedelta(hours=30), AS_OF - timedelta(hours=1))
    is_done = deal.number % 5 != 0
    # What is not done is due some day after the exports.
    due = called if is_done else AS_OF + timedelta(days=1 + deal.number % 20)
    call = {"activity_type": "Call", "subject": f"Call, then send “{deal.name}”", "created_at": deal.created_at}
    found = [{**call, "occurred_at": called if is_done else None, "due_on": due.date(), "is_done": is_done}]
    met = deal.created_at + timedelta(days=9)
    if deal.number % 3 == 0 and met < AS_OF:
        found.append(_event("Introduction", deal.created_at, met))
    for kind, at in deal.actions:
        is_call = kind == "Call"
        found.append({**call, "created_at": at, "occurred_at": at, "due_on": at.date(), "is_done": True} if is_call else _event(kind, at, at))
    return found


def _event(subject: str, created: datetime, at: datetime) -> dict[str, object]:
    return {"activity_type": "Event", "subject": subject, "created_at": created, "occurred_at": at, "due_on": at.date(), "is_done": None}


def _activities(deals: Deals, owner: dict[str, str], folder: Path) -> list[dict[str, object]]:
    tasks, events = _file(folder, "Task", TASK), _file(folder, "Event", EVENT)
    for deal, identity in deals:
        for n, known in enumerate(activities(deal)):
            done, number = known["occurred_at"], n * 1_000_000 + deal.number
            common = {
                "IsDeleted": "false", "WhoId": record_id("003", deal.contacts[0].number), "WhatId": identity, "OwnerId": owner[deal.owner],
                "Subject": known["subject"], "CreatedDate": stamp(known["created_at"]),
                "SystemModstamp": stamp(done or known["created_at"]),
            }  # fmt: skip
            if known["activity_type"] == "Call":
                tasks.keep({
                    **common, "Id": record_id("00T", number), "TaskSubtype": "Call", "IsClosed": yes(done is not None),
                    "Status": "Completed" if done else "Not Started", "ActivityDate": known["due_on"].isoformat(),
                    "CompletedDateTime": stamp(done) if done else "",
                })  # fmt: skip
            else:
                events.keep({
                    **common, "Id": record_id("00U", number), "EventSubtype": "Event", "StartDateTime": stamp(done),
                    "EndDateTime": stamp(done + timedelta(hours=1)),
                })  # fmt: skip
    return [tasks.close(), events.close()]


def _users(company: Company, owner: dict[str, str], folder: Path) -> dict[str, object]:
    file = _file(folder, "User", USER)
    for n, (name, identity) in enumerate(owner.items()):
        file.keep({
            "Id": identity, "Username": f"rep{n}@demo.example.com", "Name": name, "Email": f"rep{n}@demo.example.com",
            "IsActive": "true", "Department": TEAMS[n % len(TEAMS)],
            "SystemModstamp": stamp(AS_OF - timedelta(days=100)),
        })  # fmt: skip
    return file.close()
