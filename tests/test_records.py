"""From bytes to rows: nothing lost, and the quick way says what the careful way says."""

import csv
import io
import os
import random
import time

import numpy as np
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


def test_a_byte_order_mark_in_the_middle_of_a_file_is_not_taken_away():
    for bad in ("", "1\n"):
        assert rows_of(read_block(f"{bad}\ufeff1,2,3\n4,5,6\n".encode(), HEADINGS, ",", 1))[0] == ("\ufeff1", "2", "3")


def test_lines_are_counted_through_quoted_newlines():
    block = read_block(b'1,"a\nb\nc",3\n4,5,6\n', HEADINGS, ",", 10)
    assert block.frame[LINE].to_list() == [10, 13]
    assert block.original(10) == '1,"a\nb\nc",3'
    assert block.original(13) == "4,5,6"


def test_a_block_that_does_not_add_up_is_never_passed_over(monkeypatch):
    monkeypatch.setattr(records, "lines_of_record", lambda lines, at, delimiter, final: 3)
    with pytest.raises(records.LinesLost):
        read_block(b'1,2,"3\n"\n\n4,5\n7,8,9\n', HEADINGS, ",", 1)


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


def one_by_one(raw, headings, delimiter, first_line):
    """Every record by itself, as Python's csv splits it: what the quick ways are held to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "plain_lines", lambda raw, *_: (np.zeros(raw.count(b"\n") + 1, dtype=bool), np.zeros(0, dtype=int)))
        return records._read_carefully(raw, headings, delimiter, first_line)


def told(block):
    rows = [(*(v or "" for v in row[:-1]), row[-1]) for row in block.frame.rows()]
    return rows, block.broken, block.blank, block.line_count


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
        careful = one_by_one(body, HEADINGS, ",", 1)
        assert told(records._read_carefully(body, HEADINGS, ",", 1)) == told(careful), raw
        assert accounted(careful) == careful.line_count or b"\r" in body
        frame = records._read_plain(body, HEADINGS, ",", 1, newlines)
        if frame is not None:
            quick += 1
            assert not careful.broken, raw
            assert [tuple(v or "" for v in r) for r in frame.rows()] == [tuple(v or "" for v in r) for r in careful.frame.rows()], raw
    assert quick > 10


def retold(block):
    """The block's lines as its rows and broken records tell them: number -> text."""
    texts = [(line, block.original(line)) for line in block.frame[LINE]] + [(b.line, b.original) for b in block.broken]
    return {first + n: line for first, text in texts for n, line in enumerate(text.split("\n"))}


def written(raw, first_line):
    """The lines of the block as they are, without those that hold nothing."""
    lines = raw.decode(errors="replace").split("\n")
    return {n: line for n, line in enumerate(lines, first_line)}


tokens = st.sampled_from([b"a", b"\xc3\xa9", b"", b'""', b'"a"', b'"a,;b"', b'"a""b"', b'"a\nb"', b'"a\r\nb"', b'"', b'6"', b"\0", b"\xff", b" ", b"\r"])
lines = st.lists(st.lists(tokens, min_size=1, max_size=4), min_size=1, max_size=8)


@settings(max_examples=300, deadline=None)
@given(lines, st.sampled_from([b",", b";"]), st.sampled_from([b"\n", b"\r\n"]), st.integers(1, 4), st.booleans(), st.integers(1, 10**9))
def test_every_line_of_garbage_is_told_once_as_it_stands(table, comma, newline, width, ends, first_line):
    raw = newline.join(comma.join(row) for row in table) + newline * ends or newline
    block = read_block(raw, tuple("abcd"[:width]), comma.decode(), first_line)
    assert told(block) == told(one_by_one(raw, tuple("abcd"[:width]), comma.decode(), first_line))
    found, there = retold(block), written(raw, first_line)
    assert block.line_count == raw.count(b"\n") + (not raw.endswith(b"\n"))
    assert {n: text.rstrip("\r") for n, text in found.items()} == {n: there[n].rstrip("\r") for n in found}
    untold = [text for n, text in there.items() if n not in found and n < first_line + block.line_count]
    assert all(not text.strip("\r") for text in untold)
    assert len(untold) == block.blank


regular = st.sampled_from([b"a", b"\xc3\xa9", b"", b'""', b'"a"', b'"a,;b"', b'"a""b"', b'"a\nb"', b'"a\r\nb"', b'"\n"', b'""""', b" "])


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(regular, min_size=width, max_size=width), min_size=1, max_size=8)), st.sampled_from(list(b",;\t|")), st.sampled_from([b"\n", b"\r\n"]), st.sampled_from([0, 0, 1, -1]))
def test_the_quick_way_agrees_with_the_careful_way_on_tables(table, comma, newline, odd):
    width = len(table[0])
    raw = newline.join(bytes([comma]).join(row) for row in [*table, [b"x"] * max(1, width + odd)]) + newline
    headings, newlines = tuple("abcd"[:width]), raw.count(b"\n")
    quick = records._read_plain(raw, headings, chr(comma), 5, newlines)
    careful = one_by_one(raw, headings, chr(comma), 5)
    if quick is not None:
        assert not careful.broken
        assert rows_of(records.Block(quick, [], 0, 0, 5, raw)) == rows_of(careful)
        assert quick[LINE].to_list() == careful.frame[LINE].to_list()


@pytest.mark.parametrize(
    "raw",
    [
        b"1,2,3\n4,5,6\n", b"1,2,3\r\n4,5,6\r\n", b"1,,\n,,3\n", "1,é,3\n".encode(), b'"1","2","3"\r\n"4","5",""\r\n',
        b'1,"a\nb",3\n4,"c\r\nd",6\n', b'"say ""hi""",2,3\n', b'"",2,3\n',
    ],
)  # fmt: skip
def test_plain_tables_go_the_quick_way(raw):
    assert records._read_plain(raw, HEADINGS, ",", 1, raw.count(b"\n")) is not None


whole_texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6) | st.sampled_from(["\r", "a\r\nb", "\r\n", '"', '""', ",", "\n\n"])


@settings(max_examples=200, deadline=None)
@given(
    table=st.integers(2, 5).flatmap(lambda width: st.lists(st.lists(whole_texts, min_size=width, max_size=width), min_size=1, max_size=8)),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL, csv.QUOTE_NONNUMERIC]),
    newline=st.sampled_from(["\n", "\r\n"]),
    delimiter=st.sampled_from(",;\t|"),
    ragged=st.booleans(),
)
def test_carriage_returns_and_any_width_come_back_too(table, quoting, newline, delimiter, ragged):
    text = io.StringIO()
    # The writer quotes a carriage return only where its line terminator holds one.
    newline = "\r\n" if quoting == csv.QUOTE_MINIMAL else newline
    csv.writer(text, quoting=quoting, lineterminator=newline, delimiter=delimiter).writerows(table)
    raw = text.getvalue().encode() + b"alone\n" * ragged
    block = read_block(raw, tuple("abcde"[: len(table[0])]), delimiter, 1)
    assert rows_of(block) == [tuple(row) for row in table]
    assert [b.original for b in block.broken] == ["alone"] * ragged


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.data(), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_an_unclosed_quote_loses_only_its_own_line(count, data, newline, multi):
    at = data.draw(st.integers(0, count - 1))
    rows = [f'{n},"two{newline}lines",z' if multi and n < at else f"{n},y,z" for n in range(count)]
    line = 1 + sum(1 + row.count("\n") for row in rows[:at])
    rows[at] = f'{at},"never closed,z'
    block = read_block((newline.join(rows) + newline).encode(), HEADINGS, ",", 1)
    assert [row[0] for row in rows_of(block)] == [str(n) for n in range(count) if n != at]
    assert [(b.line, b.reason, b.original) for b in block.broken] == [(line, "A quote that opens here is never closed.", rows[at])]


@pytest.mark.parametrize(
    "bad, reason",
    [
        (b"1,2", "It has 2 fields where the headings have 3."),
        (b"alone", "It has 1 field where the headings have 3."),
        (b"1,2,3,4,5", "It has 5 fields where the headings have 3."),
        (b"1,2,\0", "It holds NUL bytes."),
        (b"1,2,\xe9", "Byte 5 is not valid UTF-8."),
        (b'1,"2" ,3', "A quote closes in the middle of a field."),
        (b"1,2\r3,4", "It holds a bare carriage return, which splits it."),
        (b" ", "It has 1 field where the headings have 3."),
    ],
)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_a_broken_line_is_handed_back_with_its_number_and_its_text(bad, reason, newline):
    block = read_block(newline.join([b"a,b,c", b"", b'd,"e\nf",g', bad, b"h,i,j"]), HEADINGS, ",", 100)
    assert [(b.line, b.reason, b.original) for b in block.broken] == [(104, reason, bad.decode(errors="replace"))]
    assert rows_of(block) == [("a", "b", "c"), ("d", "e\nf", "g"), ("h", "i", "j")]
    assert block.frame[LINE].to_list() == [100, 102, 105]
    assert (block.blank, block.line_count) == (1, 6)


@pytest.mark.parametrize("bad", [b'1,"x\n4,5,6\n",9,9', b'1,"x\n4,5,6\n"', b'1,"x\n4,5,6\n\xff",9', b'1,"x\n4,5,6\n\0",9'], ids=["too many fields", "too few", "no UTF-8", "NUL"])
def test_the_inside_of_a_quoted_field_is_never_a_row(bad):
    block = read_block(bad + b"\n7,8,9\n", HEADINGS, ",", 1)
    assert rows_of(block) == [("7", "8", "9")]
    assert "quote" not in block.broken[0].reason


def test_inch_marks_open_no_field():
    block = read_block(b'6" pipe,1,2\na,b,c\n8" tube,3,4\n', HEADINGS, ",", 1)
    assert [row[0] for row in rows_of(block)] == ['6" pipe', "a", '8" tube']


def test_a_long_field_is_read_whatever_its_neighbours_are():
    long = b"x" * 140_000
    assert rows_of(read_block(b"1,2," + long + b"\n3,4\n", HEADINGS, ",", 1)) == [("1", "2", long.decode())]
