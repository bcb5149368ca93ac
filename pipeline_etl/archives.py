"""Open what is packed: each file in an archive, unpacked whole and checked before anything of it is read."""

from __future__ import annotations

import bz2
import lzma
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from pipeline_etl.refusal import Refusal, Refused

PIECE = 1 << 20
LARGEST = 2 << 30
"""Bytes that any archive may unpack to; a larger one must be less than `GROWTH` times its packed size."""
GROWTH = 100
DEEPEST = 4
"""Archives within archives that are opened."""
STREAMS = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
ZIP, EMPTY_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_ZLIB = type(zlib.decompressobj())
WORKBOOK_PARTS = ("xl/", "mimetype", "[Content_Types].xml")
"""A zip with such members is a document of an office program, not an archive of exports."""


@dataclass(frozen=True)
class Content:
    """A file as it is to be read. path: how it is called in `quality.files`; packing: `gzip`, `zip` …, '' for none."""

    path: str
    file: Path
    packing: str = ""


def unpack(file: Path, path: str, scratch: Path) -> list[Content | Refusal]:
    """What the file holds: itself where it is no archive; else every file packed in it, at any depth, in `scratch`.

    A part that is damaged becomes a Refusal, the others are read. Raises Refused when there is nothing in it.
    """
    numbers = count(1)

    def fresh() -> Path:
        scratch.mkdir(parents=True, exist_ok=True)
        return scratch / f"{next(numbers)}"

    return _opened(Content(path, file), fresh, 0)


def _opened(content: Content, fresh: Callable[[], Path], depth: int) -> list[Content | Refusal]:
    with content.file.open("rb") as stream:
        head = stream.read(8)
    packing = next((name for magic, name in STREAMS.items() if head.startswith(magic)), "")
    is_zip = head.startswith((ZIP, EMPTY_ZIP)) and not _is_workbook(content.file)
    if not packing and not is_zip:
        return [content]
    if depth == DEEPEST:
        raise Refused(f"it holds archives within archives, more than {DEEPEST} deep; unpack it and put the exports here")
    if is_zip:
        return _unzipped(content, fresh, depth)
    target = fresh()
    with content.file.open("rb") as stream:
        _write(_unpacked(stream, packing), target, content.file.stat().st_size, packing)
    return _opened(Content(content.path, target, content.packing or packing), fresh, depth + 1)


def _is_workbook(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return any(name.startswith(WORKBOOK_PARTS) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _unzipped(content: Content, fresh: Callable[[], Path], depth: int) -> list[Content | Refusal]:
    found: list[Content | Refusal] = []
    try:
        with zipfile.ZipFile(content.file) as archive:
            for member in archive.infolist():
                name = member.filename
                if member.is_dir() or name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("."):
                    continue
                path, target = f"{content.path}/{name.lstrip('/')}", fresh()
                try:
                    if member.flag_bits & 1:
                        raise Refused("it is locked with a password; unpack it and put the exports here")
                    with archive.open(member) as stream:
                        _write(iter(lambda s=stream: s.read(PIECE), b""), target, content.file.stat().st_size, "zip")
                    found += _opened(Content(path, target, "zip"), fresh, depth + 1)
                except Refused as refusal:
                    found.append(Refusal(path, str(refusal)))
                except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError) as error:
                    found.append(Refusal(path, f"it is damaged inside its zip archive ({error}); export it again"))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Refused(f"it is a damaged zip archive ({error}); export it again") from error
    if not found:
        raise Refused("the archive is empty")
    return found


def _unpacked(stream: BinaryIO, packing: str) -> Iterator[bytes]:
    """The content of a packed stream, checked to its end; raises Refused where it is damaged or cut off."""
    try:
        if packing == "zstd":
            import pyarrow

            with pyarrow.CompressedInputStream(stream, "zstd") as plain:
                yield from iter(lambda: plain.read(PIECE), b"")
            return
        yield from _streams(stream, {"gzip": lambda: zlib.decompressobj(31), "bz2": bz2.BZ2Decompressor, "xz": _xz}[packing])
    except (zlib.error, lzma.LZMAError, OSError, EOFError) as error:
        cut = isinstance(error, EOFError) or "runcated" in str(error)
        fault = "is cut off" if cut else f"is damaged ({error})"
        raise Refused(f"the {packing} archive {fault}; copy or export it again") from error


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ)


def _streams(stream: BinaryIO, new: Callable[[], Any]) -> Iterator[bytes]:
    """All streams of a file, one behind the other; Python's own readers pass over what is damaged behind the first one."""
    unpacker, is_open = new(), False
    # Small bites: a few bytes of an archive can unpack to thousands of times as many.
    while piece := stream.read(PIECE >> 4):
        while piece:
            if not is_open and not (piece := piece.lstrip(b"\0")):
                break
            bound = () if isinstance(unpacker, _ZLIB) else (PIECE,)
            yield unpacker.decompress(piece, *bound)
            while bound and not unpacker.eof and not unpacker.needs_input:
                yield unpacker.decompress(b"", PIECE)
            is_open, piece = not unpacker.eof, unpacker.unused_data
            if unpacker.eof:
                unpacker = new()
    if is_open:
        raise EOFError


def _write(pieces: Iterator[bytes], target: Path, packed: int, packing: str) -> None:
    """Write to a file, unless it grows beyond reason or beyond the disk."""
    most, size = max(LARGEST, GROWTH * packed), 0
    with target.open("wb") as out:
        for piece in pieces:
            size += len(piece)
            if size > most or (len(piece) and shutil.disk_usage(target.parent).free < 4 * PIECE + len(piece)):
                why = "to more than this disk holds" if size <= most else f"to more than {most >> 30} GiB"
                out.close()
                target.unlink()
                raise Refused(f"the {packing} archive unpacks {why}; unpack it and put the exports here")
            out.write(piece)
