"""Open an export file as text rows with their line numbers, losing none.

A file is surveyed once (digest, encoding, delimiter, headings) and then read in blocks of whole records. A block that is
plain goes through Polars; in one that is not (ragged rows, NUL bytes, odd quotes, blank lines) each record is read by
itself, and what cannot be read is handed back as `Broken` with its line and its text. Each block proves that it accounts
for every line.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline_etl.records import LINE, Block, is_open_after, read_block

CHUNK = 24 << 20
"""Bytes read at a time: large enough for Polars to use all cores, small enough to keep memory low."""
LONGEST_HEADINGS = 50
DELIMITERS = ",;\t|"
DATED = r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?:[T _-]?([0-2]\d)[-_.:h]?([0-5]\d)(?:[-_.:m]?([0-5]\d))?)?(?!\d)"
BINARY = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
}


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that Windows-1252 leaves undefined stay what they are, as browsers read them."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("as_latin1", _as_latin1)


class Refused(Exception):
    """The file cannot be read as an export; the message is one sentence for `quality.files`."""


@dataclass(frozen=True)
class Export:
    """A surveyed file: where it is, what its bytes are and how its text is laid out.

    path is relative to the exports folder and uses `/`; heading_line counts from 1; first_line is where records begin.
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


def survey(file: Path, folder: Path) -> Export:
    """Read the file once for its digest, its encoding and its headings.

    Raises Refused for an empty file, one that is no delimited text, or one that cannot be opened.
    """
    try:
        digest, size, modified, encoding, head = _read_through(file)
    except OSError as error:
        raise Refused(f"it cannot be opened: {error.strerror or error}") from error
    if not head.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise Refused("the file is empty")
    text = head.decode(encoding, errors="replace").lstrip("\ufeff")
    if "\0" in text[:4096]:
        raise Refused("it is not text: it begins with NUL bytes")
    heading_line, first_line, delimiter, headings = _headings(text)
    path = file.relative_to(folder).as_posix()
    return Export(path, file, digest, size, modified, encoding, delimiter, _unique(headings), heading_line, first_line)


def blocks(export: Export) -> Iterator[Block]:
    """The records of a surveyed file, in order, in blocks; raises Refused when the file changed since its survey."""
    line, carry, skip = 1, b"", export.first_line - 1
    for chunk in _utf8_chunks(export):
        buffer = carry + chunk
        while skip and b"\n" in buffer:
            _, _, buffer = buffer.partition(b"\n")
            skip, line = skip - 1, line + 1
        carry = buffer
        if not skip and b"\n" in buffer:
            block = read_block(buffer, export.headings, export.delimiter, line, final=False)
            line += block.line_count
            carry = buffer[len(block.raw) :]
            if block.line_count:
                yield block
    if carry and not skip:
        yield read_block(carry, export.headings, export.delimiter, line)
    now = export.file.stat()
    if (now.st_size, now.st_mtime_ns) != (export.size, export.modified):
        raise Refused("it changed while it was read; run again once it is completely written")


def _read_through(file: Path) -> tuple[str, int, int, str, bytes]:
    digest, head, valid = hashlib.sha256(), b"", True
    decoder = codecs.getincrementaldecoder("utf-8")()
    before = file.stat()
    with file.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            if not head:
                head = chunk
                for magic, kind in BINARY.items():
                    if chunk.startswith(magic):
                        raise Refused(f"it is {kind}; save the table in it as CSV")
            digest.update(chunk)
            if valid and not (chunk.isascii() and not decoder.getstate()[0]):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    valid = False
    valid = valid and not decoder.getstate()[0]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif head.startswith(codecs.BOM_UTF8) or valid or _mostly_utf8(file):
        encoding = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    else:
        encoding = "cp1252"
    return digest.hexdigest(), before.st_size, before.st_mtime_ns, encoding, head


def _mostly_utf8(file: Path) -> bool:
    """A UTF-8 file with a few broken bytes, rather than one in an 8-bit encoding, which has no valid sequences."""
    whole = broken = 0
    with file.open(encoding="utf-8", errors="replace", newline="") as stream:
        while text := stream.read(1 << 20):
            if not text.isascii():
                lost = text.count("\ufffd")
                broken += lost
                whole += sum(1 for c in text if c > "\x7f") - lost
    return whole >= broken


def _headings(text: str) -> tuple[int, int, str, list[str]]:
    if "\n" not in text and "\r" in text.rstrip("\r"):
        raise Refused("its lines end in a carriage return alone; save it again with line feeds")
    lines = text.split("\n")
    at = next(i for i, line in enumerate(lines) if line.strip())
    delimiter = max(DELIMITERS, key=lambda d: _outside_quotes(lines[at]).count(d))
    end, is_open = at, True
    while is_open:
        if end == len(lines) or end - at > LONGEST_HEADINGS:
            raise Refused("a quote in its headings is never closed")
        is_open = is_open_after(lines[end].encode(), delimiter.encode(), is_open and end > at)
        end += 1
    try:
        headings = next(csv.reader(io.StringIO("\n".join(lines[at:end]), newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Refused(f"its headings cannot be read: {error}") from error
    return at + 1, end + 1, delimiter, [" ".join(h.split()) for h in headings]


def _outside_quotes(line: str) -> str:
    return "".join(part for i, part in enumerate(line.split('"')) if i % 2 == 0)


def _unique(headings: list[str]) -> tuple[str, ...]:
    """Headings as names: an empty one is called by its place; one that repeats, or is a name of ours, gets a number."""
    taken = {LINE, *headings}
    names: list[str] = []
    for position, heading in enumerate(headings, 1):
        name = heading or f"column {position}"
        number = 2
        while name in names or name == LINE or (name != heading and name in taken):
            name, number = f"{heading} ({number})", number + 1
        names.append(name)
    return tuple(names)


def ahead(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same blocks, the next one read while the caller works on this one."""
    with ThreadPoolExecutor(1, thread_name_prefix="read") as reader:
        coming = reader.submit(next, blocks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, blocks, None)
            yield block


def _utf8_chunks(export: Export) -> Iterator[bytes]:
    with export.file.open("rb") as stream:
        if export.encoding.startswith("utf-8"):
            first = True
            while chunk := stream.read(CHUNK):
                yield chunk.removeprefix(codecs.BOM_UTF8) if first else chunk
                first = False
            return
        decoder = codecs.getincrementaldecoder(export.encoding)(
            errors="as_latin1" if export.encoding == "cp1252" else "replace"
        )
        while chunk := stream.read(CHUNK):
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()
