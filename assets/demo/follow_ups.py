"""The people of the demo company as the ledger knows them, and what is true of the follow-up of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assets.demo import hubspot, marketing, salesforce_records
from assets.demo.company import AS_OF, Company, Deal, Person
from assets.demo.salesforce_records import TEAMS, ZONES, record_id
from assets.demo.truth.follow_ups import Contacts, Work, missed_follow_ups, response_times

Rows = list[dict[str, object]]


def tables(company: Company, known: dict[str, Rows], deal_id: Callable[[Deal], str]) -> dict[str, Rows]:
    """The truth of `marts.response_times` and `marts.missed_follow_ups`."""
    team_of = {owner: TEAMS[n % len(TEAMS)] for n, owner in enumerate(company.owners)}
    of_person = {person.number: deal for deal in company.deals if deal.system == "salesforce" for person in deal.contacts}
    people = [*_salesforce(company, of_person, team_of), *_hubspot(company)]
    records: dict[int, list[tuple[str, str]]] = {}
    for row in people:
        records.setdefault(row["number"], []).append((row["system"], row["person_id"]))
    links = {record: ":".join(min(mine)) for mine in records.values() for record in mine}
    work = Work(zones={owner: ZONES[n % len(ZONES)] for n, owner in enumerate(company.owners)})
    activities = list(_activities(company, of_person, deal_id))
    deal_people = list(_deal_people(company, of_person, deal_id))
    contacts = Contacts(people, links, list(_touches(company)), activities, deal_people, AS_OF, work)
    assignments = [
        {"system": "salesforce", "person_id": record_id("00Q", person.number), "assigned_at": salesforce_records.assigned_at(person)}
        for person in _open_leads(company, of_person) if salesforce_records.assigned_at(person)
    ]
    leads = response_times(contacts, assignments)
    merged, numbers = {}, {deal.number: deal_id(deal) for deal in company.deals if deal.system == "hubspot"}
    for deal in company.deals:
        if deal.merged_into is not None:
            merged[deal.system, deal_id(deal)] = numbers[deal.merged_into]
    gone = [{"system": deal.system, "deal_id": deal_id(deal), "status": "deleted"} for deal in company.deals if deal.is_deleted]
    missed = missed_follow_ups(
        contacts, leads, activities, deal_people, known["marts.deals"] + gone, merged, known["marts.stalled_deals"], known["marts.stage_visits"]
    )
    return {"marts.response_times": leads, "marts.missed_follow_ups": missed}


def _open_leads(company: Company, of_person: dict[int, Deal]) -> Iterator[Person]:
    for person in company.people:
        if person.number not in of_person and salesforce_records.is_open_lead(person):
            yield person


def _record(person: Person, system: str, person_id: str, owner: str, **known: object) -> dict[str, object]:
    return {
        "number": person.number, "system": system, "person_id": person_id, "record_type": "contact", "email": person.email, "owner": owner,
        "team": None, "name": f"{person.first_name} {person.last_name}", "lead_source": None, "lifecycle": None,
        "created_at": person.created_at, "is_test": False, **known,
    }  # fmt: skip


def _salesforce(company: Company, of_person: dict[int, Deal], team_of: dict[str, str]) -> Iterator[dict[str, object]]:
    for number, deal in of_person.items():
        known = {"team": team_of[deal.owner]}
        person = company.people[number]
        yield _record(person, "salesforce", record_id("003", number), deal.owner, **known)
        lead = {"record_type": "lead", "lead_source": deal.source, "lifecycle": "Qualified"}
        yield _record(person, "salesforce", record_id("00Q", number), deal.owner, **known, **lead)
    for person in _open_leads(company, of_person):
        owner = salesforce_records.lead_owner(person, company)
        lead = {"record_type": "lead", "lead_source": "Web", "lifecycle": "Open - Not Contacted", "team": team_of[owner]}
        yield _record(person, "salesforce", record_id("00Q", person.number), owner, **lead)


def _hubspot(company: Company) -> Iterator[dict[str, object]]:
    for number in sorted({person.number for deal in company.deals if deal.system == "hubspot" for person in deal.contacts}):
        person, owner = company.people[number], company.owners[number % len(company.owners)]
        # As the encoding of that file leaves them.
        name, owner = (
            text.encode("cp1252", "replace").decode("cp1252") for text in (f"{person.first_name} {person.last_name}", owner)
        )
        yield _record(person, "hubspot", hubspot.contact_id(number), owner, lifecycle="Oportunidad", name=name)


CHANNELS = {
    "paid_search": "Paid Search", "paid_social": "Paid Social", "email": "Email", "organic": "Organic Search", "webinar": "Webinar",
    "partner": "Partner", "display": "Display", "direct": "Direct",
}  # fmt: skip
"""What the words of the demo's marketing mean."""


def _touches(company: Company) -> Iterator[dict[str, object]]:
    rows = list(marketing.touches(company, marketing.dice(company)))
    # Nobody shares a device: who was known on it once is known on it always.
    known = {row["anon_id"]: str(row["email"]).lower() for row in rows if row["email"]}
    for row in rows:
        yield {
            "system": "generic", "touch_id": row["touch_id"], "occurred_at": row["at"], "person_id": None, "email": known.get(row["anon_id"]),
            "touch_type": row["event_type"], "page": row["page"], "source": None, "channel": CHANNELS[row["channel"]],
        }  # fmt: skip


def _activities(company: Company, of_person: dict[int, Deal], deal_id: Callable[[Deal], str]) -> Iterator[dict[str, object]]:
    for deal in company.deals:
        first = deal.contacts[0].number
        about = {"system": deal.system, "deal_id": deal_id(deal), "owner": deal.owner, "direction": None, "subject": None, "created_at": None}
        if deal.system == "salesforce":
            for n, known in enumerate(salesforce_records.activities(deal)):
                identity = {"activity_id": salesforce_records.activity_id(deal, n, known["activity_type"]), "person_id": record_id("003", first)}
                yield {**about, **identity, **known}
        else:
            for n, known in enumerate(hubspot.activities(deal)):
                yield {**about, "activity_id": hubspot.activity_id(deal, n), "person_id": hubspot.contact_id(first), **known}
    for person in _open_leads(company, of_person):
        for number, known in enumerate(salesforce_records.lead_activities(person, company)):
            yield {
                "system": "salesforce", "activity_id": salesforce_records.lead_task_id(person, number), "person_id": record_id("00Q", person.number),
                "deal_id": None, "owner": salesforce_records.lead_owner(person, company), "direction": None, **known,
            }  # fmt: skip


def _deal_people(company: Company, of_person: dict[int, Deal], deal_id: Callable[[Deal], str]) -> Iterator[tuple[str, str, str]]:
    for number, deal in of_person.items():
        for prefix in ("003", "00Q"):
            yield "salesforce", deal_id(deal), record_id(prefix, number)
    for deal in company.deals:
        if deal.system == "hubspot":
            for person in deal.contacts:
                yield "hubspot", deal_id(deal), hubspot.contact_id(person.number)
