"""From files to `raw`: each row kept, rejected or a duplicate, and the books prove it."""

import re

import polars as pl
import pytest
from reading_files import survey_one

from assets.sources import generic, hubspot, salesforce
from pipeline_etl import exports, landing, reading
from pipeline_etl.clean import Cleaned
from pipeline_etl.exports import find_files
from pipeline_etl.home import Home
from pipeline_etl.lake import Lake
from pipeline_etl.landing import BOOKS, Arrival, RowsLost, land
from pipeline_etl.recognise import Recogniser
from pipeline_etl.warehouse import Warehouse

ALL = salesforce.CONTRACTS + hubspot.CONTRACTS + generic.CONTRACTS
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
            export = survey_one(path, folder)
            arrivals.append(Arrival(number, export, recogniser.recognise(export.headings)))
        accounts = land(generic.DEALS, arrivals, warehouse, Lake(warehouse.home.lake), "UTC")
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
    honest = reading.clean

    def losing(*arguments):
        done = honest(*arguments)
        return Cleaned(done.kept.head(1), done.spread, done.rejected, done.unreadable)

    monkeypatch.setattr(reading, "clean", losing)
    with pytest.raises(RowsLost, match="2 rows were read, but 1 kept"):
        landed({"a.csv": HEAD + "1,lead,2024-01-01,1,\n2,lead,2024-01-01,1,\n"})


def test_types_in_the_lake_are_those_of_the_contract(landed):
    warehouse, _ = landed({"a.csv": HEAD + "007,lead,2024-01-01,12.34,\n"})
    (part,) = (warehouse.home.lake / "generic_deals").iterdir()
    row = pl.read_parquet(part, glob=False).row(0, named=True)
    assert (row["deal_id"], str(row["amount"]), row["_line"]) == ("007", "12.3400", 2)


def test_a_date_in_doubt_late_in_a_large_file_is_decided_from_the_whole_file(landed, monkeypatch):
    from pipeline_etl import decisions, exports

    monkeypatch.setattr(decisions, "LARGE", 100)
    monkeypatch.setattr(exports, "CHUNK", 200)
    rows = "".join(f"{n},lead,2024-01-01,x,\n" for n in range(40)) + "98,lead,3/4/2024,1,\n99,lead,13/4/2024,1,\n"
    warehouse, accounts = landed({"a.csv": HEAD + rows})
    assert warehouse.execute("select month(created_at) from raw.generic_deals where deal_id in ('98', '99')") == [(4,), (4,)]
    assert fates(accounts["a.csv"]) == (42, 42, 0, 0)
    assert warehouse.execute("select count(*) from rejects.unreadable_values") == [(40,)]


@pytest.fixture
def land_files(tmp_path):
    """`land_files({name: text}, contracts)` -> (warehouse, accounts in the order of the names), for any one contract."""
    opened = []

    def run(files, contracts=ALL, folder="exports", zone="UTC", times=1, **options):
        exports_folder = tmp_path / folder
        exports_folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (exports_folder / name).write_text(text, encoding="utf-8")
        warehouse = Warehouse(Home(exports_folder / ".home"), "1GB")
        opened.append(warehouse)
        for table, columns in BOOKS.items():
            warehouse.create_table(table, columns)
        recogniser = Recogniser(contracts)
        surveyed = [survey_one(path, exports_folder) for path in find_files(exports_folder)]
        arrivals = [Arrival(n, export, recogniser.recognise(export.headings)) for n, export in enumerate(surveyed, 1)]
        contract = arrivals[0].reading.contract
        assert {a.reading.contract.name for a in arrivals} == {contract.name}
        for _ in range(times):
            accounts = land(contract, arrivals, warehouse, Lake(warehouse.home.lake), zone, **options)
        return warehouse, accounts

    yield run
    for warehouse in opened:
        warehouse.close()


def stages(warehouse, table="raw.generic_deals"):
    return [row[0] for row in warehouse.execute(f"select stage from {table} order by all")]


@pytest.mark.parametrize(
    "files, kept, account",
    [
        # Who is kept of several rows with one key, by stage and `updated_at`.
        ([[("a", "2024-05-05"), ("b", "2024-05-04")]], "a", [(2, 1, 0, 1)]),
        ([[("a", "2024-05-05"), ("b", "2024-05-05")]], "b", [(2, 1, 0, 1)]),
        ([[("a", ""), ("b", "")]], "b", [(2, 1, 0, 1)]),
        ([[("a", "2024-05-05"), ("b", "")]], "a", [(2, 1, 0, 1)]),
        ([[("a", "2024-05-05")], [("b", "2024-05-04")]], "a", [(1, 1, 0, 0), (1, 0, 0, 1)]),
        ([[("a", "2024-05-05")], [("b", "2024-05-05")]], "b", [(1, 0, 0, 1), (1, 1, 0, 0)]),
        ([[("a", "2024-05-05")], [("b", "")]], "a", [(1, 1, 0, 0), (1, 0, 0, 1)]),
        ([[("a", "2024-05-05"), ("b", "2024-05-05")], [("c", "2024-05-05"), ("d", "2024-05-05"), ("e", "")]], "d", [(2, 0, 0, 2), (3, 1, 0, 2)]),
        ([[("a", "2024-05-05"), ("", "2024-06-06")], [("b", "bad")]], "a", [(2, 1, 1, 0), (1, 0, 0, 1)]),
    ],
)
def test_which_of_several_rows_is_the_latest(land_files, files, kept, account):
    texts = {f"{n}.csv": HEAD + "".join(f"1,{stage},2024-01-01,5,{at}\n" for stage, at in rows) for n, rows in enumerate(files)}
    warehouse, accounts = land_files(texts)
    assert stages(warehouse) == [kept]
    assert [fates(a) for a in accounts] == account


def test_the_books_hold_the_account_of_each_file(land_files):
    warehouse, accounts = land_files({
        "a.csv": HEAD + '1,lead,2024-01-01,"1.234,50",\n\n,lead,2024-01-01,1,\n"2\n2",lead,13/4/2024,x,\n',
        "b.csv": "\n" + HEAD + "1,won,2024-01-01,1,\n3,lead\n",
        "c.csv": HEAD,
    })  # fmt: skip
    columns = "file, lines, rows, kept, rejected, duplicates, unreadable_values, date_order, decimal_mark"
    assert warehouse.execute(f"select {columns} from rejects.accounts order by file") == [
        (1, 6, 3, 1, 1, 1, 1, "day/month", ","),
        (2, 4, 2, 1, 1, 0, 0, "", "."),
        (3, 1, 0, 0, 0, 0, 0, "", "."),
    ]
    assert [a.file for a in accounts] == [1, 2, 3]
    assert warehouse.execute("select file, line, column_name, original from rejects.rejected_rows order by all") == [
        (1, 4, "deal_id", ",lead,2024-01-01,1,"),
        (2, 4, "", "3,lead"),
    ]
    assert warehouse.execute("select file, line, column_name from rejects.unreadable_values") == [(1, 5, "amount")]
    assert warehouse.execute("select deal_id, _file, _line from raw.generic_deals order by all") == [("1", 2, 3), ("2\n2", 1, 5)]


def test_keys_that_are_empty_in_part_are_keys_too(land_files):
    head = "date,campaign_id,spend,channel\n"
    warehouse, (account,) = land_files({"a.csv": head + "2024-01-01,1,5,\n2024-01-01,1,6,\n2024-01-01,1,7,x\n2024-01-02,1,8,\n"})
    assert warehouse.execute("select spend::int from raw.generic_spend order by all") == [(6,), (7,), (8,)]
    assert fates(account) == (4, 3, 0, 1)


def test_ids_that_differ_in_case_alone_are_two_records_and_those_of_two_lengths_one(land_files):
    head = "Id,Username,Name,SystemModstamp\n"
    warehouse, accounts = land_files({
        "api.csv": head + "005Ec00000AieKFIAZ,a,new,2024-02-01\n005Ec00000aiekfIAA,b,other,2024-02-01\n",
        "report.csv": head + "005Ec00000AieKF,a,old,2024-01-01\n",
    })  # fmt: skip
    assert warehouse.execute("select owner_name from raw.salesforce_users order by all") == [("new",), ("other",)]
    assert [fates(a) for a in accounts] == [(2, 2, 0, 0), (1, 0, 0, 1)]


def test_a_file_delivered_twice_in_wide_form_changes_no_deal(land_files):
    text = "hs_object_id,dealstage,createdate,hs_lastmodifieddate,hs_v2_date_entered_a\n1,a,2024-01-01,2024-01-01,2024-01-05\n,a,2024-01-01,2024-01-01,2024-01-06\n"
    warehouse, accounts = land_files({"a.csv": text, "b.csv": text})
    assert [fates(a) for a in accounts] == [(2, 0, 1, 1), (2, 1, 1, 0)]
    assert warehouse.count("raw.hubspot_deals") == 1
    dates = warehouse.execute("select distinct deal_id, stage, position, entered_at::varchar from raw.hubspot_deal_stage_dates")
    assert dates == [("1", "a", 1, "2024-01-05 00:00:00")]


def test_no_file_makes_an_empty_table_with_its_types(tmp_path):
    warehouse = Warehouse(Home(tmp_path), "1GB")
    for table, columns in BOOKS.items():
        warehouse.create_table(table, columns)
    assert land(hubspot.DEALS, [], warehouse, Lake(tmp_path / "lake"), "UTC") == []
    for table, columns in (("hubspot_deals", landing.raw_columns(hubspot.DEALS)), ("hubspot_deal_stage_dates", landing.raw_spread_columns(hubspot.DEALS))):
        assert dict(row[:2] for row in warehouse.execute(f"describe raw.{table}")) == columns
    warehouse.close()


def test_the_columns_of_a_landed_table_are_those_it_promises(land_files):
    warehouse, _ = land_files({"a.csv": "hs_object_id,dealstage,createdate,amount,hs_v2_date_entered_a\n1,a,2024-01-01,1,2024-01-05\n"})
    assert dict(row[:2] for row in warehouse.execute("describe raw.hubspot_deals")) == landing.raw_columns(hubspot.DEALS)
    assert dict(row[:2] for row in warehouse.execute("describe raw.hubspot_deal_stage_dates")) == landing.raw_spread_columns(hubspot.DEALS)


@pytest.mark.parametrize("folder", ["it's", '"q"', "[a]*", "{a,b}", "**", "a b", "%20", "ñ", "$x; drop"])
def test_folders_may_be_called_anything(land_files, folder):
    warehouse, _ = land_files({"a.csv": HEAD + "1,lead,2024-01-01,1,\n1,won,2024-01-01,1,\n"}, folder=folder)
    assert stages(warehouse) == ["won"]


@pytest.mark.parametrize("name", ["x'; drop table--.csv", "[a]*.csv", "a?.csv", '"a".csv', "ñ.csv", "-rf.csv"])
def test_no_export_gives_its_name_to_a_file_of_the_lake(land_files, name):
    warehouse, _ = land_files({name: HEAD + "1,lead,2024-01-01,1,\n"})
    (part,) = (warehouse.home.lake / "generic_deals").iterdir()
    assert re.fullmatch(r"[0-9a-f]{32}\.parquet", part.name)
    assert stages(warehouse) == ["lead"]


def test_many_blocks_make_one_table_and_one_account(land_files, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 64)
    rows = "".join(f'{n % 30},"le\nad",2024-01-01,{n}.5,\n' for n in range(60)) + "bad\n"
    warehouse, (account,) = land_files({"a.csv": HEAD + rows})
    assert (fates(account), account.found.lines) == ((61, 30, 1, 30), 122)
    assert warehouse.execute("select sum(amount)::varchar, min(_line), max(_line) from raw.generic_deals") == [("1350.0000", 62, 120)]


def test_progress_tells_every_row_once(land_files, monkeypatch, tmp_path):
    monkeypatch.setattr(exports, "CHUNK", 64)
    warehouse, _ = land_files({"a.csv": HEAD + "1,lead,2024-01-01,1,\n" * 20 + "bad\n"})
    export, told = survey_one(tmp_path / "exports" / "a.csv", tmp_path / "exports"), []
    arrival = Arrival(1, export, Recogniser(ALL).recognise(export.headings))
    land(generic.DEALS, [arrival], warehouse, Lake(warehouse.home.folder / "elsewhere"), "UTC", lambda export, rows: told.append((export.path, rows)))
    assert {path for path, _ in told} == {"a.csv"}
    assert len(told) > 1
    assert sum(rows for _, rows in told) == 21


@pytest.mark.parametrize(
    "tamper, message",
    [
        (lambda c: Cleaned(c.kept.head(0), c.spread, c.rejected, c.unreadable), "a.csv: 3 rows were read, but 0 kept + 1 rejected were"),
        (lambda c: Cleaned(c.kept, c.spread, c.rejected.head(0), c.unreadable), "a.csv: 3 rows were read, but 2 kept + 0 rejected were"),
        (lambda c: Cleaned(pl.concat([c.kept, c.kept]), c.spread, c.rejected, c.unreadable), "a.csv: 3 rows were read, but 4 kept + 1 rejected were"),
    ],
)
def test_a_tampered_account_is_never_booked(land_files, monkeypatch, tamper, message):
    honest = reading.clean
    monkeypatch.setattr(reading, "clean", lambda *arguments: tamper(honest(*arguments)))
    with pytest.raises(RowsLost) as error:
        land_files({"a.csv": HEAD + "1,lead,2024-01-01,1,\n2,lead,2024-01-01,1,\nbad\n"})
    assert str(error.value).startswith(message)


def test_a_part_is_complete_under_its_name_or_not_there(land_files, monkeypatch, tmp_path):
    def fail(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(reading, "clean", fail)
    with pytest.raises(ZeroDivisionError):
        land_files({"a.csv": HEAD + "1,lead,2024-01-01,1,\n"})
    assert [p.name for p in tmp_path.rglob("*") if p.suffix in (".parquet", ".partial")] == []


def test_a_file_that_changes_under_our_hands_stops_the_landing(land_files, monkeypatch, tmp_path):
    honest = reading.clean

    def meddle(*arguments):
        (tmp_path / "exports" / "a.csv").touch()
        return honest(*arguments)

    monkeypatch.setattr(exports, "CHUNK", 64)
    monkeypatch.setattr(reading, "clean", meddle)
    with pytest.raises(exports.Refused, match="changed while it was read"):
        land_files({"a.csv": HEAD + "1,lead,2024-01-01,1,\n" * 20})


def test_landing_again_books_no_fault_twice(land_files):
    warehouse, _ = land_files({"a.csv": HEAD + "1,lead,2024-01-01,x,\n,lead,2024-01-01,1,\n"}, times=2)
    assert warehouse.execute("select file, rejected, unreadable_values from rejects.accounts") == [(1, 1, 1)]
    assert [warehouse.count(f"rejects.{t}") for t in ("rejected_rows", "unreadable_values")] == [1, 1]


def test_a_wide_part_is_complete_under_its_name_or_not_there(land_files, monkeypatch, tmp_path):
    def fail(export, records):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        land_files({"a.csv": "hs_object_id,dealstage,createdate,hs_v2_date_entered_a\n1,a,2024-01-01,2024-01-05\n"}, progress=fail)
    assert [p.name for p in tmp_path.rglob("*") if p.suffix in (".parquet", ".partial", ".json")] == []
