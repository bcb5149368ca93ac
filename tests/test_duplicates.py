"""Probable duplicates: planted copies are found, people who only share a name are not, and nothing is done unasked."""

import random

import duckdb
import pytest

from assets.models.duplicates import company_key, probable_duplicates

pytest.importorskip("splink", reason="the extra dedupe is not installed")

FIRST = ["Ana", "Ben", "Carla", "David", "Eva", "Frank", "Grace", "Hugo", "Ines", "Jon", "Katharina", "Lukas", "Maria", "Nora", "Oscar", "Pablo", "Quentin", "Rosa", "Stefan", "Teresa"]
LAST = [f"{a}{b}" for a in ("Gar", "Mar", "Fer", "Kow", "Wal", "Ber", "Hol", "Ros", "Vis", "Nov") for b in ("cia", "tin", "nandez", "alski", "ters", "gmann", "den", "si", "ser", "ak")]


@pytest.fixture
def query():
    """An empty warehouse that asks for duplicates from 0.9 on; `query.insert(table, *rows)` fills it."""
    with duckdb.connect() as connection:
        connection.execute("create schema staging; create schema core; create schema settings")
        connection.execute("create table settings.run as select 0.9::double as probable_duplicates")
        connection.execute("create table core.merged_records (system varchar, entity varchar, record_id varchar, into_id varchar)")
        connection.execute("create table staging.people (system varchar, person_id varchar, first_name varchar, last_name varchar, email varchar, company_name varchar)")
        connection.execute("create table staging.accounts (system varchar, account_id varchar, account_name varchar, website varchar, industry varchar)")

        def ask(sql):
            return connection.sql(sql).pl()

        def insert(table, *rows):
            connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)

        ask.insert, ask.execute = insert, connection.execute
        yield ask


def pairs(frame, entity):
    return {frozenset({(r["system"], r["record_id"]), (r["other_system"], r["other_id"])}) for r in frame.filter(entity=entity).iter_rows(named=True)}


def crowd(size=400):
    """Different people: no two have both the same name and the same company."""
    chance, people, seen = random.Random(5), [], set()
    while len(people) < size:
        first, last, firm = chance.choice(FIRST), chance.choice(LAST), chance.randrange(90)
        if ((first, last) in seen and chance.random() < 0.9) or (last, firm) in seen or (first, firm) in seen:
            continue
        seen |= {(first, last), (last, firm), (first, firm)}
        people.append(("a", f"p{len(people)}", first, last, f"{first}.{last}@firm{firm}.com".lower(), f"Firm{firm} GmbH"))
    return people


def test_planted_copies_are_found_and_different_people_stay_apart(query):
    people = crowd()
    _, _, first, last, _email, company = people[7]
    _, _, other_first, other_last, _, other_company = people[90]
    copies = [
        ("b", "swapped", last, first, None, company),
        ("b", "misspelt", other_first + other_first[-1], other_last, None, other_company),
    ]
    query.insert("staging.people", *people, *copies)
    found = pairs(probable_duplicates(query), "person")
    assert frozenset({("a", "p7"), ("b", "swapped")}) in found
    assert frozenset({("a", "p90"), ("b", "misspelt")}) in found
    assert len(found) == 2


def test_accounts_are_alike_without_their_legal_form_and_team_7_is_not_team_8(query):
    query.insert(
        "staging.accounts",
        *(("a", f"x{n}", f"{LAST[n]} {FIRST[n % 20]}", f"{LAST[n]}{FIRST[n % 20]}.com", "Software") for n in range(100)),
        ("a", "1", "Acme Iberia, S.L.", "acmeiberia.es", "Retail"), ("b", "2", "ACME Iberia", "www.acmeiberia.com", "retail"),
        *(("a", f"t{n}", f"Team {n} Ltd", f"team{n}.com", "Media") for n in range(20)),
    )  # fmt: skip
    assert pairs(probable_duplicates(query), "account") == {frozenset({("a", "1"), ("b", "2")})}


def test_records_merged_away_are_not_compared(query):
    query.insert("staging.accounts", *(("a", str(n), f"{LAST[n]} {n}", f"x{LAST[n]}.com", None) for n in range(60)), ("b", "gone", f"{LAST[3]} 3", f"x{LAST[3]}.de", None))
    assert pairs(probable_duplicates(query), "account") == {frozenset({("a", "3"), ("b", "gone")})}
    query.insert("core.merged_records", ("b", "account", "gone", "7"))
    assert probable_duplicates(query).is_empty()


def test_without_being_asked_nothing_is_compared(query, monkeypatch):
    monkeypatch.setattr("assets.models.duplicates._pairs", None)
    query.execute("update settings.run set probable_duplicates = 0")
    query.insert("staging.people", *crowd(5))
    assert probable_duplicates(query).is_empty()


@pytest.mark.parametrize(
    "name, key",
    [("Acme Iberia, S.L.", "acme iberia"), ("ACME S.A.S.", "acme"), ("Co", "co"), ("Müller & Söhne GmbH", "müller söhne"), ("A B Inc.", "a b"), ("", ""), (None, "")],
)
def test_the_key_of_a_company(name, key):
    assert company_key(name) == key
