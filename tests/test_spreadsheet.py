"""The report as a workbook, read back: what the warehouse holds, as numbers and dates, and nothing that a program would run."""

import re
import zipfile
from datetime import date, datetime

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from report_fixture import STARTED, company
from test_report import REPORTS, load

from pipeline_etl.report import load_reports
from pipeline_etl.spreadsheet import sheet_names, write

HOSTILE = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "=cmd|' /C calc'!A0", "http://x.example", "plain"]
TYPED = """\
# en: Typed: a/b
# es: Con tipos

## en: What [stands] where?
## es: Qué hay

en: There {% if typed.rows %}<b>are</b>{% else %}is nothing{% endif %} &amp; more.
es: Hay.

```sql typed table
select stage, 3::bigint as open_deals, 1234.56::decimal(18, 2) as open_amount, 0.125 as win_rate, 4.26 as median_days,
    date '2026-04-01' as day, timestamp '2026-06-30 18:05' as seen_at, true as is_won, null::varchar as note
from core.stages
```

```sql bars bars label=stage value=open_deals
select stage, 3 as open_deals from core.stages limit 2
```

```sql page nothing
select timestamp '2026-06-30 18:00' as as_of, 'EUR' as base_currency
```
"""


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("create schema core; create table core.stages (stage varchar)")
        connection.executemany("insert into core.stages values (?)", [[text] for text in HOSTILE])
        connection.execute("comment on column core.stages.stage is 'Where it stands.'")
        yield connection


def written(report, connection, path, language="en"):
    """The workbook of a report, read back."""
    write(report.document(report.ask(connection), language, STARTED), path)
    return CalamineWorkbook.from_path(str(path))


def parts(path, pattern):
    """The text of the parts of a workbook whose names match."""
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name).decode() for name in opened.namelist() if re.search(pattern, name)}


def test_cells_are_numbers_dates_and_text(tmp_path, connection):
    book = written(load(tmp_path, TYPED), connection, tmp_path / "r.xlsx")
    headings, *rows = book.get_sheet_by_name("What stands where").to_python()
    assert headings[:4] == ["Stage", "Open deals", "Open value", "Win rate"]
    assert [row[0] for row in rows] == HOSTILE
    assert rows[0][1:] == [3.0, 1234.56, 0.125, 4.26, date(2026, 4, 1), datetime(2026, 6, 30, 18, 5), True, ""]


def test_no_text_is_ever_a_formula_or_a_link(tmp_path, connection):
    written(load(tmp_path, TYPED), connection, tmp_path / "r.xlsx")
    for name, sheet in parts(tmp_path / "r.xlsx", r"worksheets/.*\.xml$").items():
        assert "<f>" not in sheet and "<f " not in sheet, name
    assert not any("http://x" in text for text in parts(tmp_path / "r.xlsx", r"\.rels$").values())


def test_formats_are_those_of_the_reader(tmp_path, connection):
    written(load(tmp_path, TYPED), connection, tmp_path / "r.xlsx")
    (styles,) = parts(tmp_path / "r.xlsx", r"styles\.xml$").values()
    assert 'formatCode="#,##0.00 &quot;EUR&quot;"' in styles and 'formatCode="0.0%"' in styles
    used = set(re.findall(r'<xf numFmtId="(\d+)"', styles))
    assert {"3", "14", "22"} <= used, "whole numbers, dates and times have Excel's own formats"


def test_a_sheet_has_its_header_frozen_filtered_and_explained(tmp_path, connection):
    written(load(tmp_path, TYPED), connection, tmp_path / "r.xlsx")
    sheets = parts(tmp_path / "r.xlsx", r"worksheets/sheet2\.xml$")
    (sheet,) = sheets.values()
    assert '<pane ySplit="1" topLeftCell="A2"' in sheet and '<autoFilter ref="A1:I9"/>' in sheet
    columns = re.findall(r'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', sheet)
    assert [int(columns[0][0]), int(columns[-1][1])] == [1, 9] and all(9 <= float(width) <= 61 for _, _, width in columns)
    comments = parts(tmp_path / "r.xlsx", r"comments1\.xml$")
    assert 'ref="A1"' in next(iter(comments.values())) and "Where it stands." in next(iter(comments.values()))


def test_the_first_sheet_says_what_the_page_says_and_lists_the_others(tmp_path, connection):
    book = written(load(tmp_path, TYPED), connection, tmp_path / "r.xlsx")
    assert book.sheet_names == ["Overview", "What stands where", "What stands where 2"]
    rows = book.get_sheet_by_name("Overview").to_python()
    cells = [cell for row in rows for cell in row if cell != ""]
    assert cells[:3] == ["Typed: a/b", "As of", datetime(2026, 6, 30, 18, 0)]
    assert "There are & more." in cells and cells.count("What stands where 2") == 1


def test_it_is_the_same_file_for_the_same_numbers(tmp_path, connection):
    report = load(tmp_path, TYPED)
    for name in ("one.xlsx", "two.xlsx"):
        written(report, connection, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@given(st.lists(st.text(max_size=60) | st.sampled_from(["a" * 40, "A" * 40, "[]:*?/\\", "History", "'quoted'", "Stage"]), max_size=30))
def test_names_of_sheets_are_legal_and_unique(wanted):
    names = sheet_names(wanted)
    assert len(names) == len(wanted) == len({n.casefold() for n in names})
    for name in names:
        assert 0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'") and not name.endswith("'") and name.casefold() != "history"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("tables", ["all", "none"])
def test_every_table_of_the_report_has_its_sheet(bench, tmp_path, language, tables):
    bench.run([], company() if tables == "all" else {t: d for t, d in company().items() if t in ("core.as_of", "core.parameters")})
    (report,) = load_reports(REPORTS)
    report = report.current(bench.connection, "quarter")
    answers = report.ask(bench.connection)
    book = written(report, bench.connection, tmp_path / "r.xlsx", language)
    shown = [f for f in report.file.fences if f.show not in ("nothing", "tiles") and answers[f.name].rows]
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names[1:]]
    assert [len(rows) - 1 for rows in sheets] == [len(answers[f.name].rows) for f in shown]


def test_the_published_workbook_holds_what_the_warehouse_holds(demo_home):
    book = CalamineWorkbook.from_path(str(demo_home / "reports" / "pipeline.en.xlsx"))
    found = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names[1:]]
    rows = next(r for r in found if r[0][:2] == ["Pipeline", "Stage"] and "Stalled value" in r[0])
    with duckdb.connect(str(demo_home / "warehouse.duckdb"), read_only=True) as connection:
        wanted = connection.execute(
            "select open_deals, open_amount, average_amount, average_age_days from marts.stage_snapshot"
            " order by pipeline <> 'all', pipeline, stage_order nulls last"
        ).fetchall()
    columns = [rows[0].index(h) for h in ("Open deals", "Open value", "Average value", "Average age, days")]
    held = [[row[c] if row[c] != "" else None for c in columns] for row in rows[1:]]
    assert len(held) == len(wanted) > 5
    for have, want in zip(held, wanted, strict=True):
        assert have == [None if v is None else pytest.approx(float(v)) for v in want]
