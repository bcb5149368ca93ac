"""Files made to break readers: each ends in rows and broken records that account for every line, or in a refusal with a reason."""

import csv
import io
import json
import os
import random
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline_etl.exports import blocks, find_files, survey
from pipeline_etl.headings import nothing_fits
from pipeline_etl.recognise import Recogniser
from pipeline_etl.records import LINE
from pipeline_etl.refusal import Refusal, Refused

SECONDS = float(os.environ.get("FUZZ_SECONDS", "3"))
"""How long to fuzz; `make fuzz` and CI take a minute."""
LEAST = 60
"""So many files are read, however slow the machine."""


def told(path, folder, scratch, fits=nothing_fits):
    """Of each table of a file: its rows and broken records, and the lines that they, the headings and blank lines take."""
    found = []
    for part in survey(path, folder, scratch, fits):
        if isinstance(part, Refusal):
            assert len(part.reason) > 10
            found.append((part.path, None, None, 0))
            continue
        read = list(blocks(part))
        rows = sum(b.frame.height for b in read)
        lines = sum(b.line_count for b in read) + part.first_line - part.begin_line
        at = [n for b in read for n in b.frame[LINE]] + [x.line for b in read for x in b.broken]
        assert len(at) == len(set(at)), "two records on one line"
        for block in read:
            assert all(block.original(line) for line in block.frame[LINE].head(3))
            assert all(x.original and x.reason for x in block.broken)
        found.append((part.path, rows, sum(len(b.broken) for b in read), lines))
    return found


def test_every_file_that_breaks_readers_is_read_or_refused(public_data, tmp_path, catalog):
    folder, fits = public_data / "messy", Recogniser(catalog.contracts).fits
    fates = {}
    for number, path in enumerate(find_files(folder)):
        name = path.relative_to(folder).as_posix()
        try:
            fates[name] = told(path, folder, tmp_path / str(number), fits)
        except Refused as refusal:
            assert len(str(refusal)) > 10
            fates[name] = str(refusal)
    assert len(fates) > 150
    refused = {n: f for n, f in fates.items() if isinstance(f, str)}
    assert len(refused) < 30, refused


@pytest.mark.parametrize("name", [f"csv_spectrum/{n}" for n in ("simple", "quotes_and_newlines", "escaped_quotes", "comma_in_quotes", "json", "newlines", "newlines_crlf", "empty", "empty_crlf", "utf8")])
def test_the_values_are_those_that_csv_spectrum_expects(public_data, tmp_path, name):
    folder = public_data / "messy" / "csv_spectrum"
    (path,) = [p for p in folder.rglob("*.csv") if p.stem == name.partition("/")[2]]
    (expected,) = [p for p in folder.rglob("*.json") if p.stem == path.stem]
    (part,) = survey(path, folder, tmp_path)
    rows = [{h: (v or "").replace("\r\n", "\n") for h, v in row.items() if h != LINE} for b in blocks(part) for row in b.frame.rows(named=True)]
    wanted = [{" ".join(h.split()): str(v).replace("\r\n", "\n") for h, v in row.items()} for row in json.loads(expected.read_text(encoding="utf-8"))]
    assert rows == wanted


TOKENS = [
    b'"', b'""', b",", b";", b"\t", b"|", b"\n", b"\r\n", b"\r", b"\r\r\n", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"\xe9", "é€".encode(), b" ",
    b"deal_id", b"stage", b"created_at", b"deal_id,stage,created_at\n", b"Deal Name", b"1", b"x,y,z", b"Total", b"=", b"sep=;\n", b"{", b"}", b"[", b"]", b"1.234,56",
    b"PK\x03\x04", b"\x1f\x8b", b"\n\n", b'"a\nb"', b"2025-01-13",
]  # fmt: skip


def test_no_sequence_of_tokens_ends_in_a_traceback_or_loses_a_line(catalog):
    fits, ends, trials = Recogniser(catalog.contracts).fits, time.monotonic() + SECONDS, 0
    seed = int(os.environ.get("FUZZ_SEED", str(random.randrange(1 << 30))))
    dice = random.Random(seed)
    with TemporaryDirectory() as name:
        folder = Path(name)
        while time.monotonic() < ends or trials < LEAST:
            content = b"".join(dice.choices(TOKENS, k=dice.randint(1, 60)))
            if dice.random() < 0.5:
                content = b"deal_id,stage,created_at\n" + content
            path = folder / "x.csv"
            path.write_bytes(content)
            trials += 1
            try:
                found = told(path, folder, folder / "scratch", fits)
            except Refused as refusal:
                assert len(str(refusal)) > 10
                continue
            except Exception as error:
                raise AssertionError(f"seed {seed}, trial {trials}: {content!r}") from error
            parts = [f for f in found if f[1] is not None]
            if parts and content.isascii() and b"\r" not in content and b"\0" not in content and b"{" not in content[:30] and b"[" not in content[:30]:
                lines = content.count(b"\n") + (not content.endswith(b"\n"))
                assert sum(f[3] for f in parts) == lines, f"seed {seed}, trial {trials}: {content!r}"


def test_a_giant_field_is_a_row_like_any_other(tmp_path):
    giant = "x" * (3 << 20)
    path = tmp_path / "giant.csv"
    path.write_text(f'a,b\n1,"{giant}"\n2,"{giant}\n{giant}"\n3,y\n')
    (part,) = survey(path, tmp_path, tmp_path / "s")
    assert [len(row[1]) for b in blocks(part) for row in b.frame.rows()] == [3 << 20, (6 << 20) + 1, 1]


def test_what_stands_behind_an_unclosed_quote_comes_back(tmp_path):
    """DuckDB's own `store_rejects` loses everything behind such a quote, and records one reject."""
    stream = io.StringIO()
    csv.writer(stream).writerows([["id", "name", "stage"], *([str(n), f"deal, no. {n}", "Lead"] for n in range(30_000))])
    lines = stream.getvalue().split("\r\n")
    lines[10_000] = '9999,"deal never closed,Lead'
    path = tmp_path / "quotes.csv"
    path.write_text("\r\n".join(lines), newline="")
    ((_, rows, broken, count),) = told(path, tmp_path, tmp_path / "s")
    assert (rows, broken, count) == (29_999, 1, 30_001)
