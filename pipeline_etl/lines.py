"""The lines of CSV text: which are whole records for sure, where a record ends, and why one cannot be split into fields."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import numpy as np

LONGEST_FIELD_IN_LINES = 1_000
NEVER_CLOSED = "A quote that opens here is never closed."
CLOSES_INSIDE = "A quote closes in the middle of a field."
BOM = b"\xef\xbb\xbf"
csv.field_size_limit(1 << 30)


def plain_lines(raw: bytes, delimiter: str, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Which lines are one record of `width` fields whoever reads them, and where each line begins, with the end of the text.

    That is so only where no quoted field is open before the line: the caller goes from record to record.
    """
    text = np.frombuffer(raw, dtype=np.uint8)
    ends = np.flatnonzero(text == ord("\n"))
    if not raw.endswith(b"\n"):
        ends = np.append(ends, len(raw))
    begins = np.append(0, ends + 1)
    begins[-1] = len(raw)
    plain = np.ones(len(ends), dtype=bool)
    delimiters, quotes = np.flatnonzero(text == ord(delimiter)), np.flatnonzero(text == ord('"'))
    if len(quotes):
        line = np.searchsorted(ends, quotes)
        first = np.searchsorted(quotes, begins)
        is_closing = (np.arange(len(quotes)) - first[line]) % 2 == 1
        padded = np.concatenate(([ord("\n")], text, [ord("\n")])).astype(np.uint8)
        before = np.isin(padded[quotes], (ord(delimiter), ord("\n"), ord('"')))
        after = np.isin(padded[quotes + 2], (ord(delimiter), ord("\n"), ord("\r"), ord('"')))
        plain[line[~np.where(is_closing, after, before)]] = False
        plain &= np.diff(first) % 2 == 0
        at = np.searchsorted(ends, delimiters)
        delimiters = delimiters[(np.searchsorted(quotes, delimiters) - first[at]) % 2 == 0]
    plain &= np.bincount(np.searchsorted(ends, delimiters), minlength=len(ends))[: len(ends)] == width - 1
    returns = np.flatnonzero(text == ord("\r"))
    followed = np.isin(returns + 1, ends)
    plain[np.searchsorted(ends, returns[~followed])] = False
    if width == 1:
        plain &= np.array([bool(raw[b:e].strip(b"\r\n")) for b, e in pairwise(begins)], dtype=bool)
    if b"\0" in raw:
        plain[np.searchsorted(ends, np.flatnonzero(text == 0))] = False
    if not is_utf8(raw):
        for n in np.unique(np.searchsorted(ends, np.flatnonzero(text > 0x7F))):
            plain[n] &= is_utf8(raw[begins[n] : begins[n + 1]])
    if BOM in raw:
        # In the middle of a file a byte order mark belongs to its value, but a reader takes it off where its text begins.
        plain &= np.array([not raw.startswith(BOM, b) for b in begins[:-1]], dtype=bool)
    return plain, begins


def is_utf8(raw: bytes) -> bool:
    """Whether the bytes are valid UTF-8."""
    if raw.isascii():
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def lines_of_record(lines: list[bytes], at: int, delimiter: bytes, final: bool) -> int:
    """How many lines the record takes that begins here; 1 where a quote is never closed, 0 where that is not known yet."""
    is_open = False
    for taken, line in enumerate(lines[at : at + LONGEST_FIELD_IN_LINES], 1):
        is_open = is_open_after(line, delimiter, is_open)
        if not is_open:
            return taken
    return 1 if final or at + LONGEST_FIELD_IN_LINES <= len(lines) else 0


def is_open_after(line: bytes, delimiter: bytes, is_open: bool) -> bool:
    """Whether a quoted field is open at the end of a line; a quote opens one only at the beginning of a field."""
    at = 0
    while True:
        if not is_open:
            is_open = line.startswith(b'"', at)
            at += is_open
        if is_open:
            at = line.find(b'"', at)
            if at < 0:
                return True
            if line.startswith(b'""', at):
                at += 2
                continue
            is_open = False
        at = line.find(delimiter, at) + 1
        if not at:
            return False


def split(record: bytes, delimiter: str, width: int) -> tuple[list[str], str]:
    """The fields of one record, or the sentence that says why it has none."""
    text = record.decode(errors="replace").replace("\0", "\ufffd").removesuffix("\r")
    # Quotes come first: where they are wrong, the other faults may be those of the rows below.
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        unclosed = "unexpected end of data" in str(error)
        return [], NEVER_CLOSED if unclosed else CLOSES_INSIDE
    if b"\0" in record:
        return [], "It holds NUL bytes."
    try:
        record.decode()
    except UnicodeDecodeError as error:
        return [], f"Byte {error.start + 1} is not valid UTF-8."
    if len(found) != 1:
        return [], "It holds a bare carriage return, which splits it."
    if len(found[0]) != width:
        fields = "1 field" if len(found[0]) == 1 else f"{len(found[0])} fields"
        return [], f"It has {fields} where the headings have {width}."
    return found[0], ""
