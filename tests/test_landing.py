"""From files to `raw`: each row kept, rejected or a duplicate, and the books prove it."""

import polars as pl
import pytest

from assets.sources import generic
from pipeline_etl import landing
from pipeline_etl.exports import find_files, survey
from pipeline_etl.landing import BOOKS, Arrival, RowsLost, land
from pipeline_etl.recognise import Recogniser
from pipeline_etl.warehouse import Home, Warehouse

HEAD = "deal_id,stage,created_at,amount,updated_at\n"


@pytest.fixture
def landed(tmp_path):
    """`landed({name: text})` -> (warehouse, accounts by name); the folder's name is as bad as folders get."""
    opened = []

    def run(files):
        folder = tmp_path / "it's [a]* folder"
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        warehouse = Warehouse(Home(folder / "home"), "1GB")
        opened.append(warehouse)
        for table, columns in BOOKS.items():
            warehouse.create_table(table, columns)
        recogniser, arrivals = Recogniser(generic.CONTRACTS), []
        for number, path in enumerate(p for p in find_files(folder) if p.suffix == ".csv"):
            export = survey(path, folder)
            arrivals.append(Arrival(number, export, recogniser.recognise(export.headings)))
        accounts = land(generic.DEALS, arrivals, warehouse, "UTC")
        return warehouse, {a.export.path: account for a, account in zip(arrivals, accounts, strict=True)}

    yield run
    for warehouse in opened:
        warehouse.close()


def fates(account):
    return (account.rows, account.kept, account.rejected, account.duplicates)


def test_the_latest_of_several_rows_with_one_key_is_kept(landed):
    warehouse, accounts = landed({
        "a.csv": HEAD + "1,lead,2024-01-01,10,2024-02-01\n1,demo,2024-01-01,20,2024-03-01\n2,lead,2024-01-01,5,\n",
        "b.csv": HEAD + "1,won,2024-01-01,30,2024-01-15\n2,demo,2024-01-01,6,\nbad\n",
    })  # fmt: skip
    assert warehouse.execute("select deal_id, stage from raw.generic_deals order by all") == [("1", "demo"), ("2", "demo")]
    assert fates(accounts["a.csv"]) == (3, 1, 0, 2)
    assert fates(accounts["b.csv"]) == (3, 1, 1, 1)


def test_a_file_delivered_twice_changes_nothing(landed):
    text = HEAD + "1,lead,2024-01-01,10,2024-02-01\n2,lead,2024-01-01,5,2024-02-01\n"
    warehouse, accounts = landed({"a.csv": text, "copy/of a.csv": text})
    assert warehouse.execute("select deal_id from raw.generic_deals order by all") == [("1",), ("2",)]
    assert [fates(a) for a in accounts.values()] == [(2, 0, 0, 2), (2, 2, 0, 0)]


def test_names_of_files_never_become_sql_or_paths(landed):
    warehouse, _ = landed({"x'; drop schema raw cascade; --.csv": HEAD + "1,lead,2024-01-01,1,\n", "[a]*.csv": HEAD + "2,lead,2024-01-01,1,\n"})
    assert warehouse.count("raw.generic_deals") == 2
    assert sorted(p.suffix for p in (warehouse.home.lake / "generic_deals").iterdir()) == [".parquet", ".parquet"]


def test_lines_and_rows_are_in_the_books(landed):
    warehouse, _ = landed({"a.csv": HEAD + "1,lead,2024-01-01,x,\n\n2,lead\n"})
    assert warehouse.execute("select lines, rows, kept, rejected, unreadable_values from rejects.accounts") == [(4, 2, 1, 1, 1)]
    assert warehouse.execute("select line, original from rejects.rejected_rows") == [(4, "2,lead")]


def test_an_account_that_does_not_add_up_stops_the_run(landed, monkeypatch):
    honest = landing.clean

    def losing(*arguments):
        done = honest(*arguments)
        return landing.Cleaned(done.kept.head(1), done.spread, done.rejected, done.unreadable)

    monkeypatch.setattr(landing, "clean", losing)
    with pytest.raises(RowsLost, match="2 rows were read, but 1 kept"):
        landed({"a.csv": HEAD + "1,lead,2024-01-01,1,\n2,lead,2024-01-01,1,\n"})


def test_types_in_the_lake_are_those_of_the_contract(landed):
    warehouse, _ = landed({"a.csv": HEAD + "007,lead,2024-01-01,12.34,\n"})
    (part,) = (warehouse.home.lake / "generic_deals").iterdir()
    row = pl.read_parquet(part, glob=False).row(0, named=True)
    assert (row["deal_id"], str(row["amount"]), row["_line"]) == ("007", "12.3400", 2)


def test_a_date_in_doubt_late_in_a_large_file_is_decided_from_the_whole_file(landed, monkeypatch):
    from pipeline_etl import clean, exports

    monkeypatch.setattr(clean, "LARGE", 100)
    monkeypatch.setattr(exports, "CHUNK", 200)
    rows = "".join(f"{n},lead,2024-01-01,x,\n" for n in range(40)) + "98,lead,3/4/2024,1,\n99,lead,13/4/2024,1,\n"
    warehouse, accounts = landed({"a.csv": HEAD + rows})
    assert warehouse.execute("select month(created_at) from raw.generic_deals where deal_id in ('98', '99')") == [(4,), (4,)]
    assert fates(accounts["a.csv"]) == (42, 42, 0, 0)
    assert warehouse.execute("select count(*) from rejects.unreadable_values") == [(40,)]
