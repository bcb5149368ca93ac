"""Which records are one person or one company: every method, chains of them, and what must stay apart."""

import polars as pl
import pytest

from assets.models.identities import company_domain
from pipeline_etl import email_key

COLUMNS = {
    "staging.people": ("system", "person_id", "email", "converted_person_id", "same_as", "account_id"),
    "staging.accounts": ("system", "account_id", "website"),
    "core.merged_records": ("system", "entity", "record_id", "into_id"),
    "settings.test_records": ("field", "pattern"),
    "core.probable_duplicates": ("entity", "system", "record_id", "other_system", "other_id", "probability"),
}


@pytest.fixture
def given():
    """What identities are told from: `given(table, *rows)` adds rows."""

    def insert(table, *rows):
        insert.tables.setdefault(table, []).extend(dict(zip(COLUMNS[table], row, strict=True)) for row in rows)

    insert.tables = {}
    return insert


@pytest.fixture
def person_links(bench, given):
    """Every person record with its person, from what is given."""
    targets = ("core.mailboxes", "core.linked_people", "core.person_links")
    return lambda: pl.DataFrame(bench.run(targets, given.tables)["core.person_links"])


@pytest.fixture
def account_links(bench, given):
    """Every account record with its company, from what is given."""
    targets = ("core.mailboxes", "core.linked_accounts", "core.account_links")
    return lambda: pl.DataFrame(bench.run(targets, given.tables)["core.account_links"])


def groups(frame, record, group):
    """The records of each group that has more than one, as a set of sets."""
    found = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row[group], set()).add((row["system"], row[record]))
    return {frozenset(g) for g in found.values() if len(g) > 1}


def test_a_person_who_is_a_lead_a_contact_and_a_prospect_of_another_system_is_one(given, person_links):
    given(
        "staging.people",
        ("salesforce", "00Q1", "ana@acme.test", "0031", None, None),
        ("salesforce", "0031", "ana.ruiz@acme.test", None, None, "001"),
        ("pardot", "395", None, None, "0031", None),
        ("mailchimp", "m1", "Ana.Ruiz+news@acme.test", None, None, None),
        ("salesforce", "0039", "ben@acme.test", None, None, "001"),
    )
    links = person_links()
    assert groups(links, "person_id", "person") == {
        frozenset({("salesforce", "00Q1"), ("salesforce", "0031"), ("pardot", "395"), ("mailchimp", "m1")})
    }
    told = {r["person_id"]: (r["method"], r["confidence"]) for r in links.iter_rows(named=True)}
    # The first of them is Mailchimp's record, to which only the address leads: no way to it is surer than that.
    assert told == {
        "m1": ("itself", 1.0), "0031": ("e-mail", 0.95), "00Q1": ("converted lead", 0.95), "395": ("id in another system", 0.95),
        "0039": ("itself", 1.0),
    }  # fmt: skip


def test_chains_of_merges_end_in_one_person_and_mailboxes_of_desks_join_nobody(given, person_links):
    given("core.merged_records", ("crm", "person", "1", "3"), ("crm", "person", "2", "3"), ("crm", "deal", "8", "9"))
    given(
        "staging.people",
        ("crm", "3", "a@b.test", None, None, None), ("crm", "4", "info@b.test", None, None, None), ("crm", "5", "info@b.test", None, None, None),
    )  # fmt: skip
    assert groups(person_links(), "person_id", "person") == {frozenset({("crm", "1"), ("crm", "2"), ("crm", "3")})}


def test_what_is_only_probable_joins_with_its_probability_and_never_before_what_is_sure(given, person_links, account_links):
    given(
        "core.probable_duplicates",
        ("person", "a", "1", "b", "2", 0.97),
        ("person", "a", "1", "c", "3", 0.9),
        ("account", "a", "1", "a", "9", 0.8),
    )
    given(
        "staging.people",
        ("a", "1", "x@acme.test", None, None, None), ("b", "2", "y@acme.test", None, None, None),
        ("c", "3", "y@acme.test", None, None, None), ("d", "4", None, None, None, None),
    )  # fmt: skip
    links = {r["person_id"]: (r["person"], r["method"], r["confidence"]) for r in person_links().iter_rows(named=True)}
    assert links == {
        "1": ("a:1", "itself", 1.0), "2": ("a:1", "probable duplicate", 0.97), "3": ("a:1", "e-mail", 0.95), "4": ("d:4", "itself", 1.0),
    }  # fmt: skip
    given("staging.accounts", ("a", "1", None), ("a", "9", None))
    assert groups(account_links(), "account_id", "account") == {frozenset({("a", "1"), ("a", "9")})}


def test_people_whom_the_settings_call_tests_are_marked(given, person_links):
    given("settings.test_records", ("emails", "*@test.example"), ("names", "*x*"))
    given(
        "staging.people",
        ("crm", "1", "qa@test.example", None, None, None),
        ("crm", "2", "x@real.test", None, None, None),
        ("crm", "3", "info@test.example", None, None, None),
        ("crm", "4", None, None, None, None),
    )
    assert dict(person_links().select("person_id", "is_test").rows()) == {"1": True, "2": False, "3": True, "4": False}


def test_accounts_of_several_systems_are_one_by_their_domain(given, account_links):
    given(
        "staging.accounts",
        ("salesforce", "001", "https://www.acme.com/es"), ("hubspot", "501", "acme.com"), ("zoho", "z1", None),
        ("hubspot", "502", "globex.com"), ("hubspot", "503", "shop.globex.com"), ("zoho", "z2", "globex.com"),
        ("hubspot", "504", "facebook.com/initech"), ("zoho", "z4", "https://facebook.com/other"),
    )  # fmt: skip
    given("staging.people", ("zoho", "p1", "a@acme.com", None, None, "z1"), ("zoho", "p2", "b@gmail.com", None, None, "z1"))
    links = account_links()
    assert groups(links, "account_id", "account") == {frozenset({("hubspot", "501"), ("salesforce", "001"), ("zoho", "z1")})}
    told = {r["account_id"]: (r["method"], r["confidence"]) for r in links.iter_rows(named=True)}
    assert (told["001"], told["z1"]) == (("domain", 0.9), ("domain of its people", 0.7))


@pytest.mark.parametrize(
    "email, key",
    [("Ana@X.com", "ana@x.com"), ("ana+news@x.com", "ana@x.com"), ("a.na@gmail.com", "ana@gmail.com"), ("a.na@x.com", "a.na@x.com"),
     ("Info@x.com", ""), ("", ""), (None, ""), ("nobody", "")],
)  # fmt: skip
def test_addresses_are_compared_in_one_form(email, key):
    assert email_key(email) == key


@pytest.mark.parametrize(
    "text, domain",
    [("https://shop.acme.co.uk/x?y=1", "acme.co.uk"), ("WWW.Acme.COM", "acme.com"), ("gmail.com", ""), ("linkedin.com/company/x", ""),
     ("acme.blogspot.com", "acme.blogspot.com"), ("localhost", ""), ("", ""), (None, "")],
)  # fmt: skip
def test_the_domain_of_a_company(text, domain):
    assert company_domain(text) == domain
