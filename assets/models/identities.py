"""Which records of people and of companies are one: by merges, conversions, ids, e-mail address and web domain."""

from collections import defaultdict
from functools import cache

import polars as pl
import tldextract

from assets.models.joining import LINK, joined
from pipeline_etl import Query, computed

CONFIDENCE = {
    "merge": 1.0, "converted lead": 1.0, "id in another system": 1.0, "e-mail": 0.95, "domain": 0.9,
    "domain of its people": 0.7,
}  # fmt: skip
"""How sure each method is of itself; a chain of links is as sure as its weakest."""
FREE_MAIL = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com",
    "icloud.com", "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "t-online.de", "freenet.de",
    "orange.fr", "wanadoo.fr", "free.fr", "laposte.net", "sfr.fr", "libero.it", "virgilio.it", "alice.it", "tin.it",
    "wp.pl", "o2.pl", "onet.pl", "interia.pl", "mail.ru", "yandex.ru", "qq.com", "163.com", "126.com", "naver.com",
    "proton.me", "protonmail.com", "zoho.com", "fastmail.com", "hey.com", "hotmail.es", "hotmail.fr", "hotmail.it",
    "hotmail.co.uk", "yahoo.es", "yahoo.fr", "yahoo.it", "yahoo.de", "yahoo.co.uk", "yahoo.co.jp", "yahoo.com.br",
    "yahoo.com.mx", "outlook.es", "outlook.fr", "live.nl", "ziggo.nl", "telenet.be", "bluewin.ch", "telefonica.net",
    "terra.com", "uol.com.br", "bol.com.br", "sapo.pt", "docomo.ne.jp", "ezweb.ne.jp", "comcast.net", "verizon.net",
    "att.net", "btinternet.com", "telia.com", "luukku.com",
})  # fmt: skip
"""Domains whose addresses say nothing of a company."""
NOT_A_SITE = frozenset({
    "facebook.com", "linkedin.com", "instagram.com", "twitter.com", "x.com", "youtube.com", "google.com", "linktr.ee",
})  # fmt: skip
"""Domains where companies have pages but which are not theirs."""


def linked_people(query: Query) -> pl.DataFrame:
    """The person records that are linked to others, each with the person that it is one record of."""
    links = [
        _merges(query, "person"),
        query("""
            select system, converted_person_id as record, system as other_system, person_id as other, 'converted lead' as method
            from staging.people
            where converted_person_id <> ''
        """),
        query("""
            select
                o.system, o.person_id as record, p.system as other_system, p.person_id as other,
                'id in another system' as method
            from staging.people as p
            join staging.people as o on o.person_id = p.same_as and o.system <> p.system
        """),
        # The first record of each address to every other that bears it.
        query("""
            select
                first_value(p.system) over same_address as system, first_value(p.person_id) over same_address as record,
                p.system as other_system, p.person_id as other, 'e-mail' as method
            from staging.people as p
            join core.mailboxes as m on m.email = p.email
            where m.key <> ''
            window same_address as (partition by m.key order by p.system, p.person_id)
            qualify count(*) over (partition by m.key) > 1
        """),
    ]
    return joined(pl.concat([*map(_with_confidence, links), _probable(query, "person")])).rename(
        {"record": "person_id", "group": "person"}
    )


def linked_accounts(query: Query) -> pl.DataFrame:
    """The account records that are linked to others, each with the company that it is one record of."""
    accounts = query("""
        select system, account_id, website
        from staging.accounts
        anti join core.merged_records as r on r.entity = 'account' and r.system = accounts.system and r.record_id = account_id
        order by all
    """)
    of_people = query("""
        select p.system, p.account_id, any_value(m.domain) as domain
        from staging.people as p
        join core.mailboxes as m on m.email = p.email
        where p.account_id <> '' and m.domain <> ''
        group by p.system, p.account_id
        having count(distinct m.domain) = 1
    """)
    domain_of_people = {(system, account): domain for system, account, domain in of_people.iter_rows()}
    by_domain: dict[str, list[tuple[tuple[str, str], str]]] = defaultdict(list)
    for system, record, website in accounts.iter_rows():
        if domain := company_domain(website):
            by_domain[domain].append(((system, record), "domain"))
        elif domain := domain_of_people.get((system, record)):
            by_domain[domain].append(((system, record), "domain of its people"))
    links = []
    for members in by_domain.values():
        # Two accounts of one system with one domain are two to that system: which of them another one means nobody knows.
        if len({system for (system, _), _ in members}) == len(members):
            first, *rest = sorted(members, key=lambda m: (-CONFIDENCE[m[1]], m[0]))
            for record, method in rest:
                links.append((*first[0], *record, min(method, first[1], key=CONFIDENCE.__getitem__)))
    found = pl.DataFrame(links, schema=[name for name in LINK if name != "confidence"], orient="row")
    of_accounts = [*map(_with_confidence, (_merges(query, "account"), found)), _probable(query, "account")]
    return joined(pl.concat(of_accounts)).rename({"record": "account_id", "group": "account"})


def _merges(query: Query, entity: str) -> pl.DataFrame:
    return query(f"""
        select system, into_id as record, system as other_system, record_id as other, 'merge' as method
        from core.merged_records
        where entity = '{entity}'
    """)


def _probable(query: Query, entity: str) -> pl.DataFrame:
    return query(f"""
        select
            system, record_id as record, other_system, other_id as other, 'probable duplicate' as method,
            probability as confidence
        from core.probable_duplicates
        where entity = '{entity}'
    """)


def _with_confidence(links: pl.DataFrame) -> pl.DataFrame:
    """Links of any columns and types of an empty frame -> those of LINK."""
    sure = pl.col("method").cast(pl.String).replace_strict(CONFIDENCE, return_dtype=pl.Float64)
    return links.with_columns(confidence=sure).select(pl.col(name).cast(kind) for name, kind in LINK.items())


@cache
def company_domain(text: str | None) -> str:
    """The registrable domain of a web or mail domain (`https://shop.acme.co.uk/x`: acme.co.uk); '' for one of no company."""
    found = _extract()(text or "").top_domain_under_public_suffix.lower()
    # A subdomain of a host of pages, such as acme.blogspot.com, is its own site: the list of public suffixes knows them.
    return "" if found in FREE_MAIL or found in NOT_A_SITE else found


@cache
def _extract() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


COMMON = {
    "method": (
        "VARCHAR",
        "The last link on the surest way from the first of them: itself, merge, converted lead, id in another system, e-mail, "
        "domain, domain of its people, or probable duplicate.",
    ),
    "confidence": ("DOUBLE", "How sure that is, 0..1: the weakest link on the way to the first record."),
}
MODELS = [
    computed(
        "core.linked_people",
        "One row per person record that something links to another, with the person that it is one record of.",
        {
            "system": ("VARCHAR", "System that holds the record."),
            "person_id": ("VARCHAR", "Id of the record in its system."),
            "person": ("VARCHAR", "The person: `system:id` of the first of its records."),
            **COMMON,
        },
        ("system", "person_id"),
        ("core.mailboxes", "core.merged_records", "core.probable_duplicates", "staging.people"),
        linked_people,
    ),
    computed(
        "core.linked_accounts",
        "One row per account record that something links to another, with the company that it is one record of.",
        {
            "system": ("VARCHAR", "System that holds the record."),
            "account_id": ("VARCHAR", "Id of the record in its system."),
            "account": ("VARCHAR", "The company: `system:id` of the first of its records."),
            **COMMON,
        },
        ("system", "account_id"),
        ("core.mailboxes", "core.merged_records", "core.probable_duplicates", "staging.accounts", "staging.people"),
        linked_accounts,
    ),
]
