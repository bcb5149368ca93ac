"""Editions of a report: one period each, named in the reader's language, from queries that name `$period`."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline_etl.editions import NoEdition
from pipeline_etl.formats import Formats
from pipeline_etl.locale import period, period_end
from pipeline_etl.report import Report, ReportError

REPORTS = Path(__file__).resolve().parents[1] / "assets" / "reports"
TEXT = """\
# en: Title
# es: Informe

> What it says.

## en: Won
## es: Ganadas

```sql editions nothing
select period, period_start, last_day, is_running from core.periods
```

```sql won table
select count(*) as won, $period as length, '$period' as said from core.deals
where date_trunc($period, closed_on) = $period_start
```

en: {{ won.won | number }} won in one {{ won.length }}.
es: {{ won.won | number }}.

```sql deals rows
select deal_id, closed_on from core.deals where date_trunc($period, closed_on) = $period_start
```
"""
PERIODS = [
    ("month", "2026-04-01", "2026-04-30", False), ("month", "2026-05-01", "2026-05-31", False), ("month", "2026-06-01", "2026-06-24", True),
    ("quarter", "2026-01-01", "2026-03-31", False), ("quarter", "2026-04-01", "2026-06-24", True),
    ("week", "2025-12-29", "2026-01-04", False), ("week", "2026-06-15", "2026-06-21", False), ("week", "2026-06-22", "2026-06-24", True),
    ("all", "2026-01-05", "2026-06-24", True),
]  # fmt: skip


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute("create schema core; create table core.periods (period varchar, period_start date, last_day date, is_running boolean)")
        opened.executemany("insert into core.periods values (?, ?, ?, ?)", [list(p) for p in PERIODS])
        opened.execute("insert into core.periods values ('year', '2026-01-01', '2026-06-24', true)")
        opened.execute("create table core.deals as select * from (values (1, date '2026-05-04'), (2, date '2026-05-31'), (3, date '2026-06-23')) as d (deal_id, closed_on)")
        yield opened


@pytest.fixture
def report(tmp_path):
    return load(tmp_path, TEXT)


def load(folder, text):
    for words in REPORTS.glob("words.*.toml"):
        shutil.copy(words, folder)
    (folder / "r.md").write_text(text, encoding="utf-8")
    return Report.load(folder / "r.md")


def document(report, connection, language="en"):
    return report.document(report.ask(connection), language, {})


@pytest.mark.parametrize(
    "length, start, name, english, spanish, won",
    [
        ("month", date(2026, 5, 1), "r.2026-05", "Title, May 2026", "Informe, mayo de 2026", 2),
        ("week", date(2026, 6, 22), "r.2026-W26", "Title, week of 22 June 2026", "Informe, semana del 22 de junio de 2026", 1),
        ("week", date(2025, 12, 29), "r.2026-W01", "Title, week of 29 December 2025", "Informe, semana del 29 de diciembre de 2025", 0),
        ("quarter", date(2026, 4, 1), "r.2026-Q2", "Title, Q2 2026", "Informe, T2 2026", 3),
        # Without a start it is the newest that has ended.
        ("month", None, "r.2026-05", "Title, May 2026", "Informe, mayo de 2026", 2),
        ("quarter", None, "r.2026-Q1", "Title, Q1 2026", "Informe, T1 2026", 0),
    ],
)
def test_an_edition_is_of_one_period(report, connection, length, start, name, english, spanish, won):
    edition = report.of_period(connection, length, start)
    made = document(edition, connection)
    assert (made.name, made.title, edition.title("es")) == (name, english, spanish)
    assert edition.ask(connection)["won"].rows[0] == {"won": won, "length": length, "said": "$period"}


def test_the_report_itself_is_of_the_period_in_which_as_of_lies(report, connection):
    current = report.current(connection, "month")
    made = document(current, connection)
    assert (made.name, made.title) == ("r", "Title, June 2026")
    assert current.ask(connection)["won"].rows[0]["won"] == 1


def test_a_company_without_periods_gets_a_report_without_one(report, connection):
    connection.execute("delete from core.periods")
    made = document(report.current(connection, "quarter"), connection)
    assert (made.name, made.title) == ("r", "Title")


def test_a_report_that_asks_for_no_period_stays_as_it_is(tmp_path, connection):
    plain = load(tmp_path, TEXT.replace("$period_start", "date '2026-05-01'").replace("$period,", "'month',").replace("$period as", "'month' as"))
    assert document(plain.current(connection, "month"), connection).title == "Title"


def test_a_fiscal_year_names_its_own_quarters(report, connection):
    connection.execute("update core.periods set period_start = '2026-04-01' where period = 'year'")
    connection.execute("insert into core.periods values ('year', '2025-04-01', '2026-03-31', false)")
    first, last = (report.of_period(connection, "quarter", date(2026, m, 1)) for m in (4, 1))
    assert [(e.stem, e.title("en")) for e in (first, last)] == [("r.2026-Q1", "Title, Q1 2026/27"), ("r.2025-Q4", "Title, Q4 2025/26")]
    formats = document(first, connection, "es").formats
    assert [period(date(2026, 6, 30), name, formats) for name in ("quarter", "year", "month")] == ["T1 2026/27", "2026/27", "jun 2026"]


def test_the_query_to_copy_runs_as_it_is(report, connection):
    sql = report.of_period(connection, "month").ask(connection)["deals"].sql
    assert "date_trunc('month', closed_on) = date '2026-05-01'" in sql
    assert connection.execute(sql).fetchall() == [(1, date(2026, 5, 4)), (2, date(2026, 5, 31))]


@pytest.mark.parametrize(
    "length, start, fault",
    [
        ("month", date(2026, 5, 2), "no month with data begins on 2026-05-02; the nearest begin on 2026-04-01, 2026-05-01, 2026-06-01"),
        ("quarter", date(2031, 1, 1), "no quarter with data begins on 2031-01-01; the nearest begin on 2026-01-01, 2026-04-01"),
    ],
)
def test_an_unknown_start_names_the_nearest(report, connection, length, start, fault):
    with pytest.raises(NoEdition) as error:
        report.of_period(connection, length, start)
    assert str(error.value) == fault


def test_what_has_not_ended_is_not_taken_unasked(report, connection):
    connection.execute("delete from core.periods where not is_running")
    with pytest.raises(NoEdition, match="no week has ended by as-of; ask for the running one, which begins on 2026-06-22"):
        report.of_period(connection, "week")
    connection.execute("delete from core.periods")
    with pytest.raises(NoEdition, match="the warehouse holds no week of which to report"):
        report.of_period(connection, "week")


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ("$period as", "$perriod as", ":13: the query 'won' names $perriod; of the edition it may name $period and $period_start"),
        ("sql editions", "sql others", ":13: the query 'won' is of one period, and nothing says which there are; write a query 'editions'"),
        ("from core.periods", "from core.periods where period = $period", ":9: the query 'editions' says which periods there are"),
    ],
)
def test_a_fault_names_its_line(tmp_path, old, new, fault):
    with pytest.raises(ReportError) as error:
        load(tmp_path, TEXT.replace(old, new, 1))
    assert f"r.md{fault}" in str(error.value)


def test_what_the_editions_lack_is_said(tmp_path, connection):
    with pytest.raises(ReportError, match=r"r\.md:9: the query 'editions' gives no column 'is_running'; it gives period, period_start, last_day"):
        load(tmp_path, TEXT.replace(", is_running", "")).editions(connection)


def test_a_week_ends_after_seven_days():
    assert period_end("week-2026-06-29") == date(2026, 7, 6)
    assert period(date(2026, 6, 1), "week", Formats.load(REPORTS, "en", "")) == "week of 1 Jun 2026"
    assert period(date(2026, 6, 1), "week", Formats.load(REPORTS, "en", ""), wide=True) == "week of 1 June 2026"
