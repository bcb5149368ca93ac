"""Who somebody is: pseudonyms that join but tell nothing, and people who are forgotten for good while the totals stay."""

import json
import re

import duckdb
import polars as pl
import pytest

from assets.sources import generic, hubspot
from pipeline_etl import cli
from pipeline_etl.clean import FAULTS, Cleaned
from pipeline_etl.forgetting import search
from pipeline_etl.home import Home
from pipeline_etl.mailboxes import email_key
from pipeline_etl.privacy import Forgotten, Privacy, load_forgotten, save_forgotten

KEY = "a key that nobody can guess"
PEOPLE = """person_id,email,first_name,last_name,job_title,account_id,created_at
1,Jane.Doe@acme.com,Jane,Doe,CFO,a1,2024-01-01
2,sam@globex.com,Sam,Roe,CEO,a2,2024-01-02
3,info@globex.com,,,,a2,2019-01-03
4,kim@oldco.com,Kim,Old,CTO,,2019-01-03
"""
FILES = {
    "people.csv": PEOPLE,
    "touches.csv": "touch_id,email,occurred_at,channel,page\nt1,jane.doe+news@acme.com,2024-01-05,email,/thanks?e=jane.doe@acme.com\n"
    "t2,JANE.DOE@ACME.COM,2024-01-06,webinar,\nt3,sam@globex.com,2024-01-06,webinar,\nbroken,jane.doe@acme.com\n",
    "deals.csv": "deal_id,deal_name,stage,created_at,amount,person_id,owner\n1,Jane Doe renewal,won,2024-01-10,100,1,Olga\n2,Globex,lead,2024-01-11,5,2,Olga\n",
}


def cleaned(**columns):
    """One block of generic people, some columns given."""
    frame = pl.DataFrame({"email": [], "first_name": [], **columns}, schema_overrides={"email": pl.String, "first_name": pl.String}, strict=False)
    faults = pl.DataFrame(schema=FAULTS)
    return Cleaned(frame, None, faults, faults)


def protected(privacy, contract=generic.PEOPLE, **columns):
    return privacy.protect(contract, {c: c for c in columns}, cleaned(**columns)).kept.to_dict(as_series=False)


def test_one_mailbox_has_one_pseudonym_and_keeps_its_domain():
    found = protected(Privacy(key=KEY), email=["Jane@acme.com", "jane+x@acme.com", "jane@globex.com", None], first_name=["Jane", "jane ", "Sam", None])
    one, same, other, none = found["email"]
    assert (one, none) == (same, None)
    assert re.fullmatch(r"p-[0-9a-f]{16}@acme\.com", one)
    assert re.fullmatch(r"p-[0-9a-f]{16}@globex\.com", other)
    assert one[:18] != other[:18]
    assert found["first_name"][0] == found["first_name"][1] != found["first_name"][2]
    assert email_key(one) == one


def test_desks_and_owners_are_nobody():
    assert protected(Privacy(key=KEY), email=["info@acme.com"], first_name=["x"])["email"] == ["info@acme.com"]
    assert protected(Privacy(key=KEY), contract=hubspot.OWNERS, email=["olga@us.com"], first_name=["Olga"])["first_name"] == ["Olga"]


def test_another_key_is_another_pseudonym_and_none_is_none():
    one, other = (protected(Privacy(key=k), email=["jane@acme.com"], first_name=["J"])["email"] for k in (KEY, "another key of the company"))
    assert one != other
    assert protected(Privacy(), email=["jane@acme.com"], first_name=["J"])["email"] == ["jane@acme.com"]
    assert Privacy(key=KEY).mark != Privacy(key="another").mark != Privacy().mark == ""
    assert Privacy(("email",), KEY).mark != Privacy(key=KEY).mark


def test_the_settings_say_what_is_personal():
    privacy = Privacy(("*.deal_name", "generic_people.*", "!email"))
    assert [privacy.is_personal("generic_people", c) for c in ("email", "last_name")] == [False, True]
    assert privacy.is_personal("hubspot_deals", "deal_name")
    assert privacy.is_personal("hubspot_deals", "amount") is None


def test_addresses_within_other_texts_are_hidden_and_those_of_owners_are_left():
    found = protected(Privacy(key=KEY), email=["jane@acme.com"], first_name=["J"], page=["/x?e=jane@acme.com&d=1"], owner_id=["olga@us.com"])
    assert found["page"] == [f"/x?e={found['email'][0]}&d=1"]
    assert found["owner_id"] == ["olga@us.com"]


def test_faults_do_not_quote_what_is_hidden():
    faults = pl.DataFrame([(2, "email", '"email" holds \'jane@x\', which is no e-mail address.', "1,jane@x,Jane"), (3, "amount", '"amount" holds \'x\'.', "2,sam@acme.com,Sam")], schema=FAULTS, orient="row")
    hidden = Privacy(key=KEY).protect(generic.PEOPLE, {"email": "email"}, Cleaned(cleaned().kept, None, faults, faults))
    for found in (hidden.rejected, hidden.unreadable):
        assert found["reason"].to_list() == ['"email" cannot be read.', '"amount" holds \'x\'.']
        assert set(found["original"]) == {"It is withheld: it may say who somebody is."}


def test_the_forgotten_are_forgotten_in_every_spelling_and_text(tmp_path):
    forgotten = Forgotten().with_people(["janedoe@gmail.com"])
    save_forgotten(tmp_path, forgotten)
    assert (tmp_path / "forgotten.json").stat().st_mode & 0o777 == 0o600
    assert "jane" not in (tmp_path / "forgotten.json").read_text()
    privacy = Privacy(forgotten=load_forgotten(tmp_path))
    found = protected(
        privacy, email=["Jane.Doe+a@googlemail.com", "sam@acme.com", None], first_name=["Jane", "Sam", "Ann"],
        source=["mail to jane.doe@gmail.com", "sam@acme.com", None],
    )  # fmt: skip
    (word,) = forgotten.people.values()
    assert found["email"] == [f"{word}@googlemail.com", "sam@acme.com", None]
    assert found["first_name"] == [None, "Sam", "Ann"]
    assert found["source"] == [f"mail to {word}@gmail.com", "sam@acme.com", None]


@pytest.fixture
def home(tmp_path):
    (tmp_path / "home" / "exports").mkdir(parents=True)
    for name, text in FILES.items():
        (tmp_path / "home" / "exports" / name).write_text(text)
    return tmp_path / "home"


def ask(capsys, *arguments):
    code = cli.main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def query(home, sql):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


COUNTS = "select (select count(*) from marts.journeys), (select count(*) from marts.deals), (select sum(amount) from marts.deals), (select count(*) from marts.funnel_stages)"


@pytest.mark.integration
def test_a_person_is_forgotten_everywhere_and_the_totals_stay(home, capsys, monkeypatch):
    assert ask(capsys, "run", home / "exports", "--home", home)[0] == 0
    assert ask(capsys, "report", "--period", "month", "--start", "2024-01-01", "--home", home)[0] == 0
    assert ask(capsys, "run", home / "exports", "--home", home)[0] == 0
    before = query(home, COUNTS)
    assert {place.partition(":")[0] for place in search(Home(home), ["jane.doe@acme.com"])} >= {"warehouse.duckdb", "warehouse-000001.duckdb"}
    code, out, err = ask(capsys, "forget", "Jane.Doe@acme.com", "--home", home)
    assert code == 0, out + err
    assert "Search     nothing of the home names them" in out
    assert "Totals     as before" in out
    assert "'Jane Doe' stands in warehouse.duckdb: " in out
    assert "marts.deals.deal_name" in out
    assert [line.split()[1] for line in out.splitlines() if line.startswith("Exports")] == ["people.csv", "touches.csv"]
    # Independent of our search: every byte and every text of the home but for the exports.
    for file in (p for p in home.rglob("*") if p.is_file() and p.relative_to(home).parts[0] != "exports"):
        assert b"jane.doe@" not in file.read_bytes().lower(), file
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        for schema, table in connection.execute("select schema_name, table_name from duckdb_tables()").fetchall():
            assert "jane.doe" not in str(connection.execute(f'from "{schema}"."{table}"').fetchall()).lower()
    assert query(home, COUNTS) == before
    assert not (home / "versions").exists()
    # What comes tomorrow does not bring them back.
    (home / "exports" / "more.csv").write_text("touch_id,email,occurred_at,channel\nt9,jane.doe@acme.com,2024-02-05,email\n")
    assert ask(capsys, "run", home / "exports", "--home", home)[0] == 0
    assert search(Home(home), ["jane.doe@acme.com"]) == []
    assert query(home, "select count(distinct person) from marts.journeys where person is not null") == [(2,)]


@pytest.mark.integration
def test_with_a_key_nothing_of_the_home_says_who_and_nothing_says_the_key(home, tmp_path, capsys, monkeypatch):
    assert ask(capsys, "run", home / "exports", "--home", home)[0] == 0
    open_counts = query(home, COUNTS)
    monkeypatch.setenv("PSEUDONYM_KEY", KEY)
    (tmp_path / "settings.toml").write_text('pseudonym_key = "$PSEUDONYM_KEY"\nkeep_versions = 0\n')
    hidden = tmp_path / "hidden"
    assert ask(capsys, "run", home / "exports", "--home", hidden, "--settings", tmp_path / "settings.toml")[0] == 0
    assert query(hidden, COUNTS) == open_counts
    assert search(Home(hidden), ["jane.doe@acme.com", "sam@globex.com", KEY]) == []
    assert query(hidden, "select distinct original from quality.rejected_rows") == [("It is withheld: it may say who somebody is.",)]
    assert query(hidden, "select count(*) from core.people where email like 'p-%@acme.com'") == [(1,)]


@pytest.mark.integration
def test_whoever_is_too_old_is_forgotten(home, capsys):
    assert ask(capsys, "run", home / "exports", "--home", home)[0] == 0
    code, out, _ = ask(capsys, "forget", "--older-than", 1000, "--home", home)
    assert (code, "Forgotten  1 mailbox, " in out) == (0, True), out
    assert query(home, "select email from staging.people where email not like 'forgotten-%' order by all") == [("info@globex.com",), ("jane.doe@acme.com",), ("sam@globex.com",)]
    assert len(json.loads((home / "forgotten.json").read_text())["people"]) == 1


@pytest.mark.parametrize(
    "arguments, fault",
    [
        ([], "forget an EMAIL, or --older-than DAYS; one of the two"),
        (["a@b.com", "--older-than", "9"], "one of the two"),
        (["info@acme.com"], "the mailbox of a desk or no e-mail address"),
        (["nobody"], "the mailbox of a desk or no e-mail address"),
        (["--older-than", "9"], "nothing is published there"),
    ],
)
def test_what_nobody_is_forgotten_by(home, capsys, arguments, fault):
    code, _, err = ask(capsys, "forget", *arguments, "--home", home)
    assert code == 2
    assert fault in err


@pytest.mark.parametrize(
    "line, fault",
    [
        ('pseudonym_key = "my secret"', "settings.toml:1: pseudonym_key names a variable"),
        ('pseudonym_key = "$NOT_THERE"', "settings.toml:1: the environment has no variable NOT_THERE"),
        ('personal_columns = ["a b"]', "settings.toml:1: personal_columns reads"),
    ],
)
def test_faulty_settings_are_said_and_no_key_is_repeated(home, tmp_path, capsys, line, fault):
    (tmp_path / "settings.toml").write_text(line)
    code, _, err = ask(capsys, "run", home / "exports", "--home", home, "--settings", tmp_path / "settings.toml")
    assert code == 2
    assert fault in err
    assert "my secret" not in err
