"""The conservation law on whole files: whatever is planted in them, each row is kept, rejected or a duplicate, and the right one."""

import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from reading_files import survey_one

from assets.sources import generic
from pipeline_etl.home import Home
from pipeline_etl.lake import Lake
from pipeline_etl.landing import BOOKS, Arrival, land
from pipeline_etl.recognise import Recogniser
from pipeline_etl.warehouse import Warehouse

HEADINGS = ("deal_id", "stage", "created_at", "deal_name", "amount", "currency")
RECOGNISER = Recogniser(generic.CONTRACTS)

names = st.text(
    st.characters(codec="cp1252", exclude_characters='\0\r\n"\x81\x8d\x8f\x90\x9d', exclude_categories=["Cc"]), max_size=12
) | st.sampled_from(["two\nlines", 'say "hi"', "a;b,c", "Größe", "ends\n"])
# Where a field begins like the end of one, a quote that was never closed above it closes there, and nobody can tell.
names = names.filter(lambda name: name[:1] not in tuple(",;\t|\n"))
good = st.tuples(st.just("good"), st.integers(1, 12), names, st.integers(0, 10**6))
bad = st.tuples(
    st.sampled_from(["short", "long", "nul", "unclosed", "no id", "no date"]),
    st.integers(100, 999),
    st.just("x"),
    st.integers(0, 99),
)


def cell(text, delimiter):
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in f'{delimiter}"\n') else text


def line_of(row, delimiter):
    kind, number, name, amount = row
    fields = [str(number), "lead", "2024-03-05", cell(name, delimiter), str(amount), "EUR"]
    if kind == "no id":
        fields[0] = ""
    if kind == "no date":
        fields[2] = "soon"
    if kind == "nul":
        fields[3] = "a\0b"
    if kind == "unclosed":
        fields[3] = '"never closed'
    if kind == "long":
        fields.append("more")
    return delimiter.join(fields[:4] if kind == "short" else fields)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(st.one_of(good, good, bad), min_size=1, max_size=25),
    delimiter=st.sampled_from(",;\t|"),
    newline=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    ends=st.booleans(),
)
def test_every_row_that_was_planted_is_found_where_it_belongs(rows, delimiter, newline, encoding, ends):
    text = (
        newline.join([delimiter.join(HEADINGS), *(line_of(row, delimiter).replace("\n", newline) for row in rows)])
        + newline * ends
    )
    # Windows-1252 that could as well be UTF-8 is read as UTF-8, as it should.
    assume(encoding != "cp1252" or not re.search(rb"[\xc2-\xf4][\x80-\xbf]", text.encode("cp1252")))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "deals.csv")
        file.write_bytes(text.encode(encoding))
        warehouse = Warehouse(Home(Path(folder, "home")), "1GB")
        try:
            for table, columns in BOOKS.items():
                warehouse.create_table(table, columns)
            export = survey_one(file, Path(folder), RECOGNISER.fits)
            (account,) = land(generic.DEALS, [Arrival(0, export, RECOGNISER.recognise(export.headings))], warehouse, Lake(warehouse.home.lake), "UTC")
            kept = dict(warehouse.execute("select deal_id, deal_name from raw.generic_deals"))
            rejected = {line: reason for line, reason in warehouse.execute("select line, reason from rejects.rejected_rows")}
        finally:
            warehouse.close()
    lines, at = {}, 2
    for row in rows:
        lines[at] = row
        at += 1 + row[2].count("\n")
    assert account.rows == account.kept + account.rejected + account.duplicates == len(rows)
    assert account.found.lines == text.count("\n") + (not ends)
    assert set(rejected) == {line for line, row in lines.items() if row[0] != "good"}
    # Of the good rows with one id the last one stands.
    wanted = {str(number): name for kind, number, name, _ in rows if kind == "good"}
    assert kept.keys() == wanted.keys()
    assert {i: " ".join((n or "").split()) for i, n in kept.items()} == {i: " ".join(n.split()) for i, n in wanted.items()}
