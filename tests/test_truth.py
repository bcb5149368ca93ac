"""The demo company, from its exports to the warehouse, against what is known to be true of it."""

import duckdb
import pytest
from comparing import KEYS, compare

from assets.demo import write_demo


@pytest.fixture(scope="module")
def demo(demo_home, tmp_path_factory):
    """A home in which the demo company was run by the command, its truth, and what was said."""
    return demo_home, write_demo(tmp_path_factory.mktemp("truth")), (demo_home / "said.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def warehouse(demo):
    """The published warehouse, open for reading."""
    with duckdb.connect(str(demo[0] / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


def rows(connection, query):
    cursor = connection.execute(query)
    names = [c[0] for c in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("table", KEYS)
def test_every_metric_is_true_to_the_cent_and_the_deal(demo, warehouse, table):
    found = rows(warehouse, f"select * from {table}")
    known = demo[1][table]
    if table in ("marts.stage_snapshot", "marts.stage_conversion", "marts.stage_duration", "marts.stage_daily"):
        # A retired stage has its place in the usual ladder; both sides number the stages alike.
        assert len(found) == len(known)
    compare(table, found, known)


def test_every_row_of_every_file_is_accounted_for(demo, warehouse):
    counts = ("rows", "kept", "rejected", "duplicates", "unreadable_values")
    found = {r["path"]: {c: r[c] for c in counts} for r in rows(warehouse, "select * from quality.files where status = 'read'")}
    assert found == {f["path"]: {c: f[c] for c in counts} for f in demo[1]["files"]}


def test_files_that_are_no_exports_are_named_with_a_reason(warehouse):
    strangers = rows(warehouse, "select path, status, note from quality.files where status <> 'read' order by path")
    assert [(s["path"], s["status"]) for s in strangers] == [("notes/README.txt", "unknown"), ("notes/parking.csv", "unknown")]
    assert all("headings" in s["note"] for s in strangers)


def test_rejected_rows_carry_line_reason_and_text(warehouse):
    found = rows(warehouse, "select * from quality.rejected_rows where path = 'salesforce/Opportunity.csv' order by line")
    assert [r["reason"] for r in found] == [
        '"Id" is empty.',
        "\"CreatedDate\" holds 'yesterday', which is no date and time such as 2024-11-27 10:36.",
        '"StageName" is empty.',
        "It has 3 fields where the headings have 21.",
    ]
    assert found[-1]["original"] == '"006000000000000AAA","false","cut off here"'


def test_the_laws_hold_and_all_checks_pass(warehouse):
    assert rows(warehouse, "select * from quality.reconciliation where difference <> 0") == []
    assert rows(warehouse, "select * from quality.checks where not passed") == []


def test_the_summary_says_what_a_person_wants_to_know(demo):
    for part in ("older duplicates", "As of      2026-06-30 18:00 UTC", "win rate", "warehouse.duckdb", "pipeline.es.html"):
        assert part in demo[2]


def test_every_promised_column_is_commented(warehouse):
    silent = rows(
        warehouse,
        "select schema_name, table_name, column_name from duckdb_columns()"
        " where schema_name in ('marts', 'quality') and comment is null",
    )
    assert silent == []


def test_the_reports_are_there_in_both_languages(demo):
    english, spanish = (demo[0] / "reports" / f"pipeline.{language}.html" for language in ("en", "es"))
    assert "How is the pipeline?" in english.read_text(encoding="utf-8")
    assert "¿Cómo está el pipeline de ventas?" in spanish.read_text(encoding="utf-8")
