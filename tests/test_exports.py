"""Open files as they come: encodings, delimiters, headings, blocks."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_files import survey_one

from pipeline_etl import exports
from pipeline_etl.exports import ahead, blocks, find_files
from pipeline_etl.headings import heading_row, nothing_fits
from pipeline_etl.refusal import Refused


def write(folder, content, name="export.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder, content):
    export = survey_one(write(folder, content), folder)
    rows = [row for block in blocks(export) for row in block.frame.rows()]
    return export, rows


@pytest.mark.parametrize(
    "content, encoding",
    [
        ("name,city\nMüller,Köln\n".encode(), "utf-8"),
        ("name,city\nMüller,Köln\n".encode("utf-8-sig"), "utf-8-sig"),
        ("name,city\nMüller,Köln\n".encode("utf-16"), "utf-16"),
        ("name,city\nMüller,Köln\n".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings_give_the_same_rows(tmp_path, content, encoding):
    export, rows = read(tmp_path, content)
    assert export.encoding == encoding
    assert export.headings == ("name", "city")
    assert rows == [("Müller", "Köln", 2)]


def test_a_few_broken_bytes_do_not_make_a_utf8_file_cp1252(tmp_path):
    content = b"name,city\n" + "Müller,Köln\n".encode() * 20 + b"Stra\xdfe,x\n" + "Jürgen,y\n".encode()
    export = survey_one(write(tmp_path, content), tmp_path)
    broken = [b for block in blocks(export) for b in block.broken]
    assert export.encoding == "utf-8"
    assert [b.line for b in broken] == [22]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path, delimiter):
    export, rows = read(tmp_path, delimiter.join(['"a,;|b"', "c"]) + "\n" + delimiter.join("12") + "\n")
    assert export.delimiter == delimiter
    assert rows == [("1", "2", 2)]


@pytest.mark.parametrize(
    "heading, names",
    [
        ("a,b,a", ("a", "b", "a (2)")),
        ("a,,c", ("a", "column 2", "c")),
        ('"two\nlines",b', ("two lines", "b")),
        (" a , b ", ("a", "b")),
    ],
)
def test_headings(tmp_path, heading, names):
    export, rows = read(tmp_path, heading + "\n" + ",".join("x" * len(names)) + "\n")
    assert export.headings == names
    assert rows[0][-1] == heading.count("\n") + 2


@pytest.mark.parametrize(
    "content, why",
    [
        (b"", "the file is empty"),
        (b"\n \n", "the file is empty"),
        (b"PK\x03\x04rest", "damaged zip archive"),
        (b"\x1f\x8brest", "gzip archive is damaged"),
        (b"PAR1rest", "Parquet cannot be read"),
        (b"a\0b\0c\n", "NUL"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(tmp_path, content, why):
    with pytest.raises(Refused, match=why):
        survey_one(write(tmp_path, content), tmp_path)


def test_blocks_of_any_size_give_the_same_rows(tmp_path, monkeypatch):
    content = "x,y,z\n" + "".join(f'{n},"line one\nline ""two"" of {n}",\n' for n in range(50)) + "last,row,\n"
    _, whole = read(tmp_path, content)
    for size in (16, 37, 64, 500):
        monkeypatch.setattr(exports, "CHUNK", size)
        assert read(tmp_path, content)[1] == whole
    assert len(whole) == 51
    assert whole[-1][-1] == 102


def test_reading_ahead_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 32)
    export = survey_one(write(tmp_path, "a,b\n" + "1,2\n" * 100), tmp_path)
    assert [b.first_line for b in ahead(blocks(export))] == [b.first_line for b in blocks(export)]


def test_an_unclosed_quote_loses_one_line_of_a_large_file(tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 256)
    lines = [f"{n},b,c" for n in range(2000)]
    lines[40] = '40,"never closed,c'
    export = survey_one(write(tmp_path, "x,y,z\n" + "\n".join(lines) + "\n"), tmp_path)
    found = list(blocks(export))
    assert sum(b.frame.height for b in found) == 1999
    assert [b.line for block in found for b in block.broken] == [42]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = write(tmp_path, "a,b\n1,2\n")
    export = survey_one(path, tmp_path)
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(Refused, match="changed while it was read"):
        list(blocks(export))


def test_files_are_found_at_any_depth_but_hidden_and_our_own_ones(tmp_path):
    for name in ("b.csv", "a/deep/c.csv", ".hidden.csv", "a/.git/d.csv", "mapping.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [f.relative_to(tmp_path).as_posix() for f in find_files(tmp_path)] == ["b.csv", "a/deep/c.csv"]


NAMES = "name,city\r\nMüller,Köln\r\nИван,Ярославль\r\n"


@pytest.mark.parametrize("bom, codec", [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"), (b"", "utf-8")])
@pytest.mark.parametrize("size", [7, 8, 24 << 20])
def test_characters_cut_by_the_end_of_a_chunk_stay_whole(tmp_path, monkeypatch, bom, codec, size):
    monkeypatch.setattr(exports, "CHUNK", size)
    _, rows = read(tmp_path, bom + NAMES.encode(codec))
    assert rows == [("Müller", "Köln", 2), ("Иван", "Ярославль", 3)]


def test_a_text_that_is_no_utf8_anywhere_is_cp1252(tmp_path):
    export, rows = read(tmp_path, b"name;price\nCaf\xe9;5 \x80\n")
    assert (export.encoding, export.delimiter, rows) == ("cp1252", ";", [("Café", "5 €", 2)])


@pytest.mark.parametrize(
    "line, delimiter",
    [
        ("a,b;c,d", ","), ("a;b,c;d", ";"), ("a\tb\tc,d", "\t"), ("a|b|c;d", "|"), ("alone", ","), ("a,b;c", ","),
        ('"a;b;c;d",e', ","), ('"1,5,6";"2,5"', ";"), ('"say ""a;b;c""",x', ","),
    ],
)  # fmt: skip
def test_the_delimiter_is_the_one_that_stands_outside_quotes_most_often(tmp_path, line, delimiter):
    assert survey_one(write(tmp_path, line + "\n"), tmp_path).delimiter == delimiter


@pytest.mark.parametrize(
    "content, heading_line, first_line",
    [("a,b\n1,2\n", 1, 2), ("\n \r\na,b\n1,2\n", 3, 4), ('"a\n\n1",b\n1,2\n', 1, 4), ('\n"a\r\n1",b\r\n1,2\r\n', 2, 4)],
)
def test_records_begin_below_the_headings(tmp_path, content, heading_line, first_line):
    export, rows = read(tmp_path, content)
    assert (export.heading_line, export.first_line) == (heading_line, first_line)
    assert rows == [("1", "2", first_line)]


@pytest.mark.parametrize("magic, reason", exports.NO_TABLE.items())
def test_what_holds_no_table_is_called_by_its_name(tmp_path, magic, reason):
    with pytest.raises(Refused) as refusal:
        survey_one(write(tmp_path, magic + b"\x00\x01,rest\n"), tmp_path)
    assert str(refusal.value) == reason


def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    with pytest.raises(Refused, match="it cannot be opened: No such file"):
        survey_one(tmp_path / "gone.csv", tmp_path)


def test_the_survey_knows_the_bytes_and_the_place_of_a_file(tmp_path):
    (tmp_path / "deep").mkdir()
    export = survey_one(write(tmp_path, "a,b\n", "deep/it's [a]*.csv"), tmp_path)
    digest = "5be08c9684a1d25efcee09318204824278b08bbfb4aef973ffefd0b9d7478313"
    assert (export.path, export.size, export.sha256) == ("deep/it's [a]*.csv", 4, digest)


@pytest.mark.parametrize("content", ["a,b", "a,b\n", "a,b\r\n\r\n"])
def test_headings_alone_are_no_rows(tmp_path, content):
    assert read(tmp_path, content)[1] == []


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n\n"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_last_record_needs_no_newline(tmp_path, end, newline):
    _, rows = read(tmp_path, newline.join(["a,b", "1,2", '"x",']) + end)
    assert [tuple(v or "" for v in row[:-1]) for row in rows] == [("1", "2"), ("x", "")]


def told(content, chunk):
    """All that reading says of a file: rows, broken records, blank lines, lines."""
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(exports, "CHUNK", chunk)
        found = list(blocks(survey_one(write(Path(folder), content), Path(folder))))
    rows = [tuple(v or "" for v in row[:-1]) + row[-1:] for block in found for row in block.frame.rows()]
    broken = [(b.line, b.reason, b.original) for block in found for b in block.broken]
    return rows, broken, sum(b.blank for b in found), sum(b.line_count for b in found)


regular = st.sampled_from(["a", "", '""', '"a,b"', '"a\nb"', '"a\r\n\n""b"""', "é"])
ragged = st.sampled_from(["", "a", "a,b,c", '"a,b"', ",,", "a\rb,c", '"a"b,c'])


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.builds("{},{}".format, regular, regular) | ragged, max_size=12),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(8, 64),
    st.booleans(),
)
def test_blocks_of_any_size_tell_the_same_of_any_file(table, newline, size, ends):
    content = "x,y\n" + newline.join(table) + (newline if ends else "")
    whole = told(content, 24 << 20)
    assert told(content, size) == whole
    assert whole[-1] == content.count("\n") + (not content.endswith("\n")) - 1


@pytest.mark.parametrize("content, size", [('x,y\n,6"\n"a\nb",\n""\n",a\n', 21), ('x,y\na,a,"a\nb"\n"a\nb"\na', 8)])
def test_where_a_block_ends_changes_nothing(content, size):
    assert told(content, size) == told(content, 24 << 20)


@pytest.mark.parametrize("later", ["a,b\n1,2\n3,4\n", "a,b\n9,9\n"])
def test_a_change_between_two_blocks_is_noticed(tmp_path, monkeypatch, later):
    path = write(tmp_path, "a,b\n1,2\n")
    export = survey_one(path, tmp_path)
    os.utime(path, ns=(export.modified, export.modified))
    reading = blocks(export)
    path.write_text(later)
    os.utime(path, ns=(export.modified + 1, export.modified + 1))
    with pytest.raises(Refused, match="run again once it is completely written"):
        list(reading)


def test_files_come_in_the_order_of_their_names_and_broken_links_are_left_out(tmp_path):
    for name in ("b.csv", "a.csv", "B/z.csv", "A/y.csv", "A/x.CSV", "C/.DS_Store"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "c.csv").symlink_to(tmp_path / "nothing")
    found = [f.relative_to(tmp_path).as_posix() for f in find_files(tmp_path)]
    assert found == ["a.csv", "b.csv", "A/x.CSV", "A/y.csv", "B/z.csv"]


def fates(folder, content):
    """The lines of a file that became a row or a broken record; 'refused' where the file was refused as a whole."""
    try:
        found = list(blocks(survey_one(write(folder, content), folder)))
    except Refused:
        return "refused"
    return sorted([row[-1] for b in found for row in b.frame.rows()] + [b.line for block in found for b in block.broken])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(content, id=name)
        for name, content in {
            "an inch mark in a heading": 'a,Size 6"\n1,2\n3,4\n',
            "a heading's quote never closed": 'a,"b\n1,2\n3,4\n',
            "a carriage return in a quoted heading": '"a\rb",c\n1,2\n3,4\n',
            "lines that end in a carriage return alone": "a,b\r1,2\r3,4\r",
        }.items()
    ],
)
def test_no_line_below_odd_headings_vanishes(tmp_path, content):
    assert fates(tmp_path, content) in ("refused", [2, 3])


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_only_a_newline_ends_the_headings(tmp_path, character):
    assert len(read(tmp_path, f"a{character}x,b\n1,2\n")[0].headings) == 2


def test_no_two_headings_are_ever_called_the_same(tmp_path):
    headings = survey_one(write(tmp_path, "a,a,a (2)\n1,2,3\n"), tmp_path).headings
    assert len(set(headings)) == 3


def test_a_heading_may_have_the_name_of_our_line_column(tmp_path):
    assert fates(tmp_path, "a,_line\n1,2\n3\n") == [2, 3]


def test_an_endless_heading_is_refused(tmp_path):
    assert fates(tmp_path, 'a,"' + "x" * 140_000 + '"\n1,2\n') in ("refused", [2])


@pytest.mark.parametrize(
    "content",
    ["name,x\nJosé,1\n".encode() + b"Mu\xc3", b"name,x\n" + b"aaaaaaaaa,1\n" * 100_000 + "José,1\n".encode() * 50 + b"\xc3,1\n"],
    ids=["cut in its last character", "plain for its first MiB"],
)
def test_a_damaged_utf8_file_is_still_utf8(tmp_path, content):
    assert survey_one(write(tmp_path, content), tmp_path).encoding == "utf-8"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("deals_2024-01-14.csv", "2024-01-14T00:00:00"),
        ("deals-20240114T0630.csv.gz", "2024-01-14T06:30:00"),
        ("2024-01-14/deals.csv", "2024-01-14T00:00:00"),
        ("2023.12.31/deals 2024_01_14 18-05-09.csv", "2024-01-14T18:05:09"),
        ("deals.csv", None),
        ("deals_1234520240114.csv", None),
        ("deals_2024-13-14.csv", None),
        ("deals_2024-02-30.csv", None),
        ("fy2024/deals.csv", None),
    ],
)
def test_the_date_in_a_files_name(path, expected):
    found = exports.date_in(path)
    assert (found.isoformat() if found else None) == expected


def test_as_many_titles_as_rows_are_not_taken_for_the_table():
    rows = [(1, ["Campaign report"]), (2, ["January 1, 2024 - January 31, 2024"]), (3, ["Campaign", "Cost"]), (4, ["Brand", "10.00"])]
    assert heading_row(rows, nothing_fits) == 2
