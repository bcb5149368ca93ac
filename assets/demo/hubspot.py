"""The demo company's HubSpot, as its export button writes it: two clocks, wide date columns, contacts in Spanish."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path

from assets.demo.company import AS_OF, BEGINNING, LADDERS, LOST, WON, Account, Company, Deal, Person
from assets.demo.names import INDUSTRIES
from assets.demo.writing import File, minute

STAGES = [
    (stage, pipeline)
    for (system, pipeline), ladder in LADDERS.items()
    if system == "hubspot"
    for stage in (*ladder, WON, LOST)
]
DEAL = (
    "Record ID", "Deal Name", "Pipeline", "Deal Stage", "Amount", "Create Date", "Close Date", "Last Modified Date",
    "Deal owner", "Deal probability", "Closed Lost Reason", "Original Traffic Source", "Associated Company",
    "Associated Company IDs", "Associated Contact IDs", "Merged Deal IDs",
    *(f'Date entered "{stage} ({pipeline})"' for stage, pipeline in STAGES), "Priority",
)  # fmt: skip
QUALIFIED = ("Lead cualificado para marketing", "Lead cualificado para ventas")
CONTACT = (
    "ID de registro", "Nombre", "Apellidos", "Correo electrónico", "Número de teléfono", "Nombre de la empresa",
    "Etapa del ciclo de vida", "Propietario del contacto", "Fecha de creación", "Fecha de la última modificación",
    *(f'Fecha de entrada en "{stage} (Pipeline del ciclo de vida)"' for stage in QUALIFIED),
)  # fmt: skip
COMPANY = (
    "Record ID", "Company name", "Company Domain Name", "Industry", "Number of Employees", "Company owner",
    "Create Date", "Last Modified Date",
)  # fmt: skip
ACTIVITY = (
    "Record ID", "Activity type", "Activity date", "Activity assigned to", "Associated Deal IDs",
    "Associated Contact IDs", "Subject",
)  # fmt: skip
TRAFFIC = ("Organic Search", "Paid Search", "Direct Traffic", "Email Marketing", "Offline Sources")


def deal_id(deal: Deal) -> str:
    """The record id."""
    return _deal_id(deal.number)


def _deal_id(number: int) -> str:
    return str(40_100_000 + number * 7)


def contact_id(number: int) -> str:
    """The record id of a person."""
    return str(50_200_000 + number * 3)


def _company_id(number: int) -> str:
    return str(60_300_000 + number)


def account_id(account: Account) -> str:
    """The company's record id."""
    return _company_id(account.number)


def write(company: Company, folder: Path) -> list[dict[str, object]]:
    """All HubSpot files; returns the truth of each."""
    deals = [d for d in company.deals if d.system == "hubspot"]
    return [
        _deals(deals, folder), _contacts(company, deals, folder), _companies(company, deals, folder),
        _activities(deals, folder),
    ]  # fmt: skip


def segments(deal: Deal, company: Company) -> dict[str, object]:
    """What its exports say of source and loss; of teams and types they say nothing."""
    return {"lead_source": TRAFFIC[deal.number % len(TRAFFIC)], "lost_reason": deal.reason}


def money(deal: Deal) -> str:
    """An amount in one of the ways people type one; the value is the ledger's to the cent."""
    amount = deal.amount
    if amount is None:
        return ("", "n/a", "-")[deal.number % 3]
    if amount % 1000 == 0 and deal.number % 2:
        return f"{amount // 1000}k"
    return (f"${amount:,.2f}", f"{amount:,.2f}", str(amount))[deal.number % 3]


def _deal(deal: Deal, merged: dict[int, list[int]]) -> dict[str, object]:
    # The close date is the same event by another clock, some hours off, on the same day.
    close = datetime.combine(deal.close_on, time(9, 17))
    row: dict[str, object] = {
        "Record ID": deal_id(deal), "Deal Name": deal.name, "Pipeline": deal.pipeline, "Deal Stage": deal.stage,
        "Amount": money(deal), "Create Date": minute(deal.created_at), "Close Date": minute(close),
        "Last Modified Date": minute(deal.updated_at),
        "Deal owner": deal.owner, "Deal probability": None if deal.probability is None else f"{deal.probability:g}",
        "Closed Lost Reason": deal.reason, "Original Traffic Source": TRAFFIC[deal.number % len(TRAFFIC)],
        "Associated Company": deal.account.name, "Associated Company IDs": _company_id(deal.account.number),
        "Associated Contact IDs": ";".join(contact_id(p.number) for p in deal.contacts),
        "Merged Deal IDs": ";".join(_deal_id(n) for n in merged.get(deal.number, [])), "Priority": "Medium",
    }  # fmt: skip
    for stage, at in deal.moves:
        row[f'Date entered "{stage} ({deal.pipeline})"'] = minute(at)
    return row


def _older(row: dict[str, object], deal: Deal) -> dict[str, object]:
    """The same record as it was on another day, in its first stage."""
    at = deal.created_at + (deal.updated_at - deal.created_at) / 2
    later = {f'Date entered "{stage} ({deal.pipeline})"': "" for stage, _ in deal.moves[1:]}
    return {
        **row, **later, "Deal Stage": deal.moves[0][0], "Amount": "1", "Deal probability": "0.1",
        "Closed Lost Reason": "", "Last Modified Date": minute(at),
    }  # fmt: skip


def _deals(deals: list[Deal], folder: Path) -> dict[str, object]:
    merged: dict[int, list[int]] = {}
    for deal in deals:
        if deal.merged_into is not None:
            merged.setdefault(deal.merged_into, []).append(deal.number)
    file = File(folder, "hubspot/hubspot-crm-exports-all-deals.csv", DEAL)
    for deal in deals:
        row = _deal(deal, merged)
        has_copy = deal.updated_at - deal.created_at > timedelta(days=3)
        if has_copy and deal.number % 29 == 0:
            file.duplicate(_older(row, deal))
        if deal.amount is None and deal.number % 2:
            file.keep({**row, "Amount": "12,34,5x"}, unreadable=1)
        else:
            file.keep(row)
        if has_copy and deal.number % 43 == 0:
            file.duplicate(_older(row, deal))
    good = {**_deal(deals[0], merged), "Merged Deal IDs": ""}
    file.reject({**good, "Record ID": "1", "Create Date": "soon"})
    file.reject({**good, "Record ID": "2", "Deal Stage": ""})
    file.reject({**good, "Record ID": ""})
    file.reject_text("3,half a ro")
    return file.close()


def qualified_at(person: Person) -> tuple[datetime | None, datetime | None]:
    """When marketing, and when sales, found that a person qualifies; a third of people, and half of those."""
    by_marketing = person.created_at + timedelta(days=person.number % 20, hours=1)
    by_sales = by_marketing + timedelta(days=3 + person.number % 11)
    is_known = person.number % 3 == 0 and by_marketing < AS_OF
    return by_marketing if is_known else None, by_sales if is_known and person.number % 2 == 0 and by_sales < AS_OF else None


def _contacts(company: Company, deals: list[Deal], folder: Path) -> dict[str, object]:
    file = File(folder, "hubspot/todos-los-contactos.csv", CONTACT, delimiter=";", encoding="cp1252", newline="\r\n")
    for number in sorted({p.number for d in deals for p in d.contacts}):
        person = company.people[number]
        email = f" {person.email.upper()} " if number % 5 == 0 else person.email
        updated = min(person.created_at + timedelta(days=number % 200), AS_OF - timedelta(hours=2))
        row = {
            "ID de registro": contact_id(number), "Nombre": person.first_name, "Apellidos": person.last_name,
            "Correo electrónico": email, "Número de teléfono": f"+34 600 {number // 1000:03} {number % 1000:03}",
            "Nombre de la empresa": person.account.name, "Etapa del ciclo de vida": "Oportunidad",
            "Propietario del contacto": company.owners[number % len(company.owners)],
            "Fecha de creación": f"{person.created_at:%d/%m/%Y %H:%M}",
            "Fecha de la última modificación": f"{updated:%d/%m/%Y %H:%M}",
            **{heading: f"{at:%d/%m/%Y %H:%M}" if at else "" for heading, at in zip(CONTACT[-2:], qualified_at(person), strict=True)},
        }  # fmt: skip
        if number % 47 == 0 and updated > person.created_at:
            file.duplicate({
                **row, "Etapa del ciclo de vida": "Lead", "Fecha de la última modificación": row["Fecha de creación"],
            })  # fmt: skip
        file.keep(row)
    file.reject({**row, "ID de registro": ""})
    return file.close()


def _companies(company: Company, deals: list[Deal], folder: Path) -> dict[str, object]:
    file = File(folder, "hubspot/hubspot-crm-exports-all-companies.csv", COMPANY)
    for account in sorted({d.account.number: d.account for d in deals}.values(), key=lambda a: a.number):
        n = account.number
        file.keep({
            "Record ID": _company_id(n), "Company name": account.name, "Company Domain Name": account.domain,
            "Industry": INDUSTRIES[n % len(INDUSTRIES)].upper(), "Number of Employees": 5 + n,
            "Company owner": company.owners[n % len(company.owners)], "Create Date": minute(BEGINNING),
            "Last Modified Date": minute(AS_OF - timedelta(days=10)),
        })  # fmt: skip
    return file.close()


def activities(deal: Deal) -> list[dict[str, object]]:
    """What was done about it, in the words of `staging.activities`."""
    kinds = ("Call", "Meeting", "Email")[: 1 + deal.number % 3]
    usual = [(kind, min(deal.created_at + timedelta(days=2 + 5 * n, hours=3), AS_OF - timedelta(minutes=5))) for n, kind in enumerate(kinds)]
    end = "\nNext step: send the contract" if deal.number % 19 == 0 else ""
    return [
        {
            "activity_type": kind, "subject": f"{kind}: {deal.name}{end}", "occurred_at": at, "due_on": at.date(),
            "is_done": kind != "Meeting" or None,
        }
        for kind, at in (*usual, *deal.actions)
    ]  # fmt: skip


def activity_id(deal: Deal, number: int) -> str:
    """The record id of the so many-th of them."""
    return str(700_000_000 + deal.number * 100 + number)


def _activities(deals: list[Deal], folder: Path) -> dict[str, object]:
    file = File(folder, "hubspot/activities.csv", ACTIVITY)
    for deal in deals:
        for n, done in enumerate(activities(deal)):
            file.keep({
                "Record ID": activity_id(deal, n), "Activity type": done["activity_type"],
                "Activity date": minute(done["occurred_at"]), "Activity assigned to": deal.owner, "Associated Deal IDs": deal_id(deal),
                "Associated Contact IDs": contact_id(deal.contacts[0].number), "Subject": done["subject"],
            })  # fmt: skip
    file.reject_text("7,Call,2026-01-15 10:00,Ana,40100000,50200000,Budget, and a comma that nobody quoted")
    return file.close()
