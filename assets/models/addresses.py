"""Which person an e-mail address means, and which company a web or mail domain."""

from collections import defaultdict

import polars as pl

from assets.models.identities import company_domain
from pipeline_etl import Query, computed, email_key

METHODS = {"e-mail": 0.95, "mailbox of a desk": 0.5}
"""How sure each method is that the address means the person."""


def addresses(query: Query) -> pl.DataFrame:
    """Every address of the exports; the mailbox of a desk means the one record that bears it, else the desk itself."""
    said = query("""
        select email from staging.people where email <> ''
        union
        select lower(trim(email)) from staging.touches where email <> ''
        union
        select lower(trim(email)) from staging.lifecycle_changes where email <> ''
        order by 1
    """)["email"]
    records = query("""
        select distinct p.email, l.person
        from staging.people as p
        join core.person_links as l on l.system = p.system and l.person_id = p.person_id
        where p.email <> ''
        order by all
    """)
    by_key: dict[str, str] = {}
    by_address: dict[str, set[str]] = defaultdict(set)
    for address, person in records.rows():
        by_address[address].add(person)
        if key := email_key(address):
            by_key.setdefault(key, person)
    rows = []
    for address in said:
        key, bearers = email_key(address), by_address.get(address, set())
        known = by_key.get(key) if key else next(iter(bearers)) if len(bearers) == 1 else None
        method = "e-mail" if key else "mailbox of a desk"
        domain = company_domain(address.rpartition("@")[2])
        rows.append((address, known or f"e-mail:{key or address}", known is None, method, METHODS[method], domain))
    return pl.DataFrame(rows, schema=TYPES, orient="row")


TYPES = {
    "email": pl.String, "person": pl.String, "is_strange": pl.Boolean, "method": pl.String, "confidence": pl.Float64,
    "domain": pl.String,
}  # fmt: skip


def company_domains(query: Query) -> pl.DataFrame:
    """Domains that belong to one company alone, by the web sites of its records."""
    sites = query("""
        select distinct a.website, l.account
        from staging.accounts as a
        join core.account_links as l on l.system = a.system and l.account_id = a.account_id
        where a.website <> ''
        order by all
    """)
    owners: dict[str, set[str]] = defaultdict(set)
    for website, account in sites.rows():
        if domain := company_domain(website):
            owners[domain].add(account)
    rows = [(domain, next(iter(accounts))) for domain, accounts in sorted(owners.items()) if len(accounts) == 1]
    return pl.DataFrame(rows, schema={"domain": pl.String, "company": pl.String}, orient="row")


MODELS = [
    computed(
        "core.addresses",
        "One row per e-mail address of the exports, with the person whom it means.",
        {
            "email": ("VARCHAR", "E-mail address, lower case."),
            "person": ("VARCHAR", "The person of core.people: of a record that bears it, else `e-mail:` and the address."),
            "is_strange": ("BOOLEAN", "Whether no record bears it, or of a desk's mailbox several do."),
            "method": ("VARCHAR", "How it is known: e-mail, or mailbox of a desk, which several people may read."),
            "confidence": ("DOUBLE", "How sure that is, 0..1."),
            "domain": ("VARCHAR", "Registrable domain of its company; '' for free mail and what is no domain."),
        },
        ("email",),
        ("core.person_links", "staging.lifecycle_changes", "staging.people", "staging.touches"),
        addresses,
    ),
    computed(
        "core.company_domains",
        "One row per web domain that belongs to one company alone; free mail and social networks belong to none.",
        {
            "domain": ("VARCHAR", "Registrable domain."),
            "company": ("VARCHAR", "Company: `system:id` of the first of its records, as in core.account_links."),
        },
        ("domain",),
        ("core.account_links", "staging.accounts"),
        company_domains,
    ),
]
