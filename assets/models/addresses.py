"""In which form addresses are compared, and which company a web or mail domain means."""

from collections import defaultdict

import polars as pl

from assets.models.identities import company_domain
from pipeline_etl import Query, computed, email_key


def mailboxes(query: Query) -> pl.DataFrame:
    """Every address of the exports in the form in which addresses are compared, and its web domain."""
    said = query("""
        select email from staging.people where email <> ''
        union
        select lower(trim(email)) from staging.touches where email <> ''
        union
        select lower(trim(email)) from staging.lifecycle_changes where email <> ''
        order by 1
    """).with_columns(site=pl.col("email").str.extract("([^@]*)$"))
    sites = said.select(pl.col("site").unique())
    sites = sites.with_columns(domain=pl.col("site").map_elements(company_domain, return_dtype=pl.String))
    return (
        said.select("email", pl.col("email").map_elements(email_key, return_dtype=pl.String).alias("key"), "site")
        .join(sites, on="site", how="left", maintain_order="left")
        .drop("site")
    )


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
        "core.mailboxes",
        "One row per e-mail address of the exports, in the form in which addresses are compared.",
        {
            "email": ("VARCHAR", "E-mail address, lower case."),
            "key": (
                "VARCHAR",
                "The same for all spellings of one person's address; '' for the mailbox of a desk.",
            ),
            "domain": ("VARCHAR", "Registrable domain of its company; '' for free mail and what is no domain."),
        },
        ("email",),
        ("staging.lifecycle_changes", "staging.people", "staging.touches"),
        mailboxes,
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
