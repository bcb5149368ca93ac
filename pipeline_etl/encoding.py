"""How a text file is encoded and how its lines end, told from its bytes; and the same text as UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BOMS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32", codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
ROW_ENDS = {"lf": (b"", b""), "cr": (b"\r", b"\n"), "crcrlf": (b"\r\r\n", b"\r\n")}


def _as_latin1(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that Windows-1252 leaves undefined stay what they are, as browsers read them."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("as_latin1", _as_latin1)


@dataclass(frozen=True)
class Layout:
    """How a text file is written. line_ends: lf (and CR LF), cr, or crcrlf."""

    encoding: str
    delimiter: str
    line_ends: str


def utf8_chunks(file: Path, layout: Layout, size: int) -> Iterator[bytes]:
    """The text in pieces of UTF-8 whose lines end in LF or CR LF, without a byte order mark."""
    search, plain = ROW_ENDS[layout.line_ends]
    carry = b""
    for chunk in _recoded(file, layout.encoding, size):
        if search:
            chunk, carry = carry + chunk, b""
            if layout.line_ends == "crcrlf" and chunk.endswith(b"\r"):
                kept = chunk.rstrip(b"\r")
                chunk, carry = kept, chunk[len(kept) :]
            chunk = chunk.replace(search, plain)
        if chunk:
            yield chunk
    if carry:
        yield carry


def _recoded(file: Path, encoding: str, size: int) -> Iterator[bytes]:
    with file.open("rb") as stream:
        if encoding.startswith("utf-8"):
            first = True
            while chunk := stream.read(size):
                yield chunk.removeprefix(codecs.BOM_UTF8) if first else chunk
                first = False
            return
        decoder = codecs.getincrementaldecoder(encoding)(errors="as_latin1" if encoding == "cp1252" else "replace")
        while chunk := stream.read(size):
            yield decoder.decode(chunk).encode()
        yield decoder.decode(b"", final=True).encode()


def encoding_of(file: Path, fallback: str) -> tuple[str, bytes]:
    """Encoding and first megabyte: a byte order mark, else UTF-8, else the pattern of UTF-16, else the fallback."""
    with file.open("rb") as stream:
        head = stream.read(1 << 20)
        if bom := next((name for mark, name in BOMS.items() if head.startswith(mark)), ""):
            return bom, head
        even, odd = head[:4096:2].count(0), head[1:4096:2].count(0)
        if len(head) >= 32 and max(even, odd) * 4 > len(head[:4096]) and min(even, odd) * 10 < max(even, odd):
            return "utf-16-le" if odd > even else "utf-16-be", head
        decoder, chunk, valid = codecs.getincrementaldecoder("utf-8")(), head, True
        while chunk and valid:
            if not (chunk.isascii() and not decoder.getstate()[0]):
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    valid = False
            chunk = stream.read(1 << 20)
        valid = valid and not decoder.getstate()[0]
    return ("utf-8" if valid or _mostly_utf8(file) else fallback), head


def _mostly_utf8(file: Path) -> bool:
    """A UTF-8 file with a few broken bytes, rather than one in an 8-bit encoding, which has no valid sequences."""
    whole = broken = 0
    with file.open(encoding="utf-8", errors="replace", newline="") as stream:
        while text := stream.read(1 << 20):
            if not text.isascii():
                lost = text.count("\ufffd")
                broken += lost
                whole += len(text) - len(text.encode("ascii", errors="ignore")) - lost
    return whole >= broken


def guess_encoding(head: bytes) -> str:
    """What a detector takes the bytes for; asked only where nothing better is known, for it needs a lot of text to be right."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(head[: 1 << 16]).best()
    return best.encoding if best else ""


def decoded(head: bytes, encoding: str) -> str:
    """The beginning of a file as text; a character that it is cut off within is left out."""
    return codecs.getincrementaldecoder(encoding)(errors="replace").decode(head).lstrip("\ufeff")


def with_plain_ends(text: str, line_ends: str) -> str:
    """A text whose lines end in LF or CR LF."""
    search, plain = ROW_ENDS[line_ends]
    return text.replace(search.decode(), plain.decode()) if search else text
