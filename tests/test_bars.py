"""Small charts in Markdown: their line in a model, their query, and that Dagster shows them in place."""

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline_etl.bars import ROOM, Bars, markdown
from pipeline_etl.model import ModelError, read_model


def drawn(line, table):
    with duckdb.connect() as connection:
        connection.execute(f"create table t as {table}")
        bars = Bars.parse(line)
        return markdown(bars, connection.execute(bars.query("t")).fetchall())


def test_the_largest_comes_first():
    assert drawn("rows by status", "select unnest(['won', 'open', 'open', null]) as status").splitlines() == [
        "| status | rows | |",
        "|---|--:|---|",
        "| open | 2 | ████████████████ |",
        "| won | 1 | ████████ |",
        "| – | 1 | ████████ |",
    ]


def test_a_column_is_summed_in_the_order_asked_for_without_the_totals():
    table = "select * from (values ('b', 1, 1.25), ('a', 2, 0.75), ('a', 2, 1.75), ('all', null, 3.75)) as v (stage, place, amount)"
    assert drawn("amount by stage where stage <> 'all' order by place", table).splitlines()[2:] == ["| b | 1.25 | ████████ |", "| a | 2.5 | ████████████████ |"]


def test_of_dates_the_newest_are_shown():
    days = "select day::date as day, 1000 as n from range(date '2026-01-01', date '2026-03-01', interval 1 day) as r (day)"
    lines = drawn("n by day order by day", days).splitlines()
    assert (lines[2], lines[-1]) == ("| … | | 44 before |", "| 2026-02-28 | 1,000 | ████████████████ |")


def test_nothing_is_drawn_of_nothing():
    assert drawn("rows by status", "select 'x' as status where false") == ""
    assert drawn("n by status", "select 'x' as status, 0 as n") == ""


@given(st.lists(st.tuples(st.text(max_size=60), st.none() | st.floats(-1e15, 1e15, allow_nan=False)), max_size=40))
def test_it_always_fits_and_every_line_is_a_row_of_three_cells(rows):
    text = markdown(Bars("n", ("stage", "pipeline")), rows)
    assert len(text) < ROOM
    for line in text.split("\n") if text else []:
        assert line.replace("\\|", "").count("|") == 4


@pytest.mark.parametrize("line", ["", "open_deals", "open_deals by", "sum(x) by y", "rows by a; drop table t"])
def test_what_reads_otherwise_is_refused(line, tmp_path):
    (tmp_path / "t.sql").write_text(f"-- One row per x.\n-- grain: x\n-- bars: {line}\nselect 1 as x")
    with pytest.raises(ModelError, match=r"t\.sql:3: `bars:` reads `value by column"):
        read_model(tmp_path / "t.sql")


def test_every_chart_of_a_mart_is_drawn_within_its_rows(catalog):
    charted = {m.table for m in catalog.tables if m.bars}
    assert {"marts.deals", "marts.stage_snapshot", "marts.pipeline_health", "marts.channel_performance"} <= charted
    newest = [(date(2026, 1, 1) + timedelta(n), float(n)) for n in range(30)]
    assert "2026-01-30" in markdown(next(m.bars for m in catalog.tables if m.table == "marts.stage_daily"), newest)
