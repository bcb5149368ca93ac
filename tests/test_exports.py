"""Open files as they come: encodings, delimiters, headings, blocks."""

import pytest

from pipeline_etl import exports
from pipeline_etl.exports import Refused, ahead, blocks, find_files, survey


def write(folder, content, name="export.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder, content):
    export = survey(write(folder, content), folder)
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
    export = survey(write(tmp_path, content), tmp_path)
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
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\x1f\x8brest", "gzip"),
        (b"PAR1rest", "Parquet"),
        (b"a\0b\0c\n", "NUL"),
    ],
)
def test_what_is_no_text_is_refused_with_a_reason(tmp_path, content, why):
    with pytest.raises(Refused, match=why):
        survey(write(tmp_path, content), tmp_path)


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
    export = survey(write(tmp_path, "a,b\n" + "1,2\n" * 100), tmp_path)
    assert [b.first_line for b in ahead(blocks(export))] == [b.first_line for b in blocks(export)]


def test_an_unclosed_quote_loses_one_line_of_a_large_file(tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 256)
    monkeypatch.setattr(exports, "LONGEST_RECORD", 2048)
    lines = [f"{n},b,c" for n in range(2000)]
    lines[40] = '40,"never closed,c'
    export = survey(write(tmp_path, "x,y,z\n" + "\n".join(lines) + "\n"), tmp_path)
    found = list(blocks(export))
    assert sum(b.frame.height for b in found) == 1999
    assert [b.line for block in found for b in block.broken] == [42]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path):
    path = write(tmp_path, "a,b\n1,2\n")
    export = survey(path, tmp_path)
    path.write_text("a,b\n1,2\n3,4\n")
    with pytest.raises(Refused, match="changed while it was read"):
        list(blocks(export))


def test_files_are_found_at_any_depth_but_hidden_and_our_own_ones(tmp_path):
    for name in ("b.csv", "a/deep/c.csv", ".hidden.csv", "a/.git/d.csv", "mapping.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [f.relative_to(tmp_path).as_posix() for f in find_files(tmp_path)] == ["b.csv", "a/deep/c.csv"]
