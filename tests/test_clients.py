"""The clients that the README names read what is published: the DuckDB of other years, SQLAlchemy, Parquet; also while runs publish."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline_etl.beside import write_parquet
from pipeline_etl.home import Home
from pipeline_etl.warehouse import Warehouse

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[1]
TIMES = int(os.environ.get("SOAK", "20"))
"""`make soak` reads a hundred times."""
ROWS = 20_000


def interpreter(version):
    """The interpreter whose DuckDB is of this version, if it is installed."""
    return Path(sys.executable) if version == "2.0" else ROOT / ".venv-clients" / version / "bin" / "python"


@pytest.mark.parametrize("version", ["1.4", "1.5", "2.0"])
def test_every_table_and_comment_is_read_by(version, demo_home, catalog):
    if not interpreter(version).exists():
        pytest.skip(f"DuckDB {version} is not installed: run `make clients`")
    reader = ROOT / "tests" / "clients" / "read_all.py"
    done = subprocess.run([str(interpreter(version)), str(reader), str(demo_home / "warehouse.duckdb")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["version"].startswith(f"{version}.")
    models = {m.table: m for m in catalog.tables}
    assert found["tables"].keys() >= models.keys()
    for name, model in models.items():
        assert found["tables"][name]["comment"] == model.description
        assert found["tables"][name]["columns"] == list(model.types)
        for column, meaning in model.columns.items():
            assert found["comments"][f"{name}.{column}"] == meaning
    ours = subprocess.run([sys.executable, str(reader), str(demo_home / "warehouse.duckdb")], capture_output=True, text=True)
    assert found["tables"] == json.loads(ours.stdout)["tables"], "each client reads the same rows"
    assert found["tables"]["marts.deals"]["rows"] > 500


def publish(home, version):
    """A small warehouse, every row of which says which version it is."""
    warehouse = Warehouse(home, "500MB")
    try:
        warehouse.execute("create schema marts")
        for name in ("deals", "stage_visits", "touches"):
            warehouse.execute(f"create table marts.{name} as select {version}::bigint as version, range as n from range({ROWS})")
            warehouse.comment(f"marts.{name}", f"version {version}", {"n": "A number."})
        warehouse.execute("create view marts.seen as select version, n from marts.deals")
        write_parquet(warehouse.connection, warehouse.beside / "parquet")
        warehouse.publish()
    finally:
        warehouse.close()


CLIENTS = {"duckdb 1.4": ("duckdb", "1.4"), "sqlalchemy": ("sqlalchemy", "2.0"), "parquet": ("parquet", "2.0")}


@pytest.fixture(scope="module")
def reads(tmp_path_factory):
    """What each installed client found, time after time, while versions were published: client -> list of reads."""
    home, readers = Home(tmp_path_factory.mktemp("soak") / "home"), {}
    publish(home, 1)
    for client, (kind, version) in CLIENTS.items():
        if interpreter(version).exists():
            out = home.folder / f"{client}.jsonl"
            command = [str(interpreter(version)), str(ROOT / "tests" / "clients" / "read_often.py"), kind, str(home.folder), str(TIMES)]
            readers[client] = out, subprocess.Popen(command, stdout=out.open("w"), stderr=subprocess.PIPE, text=True)
    deadline, published = time.monotonic() + 900, 1
    while published < TIMES or not all(len(out.read_text().splitlines()) >= TIMES or r.poll() for out, r in readers.values()):
        assert time.monotonic() < deadline, "a reader does not end"
        published += 1
        publish(home, published)
    (home.folder / "enough").touch()
    for _, reader in readers.values():
        assert reader.wait(60) == 0, reader.stderr.read()
    return {client: [json.loads(line) for line in out.read_text().splitlines()] for client, (out, _) in readers.items()}


@pytest.mark.parametrize("client", CLIENTS)
def test_reads_while_runs_publish_find_whole_tables_of_one_run(client, reads):
    if client not in reads:
        pytest.skip("it is not installed: run `make clients`")
    assert len(reads[client]) >= TIMES
    for tables in reads[client]:
        assert tables.keys() == {"deals", "stage_visits", "touches", "seen"}
        assert all(t["rows"] == t["different"] == ROWS and t["oldest"] == t["newest"] for t in tables.values()), tables
        # Parquet is replaced file by file: those that say they are of one publication are.
        by_run = {}
        for table in tables.values():
            by_run.setdefault(table["published"], set()).add((table["newest"], table["said"]))
        assert all(len(found) == 1 for found in by_run.values()), tables
        assert client == "parquet" or (len(by_run) == 1 and tables["deals"]["said"] == f"version {tables['deals']['newest']}")
    versions = [tables["deals"]["newest"] for tables in reads[client]]
    assert versions == sorted(versions)
    assert len(set(versions)) > TIMES // 4, "runs published between the reads"
