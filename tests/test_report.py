"""Report files: their grammar, their errors, and a page that is whole and harmless."""

import base64
import hashlib
import os
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_fixture import HOSTILE, STARTED, company

from pipeline_etl.formats import Formats
from pipeline_etl.locale import axis_locales, period, plural
from pipeline_etl.report import Report, ReportError, load_reports

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
    return Report.load(path)


FACTS = {"exports": "exports", "started_at": None}


def test_a_report_knows_its_titles(tmp_path):
    report = load(tmp_path, GOOD)
    assert (report.title("en"), report.title("es")) == ("Title", "Título")


def test_names_within_a_query_are_no_tables(tmp_path):
    report = load(tmp_path, GOOD.replace("select 'Lead", "with marts as (select 1 as one from core.stages) select 'Lead").replace("from core.as_of\n", "from marts\n"))
    assert report.tables == ["core.stages"]


def test_a_report_knows_its_languages_tables_and_description(tmp_path):
    report = load(tmp_path, GOOD)
    assert (report.name, report.languages, report.tables, report.description) == ("r", ["en", "es"], ["core.as_of"], "What it says.")


SCRIPT = (ROOT / "pipeline_etl" / "templates" / "report.js").read_text(encoding="utf-8")


def without_script(page):
    """A page without the one script that is ours."""
    assert page.count(f"<script>{SCRIPT}</script>") == 1
    return page.replace(f"<script>{SCRIPT}</script>", "")


def test_the_policy_allows_this_one_script_and_no_other(tmp_path, connection):
    page = load(tmp_path, GOOD).render(connection, "en", FACTS)
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'"
    without_script(page)


def test_names_from_exports_cannot_become_markup(tmp_path, connection):
    page = without_script(load(tmp_path, GOOD).render(connection, "en", FACTS))
    assert "<script" not in page
    assert "Lead &lt;script&gt;" in page
    assert "There are 1 with 3." in page


FAULTS = [
    ("bars label=stage value=open_deals", "pie", ":9: 'pie' cannot be shown; write one of nothing, table"),
    ("bars label=stage value=open_deals", "bars", ":9: a chart needs label=column"),
    ("value=open_deals", "value=open_deals hihg=x", ":9: 'hihg' is no option; the options are by, dates"),
    ("value=open_deals", "value=open_deals dates=decade", ":9: dates=decade is no period; write one of week, month"),
    ("```sql stages bars label=stage value=open_deals", "```sql", ":9: name the query"),
    ("```sql page", "```sql stages", ":16: 'stages' is also the query of line 9; rename one"),
    ("select 'Lead", "selec (('Lead", ":9: the query 'stages' cannot be parsed"),
    ("select timestamp '2026-06-30 18:00' as as_of, 'EUR' as base_currency", "drop table core.as_of", ":16: the query 'page' must do nothing but read"),
    ("from core.as_of\n", "from core.as_of; delete from core.as_of\n", ":9: the query 'stages' must do nothing but read"),
    ("base_currency\n```", "base_currency", ":16: this fence is never closed"),
    ("es: Hay {{ stages.rows | length }} con {{ stages.open_deals | number }}.\n", "", ":13: there is no es text beside 'There are"),
    ("## es: Etapas\n", "", ":6: there is no es text beside 'Stages'"),
    ("## en: Stages\n## es: Etapas\n", "", ":7: queries and paragraphs stand in a section"),
    ("# en: Title\n# es: Título\n", "", ":1: begin the file with its title"),
    ("en: There", "There", ":13: begin a paragraph with its language"),
]


@pytest.mark.parametrize("old, new, fault", FAULTS)
def test_a_fault_in_a_report_file_names_its_line(tmp_path, old, new, fault):
    assert old in GOOD
    with pytest.raises(ReportError) as error:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert f"r.md{fault}" in str(error.value)


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ("3 as open_deals", "opn_deals as open_deals", ":9: the query 'stages' fails: Binder Error"),
        ("value=open_deals", "value=opn_deals", ":9: the query 'stages' gives no column 'opn_deals'; it gives stage, open_deals"),
        ("value=open_deals", "value=open_deals by=pipeline", ":9: the query 'stages' gives no column 'pipeline'"),
        ("bars label=stage value=open_deals", "tiles", ":9: the query 'stages' gives no column 'tile'"),
        ("select 'Lead", "select 'nix' as tile, 'money' as unit, 1 as value, 'Lead", ":9: the query 'stages' has a tile without words; write [tiles.nix] in words.en.toml"),
        ("select 'Lead", "select 'win' as tile, 'eval' as unit, 1 as value, 'Lead", ":9: the query 'stages' has a tile with the unit 'eval'; write one of number"),
        ("stages.open_deals | number", "stages.opn_deals | number", ":13: the en text cannot be rendered"),
        ("stages.open_deals | number", "stages.stage | money", ":13: the en text cannot be rendered"),
        ("stages.open_deals | number", "stages.open_deals | plural(one='{}')", ":13: the en text cannot be rendered"),
        ("stages.open_deals | number", "stages.open_deals | number(", ":13: the en text cannot be rendered"),
    ],
)
def test_a_fault_that_shows_in_rendering_names_its_line(tmp_path, connection, old, new, fault):
    text = GOOD.replace(old, new, 1)
    if " as tile" in new:
        text = text.replace("bars label=stage value=open_deals", "tiles")
    with pytest.raises(ReportError) as error:
        load(tmp_path, text).render(connection, "en", FACTS)
    assert f"r.md{fault}" in str(error.value)


def test_a_language_without_a_catalogue_is_said(tmp_path, connection):
    report = load(tmp_path, GOOD.replace("es:", "fr:"))
    with pytest.raises(ReportError, match=r"words\.fr\.toml: the words of 'fr' cannot be read .*; copy another"):
        report.render(connection, "fr", FACTS)
    (tmp_path / "words.fr.toml").write_text("[page\n", encoding="utf-8")
    with pytest.raises(ReportError, match=r"words\.fr\.toml: the words of 'fr' cannot be read .*line 1"):
        report.render(connection, "fr", FACTS)


def test_a_third_language_is_one_catalogue(tmp_path, connection):
    report = load(tmp_path, GOOD.replace("es:", "fr:").replace("stages.open_deals | number", 'stages.open_deals | plural(one="{} part", other="{} parts")'))
    words = (REPORTS / "words.en.toml").read_text(encoding="utf-8").replace('open_deals = "Open deals"', 'open_deals = "Affaires en cours"')
    (tmp_path / "words.fr.toml").write_text(words, encoding="utf-8")
    page = report.render(connection, "fr", FACTS)
    assert '<html lang="fr">' in page and "Affaires en cours" in page and "con 3 parts" in page


def test_facts_and_the_page_query_may_be_absent(tmp_path, connection):
    report = load(tmp_path, GOOD[: GOOD.index("```sql page")])
    page = report.render(connection, "en", {})
    assert "As of" not in page and "Made" not in page and "exports folder" not in page


@pytest.mark.parametrize(
    "language, count, shown",
    [("en", 0, "0 deals"), ("en", 1, "1 deal"), ("en", 1200, "1,200 deals"), ("es", 1, "1 deal"), ("es", 2_000_000, "2.000.000 deals")],
)
def test_words_agree_with_their_number(language, count, shown):
    assert plural(Formats.load(REPORTS, language, ""))(count, one="{} deal", other="{} deals") == shown


def test_periods_and_axes_speak_the_language():
    english, spanish = (Formats.load(REPORTS, language, "") for language in ("en", "es"))
    assert [period(date(2026, 4, 1), name, spanish) for name in ("quarter", "month", "year")] == ["T2 2026", "abr 2026", "2026"]
    # A week is called by its Monday, whatever its day.
    assert {period(date(2026, 6, day), "week", english) for day in (22, 25, 28)} == {"week of 22 Jun 2026"}
    assert period(date(2026, 6, 28), "week", spanish) == "semana del 22 jun 2026"
    numbers, times = axis_locales("es")
    assert (numbers["decimal"], times["shortMonths"][0], times["days"][0]) == (",", "ene", "domingo")


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


@given(value=st.integers(-(10**12), 10**12) | st.sampled_from([5000, 900_000, 1_000_000, -100_500]), language=st.sampled_from(["en", "es"]), currency=st.sampled_from(["EUR", "USD", "JPY", ""]))
def test_an_amount_keeps_all_its_digits(value, language, currency):
    shown = Formats.load(REPORTS, language, currency).money(value)
    assert re.sub(r"\D", "", shown) == str(abs(value)) and ("-" in shown) == (value < 0)


@given(value=st.integers(0, 1000), language=st.sampled_from(["en", "es"]))
def test_a_share_keeps_its_decimal(value, language):
    shown = Formats.load(REPORTS, language, "EUR").percent(value / 1000)
    assert re.fullmatch(r"\d+[.,]\d\s?%", shown) and int(re.sub(r"\D", "", shown)) == value


@pytest.mark.parametrize(
    "column, value, shown",
    [("deals_without_amount", 4, "4"), ("open_amount", Decimal("4.00"), "€4"), ("average_deal_size", 4.0, "€4"), ("win_rate", 0.5, "50.0%"), ("open_deals", 1200, "1,200"),
     ("median_days", 4.26, "4.3"), ("amount", None, "–"), ("win_rate", 1, "100.0%")],
)  # fmt: skip
def test_a_cell_is_written_by_its_column_and_type(column, value, shown):
    assert Formats.load(REPORTS, "en", "EUR").cell(column, value) == shown


def test_both_catalogues_have_the_same_words():
    english, spanish = (Formats.load(REPORTS, language, "").words for language in ("en", "es"))
    assert english["columns"].keys() == spanish["columns"].keys()
    assert english["tiles"].keys() == spanish["tiles"].keys()
    assert english["own_names"] == spanish["own_names"]
    for table in ("units", "no_names", "filters", "periods", "choosing", "rows", "workbook", "sheets"):
        assert english[table].keys() == spanish[table].keys()


def test_a_name_that_is_like_a_word_of_ours_stays_a_name():
    spanish = Formats.load(REPORTS, "es", "EUR")
    assert [spanish.cell(column, "won") for column in ("status", "stage", "owner")] == ["ganada", "won", "won"]
    assert [spanish.cell("pipeline", name) for name in ("default", "all", "Email")] == ["Pipeline único", "Total", "Email"]


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
        if tag == "th" and "scope" not in attributes:
            self.unnamed.append(tag)
        if attributes.get("role") == "img" and not attributes.get("aria-label"):
            self.unnamed.append(tag)


def rendered(bench, given):
    """The pipeline report on these tables, in both languages."""
    bench.run([], given)
    (report,) = load_reports(REPORTS)
    report = report.current(bench.connection, "quarter")
    return {language: report.render(bench.connection, language, STARTED) for language in report.languages}


@pytest.fixture(scope="module")
def full(bench):
    return rendered(bench, company())


@pytest.fixture(scope="module")
def empty(bench):
    return rendered(bench, {t: d for t, d in company().items() if t in ("core.as_of", "core.parameters")})


@pytest.fixture(params=["full", "empty"])
def pages(request):
    return request.getfixturevalue(request.param)


class Words(HTMLParser):
    """What a reader reads: headings, paragraphs, and a line per row of a table."""

    def __init__(self):
        super().__init__()
        self.lines, self.silent, self.held = [], 0, False

    def handle_starttag(self, tag, attrs):
        # The rows behind numbers are data; what only waits to be chosen is read.
        self.silent += tag in ("style", "script", "svg", "select") or ("class", "held") in attrs
        self.held = self.held or ("class", "held") in attrs
        if tag in ("h1", "h2", "h3", "p", "tr", "figcaption", "dt", "li"):
            self.lines.append("")
        elif tag in ("td", "th", "dd"):
            self.lines[-1] += " | "
        if dict(attrs).get("role") == "img":
            self.lines.append("(chart) " + dict(attrs)["aria-label"])

    def handle_endtag(self, tag):
        self.silent -= tag in ("style", "script", "svg", "select") or (tag == "template" and self.held)
        self.held = self.held and tag != "template"

    def handle_data(self, data):
        if not self.silent and self.lines:
            self.lines[-1] += data


def words_of(page):
    reader = Words()
    reader.feed(page)
    lines = (re.sub(r"\s+", " ", line).strip(" |") for line in reader.lines)
    return "".join(f"{line}\n" for line in lines if line)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_word_of_the_report_is_the_one_that_was_read_and_found_good(full, language):
    """After a change of the report: `GOLDEN=write pytest -k found_good tests/test_report.py`, then read the difference."""
    golden = ROOT / "tests" / "golden" / f"pipeline.{language}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(words_of(full[language]), encoding="utf-8")
    assert words_of(full[language]) == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_is_whole_and_asks_nobody(pages, language):
    page, outline = without_script(pages[language]), Outline()
    outline.feed(page)
    assert f'<html lang="{language}">' in page
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.ids) == len(set(outline.ids))
    assert not outline.unnamed
    assert not re.search(r"""(src|href)=["']?(https?:)?//|url\(["']?http|@import""", page)
    assert not re.search(r'"(None|nan|NaN|undefined)"', page)
    seen = re.sub(r'<style>.*?</style>|<template class="held">.*?</template>|<[^>]*>', " ", page, flags=re.DOTALL)
    assert not re.search(r"\b(None|nan|NaN|Undefined|undefined)\b|\{[{%]|\{\}", seen)


def test_a_company_without_deals_gets_sentences(empty):
    for sentence in ("The exports hold no deals.", "No deal is open.", "No file was left out.", "No row was rejected."):
        assert sentence in empty["en"]
    assert "Las exportaciones no contienen oportunidades." in empty["es"]
    assert "<svg" not in empty["en"]


def test_the_answer_is_computed_in_each_language(full):
    spaced = {language: words_of(page) for language, page in full.items()}
    assert "1,234 deals are open, worth €987,654 (1 of them without an amount)" in spaced["en"]
    assert "Of the 100 deals closed so far, 40.0% were won, half of them within 33 days." in spaced["en"]
    assert "hay 1.234 oportunidades abiertas, por valor de 987.654 € (1 sin importe)" in spaced["es"]
    assert "De las 100 cerradas hasta ahora se ganó el 40,0 %, la mitad en un plazo de 33 días." in spaced["es"]
    assert "12 of the open deals stand still, worth €5,000; 12 of them in" in spaced["en"]
    assert "For 2 stages with open deals there is not enough history to say." in spaced["en"]
    assert "1 more has no amount" in spaced["en"] and "otra no tiene importe" in spaced["es"]
    assert "the first ten of 12" in spaced["en"] and "T1 2026" in spaced["es"] and "Q1 2026" in spaced["en"]


def test_a_hostile_company_cannot_write_markup(full):
    for page in map(without_script, full.values()):
        assert "<script" not in page
        assert page.count("&lt;script&gt;") > 5
        assert "exports &amp; more" in page
    assert HOSTILE not in full["en"]


def test_the_total_comes_first_then_each_pipeline(full):
    texts = re.findall(r'<th scope="row(?:group)?"[^>]*>([^<]*)</th>', full["en"])
    stages = texts[texts.index("Sales") + 1 :]
    assert texts[:3] == ["All", "Renewals", "Sales"]
    assert [t for t in stages if t in ("All", "Renewals", "Sales")][:3] == ["All", "Renewals", "All"]


def test_a_quarter_without_a_value_keeps_its_place(full):
    assert "Days to close (median). Q1 2026: –; Q2 2026: 33.2" in full["en"]
