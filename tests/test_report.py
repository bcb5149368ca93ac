"""Report files: their grammar, their errors, and a page that is whole and harmless."""

import re
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from pipeline_etl.formats import Formats
from pipeline_etl.report import ReportError, load_report, load_reports

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "assets" / "reports"
GOOD = """\
# en: Title
# es: Título

> What it says.

## en: Stages
## es: Etapas

```sql stages bars label=stage value=open_deals
select 'Lead <script>alert(1)</script>' as stage, 3 as open_deals from core.as_of
```

en: There are {{ stages.rows | length }} with {{ stages.open_deals | number }}.
es: Hay {{ stages.rows | length }} con {{ stages.open_deals | number }}.

```sql page nothing
select timestamp '2026-06-30 18:00' as as_of, 'EUR' as base_currency
```
"""


@pytest.fixture
def connection():
    with duckdb.connect() as connection:
        connection.execute("create schema core; create table core.as_of as select 1 as one")
        yield connection


def load(folder, text):
    for language in ("en", "es"):
        (folder / f"words.{language}.toml").write_text((REPORTS / f"words.{language}.toml").read_text(encoding="utf-8"), encoding="utf-8")
    path = folder / "r.md"
    path.write_text(text, encoding="utf-8")
    return load_report(path)


FACTS = {"exports": "exports", "started_at": None}


def test_a_report_knows_its_languages_tables_and_description(tmp_path):
    report = load(tmp_path, GOOD)
    assert (report.name, report.languages, report.tables, report.description) == ("r", ["en", "es"], ["core.as_of"], "What it says.")


def test_names_from_exports_cannot_become_markup(tmp_path, connection):
    page = load(tmp_path, GOOD).render(connection, "en", FACTS)
    assert "<script" not in page
    assert "Lead &lt;script&gt;" in page
    assert "There are 1 with 3." in page


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ("bars label=stage value=open_deals", "pie", ":9: 'pie' cannot be shown; write one of nothing, table"),
        ("bars label=stage value=open_deals", "bars", ":9: a chart needs label=column"),
        ("```sql stages bars label=stage value=open_deals", "```sql", ":9: name the query"),
        ("es: Hay {{ stages.rows | length }} con {{ stages.open_deals | number }}.\n", "", "there is no es text beside 'There are"),
        ("## es: Etapas\n", "", "there is no es text beside 'Stages'"),
        ("en: There", "There", ":13: begin a paragraph with its language"),
    ],
)
def test_a_fault_in_a_report_file_names_its_line(tmp_path, old, new, fault):
    assert old in GOOD
    with pytest.raises(ReportError) as error:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert fault in str(error.value)


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ("select 'Lead", "selec 'Lead", ":9: the query 'stages' fails"),
        ("stages.open_deals | number", "stages.opn_deals | number", "the en text cannot be rendered"),
    ],
)
def test_a_fault_that_shows_in_rendering_names_its_line(tmp_path, connection, old, new, fault):
    text = GOOD.replace(old, new, 1)
    with pytest.raises(ReportError) as error:
        report = load_report(_plain(tmp_path, text))
        report.render(connection, "en", FACTS)
    assert fault in str(error.value)


def _plain(folder, text):
    load(folder, GOOD)
    path = folder / "r.md"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "language, kind, value, shown",
    [
        ("en", "number", 1234567, "1,234,567"), ("es", "number", 1234567, "1.234.567"), ("en", "money", 1234.5, "€1,234"),
        ("es", "money", 12345.6, "12.346\u00a0€"), ("en", "percent", 0.1234, "12.3%"), ("es", "percent", 0.1234, "12,3\u00a0%"),
        ("en", "days", 74.0, "74 days"), ("es", "days", 3.25, "3,2 días"), ("es", "money", None, "sin dato"), ("en", "percent", None, "not available"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_the_reader_writes_them(language, kind, value, shown):
    formats = Formats.load(REPORTS, language, "EUR")
    assert getattr(formats, kind)(value).replace(" ", "\u00a0").replace("\u00a0", " ") == shown.replace("\u00a0", " ")


def test_both_catalogues_have_the_same_words():
    english, spanish = (Formats.load(REPORTS, language, "").words for language in ("en", "es"))
    assert english["columns"].keys() == spanish["columns"].keys()
    assert english["tiles"].keys() == spanish["tiles"].keys()
    assert english["units"].keys() == spanish["units"].keys()


class Outline(HTMLParser):
    def __init__(self):
        super().__init__()
        self.headings, self.ids, self.unnamed = [], [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if attributes.get("role") == "img" and not attributes.get("aria-label"):
            self.unnamed.append(tag)


@pytest.fixture(scope="module")
def pages(catalog, bench):
    """The pipeline report on no data at all, in both languages."""
    for table in bench.types:
        bench.connection.execute(f"delete from {table}")
    bench.connection.execute("insert into core.as_of (one, as_of) values (1, timestamp '2026-06-30')")
    bench.connection.execute("insert into core.parameters (one, base_currency) values (1, 'EUR')")
    (report,) = load_reports(REPORTS)
    return {language: report.render(bench.connection, language, FACTS) for language in report.languages}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_company_without_deals_gets_a_sensible_page(pages, language):
    page = pages[language]
    assert {"en": "The exports hold no deals.", "es": "Las exportaciones no contienen oportunidades."}[language] in page
    assert f'<html lang="{language}">' in page
    assert "None" not in page and "nan" not in re.sub(r"\w*nan\w+|\w+nan\w*", "", page.lower())


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_is_whole_and_asks_nobody(pages, language):
    outline = Outline()
    outline.feed(pages[language])
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    assert not outline.unnamed
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", pages[language])
