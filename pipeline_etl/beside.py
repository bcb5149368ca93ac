"""What is published beside the warehouse: prepared in the folder of the run, then put in place file by file."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import duckdb

from pipeline_etl.hardening import text
from pipeline_etl.model import PROMISED
from pipeline_etl.rules import quoted

PARQUET = "parquet"
"""The folder of the home with every promised table as Parquet, for tools that do not read DuckDB."""


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Every promised table and view as `folder/schema/table.parquet`.

    Each file's key-value metadata holds the table's `description`, and `published`, which is the same in all files of one call:
    those that a reader opens one after the other while a run publishes are of one warehouse where they say the same.
    """
    stamp = uuid4().hex
    tables = connection.execute(
        "select schema_name, table_name, comment from duckdb_tables() where database_name = current_database()"
        " union all select schema_name, view_name, comment from duckdb_views() where database_name = current_database()"
    ).fetchall()
    for schema, table, comment in tables:
        if schema in PROMISED:
            (folder / schema).mkdir(parents=True, exist_ok=True)
            said = f"published: {text(stamp)}, description: {text(comment or '')}"
            connection.execute(
                f"copy (select * from {quoted(schema)}.{quoted(table)}) to {text(str(folder / schema / f'{table}.parquet'))}"
                f" (format parquet, kv_metadata {{{said}}})"
            ).fetchall()


def put_in_place(prepared: Path, home: Path) -> None:
    """Move every file below `prepared` to the same place below `home`, over what is there, each in one atomic step."""
    for file in sorted(p for p in prepared.rglob("*") if p.is_file()):
        target = home / file.relative_to(prepared)
        target.parent.mkdir(parents=True, exist_ok=True)
        sync(file)
        os.replace(file, target)
        sync(target.parent)


def publish_reports(prepared: Path, reports: Path) -> None:
    """Put the reports in place, and take away the PDF that an earlier run wrote of one and this run could not."""
    names = {report.name for report in prepared.iterdir()}
    put_in_place(prepared, reports)
    stems = {Path(name).stem for name in names}
    for old in reports.glob("*.pdf"):
        if old.stem in stems and old.name not in names:
            old.unlink()


def remove_dropped(names: set[str], folder: Path) -> None:
    """Remove the Parquet files `schema/table.parquet` below `folder` that are not among these names, and folders left empty."""
    for file in folder.glob("*/*.parquet"):
        if file.relative_to(folder).as_posix() not in names:
            file.unlink()
    for emptied in (*folder.glob("*/"), folder):
        if emptied.is_dir() and not any(emptied.iterdir()):
            emptied.rmdir()


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
