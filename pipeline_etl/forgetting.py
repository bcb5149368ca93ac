"""Forget a person: out of the lake, kept versions, editions and run history; then a run, and a search that proves it."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from pipeline_etl.hardening import literal, text
from pipeline_etl.home import Home
from pipeline_etl.lake import ENTRIES
from pipeline_etl.mailboxes import ADDRESS, email_key
from pipeline_etl.privacy import FORGOTTEN, STAND_INS, load_forgotten, save_forgotten
from pipeline_etl.rules import quoted


@dataclass
class Erased:
    """What was removed, for the person who asked: how many files of which kind. names: what the forgotten were called."""

    parts: int = 0
    versions: int = 0
    editions: int = 0
    names: set[str] = field(default_factory=set)


def erase(home: Home, keys: Collection[str]) -> Erased:
    """Write down that these mailboxes (`email_key`) are forgotten and remove every kept file that may name them.

    Who holds the lock of the home calls it, and runs the exports again afterwards: what is published still names them until
    then. The run history goes whole: it holds samples of rows.
    """
    erased = Erased()
    save_forgotten(home.folder, load_forgotten(home.folder).with_people(sorted(keys)))
    for name in _entries_that_name(home.lake, keys, erased.names):
        for file in [*home.lake.glob(f"*/{name}.parquet"), home.lake / ENTRIES / f"{name}.json"]:
            file.unlink(missing_ok=True)
            erased.parts += 1
    for _, version in home.kept_versions():
        version.unlink()
        erased.versions += 1
    # An edition, such as pipeline.2026-06.en.html, is no part of the run that comes; it is made again when it is asked for.
    for edition in [r for r in home.reports.glob("*") if r.name.count(".") > 2]:
        edition.unlink()
        erased.editions += 1
    for old in (p for p in home.dagster.glob("*") if p.name != "dagster.yaml"):
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    return erased


def _entries_that_name(lake: Path, keys: Collection[str], names: set[str]) -> Iterator[str]:
    """The entries of the lake in which an address of these mailboxes stands; what their rows call them goes into `names`."""
    found = set()
    for part in sorted(lake.glob("*/*.parquet")):
        for rows in pl.read_parquet(part, glob=False).iter_slices(100_000):
            naming = rows.filter(_names_any(rows, keys))
            if naming.height:
                found.add(part.stem)
                # A first name alone is the name of many.
                names |= {name for pair in _called(naming) if " " in (name := " ".join(filter(None, pair)).strip())}
    yield from sorted(found)


def _names_any(rows: pl.DataFrame, keys: Collection[str]) -> pl.Series:
    """Which rows hold, in any text, an address of one of these mailboxes."""
    naming = pl.repeat(False, rows.height, eager=True)
    for column in (c for c, kind in rows.schema.items() if kind == pl.String):
        texts = rows[column].filter(rows[column].str.contains("@", literal=True).fill_null(False)).unique()
        those = [t for t in texts if any(email_key(a) in keys for a in re.findall(ADDRESS, t))]
        if those:
            naming |= rows[column].is_in(those).fill_null(False)
    return naming


def _called(rows: pl.DataFrame) -> list[tuple]:
    columns = [c for c in ("first_name", "last_name", "person_name") if c in rows.columns]
    return rows.select(columns).unique().rows() if columns else []


def search(home: Home, wanted: Sequence[str]) -> list[str]:
    """Where any of these texts stands in what the home holds, whatever its case: a table and column, or a file.

    Every text of the published warehouse, of each kept version and of all Parquet; every other file byte by byte, workbooks
    unpacked. The list of the forgotten, which holds hashes, and the exports are left out.
    """
    wanted = sorted({w.lower() for w in wanted if w})
    found = []
    for database in [p for p in (home.warehouse, *(v for _, v in home.kept_versions())) if p.exists()]:
        with duckdb.connect(str(database), read_only=True) as connection:
            found += [f"{database.name}: {where}" for where in _in_tables(connection, wanted)]
    for file in sorted(p for p in home.folder.rglob("*") if p.is_file()):
        below = file.relative_to(home.folder)
        if below.parts[0] in ("exports", FORGOTTEN) or file.suffix == ".duckdb":
            continue
        if file.suffix == ".parquet":
            with duckdb.connect() as connection:
                connection.execute(f"create view it as from read_parquet({text(literal(str(file)))})")
                found += [below.as_posix()] * bool(_in_tables(connection, wanted))
        elif any(w.encode() in content.lower() for content in _contents(file) for w in wanted):
            found.append(below.as_posix())
    return found


def _in_tables(connection: duckdb.DuckDBPyConnection, wanted: Sequence[str]) -> list[str]:
    columns = connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns where data_type = 'VARCHAR' order by all"
    ).fetchall()
    found = []
    for schema, table, column in columns:
        rows = connection.execute(
            f"select count(*) from {quoted(schema)}.{quoted(table)}"
            f" where len(list_filter(?::varchar[], lambda w: contains(lower({quoted(column)}), w))) > 0",
            [list(wanted)],
        ).fetchone()[0]
        if rows:
            found.append(f"{schema}.{table}.{column} ({rows:,} rows)")
    return found


def _contents(file: Path) -> Iterator[bytes]:
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    else:
        yield file.read_bytes()


def totals(home: Home) -> dict[str, tuple]:
    """What must not change when somebody is forgotten: the rows of each promised table, and both sides of every law."""
    if not home.warehouse.exists():
        return {}
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables where table_schema = 'marts' order by all"
        ).fetchall()
        rows = {f"{s}.{t}": connection.execute(f"select count(*) from {quoted(s)}.{quoted(t)}").fetchone() for s, t in tables}
        laws = connection.execute("select law, left_side, right_side from quality.reconciliation order by law").fetchall()
    return {**rows, **{law: sides for law, *sides in laws}}


def exports_that_name(exports: Path, keys: Collection[str]) -> list[str]:
    """The export files in which an address of these mailboxes stands, archives and workbooks opened one level deep."""
    return [f.relative_to(exports).as_posix() for f in sorted(exports.rglob("*")) if f.is_file() and _file_names(f, keys)]


def _file_names(file: Path, keys: Collection[str]) -> bool:
    texts = (content.replace(b"\0", b"").decode("latin-1") for content in _contents(file))
    return any(email_key(a) in keys for text in texts for a in set(re.findall(ADDRESS, text)))


def older_than(home: Home, days: int) -> set[str]:
    """Mailboxes of which no row of the lake bears a time within so many days before as-of; one without any time is left."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        ((as_of,),) = connection.execute("select as_of from core.as_of").fetchall()
    newest: dict[str, datetime] = {}
    for part in sorted(home.lake.glob("*/*.parquet")):
        rows = pl.read_parquet(part, glob=False)
        times = [c for c, kind in rows.schema.items() if kind in (pl.Date, pl.Datetime("us"))]
        if "email" not in rows.columns or not times:
            continue
        latest = rows.select("email", at=pl.max_horizontal(pl.col(times).cast(pl.Datetime("us")))).drop_nulls()
        for email, at in latest.group_by("email").agg(pl.col("at").max()).rows():
            if key := email_key(email):
                newest[key] = max(at, newest.get(key, at))
    return {key for key, at in newest.items() if at < as_of - timedelta(days=days) and not key.startswith(STAND_INS)}
