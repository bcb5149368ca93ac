"""What has been read once is not read again, unless something that decides the reading is another; and no flipped bit passes."""

import ast
import dataclasses
import json
from pathlib import Path

import pytest
from reading_files import survey_one

from assets.sources import generic, hubspot
from pipeline_etl import reading
from pipeline_etl.contract import Contract, Timestamp
from pipeline_etl.exports import find_files
from pipeline_etl.home import Home
from pipeline_etl.lake import Lake, changed_files
from pipeline_etl.landing import BOOKS, Arrival, land
from pipeline_etl.privacy import Privacy
from pipeline_etl.programs import modules_behind
from pipeline_etl.recognise import Recogniser
from pipeline_etl.warehouse import Warehouse

DEALS = "deal_id,stage,created_at,amount,updated_at\n1,lead,2024-01-01,x,\n2,won,2024-01-02,5,\nbad\n"
MORE = "deal_id,stage,created_at,amount,updated_at\n2,lead,2024-01-01,1,\n3,won,2024-02-02,7,\n"
BOOKED = ("rejects.accounts", "rejects.rejected_rows", "rejects.unreadable_values")


@pytest.fixture
def landed(tmp_path):
    """`landed({name: text})` -> (tables, accounts), each time in a new warehouse on the same lake."""

    def run(files, lake=None, contract=generic.DEALS):
        folder = tmp_path / "exports"
        for old in find_files(folder) if folder.exists() else []:
            old.unlink()
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        warehouse = Warehouse(Home(tmp_path / "home"), "1GB")
        try:
            warehouse.create_tables(BOOKS)
            surveyed = [survey_one(path, folder) for path in find_files(folder)]
            recogniser = Recogniser([contract])
            arrivals = [Arrival(n, export, recogniser.recognise(export.headings)) for n, export in enumerate(surveyed, 1)]
            accounts = land(contract, arrivals, warehouse, lake or Lake(tmp_path / "home" / "lake"), "UTC")
            tables = {t: warehouse.execute(f"from {t} order by all") for t in (*BOOKED, f"raw.{contract.name}", f"copies.{contract.name}")}
            return tables, accounts
        finally:
            warehouse.close()

    return run


def test_what_has_been_read_is_not_read_again(landed, monkeypatch):
    first, accounts = landed({"a.csv": DEALS, "b.csv": MORE})
    assert [a.was_read for a in accounts] == [False, False]
    monkeypatch.setattr(reading, "clean", lambda *arguments: 1 / 0)
    again, accounts = landed({"a.csv": DEALS, "b.csv": MORE})
    assert [a.was_read for a in accounts] == [True, True]
    assert again == first
    assert [len(rows) for rows in first.values()] == [2, 1, 1, 3, 4]


def test_a_file_under_another_name_and_number_is_not_read_again(landed, monkeypatch):
    landed({"b.csv": DEALS})
    monkeypatch.setattr(reading, "clean", lambda *arguments: 1 / 0)
    tables, _ = landed({"a/1.csv": DEALS, "a/2.csv": DEALS})
    # Both are read as what they are, and the one that comes last stands.
    assert [row[-2] for row in tables["raw.generic_deals"]] == [2, 2]
    assert [row[0] for row in tables["rejects.rejected_rows"]] == [1, 2]


def test_only_what_is_new_is_read(landed, monkeypatch):
    landed({"a.csv": DEALS})
    read, honest = [], reading.clean
    monkeypatch.setattr(reading, "clean", lambda contract, how, block, decisions: read.append(block.frame.height) or honest(contract, how, block, decisions))
    tables, accounts = landed({"a.csv": DEALS, "b.csv": MORE})
    assert ([a.was_read for a in accounts], read) == ([True, False], [2])
    assert [(row[0], row[-2]) for row in tables["raw.generic_deals"]] == [("1", 1), ("2", 2), ("3", 2)]


@pytest.fixture
def export(tmp_path):
    """A surveyed file of deals."""
    (tmp_path / "a.csv").write_text(DEALS)
    return survey_one(tmp_path / "a.csv", tmp_path)


def name(export, contract=generic.DEALS, zone="UTC", signs=None, key=""):
    return reading.entry_name(export, Recogniser([contract]).recognise(export.headings), zone, signs or {}, Privacy(key=key))


def changed(column, **values):
    """The contract of deals with one column changed."""
    columns = [dataclasses.replace(c, **values) if c.name == column else c for c in generic.DEALS.columns]
    d = generic.DEALS
    return Contract(d.name, d.description, *columns, key=d.key, latest_by=d.latest_by, marks=d.marks, never=d.never, system=d.system)


def test_all_that_decides_the_reading_is_in_the_name(export):
    other = [
        name(dataclasses.replace(export, sha256="0")),
        name(dataclasses.replace(export, member="#2")),
        name(dataclasses.replace(export, encoding="cp1250")),
        name(dataclasses.replace(export, first_line=3)),
        name(export, zone="Europe/Madrid"),
        name(export, signs={"$": "CAD"}),
        name(export, key="a key of sixteen or more"),
        name(export, changed("amount", nullable=False)),
        name(export, changed("created_at", type=Timestamp, day_of="")) if generic.DEALS.reads("created_at").type != Timestamp else "t",
        name(export, changed("deal_id", clean=lambda e: e.str.to_uppercase())),
        name(export, changed("deal_id", clean=lambda e: e.str.to_lowercase())),
    ]
    assert len({name(export), *other}) == len(other) + 1


def test_what_does_not_decide_it_is_not(export):
    assert name(export) == name(dataclasses.replace(export, path="elsewhere/b.csv", file=Path("x"), modified=1, note="moved"))
    assert name(export) == name(export, changed("amount", meaning="Another word for it.", between=(0, 1)))


def test_the_code_that_reads_is_all_in_the_digest():
    """Independent of the regular expression in the code: every import below `reading`, found in the syntax tree."""
    folder, known, open_ends = Path(reading.__file__).parent, set(), ["reading"]
    while open_ends:
        module = open_ends.pop()
        if module in known:
            continue
        known.add(module)
        for node in ast.walk(ast.parse((folder / f"{module}.py").read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipeline_etl."):
                open_ends.append(node.module.partition(".")[2])
    assert {"clean", "moments", "numbers", "currencies", "languages", "records", "lines", "exports", "contract"} <= known
    assert [path.stem for path in modules_behind(Path(reading.__file__))] == sorted(known)


@pytest.mark.parametrize("table", ["generic_deals", "rejected_rows", "unreadable_values", "entries"])
def test_a_flipped_bit_is_found_named_and_read_again(landed, tmp_path, table):
    first, (account,) = landed({"a.csv": DEALS})
    lake = Lake(tmp_path / "home" / "lake")
    lake.publish({account.entry.name: (account.entry, ["a.csv"])})
    assert changed_files(lake.folder) == []
    (part,) = (lake.folder / table).iterdir()
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    below = part.relative_to(lake.folder).as_posix()
    assert changed_files(lake.folder) == [below]
    again, (account,) = landed({"a.csv": DEALS}, lake)
    assert (again, account.was_read, lake.damaged) == (first, False, [below])
    assert changed_files(lake.folder) == []


def test_a_part_that_is_missing_is_read_again(landed, tmp_path):
    first, _ = landed({"a.csv": DEALS})
    (part,) = (tmp_path / "home" / "lake" / "rejected_rows").iterdir()
    part.unlink()
    again, (account,) = landed({"a.csv": DEALS})
    assert (again, account.was_read) == (first, False)


def test_a_manifest_names_the_exports_of_each_part_and_what_is_of_no_file_goes(landed, tmp_path):
    landed({"old.csv": MORE})
    _, accounts = landed({"a.csv": DEALS, "b.csv": DEALS})
    lake = Lake(tmp_path / "home" / "lake")
    (lake.folder / "generic_deals" / "left-over.partial").write_text("")
    lake.publish({accounts[0].entry.name: (accounts[0].entry, ["a.csv", "b.csv"])})
    said = json.loads((lake.folder / "manifest.json").read_text())
    entry = accounts[0].entry.name
    assert set(said) == {f"entries/{entry}.json", *(f"{t}/{entry}.parquet" for t in ("generic_deals", "rejected_rows", "unreadable_values"))}
    assert {tuple(file["exports"]) for file in said.values()} == {("a.csv", "b.csv")}
    assert {p.relative_to(lake.folder).as_posix() for p in lake.folder.glob("*/*")} == set(said)


def test_a_damaged_manifest_is_damage(tmp_path):
    (tmp_path / "manifest.json").write_text("[1")
    assert changed_files(tmp_path) == ["manifest.json"]


def test_a_wide_file_is_found_again_with_both_tables(landed, monkeypatch):
    text = "hs_object_id,dealstage,createdate,hs_v2_date_entered_a\n1,a,2024-01-01,2024-01-05\n"
    first, _ = landed({"a.csv": text}, contract=hubspot.DEALS)
    monkeypatch.setattr(reading, "clean", lambda *arguments: 1 / 0)
    again, (account,) = landed({"a.csv": text}, contract=hubspot.DEALS)
    assert (again, sorted(account.entry.digests)) == (first, ["hubspot_deal_stage_dates", "hubspot_deals"])
