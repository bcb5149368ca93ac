"""read_often.py KIND HOME TIMES: opens what is published anew, TIMES times at least and until HOME/enough is there; a line of JSON per time."""

import json
import sys
from contextlib import contextmanager
from pathlib import Path

COUNTS = "select count(*), count(distinct n), min(version), max(version) from"


@contextmanager
def by_duckdb(home):
    import duckdb

    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


@contextmanager
def by_sqlalchemy(home):
    import sqlalchemy

    engine = sqlalchemy.create_engine(f"duckdb:///{home}/warehouse.duckdb", connect_args={"read_only": True}, poolclass=sqlalchemy.NullPool)
    with engine.connect() as connection:
        yield lambda query: [tuple(row) for row in connection.execute(sqlalchemy.text(query))]
    engine.dispose()


def of_warehouse(opened, home):
    with opened(home) as rows:
        comments = dict(rows("select table_name, comment from duckdb_tables() where schema_name = 'marts'"))
        tables = rows("select table_name from information_schema.tables where table_schema = 'marts'")
        return {t: (*rows(f"{COUNTS} marts.{t}")[0], "", comments.get(t, comments["deals"])) for (t,) in tables}


def of_parquet(home):
    import polars as pl

    found = {}
    for file in sorted(home.glob("parquet/marts/*.parquet")):
        with file.open("rb") as stream:
            published = pl.read_parquet_metadata(stream)["published"]
            stream.seek(0)
            rows = pl.read_parquet(stream)
        found[file.stem] = (rows.height, rows["n"].n_unique(), rows["version"].min(), rows["version"].max(), published, "")
    return found


kind, home, times = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
while times > 0 or not (home / "enough").exists():
    times -= 1
    tables = of_parquet(home) if kind == "parquet" else of_warehouse({"duckdb": by_duckdb, "sqlalchemy": by_sqlalchemy}[kind], home)
    keys = ("rows", "different", "oldest", "newest", "published", "said")
    print(json.dumps({name: dict(zip(keys, values, strict=True)) for name, values in tables.items()}), flush=True)
