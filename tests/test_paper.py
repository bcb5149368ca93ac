"""The report on paper: a tagged A4 document with title and language, and nothing that only a screen can do."""

import re
import shutil
import subprocess
import zlib

import pytest
from report_fixture import STARTED, company
from test_report import REPORTS

from pipeline_etl import outputs, paper
from pipeline_etl.document import Details
from pipeline_etl.home import Home
from pipeline_etl.page import html
from pipeline_etl.report import Report, load_reports
from pipeline_etl.summary import summary
from pipeline_etl.warehouse import Warehouse

CHOOSING = """\
# en: Choosing
## en: Where
en: {{ total.n | number | rows("deals") }} in {{ total.pipeline }}.
```sql total nothing per=pipeline
select * from (values ('all', 3), ('Sales', 2)) as t(pipeline, n)
```
```sql many table per=pipeline rows=deals
select * from (values ('all', 'a', 3), ('Sales', 'a', 2)) as t(pipeline, stage, n)
```
```sql bars bars label=stage value=n per=pipeline
select * from (values ('all', 'a', 3), ('Sales', 'a', 2)) as t(pipeline, stage, n)
```
```sql deals rows
select * from (values ('Sales', 'a', 'Behind one'), ('Sales', 'a', 'Behind two'), ('Other', 'a', 'Behind three')) as t(pipeline, stage, deal_name)
```
"""


@pytest.fixture
def documents(bench):
    bench.run([], company())
    (report,) = load_reports(REPORTS)
    report = report.current(bench.connection, "quarter")
    answers = report.ask(bench.connection)
    return {language: report.document(answers, language, STARTED) for language in report.languages}


@pytest.mark.parametrize("language, title", [("en", "Pipeline report, Q2 2026"), ("es", "Informe del pipeline de ventas, T2 2026")])
def test_it_is_tagged_and_says_title_and_language(documents, tmp_path, language, title):
    pytest.importorskip("weasyprint", reason="the extra `pdf` is not installed", exc_type=(ImportError, OSError))
    paper.write(documents[language], tmp_path / "r.pdf")
    written = (tmp_path / "r.pdf").read_bytes()
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", written, re.DOTALL)
    opened = written + b"".join(zlib.decompressobj().decompress(s) for s in streams if s[:1] == b"x")
    assert written.startswith(b"%PDF") and b"pdfuaid" in opened and b"/MarkInfo" in opened
    assert f"/Lang ({language})".encode() in opened
    if shutil.which("pdfinfo"):
        said = subprocess.run(["pdfinfo", tmp_path / "r.pdf"], capture_output=True, text=True, check=True).stdout
        assert re.search(rf"Title: +{title}\n", said) and re.search(r"Tagged: +yes", said) and "A4" in said
        assert 2 <= int(re.search(r"Pages: +(\d+)", said)[1]) <= 12
        text = subprocess.run(["pdftotext", "-layout", tmp_path / "r.pdf", "-"], capture_output=True, text=True, check=True).stdout
        assert re.search(r"1\s*/\s*\d", text) and ("987,654" if language == "en" else "987.654") in text
        images = subprocess.run(["pdfimages", "-list", tmp_path / "r.pdf"], capture_output=True, text=True, check=True).stdout
        assert len(images.splitlines()) == 2, "charts are drawn, not pictures"


def test_paper_has_what_is_shown_where_nothing_is_chosen(bench, tmp_path):
    for words in REPORTS.glob("words.en.toml"):
        shutil.copy(words, tmp_path)
    (tmp_path / "r.md").write_text(CHOOSING, encoding="utf-8")
    report = Report.load(tmp_path / "r.md")
    document = report.document(report.ask(bench.connection), "en", {})
    screen, printed = html(document), html(paper.on_paper(document))
    assert screen.count('data-pipeline="Sales"') > 3 and "Behind one" in screen and screen.count("<svg") == 2
    assert 'data-pipeline="Sales"' not in printed and "Behind one" not in printed and printed.count("<svg") == 1
    assert "The 3 rows behind the numbers are in the page and in the workbook." in printed
    assert "data-of" in screen and not re.search(r"<a [^>]*data-of", printed)
    assert not any(isinstance(p, Details) for s in paper.on_paper(document).sections for p in s.parts)


def test_without_weasyprint_the_other_forms_are_written(documents, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(paper.NoPaper, match="extra `pdf`"):
        paper.write(documents["en"], tmp_path / "r.pdf")
    assert outputs.write_all(documents["en"], tmp_path) == {"page": "pipeline.en.html", "workbook": "pipeline.en.xlsx"}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["pipeline.en.html", "pipeline.en.xlsx"]


def test_a_pdf_of_an_earlier_run_does_not_stay_beside_a_newer_page(tmp_path):
    home = Home(tmp_path)
    home.reports.mkdir()
    for name in ("pipeline.en.pdf", "pipeline.en.html", "own.pdf"):
        (home.reports / name).write_text("old")
    warehouse = Warehouse(home, "500MB")
    (warehouse.reports / "pipeline.en.html").write_text("new")
    warehouse.publish()
    assert {p.name: p.read_text() for p in home.reports.iterdir()} == {"pipeline.en.html": "new", "own.pdf": "old"}


def test_the_summary_says_why_there_is_no_pdf(demo_home):
    there = any(demo_home.joinpath("reports").glob("*.pdf"))
    assert ("PDF        not written: install the extra `pdf`" in summary(Home(demo_home))) is not there
