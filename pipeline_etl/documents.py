"""JSON, JSON lines and Parquet as rows of texts: nested values become columns of their own, numbers keep their exact text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from pipeline_etl.grids import Grid, GridWriter
from pipeline_etl.records import LINE, Broken
from pipeline_etl.refusal import Refused

WRAPPERS = ("properties.", "fields.", "data.", "_airbyte_data.")
"""Objects in which APIs wrap the fields of a record; their names say nothing."""
LISTS = ("results", "data", "records", "items", "rows", "value")
NOT_JSON = "This line is no JSON object."


def read_json(file: Path, scratch: Path) -> Grid:
    """Rows of a JSON file: a list of objects, an object that holds one, a single object, or one object per line."""
    try:
        with file.open(encoding="utf-8-sig") as stream:
            document = json.load(stream, **EXACT)
    except UnicodeDecodeError as error:
        raise Refused(f"it is JSON, but not in UTF-8 ({error.reason} at byte {error.start}); export it again") from error
    except RecursionError as error:
        raise Refused("its JSON is nested too deeply to be a table") from error
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" or "\n" in file.read_bytes()[: 1 << 20].decode("utf-8", "replace").strip():
            lines = _json_lines(file, scratch)
            if lines.rows:
                return lines
        raise Refused(f"its JSON cannot be read: {error.msg} in line {error.lineno}; export it again") from error
    rows = _rows_of(document)
    if rows is None or not rows:
        raise Refused("its JSON holds no list of objects, so no table" if rows is None else "the file is empty")
    with GridWriter(scratch, "JSON") as writer:
        for number, row in enumerate(rows, 1):
            writer.add(number, flatten(row))
    return writer.grid


def read_parquet(file: Path, scratch: Path) -> Grid:
    """Rows of a Parquet file, every value as text."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        parquet = pq.ParquetFile(file)
        with GridWriter(scratch, "Parquet") as writer:
            first = 1
            for batch in parquet.iter_batches(50_000):
                frame = pl.from_arrow(pa.Table.from_batches([batch]))
                assert isinstance(frame, pl.DataFrame)
                if any(t.is_nested() or t in (pl.Binary, pl.Object) for t in frame.dtypes):
                    for number, row in enumerate(frame.iter_rows(named=True), first):
                        writer.add(number, flatten(row))
                else:
                    writer.add_frame(_texts(frame), first)
                first += frame.height
    except (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise Refused(f"its Parquet cannot be read ({str(error).splitlines()[0]}); export it again") from error
    if not writer.grid.rows:
        raise Refused("the file is empty")
    return writer.grid


def flatten(value: Any, prefix: str = "") -> dict[str, str | None]:
    """One record as texts: `{"a": {"b": 1}}` is `a.b`; a list of keys with values is one column each, any other list JSON."""
    found: dict[str, str | None] = {}
    for key, inner in value.items() if isinstance(value, dict) else [("value", value)]:
        name = f"{prefix}{key}"
        if isinstance(inner, dict):
            found |= flatten(inner, f"{name}.")
        elif pairs := _pairs(inner):
            found |= {f"{name}.{k}": v for k, v in pairs.items()}
        else:
            found[name] = _text(inner)
    if prefix:
        return found
    for wrapper in WRAPPERS:
        bare = {n: n.removeprefix(wrapper) for n in found if n.startswith(wrapper)}
        found = {bare[n] if n in bare and bare[n] not in found else n: v for n, v in found.items()}
    return found


def _pairs(value: Any) -> dict[str, str | None]:
    """`[{"key": "page", "value": {"string_value": "/"}}]` as Google Analytics writes it: page -> /."""
    if not isinstance(value, list) or not value or not all(isinstance(x, dict) and {"key", "value"} == x.keys() for x in value):
        return {}
    pairs = {}
    for pair in value:
        inner = pair["value"]
        set_ones = [v for v in inner.values() if v is not None] if isinstance(inner, dict) else [inner]
        pairs[str(pair["key"])] = _text(set_ones[0]) if len(set_ones) == 1 else _text(inner)
    return pairs


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _number(text: str) -> str:
    return text


EXACT: dict[str, Any] = {"parse_int": _number, "parse_float": _number, "parse_constant": lambda name: None}


def _rows_of(document: Any) -> list[Any] | None:
    """The records of a document: the longest of its lists of objects; None where it has none."""
    if isinstance(document, list):
        return document if all(isinstance(row, dict) for row in document) else None
    if not isinstance(document, dict):
        return None
    lists = [v for v in document.values() if isinstance(v, list) and v and all(isinstance(x, dict) for x in v)]
    named = [document[k] for k in LISTS if k in document]
    if any(isinstance(v, list) for v in named) and not lists:
        return []
    if lists and (named or len(lists) == len([v for v in document.values() if isinstance(v, list | dict)])):
        return max((v for v in named if v in lists), key=len, default=max(lists, key=len))
    inner = next((v for v in named if isinstance(v, dict)), document)
    return [inner]


def _json_lines(file: Path, scratch: Path) -> Grid:
    with GridWriter(scratch, "JSON lines") as writer:
        for number, line in enumerate(_lines(file), 1):
            if not line.strip():
                writer.blank += 1
                continue
            try:
                row = json.loads(line, **EXACT)
                if not isinstance(row, dict):
                    raise ValueError
                writer.add(number, flatten(row))
            except (ValueError, RecursionError):
                writer.broken.append(Broken(number, NOT_JSON, line.decode("utf-8", "replace")))
    return writer.grid


def _lines(file: Path) -> Iterable[bytes]:
    with file.open("rb") as stream:
        for number, line in enumerate(stream):
            yield (line.removeprefix(b"\xef\xbb\xbf") if not number else line).rstrip(b"\r\n")


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    def cast(name: str, kind: pl.DataType) -> pl.Expr:
        column = pl.col(name)
        if isinstance(kind, pl.Datetime):
            # A time with a zone is one moment whatever the zone; microseconds are all that is kept of it later.
            column = column.dt.convert_time_zone("UTC") if kind.time_zone else column
            written = column.dt.strftime("%Y-%m-%d %H:%M:%S%.6f" + ("Z" if kind.time_zone else ""))
            return written.str.replace(".000000", "", literal=True)
        return column.cast(pl.String)

    return frame.select(cast(n, t).alias(n) for n, t in frame.schema.items() if n != LINE)
