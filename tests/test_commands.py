"""The commands as a user meets them: good input, bad input, and what is left standing after a failure."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace

import duckdb
import pytest

from pipeline_etl import cli
from pipeline_etl.home import Home

pytestmark = pytest.mark.integration

DEALS = "deal_id,deal_name,stage,amount,created_at,closed_at\n1,A,lead,10,2024-01-01,\n2,B,closed_won,20.50,2024-01-01,2024-02-01\n"


@pytest.fixture
def folder(tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "deals.csv").write_text(DEALS)
    return exports


@pytest.fixture
def published(shared_homes, tmp_path):
    """A home in which such a folder was run."""

    def write(home):
        (home / "exports").mkdir(parents=True)
        (home / "exports" / "deals.csv").write_text(DEALS)

    return shutil.copytree(shared_homes("two_deals", write), tmp_path / "home")


def run(capsys, *arguments):
    try:
        code = cli.main([str(a) for a in arguments])
    except SystemExit as stop:
        code = stop.code
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


def query(home, sql):
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.parametrize(
    "make, arguments, fault",
    [
        (None, [], "there is no such folder"),
        (lambda p: p.write_text("x"), [], "this is a file; give the folder that holds it"),
        (lambda p: (p.mkdir(), (p / "a.csv").write_text("x")), ["--as-of", "soon"], "write a date such as"),
        (lambda p: (p.mkdir(), (p / "a.csv").write_text("x")), ["--settings", "no.toml"], "cannot be read"),
    ],
)
def test_wrong_usage_ends_with_2_and_one_sentence(tmp_path, capsys, make, arguments, fault):
    if make:
        make(tmp_path / "in")
    code, _, err = run(capsys, "run", tmp_path / "in", "--home", tmp_path / "home", *arguments)
    assert code == 2
    assert fault in err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("name", ["a?b", "a\\b"])
def test_a_home_that_duckdb_cannot_write_to_is_refused(folder, tmp_path, capsys, name):
    code, _, err = run(capsys, "run", folder, "--home", tmp_path / name)
    assert (code, "choose another --home" in err) == (2, True)


def test_a_typo_in_the_settings_is_said_with_its_line(folder, tmp_path, capsys):
    settings = tmp_path / "s.toml"
    settings.write_text('# mine\nbase_curency = "EUR"\n')
    code, _, err = run(capsys, "run", folder, "--home", tmp_path / "home", "--settings", settings)
    assert code == 2
    assert f"{settings}:2: there is no setting 'base_curency'; did you mean 'base_currency'?" in err


def test_an_empty_folder_and_one_of_strangers_are_refused(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    code, _, err = run(capsys, "run", tmp_path / "empty", "--home", tmp_path / "home")
    assert (code, "there are no files in this folder" in err) == (2, True)
    (tmp_path / "empty" / "parking.csv").write_text("plate,floor\n1,2\n")
    code, _, err = run(capsys, "run", tmp_path / "empty", "--home", tmp_path / "home")
    assert code == 1
    assert "parking.csv: Its headings (plate, floor) are those of no export we know" in err


def test_a_run_with_mixed_files_uses_what_it_can_and_says_the_rest(folder, tmp_path, capsys):
    (folder / "half.csv").write_text("deal_id,stage,created_at\n7,lead,2024-01-01\n8,le")
    (folder / "strange.csv").write_text("plate,floor\n1,2\n")
    (folder / "no_date.csv").write_text("Id,IsDeleted,Name,StageName,Amount,CloseDate,IsClosed,IsWon,ForecastCategory,OwnerId\n")
    (folder / "book.xlsx").write_bytes(b"PK\x03\x04")
    (folder / "mine.csv").write_text("Vorgang;Phase;Angelegt;Wert\n9;lead;31.12.2023;1.234,50\n")
    (folder / "mapping.toml").write_text(
        '["mine.csv"]\nobject = "generic_deals"\n["mine.csv".columns]\nVorgang = "deal_id"\nPhase = "stage"\nAngelegt = "created_at"\nWert = "amount"\n'
    )
    home = tmp_path / "home"
    code, out, err = run(capsys, "run", folder, "--home", home)
    assert code == 0, err
    status = dict(query(home, "select path, status from quality.files"))
    assert status == {"deals.csv": "read", "half.csv": "read", "strange.csv": "unknown", "no_date.csv": "unknown", "book.xlsx": "refused", "mine.csv": "read"}
    assert query(home, "select path, line, reason from quality.rejected_rows") == [("half.csv", 3, "It has 2 fields where the headings have 3.")]
    assert query(home, "select amount from marts.deals where deal_id = '9'")[0][0] == pytest.approx(1234.5)
    assert "no 'CreatedDate'" in out
    assert "book.xlsx" in out


def test_the_log_names_each_file_and_table_with_its_rows_and_seconds(folder, tmp_path, capsys):
    home = tmp_path / "home"
    (folder / "half.csv").write_text("deal_id,stage,created_at\n7,lead,2024-01-01\n8,le")
    code, out, quiet = run(capsys, "run", folder, "--home", home)
    assert code == 0, quiet
    assert "deals.csv" not in quiet
    code, again, err = run(capsys, "run", folder, "--home", home, "--as-of", "2024-03-01", "--verbose")
    assert code == 0, err
    assert again.splitlines()[0] == out.splitlines()[0]
    assert re.findall(r" - (\S+): 2 rows = (\d) kept \+ (\d) rejected \+ 0 older duplicates; an earlier run had read it$", err, re.M) == [
        ("deals.csv", "2", "0"), ("half.csv", "1", "1"),
    ]  # fmt: skip
    assert re.search(r"^20\d\d-\d\d-\d\d \d\d:\d\d:\d\d .* - raw\.generic_deals: 3 rows of 2 files read and checked in \d+\.\d s$", err, re.M)
    told = re.findall(r" - (\w+\.\w+): ([\d,]+) rows (kept|made) and checked in \d+\.\d s$", err, re.M)
    rows = {table: int(count.replace(",", "")) for table, count, _ in told}
    published = [t for t, in query(home, "select table_name from quality.tables")]
    assert sorted(rows) == sorted(published)
    assert {fate for *_, fate in told} == {"kept", "made"}
    in_file = query(home, "select schema_name || '.' || table_name from duckdb_tables()")
    for (table,) in in_file:
        if table in rows:
            assert rows[table] == query(home, f"select count(*) from {table}")[0][0], table
    assert {"marts.deals", "core.stage_events", "quality.reconciliation"} <= {t for t, in in_file} & rows.keys()


def test_a_failed_blocking_check_publishes_nothing_and_keeps_what_was(folder, published, capsys, monkeypatch):
    home = published
    before = (home / "warehouse.duckdb").read_bytes()
    from pipeline_etl import compose, model

    honest = model.read_model

    def tampered(path):
        read = honest(path)
        if read.table != "marts.stage_conversion":
            return read
        return replace(read, sql=read.sql.replace("i.advanced,  ", "i.advanced + 1 as advanced,  ", 1))

    monkeypatch.setattr(model, "read_model", tampered)
    monkeypatch.setattr(compose, "catalog", compose.catalog.__wrapped__)
    code, _, err = run(capsys, "run", folder, "--home", home)
    assert code == 1
    assert "entered = advanced + lost + moved_back + handed_off + still_there" in err
    assert "is unchanged" in err
    assert (home / "warehouse.duckdb").read_bytes() == before
    assert not (home / "work").exists()


def test_a_second_run_says_who_holds_the_home(folder, tmp_path, capsys):
    home = tmp_path / "home"
    with Home(home).lock():
        code, _, err = run(capsys, "run", folder, "--home", home)
    assert code == 1
    assert f"another run (process {os.getpid()} on " in err


def test_the_run_is_in_the_history_and_the_warehouse_opens_with_older_clients(published):
    from dagster import DagsterInstance

    home = published
    with DagsterInstance.from_config(str(home / "dagster")) as instance:
        (finished,) = instance.get_runs()
        assert finished.is_success
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home / 'warehouse.duckdb'}' as w (read_only)")
        (tags,) = connection.execute("select tags from duckdb_databases() where database_name = 'w'").fetchone()
    assert tags["storage_version"].startswith("v1.4")


def test_as_of_describes_the_past(folder, tmp_path, capsys):
    home = tmp_path / "home"
    assert run(capsys, "run", folder, "--home", home, "--as-of", "2024-01-20")[0] == 0
    assert query(home, "select deal_id, status from marts.deals order by all") == [("1", "open"), ("2", "open")]


def test_verify_finds_a_flipped_bit_and_the_next_run_mends_it(published, folder, capsys):
    home = published
    code, out, _ = run(capsys, "verify", "--home", home)
    assert (code, out.strip().splitlines()[-1][:5]) == (0, "sound")
    name = next(iter(json.loads((home / "lake" / "manifest.json").read_text())))
    part = home / "lake" / name
    content = bytearray(part.read_bytes())
    content[20] ^= 1
    part.write_bytes(content)
    code, out, _ = run(capsys, "verify", "--home", home)
    assert code == 1
    assert f"DAMAGED {name}" in out
    code, out, _ = run(capsys, "run", folder, "--home", home)
    assert code == 0
    assert "files had been read by an earlier run" not in out
    assert run(capsys, "verify", "--home", home)[0] == 0


def test_a_memory_limit_is_a_size_that_is_enough(folder, capsys):
    for said in ("lots", "100MB"):
        code, _, err = run(capsys, "run", folder, "--memory-limit", said)
        assert (code, err) == (2, f"pipeline-etl: --memory-limit {said}: write a size such as 4GB, and at least 512MB\n")


def test_explain_and_its_mapping_file_read_headings_of_ones_own(folder, tmp_path, capsys):
    code, out, _ = run(capsys, "explain", folder / "deals.csv")
    assert code == 0
    for part in ("is         generic_deals", "deal_id = 'deal_id'", "line 2"):
        assert part in out
    (folder / "deals.csv").unlink()
    (folder / "own.csv").write_text("Nr,deal_id,stage,Start\n1,77,lead,2024-01-01\n")
    code, out, _ = run(capsys, "explain", folder / "own.csv", "--mapping", folder / "mapping.toml")
    assert "write a mapping file" in out
    mapping = (folder / "mapping.toml").read_text()
    (folder / "mapping.toml").write_text(mapping.replace('# "Start" = ""', '"Start" = "created_at"').replace('# "stage" = ""', '"stage" = "stage"'))
    code, _, err = run(capsys, "run", folder, "--home", tmp_path / "home")
    assert code == 0, err
    assert query(tmp_path / "home", "select deal_id, created_at::date::varchar from marts.deals") == [("77", "2024-01-01")]


def test_explain_writes_a_mapping_by_itself_where_it_is_not_sure_and_reads_by_it_afterwards(folder, tmp_path, capsys):
    (folder / "own.csv").write_text("Vorgang;Phase;Angelegt;Wert\n9;lead;31.12.2023;1.234,50\n")
    assert "wrote" not in run(capsys, "explain", folder / "deals.csv")[1]
    _, out, _ = run(capsys, "explain", folder / "deals.csv", folder / "own.csv")
    assert f"wrote {folder / 'mapping.toml'}" in out
    text = (folder / "mapping.toml").read_text()
    assert "own.csv" in text and "deals.csv" not in text and "needs deal_id, stage, created_at" in text
    for heading, column in {"Vorgang": "deal_id", "Phase": "stage", "Angelegt": "created_at", "Wert": "amount"}.items():
        text = text.replace(f'# "{heading}" = ""', f'"{heading}" = "{column}"')
    (folder / "mapping.toml").write_text(text)
    _, out, _ = run(capsys, "explain", folder / "own.csv")
    assert "is         generic_deals, by its mapping" in out and "amount 1234.5000" in out and "wrote" not in out
    (folder / "other.csv").write_text("plate,floor\n1,2\n")
    _, out, _ = run(capsys, "explain", folder / "other.csv")
    assert f"wrote {folder / '2.mapping.toml'}" in out


def test_tables(capsys):
    code, out, _ = run(capsys, "tables", "stage_daily")
    assert code == 0
    assert "open_deals" in out
    code, _, err = run(capsys, "tables", "nonsense")
    assert code == 2
    assert "no table has 'nonsense' in its name" in err


def test_help_imports_nothing_heavy():
    program = (
        "import sys\nfrom pipeline_etl import cli\n"
        "try: cli.main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in ('great_expectations', 'pandas', 'altair', 'dagster', 'vl_convert', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip().endswith("[]"), done.stdout + done.stderr
