"""What the demo company's Salesforce holds around the opportunities: accounts, people, campaigns, activities, users."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
ZONES = ("America/New_York", "Europe/Madrid")
"""Where each team works."""
USER = "Id Username Name Email IsActive Department TimeZoneSidKey SystemModstamp"
LEAD_HISTORY = "Id IsDeleted LeadId CreatedDate Field OldValue NewValue"

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
        *_activities(company, deals, of_person, owner, folder), _lead_history(company, of_person, owner, folder), _users(company, owner, folder),
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


def is_open_lead(person: Person) -> bool:
    """Whether somebody who is on no opportunity is a lead."""
    return person.number % 9 == 0


def lead_owner(person: Person, company: Company) -> str:
    """Whose lead that is."""
    return company.owners[person.number % len(company.owners)]


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
        elif is_open_lead(person):
            file.keep({
                **row, "Status": "Open - Not Contacted", "LeadSource": "Web", "IsConverted": "false",
                "OwnerId": owner[lead_owner(person, company)],
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


def activity_id(deal: Deal, number: int, kind: object) -> str:
    """The record id of the so many-th of them: calls are tasks, all else is an event."""
    return record_id("00T" if kind == "Call" else "00U", number * 1_000_000 + deal.number)


def _event(subject: str, created: datetime, at: datetime) -> dict[str, object]:
    return {"activity_type": "Event", "subject": subject, "created_at": created, "occurred_at": at, "due_on": at.date(), "is_done": None}


def assigned_at(person: Person) -> datetime | None:
    """When a lead went from the queue to its owner; some came to their owner at once, of which no history says anything."""
    at = person.created_at + timedelta(minutes=10 * (person.number % 4))
    return at if person.number % 4 and at < AS_OF else None


def lead_activities(person: Person, company: Company) -> Iterator[dict[str, object]]:
    """What was done about a lead, in the words of `staging.activities`: one team writes within the hour, the other after days, some are forgotten."""
    turn, team = person.number // 9 % 10, company.owners.index(lead_owner(person, company)) % len(TEAMS)
    known = {"activity_type": "Call", "subject": f"Call {person.first_name}", "created_at": person.created_at}
    mailed, called = (person.created_at + wait for wait in (
        timedelta(minutes=5), timedelta(minutes=20 + 15 * turn) if team else timedelta(days=2 + turn % 3, hours=turn),
    ))  # fmt: skip
    if turn % 2 == 0 and mailed < AS_OF:
        yield {**known, "activity_type": "ListEmail", "subject": "Mass Email: welcome", "occurred_at": mailed, "due_on": mailed.date(), "is_done": True}
    if turn < 8 and called < AS_OF:
        yield {**known, "occurred_at": called, "due_on": called.date(), "is_done": True}
    elif turn == 8:
        yield {**known, "occurred_at": None, "due_on": called.date(), "is_done": False}


def lead_task_id(person: Person, number: int) -> str:
    """The id of the so many-th of them."""
    return record_id("00T", 100_000_000 + person.number * 2 + number)


def _lead_tasks(
    company: Company, of_person: dict[int, tuple[Deal, str]], owner: dict[str, str]
) -> Iterator[dict[str, object]]:
    for person in company.people:
        if person.number not in of_person and is_open_lead(person):
            for number, done in enumerate(lead_activities(person, company)):
                yield {
                    "Id": lead_task_id(person, number), "IsDeleted": "false", "WhoId": record_id("00Q", person.number),
                    "OwnerId": owner[lead_owner(person, company)], "Subject": done["subject"], "TaskSubtype": done["activity_type"],
                    "Status": "Completed" if done["is_done"] else "Not Started", "IsClosed": yes(done["is_done"]),
                    "ActivityDate": done["due_on"].isoformat(), "CompletedDateTime": stamp(done["occurred_at"]) if done["is_done"] else "",
                    "CreatedDate": stamp(person.created_at), "SystemModstamp": stamp(done["occurred_at"] or person.created_at),
                }  # fmt: skip


def _activities(
    company: Company, deals: Deals, of_person: dict[int, tuple[Deal, str]], owner: dict[str, str], folder: Path
) -> list[dict[str, object]]:
    tasks, events = _file(folder, "Task", TASK), _file(folder, "Event", EVENT)
    for deal, identity in deals:
        for n, known in enumerate(activities(deal)):
            done, activity = known["occurred_at"], activity_id(deal, n, known["activity_type"])
            common = {
                "IsDeleted": "false", "WhoId": record_id("003", deal.contacts[0].number), "WhatId": identity, "OwnerId": owner[deal.owner],
                "Subject": known["subject"], "CreatedDate": stamp(known["created_at"]),
                "SystemModstamp": stamp(done or known["created_at"]),
            }  # fmt: skip
            if known["activity_type"] == "Call":
                tasks.keep({
                    **common, "Id": activity, "TaskSubtype": "Call", "IsClosed": yes(done is not None),
                    "Status": "Completed" if done else "Not Started", "ActivityDate": known["due_on"].isoformat(),
                    "CompletedDateTime": stamp(done) if done else "",
                })  # fmt: skip
            else:
                events.keep({
                    **common, "Id": activity, "EventSubtype": "Event", "StartDateTime": stamp(done),
                    "EndDateTime": stamp(done + timedelta(hours=1)),
                })  # fmt: skip
    for task in _lead_tasks(company, of_person, owner):
        tasks.keep(task)
    return [tasks.close(), events.close()]


def _lead_history(
    company: Company, of_person: dict[int, tuple[Deal, str]], owner: dict[str, str], folder: Path
) -> dict[str, object]:
    file = _file(folder, "LeadHistory", LEAD_HISTORY)
    for person in company.people:
        at = assigned_at(person)
        if person.number not in of_person and is_open_lead(person) and at:
            name = lead_owner(person, company)
            # Salesforce writes a change of owner twice, with the names and with the ids.
            for number, (old, new) in enumerate([("Web leads", name), (record_id("00G", 1), owner[name])]):
                file.keep({
                    "Id": record_id("017", person.number * 2 + number), "IsDeleted": "false", "LeadId": record_id("00Q", person.number),
                    "CreatedDate": stamp(at), "Field": "Owner", "OldValue": old, "NewValue": new,
                })  # fmt: skip
    return file.close()


def _users(company: Company, owner: dict[str, str], folder: Path) -> dict[str, object]:
    file = _file(folder, "User", USER)
    for n, (name, identity) in enumerate(owner.items()):
        file.keep({
            "Id": identity, "Username": f"rep{n}@demo.example.com", "Name": name, "Email": f"rep{n}@demo.example.com",
            "IsActive": "true", "Department": TEAMS[n % len(TEAMS)], "TimeZoneSidKey": ZONES[n % len(ZONES)],
            "SystemModstamp": stamp(AS_OF - timedelta(days=100)),
        })  # fmt: skip
    return file.close()
