"""What a model, a report file or an export cannot do, whatever is written in it."""

import duckdb
import pytest

from pipeline_etl.hardening import literal
from pipeline_etl.home import Home
from pipeline_etl.memory import LEAST, for_duckdb, memory_of_machine, memory_of_run, parse_memory
from pipeline_etl.warehouse import Warehouse


@pytest.fixture
def warehouse(tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    (tmp_path / "home [1]*").mkdir()
    warehouse = Warehouse(Home(tmp_path / "home [1]*"), "500MB")
    yield warehouse
    warehouse.close()


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_csv('{outside}/secret.csv')",
        "select * from '{outside}/secret.csv'",
        "select * from read_text('/etc/hostname')",
        "select * from glob('{outside}/*')",
        "select * from read_csv('{outside}/home [[]1][*]/../secret.csv')",
        "copy (select 1) to '{outside}/out.csv'",
        "attach '{outside}/other.duckdb' as other",
        "export database '{outside}/dump'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "set lock_configuration = false",
        "set memory_limit = '1TB'",
        "create table t as select * from read_csv('http://127.0.0.1:9/x.csv')",
    ],
)
def test_a_model_reaches_nothing_outside_the_home(warehouse, tmp_path, statement):
    with pytest.raises(duckdb.Error):
        warehouse.execute(statement.format(outside=tmp_path))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home [1]*", "secret.csv"]


def test_what_lies_in_the_home_is_read_and_written(warehouse):
    part = warehouse.home.work / "part [x]*.parquet"
    warehouse.execute(f"copy (select 7 as a) to '{part}'")
    assert warehouse.execute(f"from read_parquet('{literal(str(part))}')") == [(7,)]


def test_python_variables_are_no_tables(warehouse):
    import polars as pl

    secret = pl.DataFrame({"a": [1]})
    with pytest.raises(duckdb.Error):
        warehouse.execute("select * from secret")
    assert secret.height == 1


def test_memory_is_read_as_people_write_it():
    assert [parse_memory(t) for t in ("4GB", "1.5 GiB", "800MB", "1TB")] == [4 << 30, 3 << 29, 800 << 20, 1 << 40]
    assert [parse_memory(t) for t in ("", "4", "GB", "-1GB", "4 gigabytes", "4GB; drop")] == [None] * 6


def test_a_run_takes_half_of_the_machine_and_duckdb_half_of_that():
    assert memory_of_run("") == memory_of_machine() // 2
    assert for_duckdb("4GB") == "2048MiB"
    assert memory_of_machine() > LEAST
