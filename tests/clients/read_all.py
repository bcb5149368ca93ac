"""read_all.py WAREHOUSE: all that a DuckDB client finds in the file, as JSON; run with the Python of each client."""

import json
import sys
import zlib

import duckdb

connection = duckdb.connect(sys.argv[1], read_only=True)


def rows(query):
    return connection.execute(query).fetchall()


tables = {}
for schema, table, _kind, comment in rows(
    "select schema_name, table_name, 'table', comment from duckdb_tables()"
    " union all select schema_name, view_name, 'view', comment from duckdb_views() where not internal order by all"
):
    number = total = 0
    cursor = connection.execute(f'select * from "{schema}"."{table}"')
    names = [c[0] for c in cursor.description]
    while chunk := cursor.fetchmany(10_000):
        number += len(chunk)
        total += sum(zlib.crc32(repr(row).encode()) for row in chunk)
    tables[f"{schema}.{table}"] = {"rows": number, "total": total, "columns": names, "comment": comment}
comments = rows("select schema_name || '.' || table_name || '.' || column_name, comment from duckdb_columns() where not internal order by all")
print(json.dumps({"version": duckdb.__version__, "tables": tables, "comments": dict(comments)}))
