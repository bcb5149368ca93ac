"""Open export files of any format as tables of text rows with their line numbers, losing none.

A file is surveyed once (digest, format, encoding, headings, the tables in it) and each of its tables is then read in blocks of
whole records. A block that is plain goes through Polars; in one that is not (ragged rows, NUL bytes, odd quotes, blank lines)
each record is read by itself, and what cannot be read is handed back as `Broken` with its line and its text. Each block proves
that it accounts for every line.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pipeline_etl.archives import Content, unpack
from pipeline_etl.digests import digest
from pipeline_etl.documents import read_json, read_parquet
from pipeline_etl.encoding import Layout, utf8_chunks
from pipeline_etl.grids import Table, grid_blocks, tables
from pipeline_etl.headings import Fits, nothing_fits, sentence_above, unique
from pipeline_etl.records import Block, count, read_block
from pipeline_etl.refusal import Refusal, Refused
from pipeline_etl.texts import TextTable, look_at
from pipeline_etl.workbooks import read_workbook

CHUNK = 24 << 20
"""Bytes read at a time: large enough for Polars to use all cores, small enough to keep memory low."""
DATED = r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?:[T _-]?([0-2]\d)[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d))?)?(?!\d)"
NO_TABLE = {
    b"%PDF": "it is a PDF; export the table in it as CSV",
    b"\x89PNG": "it is a picture; export the table in it as CSV",
    b"\xff\xd8\xff": "it is a picture; export the table in it as CSV",
    b"GIF8": "it is a picture; export the table in it as CSV",
    b"{\\rtf": "it is a text document; export the table in it as CSV",
    b"7z\xbc\xaf\x27\x1c": "it is a 7z archive; unpack it and put the exports here",
    b"Rar!": "it is a RAR archive; unpack it and put the exports here",
    b"SQLite format 3": "it is an SQLite database; export its tables as CSV",
}
PASSING = (".tmp", ".part", ".partial", ".filepart", ".crdownload", ".opdownload", ".download", ".lock", ".swp")
"""How programs call files that they are still writing."""
OFFICE = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Export:
    """A surveyed table: where it is, what its bytes are and how it is laid out.

    path is relative to the exports folder and uses `/`; a sheet, a member of an archive and a further table of a file have one
    of their own (`book.xlsx#Deals`, `all.zip/deals.csv`, `report.csv#2`): member is what that has beyond the file's. file is
    what is read, unpacked if need be; sha256 and size are those of the file in the exports folder. Lines count from 1:
    heading_line, first_line of the records, begin_line of all that belongs to the table and last_line (None: to the end).
    """

    path: str
    file: Path
    sha256: str
    size: int
    modified: int
    encoding: str
    delimiter: str
    headings: tuple[str, ...]
    heading_line: int
    first_line: int
    begin_line: int = 1
    last_line: int | None = None
    format: str = "CSV"
    note: str = ""
    line_ends: str = "lf"
    table: Table | None = None
    is_unpacked: bool = False
    member: str = ""


def find_files(folder: Path) -> list[Path]:
    """All regular files below the folder in a stable order, without hidden ones and without our own settings files."""
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        found += [Path(parent, n) for n in sorted(names) if not n.startswith(".") and not n.endswith(".toml")]
    return [f for f in found if f.is_file()]


def date_in(path: str) -> datetime | None:
    """The date, with its time if there is one, in a file's name or in the folders above it; the last one of several."""
    for found in reversed(list(re.finditer(DATED, path))):
        try:
            return datetime(*(int(part) for part in found.groups() if part))
        except ValueError:
            continue
    return None


def survey(
    file: Path, folder: Path, scratch: Path, fits: Fits = nothing_fits, encoding: str = "cp1252"
) -> list[Export | Refusal]:
    """The tables of a file, and the parts of it that cannot be read; raises Refused where there is nothing else.

    scratch: an empty folder, or none yet, for what is unpacked; it is needed as long as the tables are read.
    fits: how well a row fits as headings; encoding: of text that is neither UTF-8 nor UTF-16.
    """
    path = file.relative_to(folder).as_posix()
    if file.name.startswith("~$") or file.name.lower().endswith(PASSING):
        raise Refused("it is a temporary file of a program that is still at work")
    if file.name in ("Thumbs.db", "desktop.ini"):
        raise Refused("it is a file of the operating system, no export")
    try:
        stat = file.stat()
        if not stat.st_size:
            raise Refused("the file is empty")
        whole = (digest(file), stat.st_size, stat.st_mtime_ns)
        found: list[Export | Refusal] = []
        contents = unpack(file, path, scratch / "unpacked")
        for number, content in enumerate(contents):
            if isinstance(content, Refusal):
                found.append(content)
                continue
            try:
                found += _tables_of(content, content.file != file, whole, scratch / f"rows{number}", fits, encoding)
            except Refused as refusal:
                found.append(Refusal(content.path, str(refusal)))
    except OSError as error:
        raise Refused(f"it cannot be opened: {error.strerror or error}") from error
    if len(found) == 1 and isinstance(found[0], Refusal) and found[0].path == path:
        raise Refused(found[0].reason)
    return [replace(part, member=part.path.removeprefix(path)) if isinstance(part, Export) else part for part in found]


def _tables_of(
    content: Content, is_unpacked: bool, whole: tuple[str, int, int], scratch: Path, fits: Fits, encoding: str
) -> Iterator[Export]:
    packed = f" in {content.packing}" if content.packing else ""
    with content.file.open("rb") as stream:
        head = stream.read(1 << 12)
    if reason := next((why for magic, why in NO_TABLE.items() if head.startswith(magic)), ""):
        raise Refused(reason)
    begins = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if re.match(rb"<(!doctype html|html|table|meta|\?xml)", begins[:20].lower()):
        raise Refused("it is a web page or XML, although its name may say otherwise; export it as CSV or XLSX")
    if head.startswith(OFFICE):
        sheets = read_workbook(content.file, scratch)
        for name, grid in sheets:
            path = content.path if len(sheets) == 1 else f"{content.path}#{name}"
            for number, table in enumerate(tables(grid, fits), 1):
                yield Export(
                    path if number == 1 else f"{path}#{number}", content.file, *whole, "", "", table.headings, table.heading,
                    table.heading + 1, table.begin, table.last, f"{grid.format}{packed}", sentence_above(table.above), "",
                    table, is_unpacked,
                )  # fmt: skip
        return
    if head.startswith(b"PAR1") or _is_json(begins, content.path):
        grid = (read_parquet if head.startswith(b"PAR1") else read_json)(content.file, scratch)
        headings = unique(grid.columns)
        yield Export(
            content.path, content.file, *whole, "", "", headings, 0, 1, 1, None, f"{grid.format}{packed}", "", "",
            Table(grid, (), 1, 0, None), is_unpacked,
        )  # fmt: skip
        return
    layout, found = look_at(content.file, fits, encoding)
    for number, part in enumerate(found, 1):
        yield _text_export(content, layout, part, number, whole, packed, is_unpacked)


def _text_export(
    content: Content, layout: Layout, part: TextTable, number: int, whole: tuple[str, int, int], packed: str, is_unpacked: bool
) -> Export:
    path = content.path if number == 1 else f"{content.path}#{number}"
    return Export(
        path, content.file, *whole, layout.encoding, layout.delimiter, part.headings, part.heading, part.first, part.begin,
        part.last, f"CSV{packed}", sentence_above(part.above), layout.line_ends, None, is_unpacked,
    )  # fmt: skip


def _is_json(begins: bytes, path: str) -> bool:
    if re.search(r"\.(json|jsonl|ndjson)\b[^/]*$", path.lower()):
        return begins[:1] in (b"{", b"[")
    return bool(re.match(rb'\{\s*"[^"]*"\s*:|\[\s*\{\s*"[^"]*"\s*:', begins))


def blocks(export: Export) -> Iterator[Block]:
    """The records of a surveyed table, in order, in blocks; raises Refused when the file changed since its survey."""
    if export.table:
        yield from grid_blocks(export.table)
        return
    layout = Layout(export.encoding, export.delimiter, export.line_ends)
    line, carry = export.first_line, b""
    for chunk in _lines_between(utf8_chunks(export.file, layout, CHUNK), export.first_line, export.last_line):
        buffer = carry + chunk
        carry = buffer
        if b"\n" in buffer:
            block = read_block(buffer, export.headings, export.delimiter, line, final=False)
            line += block.line_count
            carry = buffer[len(block.raw) :]
            if block.line_count:
                yield block
    if carry:
        yield read_block(carry, export.headings, export.delimiter, line)
    now = export.file.stat()
    if not export.is_unpacked and (now.st_size, now.st_mtime_ns) != (export.size, export.modified):
        raise Refused("it changed while it was read; run again once it is completely written")


def _lines_between(chunks: Iterator[bytes], first: int, last: int | None) -> Iterator[bytes]:
    """The bytes of some lines, first and last included."""
    at = 1
    for chunk in chunks:
        if at >= first and last is None:
            yield chunk
            continue
        newlines = count(chunk, b"\n")
        begin = 0 if at >= first else _behind(chunk, first - at)
        end = len(chunk) if last is None or at + newlines <= last else _behind(chunk, last - at + 1)
        at += newlines
        if begin < end:
            yield chunk[begin:end]
        if last is not None and at > last:
            return


def _behind(chunk: bytes, newlines: int) -> int:
    """Where the text begins behind so many newlines."""
    at = 0
    for _ in range(newlines):
        at = chunk.find(b"\n", at) + 1
        if not at:
            return len(chunk)
    return at


def ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks, the next one read while the caller works on this one."""
    with ThreadPoolExecutor(1, thread_name_prefix="read") as reader:
        coming = reader.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, blocks, None)
            yield block
