"""From bytes to rows: nothing lost, and the quick way says what the careful way says."""

import csv
import io
import os
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline_etl import records
from pipeline_etl.records import LINE, read_block

HEADINGS = ("x", "y", "z")
FUZZ_SECONDS = float(os.environ.get("PIPELINE_ETL_FUZZ_SECONDS", "3"))


def rows_of(block):
    return [tuple(value or "" for value in row[:-1]) for row in block.frame.rows()]


def accounted(block):
    """Lines that the block's rows, broken records and blank lines stand on."""
    spans = sum(1 + sum((v or "").count("\n") for v in row[:-1]) for row in block.frame.rows())
    broken = sum(1 + b.original.count("\n") for b in block.broken)
    return spans + broken + block.blank


@pytest.mark.parametrize(
    "text, rows, broken",
    [
        ("1,2,3\n4,5,6\n", [("1", "2", "3"), ("4", "5", "6")], []),
        ("1,2,3\r\n4,5,6", [("1", "2", "3"), ("4", "5", "6")], []),
        ('1,"two\nlines",3\n4,5,6\n', [("1", "two\nlines", "3"), ("4", "5", "6")], []),
        ('"say ""hi""",,""\n', [('say "hi"', "", "")], []),
        ("1,2\n3,4,5\n", [("3", "4", "5")], [(1, "It has 2 fields where the headings have 3.")]),
        ("1,2,3,4\n3,4,5\n", [("3", "4", "5")], [(1, "It has 4 fields where the headings have 3.")]),
        ("1,2,\n3,4\n", [("1", "2", "")], [(2, "It has 2 fields where the headings have 3.")]),
        ('1,"2",\n"3",4\n', [("1", "2", "")], [(2, "It has 2 fields where the headings have 3.")]),
        ('1,"two,3\n4,5,6\n7,8,9\n', [("4", "5", "6"), ("7", "8", "9")], [(1, "A quote that opens here is never closed.")]),
        ('1,"a"b,3\n4,5,6\n', [("4", "5", "6")], [(1, "A quote closes in the middle of a field.")]),
        ("1,\0,3\n4,5,6\n", [("4", "5", "6")], [(1, "It holds NUL bytes.")]),
        ("\n\n1,2,3\n\n", [("1", "2", "3")], []),
        ('6" pipe,8" tube,x\n', [('6" pipe', '8" tube', "x")], []),
    ],
)
def test_a_block(text, rows, broken):
    block = read_block(text.encode(), HEADINGS, ",", 1)
    assert rows_of(block) == rows
    assert [(b.line, b.reason) for b in block.broken] == broken
    assert accounted(block) == block.line_count


def test_bytes_that_are_no_utf8_reject_their_line_alone():
    block = read_block(b"1,\xff,3\n4,5,6\n", HEADINGS, ",", 7)
    assert [(b.line, b.reason) for b in block.broken] == [(7, "Byte 3 is not valid UTF-8.")]
    assert rows_of(block) == [("4", "5", "6")]


def test_lines_are_counted_through_quoted_newlines():
    block = read_block(b'1,"a\nb\nc",3\n4,5,6\n', HEADINGS, ",", 10)
    assert block.frame[LINE].to_list() == [10, 13]
    assert block.original(10) == '1,"a\nb\nc",3'
    assert block.original(13) == "4,5,6"


def test_a_block_that_does_not_add_up_is_never_passed_over(monkeypatch):
    monkeypatch.setattr(records, "_whole_record", lambda lines, at: (lines[at], 3))
    with pytest.raises(records.LinesLost):
        read_block(b"1,2,3\n\n4,5,6\n7,8,9\n", HEADINGS, ",", 1)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    table=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=12),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    newline=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_a_writer_writes_comes_back(table, quoting, newline, delimiter):
    table = [row for row in table if any(row)]
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator=newline, delimiter=delimiter).writerows(table)
    raw = text.getvalue().encode()
    if not raw:
        return
    block = read_block(raw, HEADINGS, delimiter, 1)
    assert rows_of(block) == table
    assert not block.broken
    assert accounted(block) == block.line_count


def garbage(rng):
    if rng.random() < 0.5:
        return bytes(rng.choice(b'aab,,,""\n\n\r ') for _ in range(rng.randint(1, 30)))
    pieces = (b"a", b"", b'""', b'"a"', b'"a,b"', b'"a""b"', b'"a\nb"', b'a"b', b'"a"b', b' "a"', b'"a" ', b'"', b'""a', b'"""a"""')
    widths = (3, 3, 3, 3, 2, 4)
    return b"\n".join(b",".join(rng.choice(pieces) for _ in range(rng.choice(widths))) for _ in range(rng.randint(1, 4)))


def test_the_quick_way_agrees_with_the_careful_way_on_garbage():
    rng, until, quick = random.Random(4), time.monotonic() + FUZZ_SECONDS, 0
    while time.monotonic() < until:
        raw = garbage(rng)
        if not raw.strip():
            continue
        body = raw.rstrip(b"\r\n") + b"\n"
        newlines = body.count(b"\n")
        careful = records._read_one_by_one(body, HEADINGS, ",", 1, newlines)
        assert accounted(careful) == careful.line_count or b"\r" in body
        frame = records._read_plain(body, HEADINGS, ",", 1, newlines)
        if frame is not None:
            quick += 1
            assert not careful.broken, raw
            assert [tuple(v or "" for v in r) for r in frame.rows()] == [tuple(v or "" for v in r) for r in careful.frame.rows()], raw
    assert quick > 10
