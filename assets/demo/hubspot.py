"""The demo company's HubSpot, as its export button writes it: two clocks, wide date columns, contacts in Spanish."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from assets.demo.company import AS_OF, LADDERS, LOST, WON, Company, Deal
from assets.demo.writing import File, minute

DATED = [
    (stage, pipeline)
    for (system, pipeline), ladder in LADDERS.items()
    if system == "hubspot"
    for stage in (*ladder, WON, LOST)
]
HEADINGS = (
    "Record ID", "Deal Name", "Pipeline", "Deal Stage", "Amount", "Create Date", "Close Date", "Last Modified Date", "Deal owner",
    "Deal probability", "Closed Lost Reason", "Original Traffic Source", "Associated Company", "Associated Company IDs",
    "Associated Contact IDs", "Merged Deal IDs", *(f'Date entered "{stage} ({pipeline})"' for stage, pipeline in DATED), "Priority",
)  # fmt: skip


def deal_id(deal: Deal) -> str:
    """The record id."""
    return str(40_100_000 + deal.number * 7)


def contact_id(number: int) -> str:
    """The record id of a contact."""
    return str(50_200_000 + number * 3)


def company_id(number: int) -> str:
    """The record id of a company."""
    return str(60_300_000 + number)


def write(company: Company, folder: Path) -> list[dict[str, object]]:
    """All HubSpot files; returns the truth of each."""
    deals = [d for d in company.deals if d.system == "hubspot"]
    return [_deals(deals, folder), _contacts(company, deals, folder), _companies(deals, folder), _activities(deals, folder)]


def money(deal: Deal) -> str:
    """An amount in one of the ways people type one; the value is the ledger's to the cent."""
    amount = deal.amount
    if amount is None:
        return ("", "n/a", "-")[deal.number % 3]
    if deal.number % 4 == 0:
        return f"${amount:,.2f}"
    if deal.number % 4 == 1:
        return f"{amount:,.2f}"
    if amount % 1000 == 0:
        return f"{amount / Decimal(1000):f}".rstrip("0").rstrip(".") + "k"
    return str(amount)


def _deal(deal: Deal, merged: dict[int, list[Deal]]) -> dict[str, object]:
    closing = deal.moves[-1][1] if deal.is_closed else None
    # The close date is the same event by another clock, some hours off, on the same day.
    close = closing.replace(hour=9, minute=17) if closing else datetime(deal.close_on.year, deal.close_on.month, deal.close_on.day, 10)
    row: dict[str, object] = {
        "Record ID": deal_id(deal), "Deal Name": deal.name, "Pipeline": deal.pipeline, "Deal Stage": deal.stage, "Amount": money(deal),
        "Create Date": minute(deal.created_at), "Close Date": minute(close), "Last Modified Date": minute(deal.updated_at),
        "Deal owner": deal.owner, "Deal probability": f"{deal.probability:g}", "Closed Lost Reason": deal.reason,
        "Original Traffic Source": "Organic Search", "Associated Company": deal.account.name,
        "Associated Company IDs": company_id(deal.account.number), "Associated Contact IDs": f"{contact_id(deal.person.number)};{contact_id(deal.person.number + 1)}",
        "Merged Deal IDs": ";".join(deal_id(d) for d in merged.get(deal.number, [])), "Priority": "Medium",
    }  # fmt: skip
    for stage, at in deal.moves:
        row[f'Date entered "{stage} ({deal.pipeline})"'] = minute(at)
    return row


def _deals(deals: list[Deal], folder: Path) -> dict[str, object]:
    merged: dict[int, list[Deal]] = {}
    for deal in deals:
        if deal.merged_into is not None:
            merged.setdefault(deal.merged_into, []).append(deal)
    file = File("hubspot/hubspot-crm-exports-all-deals.csv", HEADINGS)
    for deal in deals:
        row = _deal(deal, merged)
        if deal.number % 29 == 0:
            file.duplicate({**row, "Amount": "1", "Last Modified Date": minute(deal.updated_at - timedelta(days=2))})
        if deal.amount is None and deal.number % 2:
            file.keep({**row, "Amount": "12,34,5x"}, unreadable=1)
        else:
            file.keep(row)
    good = _deal(deals[0], merged)
    file.reject({**good, "Record ID": "1", "Create Date": "soon"})
    file.reject({**good, "Record ID": "2", "Deal Stage": ""})
    file.reject_text("3,half a ro")
    return file.save(folder)


def _contacts(company: Company, deals: list[Deal], folder: Path) -> dict[str, object]:
    headings = (
        "ID de registro", "Nombre", "Apellidos", "Correo electrónico", "Número de teléfono", "Nombre de la empresa",
        "Etapa del ciclo de vida", "Propietario del contacto", "Fecha de creación", "Fecha de la última modificación",
    )  # fmt: skip
    file = File("hubspot/todos-los-contactos.csv", headings, delimiter=";", encoding="cp1252", newline="\r\n")
    numbers = sorted({n for d in deals for n in (d.person.number, d.person.number + 1)})
    for number in numbers:
        person = company.people[number % len(company.people)]
        file.keep({
            "ID de registro": contact_id(number), "Nombre": person.first_name, "Apellidos": person.last_name, "Correo electrónico": person.email.upper(),
            "Nombre de la empresa": person.account.name, "Etapa del ciclo de vida": "Oportunidad", "Propietario del contacto": company.owners[0],
            "Fecha de creación": f"{person.created_at:%d/%m/%Y %H:%M}", "Fecha de la última modificación": f"{person.created_at:%d/%m/%Y %H:%M}",
        })  # fmt: skip
    return file.save(folder)


def _companies(deals: list[Deal], folder: Path) -> dict[str, object]:
    file = File("hubspot/hubspot-crm-exports-all-companies.csv", ("Record ID", "Company name", "Company Domain Name", "Industry", "Number of Employees", "Company owner", "Create Date", "Last Modified Date"))
    for account in sorted({d.account.number: d.account for d in deals}.values(), key=lambda a: a.number):
        file.keep({
            "Record ID": company_id(account.number), "Company name": account.name, "Company Domain Name": account.domain, "Industry": "Computer Software",
            "Number of Employees": 5 + account.number, "Company owner": deals[0].owner, "Create Date": minute(AS_OF - timedelta(days=900)),
            "Last Modified Date": minute(AS_OF - timedelta(days=10)),
        })  # fmt: skip
    return file.save(folder)


def _activities(deals: list[Deal], folder: Path) -> dict[str, object]:
    headings = ("Record ID", "Activity type", "Activity date", "Activity assigned to", "Associated Deal IDs", "Associated Contact IDs", "Subject")
    file = File("hubspot/activities.csv", headings)
    for deal in deals:
        for n, kind in enumerate(("Call", "Meeting", "Email")[: 1 + deal.number % 3]):
            at = min(deal.created_at + timedelta(days=2 + 5 * n, hours=3), AS_OF - timedelta(minutes=5))
            file.keep({
                "Record ID": str(70_000_000 + deal.number * 10 + n), "Activity type": kind, "Activity date": minute(at), "Activity assigned to": deal.owner,
                "Associated Deal IDs": deal_id(deal), "Associated Contact IDs": contact_id(deal.person.number), "Subject": f"{kind}: {deal.name}",
            })  # fmt: skip
    return file.save(folder)
