"""Which records of people and of companies are one: by merges, conversions, ids, e-mail address and web domain."""

from collections import defaultdict
from functools import cache
from heapq import heappop, heappush

import polars as pl
import tldextract

from pipeline_etl import Query, computed, email_key

CONFIDENCE = {
    "itself": 1.0, "merge": 1.0, "converted lead": 1.0, "id in another system": 1.0, "e-mail": 0.95, "domain": 0.9,
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


def person_links(query: Query) -> pl.DataFrame:
    """Every person record with the person that it is one record of."""
    people = query("""
        select p.system, p.person_id, p.email, p.converted_person_id, o.system as other_system, o.person_id as other_id
        from staging.people as p
        left join staging.people as o on o.person_id = p.same_as and o.system <> p.system
        order by all
    """)
    merged = query("select system, record_id, into_id from core.merged_records where entity = 'person' order by all")
    rules = query("select pattern from settings.test_records where field = 'emails'")["pattern"].to_list()
    groups = _Groups()
    by_email: dict[str, tuple[str, str]] = {}
    emails: dict[tuple[str, str], str] = {}
    for system, record, into in merged.rows():
        groups.link((system, into), (system, record), "merge")
    for system, record, email, converted, other_system, other in people.rows():
        groups.add((system, record))
        if converted:
            groups.link((system, converted), (system, record), "converted lead")
        if other:
            groups.link((other_system, other), (system, record), "id in another system")
        if key := email_key(email):
            emails[system, record] = email
            groups.link(by_email.setdefault(key, (system, record)), (system, record), "e-mail")
    _link_probable(groups, query, "person")
    tests = _matching([*emails.values()], rules)
    return groups.frame("person_id", "person").with_columns(
        pl.Series("is_test", [emails.get(r) in tests for r in groups.records], dtype=pl.Boolean)
    )


def account_links(query: Query) -> pl.DataFrame:
    """Every account record with the company that it is one record of."""
    accounts = query("select system, account_id, website from staging.accounts order by all")
    people = query("""
        select system, account_id, string_agg(distinct split_part(email, '@', 2), ' ') as domains
        from staging.people
        where account_id <> '' and email <> ''
        group by all
    """)
    merged = query("select system, record_id, into_id from core.merged_records where entity = 'account' order by all")
    of_people = {(s, a): {d for d in map(company_domain, (domains or "").split()) if d} for s, a, domains in people.rows()}
    groups = _Groups()
    for system, record, into in merged.rows():
        groups.link((system, into), (system, record), "merge")
    ended = {(system, record) for system, record, _ in merged.rows()}
    by_domain: dict[str, list[tuple[tuple[str, str], str]]] = defaultdict(list)
    for system, record, website in accounts.rows():
        groups.add((system, record))
        if (system, record) in ended:
            continue
        if domain := company_domain(website):
            by_domain[domain].append(((system, record), "domain"))
        elif len(domains := of_people.get((system, record), set())) == 1:
            by_domain[next(iter(domains))].append(((system, record), "domain of its people"))
    for members in by_domain.values():
        # Two accounts of one system with one domain are two to that system: which of them another one means nobody knows.
        if len({system for (system, _), _ in members}) == len(members):
            first, *rest = sorted(members, key=lambda m: (-CONFIDENCE[m[1]], m[0]))
            for record, method in rest:
                groups.link(first[0], record, method if CONFIDENCE[method] < CONFIDENCE[first[1]] else first[1])
    _link_probable(groups, query, "account")
    return groups.frame("account_id", "account")


def _link_probable(groups: "_Groups", query: Query, entity: str) -> None:
    probable = query("select * from core.probable_duplicates order by all").filter(entity=entity).drop("entity")
    for system, record, other_system, other, probability in probable.rows():
        groups.link((system, record), (other_system, other), "probable duplicate", probability)


@cache
def company_domain(text: str | None) -> str:
    """The registrable domain of a web or mail domain (`https://shop.acme.co.uk/x`: acme.co.uk); '' for one of no company."""
    found = _extract()(text or "").top_domain_under_public_suffix.lower()
    # A subdomain of a host of pages, such as acme.blogspot.com, is its own site: the list of public suffixes knows them.
    return "" if found in FREE_MAIL or found in NOT_A_SITE else found


@cache
def _extract() -> tldextract.TLDExtract:
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _matching(texts: list[str], patterns: list[str]) -> set[str]:
    from fnmatch import fnmatchcase

    return {t for t in set(texts) for p in patterns if fnmatchcase(t.lower(), p.lower())} if patterns else set()


class _Groups:
    """Records joined by links; each knows the link that brought it in and how sure the way to the first of them is."""

    def __init__(self) -> None:
        self._parent: dict[tuple[str, str], tuple[str, str]] = {}
        self._links: dict[tuple[str, str], list[tuple[tuple[str, str], str, float]]] = defaultdict(list)

    @property
    def records(self) -> list[tuple[str, str]]:
        return sorted(self._parent)

    def add(self, record: tuple[str, str]) -> None:
        self._parent.setdefault(record, record)

    def link(self, one: tuple[str, str], other: tuple[str, str], method: str, confidence: float | None = None) -> None:
        self.add(one)
        self.add(other)
        if one == other:
            return
        confidence = CONFIDENCE[method] if confidence is None else confidence
        self._links[one].append((other, method, confidence))
        self._links[other].append((one, method, confidence))
        first, second = sorted((self._root(one), self._root(other)))
        self._parent[second] = first

    def frame(self, record: str, group: str) -> pl.DataFrame:
        """system, the record, the group (`system:id` of its first record), method, confidence; in order."""
        ways: dict[tuple[str, str], tuple[str, float]] = {}
        for root in self._parent:
            if self._root(root) == root:
                self._walk(root, ways)
        rows = [(s, r, ":".join(self._root((s, r))), *ways[s, r]) for s, r in self.records]
        names = ["system", record, group, "method", "confidence"]
        return pl.DataFrame(rows, schema=dict(zip(names, [pl.String] * 4 + [pl.Float64], strict=True)), orient="row")

    def _walk(self, root: tuple[str, str], ways: dict[tuple[str, str], tuple[str, float]]) -> None:
        """From the first record outwards, always over the surest link there is."""
        reached = [(-CONFIDENCE["itself"], root, "itself")]
        while reached:
            negative, here, method = heappop(reached)
            if here in ways:
                continue
            ways[here] = (method, -negative)
            for there, how, confidence in self._links.get(here, ()):
                if there not in ways:
                    heappush(reached, (-min(-negative, confidence), there, how))

    def _root(self, record: tuple[str, str]) -> tuple[str, str]:
        root = record
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[record] != root:
            self._parent[record], record = root, self._parent[record]
        return root


COMMON = {
    "method": (
        "VARCHAR",
        "What links it: itself, merge, converted lead, id in another system, e-mail, domain, domain of its people, or "
        "probable duplicate.",
    ),
    "confidence": ("DOUBLE", "How sure that is, 0..1: the weakest link on the way to the first record."),
}
MODELS = [
    computed(
        "core.person_links",
        "One row per person record of any system, with the person that it is one record of.",
        {
            "system": ("VARCHAR", "System that holds the record."),
            "person_id": ("VARCHAR", "Id of the record in its system; records merged away are here too."),
            "person": ("VARCHAR", "The person: `system:id` of the first of its records."),
            **COMMON,
            "is_test": ("BOOLEAN", "Whether the settings call it a test record."),
        },
        ("system", "person_id"),
        ("core.merged_records", "core.probable_duplicates", "settings.test_records", "staging.people"),
        person_links,
    ),
    computed(
        "core.account_links",
        "One row per account record of any system, with the company that it is one record of.",
        {
            "system": ("VARCHAR", "System that holds the record."),
            "account_id": ("VARCHAR", "Id of the record in its system; records merged away are here too."),
            "account": ("VARCHAR", "The company: `system:id` of the first of its records."),
            **COMMON,
        },
        ("system", "account_id"),
        ("core.merged_records", "core.probable_duplicates", "staging.accounts", "staging.people"),
        account_links,
    ),
]
