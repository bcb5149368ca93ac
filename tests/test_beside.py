"""Parquet beside the warehouse: the same tables, whole or not at all."""

import duckdb
import polars as pl
import pytest

from pipeline_etl.beside import write_parquet
from pipeline_etl.home import Home
from pipeline_etl.settings import SettingsError, load_settings
from pipeline_etl.warehouse import PublishError, Warehouse


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "it's a home")


def publish(home, *statements, parquet=True, memory_limit="1GB"):
    """A warehouse that these statements make, published."""
    warehouse = Warehouse(home, memory_limit)
    try:
        for schema in ("core", "marts", "quality"):
            warehouse.execute(f"create schema {schema}")
        for statement in statements:
            warehouse.execute(statement)
        if parquet:
            write_parquet(warehouse.connection, warehouse.beside / "parquet")
        warehouse.publish()
    finally:
        warehouse.close()


def files(home):
    return sorted(p.relative_to(home.folder / "parquet").as_posix() for p in (home.folder / "parquet").rglob("*") if p.is_file())


def test_each_promised_table_or_view_is_a_file_with_its_rows_and_types(home):
    publish(
        home,
        "create table core.t as select 1 as n",
        """create table marts.deals as select
            'a"b' as "Größe in €", 12.30::decimal(18, 2) as amount, 0.5::double as win_rate, 7::bigint as deals, date '2024-02-29' as closed_on,
            timestamp '2024-02-29 23:59:59.123456' as closed_at, true as is_won, null::integer as stage_order
            union all select null, null, null, null, null, null, null, 3""",
        "create table quality.empty (n bigint, seen_at timestamp)",
        "create view marts.seen as select * from marts.deals where amount is not null",
        "comment on table marts.deals is 'One row per deal: it''s one.'",
    )
    assert files(home) == ["marts/deals.parquet", "marts/seen.parquet", "quality/empty.parquet"]
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        for table in ("marts.deals", "marts.seen", "quality.empty"):
            file = str(home.folder / "parquet" / f"{table.replace('.', '/')}.parquet").replace("'", "''")
            ours, theirs = f"from {table} order by all", f"from '{file}' order by all"
            assert connection.sql(ours).fetchall() == connection.sql(theirs).fetchall()
            assert connection.sql(ours).types == connection.sql(theirs).types
    frame = pl.read_parquet(home.folder / "parquet" / "marts" / "seen.parquet")
    assert frame.row(0, named=True)["Größe in €"] == 'a"b'
    said = {name: pl.read_parquet_metadata(home.folder / "parquet" / name) for name in files(home)}
    assert said["marts/deals.parquet"]["description"] == "One row per deal: it's one."
    assert len({m["published"] for m in said.values()}) == 1, "files of one publication say so"


def test_the_file_of_a_dropped_table_goes_and_what_is_not_ours_stays(home):
    publish(home, "create table marts.old as select 1 as n", "create table marts.kept as select 1 as n")
    (home.folder / "parquet" / "notes.txt").write_text("mine")
    publish(home, "create table marts.kept as select 2 as n")
    assert files(home) == ["marts/kept.parquet", "notes.txt"]
    assert pl.read_parquet(home.folder / "parquet" / "marts" / "kept.parquet")["n"].to_list() == [2]


def test_without_parquet_none_of_an_earlier_run_is_left_to_be_read_as_today_s(home):
    publish(home, "create table marts.kept as select 1 as n")
    publish(home, "create table marts.kept as select 2 as n", parquet=False)
    assert not (home.folder / "parquet").exists()


@pytest.mark.parametrize(
    "fault, error",
    [
        ("create view marts.broken as select error('cannot be read')::bigint as n", duckdb.Error),
        ("create table marts.broken as select [1] as n", PublishError),
    ],
)
def test_what_cannot_be_written_publishes_nothing(home, fault, error):
    publish(home, "create table marts.kept as select 1 as n")
    before = {p: p.read_bytes() for p in home.folder.rglob("*") if p.is_file()}
    with pytest.raises(error):
        publish(home, "create table marts.kept as select 2 as n", fault)
    assert {p: p.read_bytes() for p in home.folder.rglob("*") if p.is_file()} == before


def test_a_table_larger_than_the_memory_is_written(home):
    publish(
        home,
        "create table marts.touches as select range as n, sha256(range::varchar) as digest, md5(range::varchar) as visitor from range(4000000)",
        memory_limit="200MB",
    )
    assert pl.scan_parquet(home.folder / "parquet" / "marts" / "touches.parquet").select(pl.len(), pl.col("n").sum()).collect().row(0) == (4000000, 7999998000000)


def test_it_can_be_turned_off(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_text("parquet = false")
    assert (load_settings(None).parquet, load_settings(path).parquet) == (True, False)
    path.write_text('\nparquet = "no"')
    with pytest.raises(SettingsError, match=r"settings.toml:2: parquet must be true or false, not 'no'"):
        load_settings(path)
