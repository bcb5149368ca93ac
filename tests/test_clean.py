"""Contract + rows: what is kept, what is rejected and why, what is left empty."""

import polars as pl
import pytest

from assets.sources import generic, hubspot, salesforce
from pipeline_etl.clean import clean, decide
from pipeline_etl.exports import blocks, survey
from pipeline_etl.recognise import Recogniser
from pipeline_etl.records import LINE

ALL = salesforce.CONTRACTS + hubspot.CONTRACTS + generic.CONTRACTS


def cleaned(folder, text, name="x.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    export = survey(path, folder)
    reading = Recogniser(ALL).recognise(export.headings)
    (block,) = blocks(export)
    return clean(reading.contract, reading, block, decide(export, reading, "UTC"))


def test_each_fault_is_said_in_one_sentence(tmp_path):
    done = cleaned(tmp_path, "deal_id,stage,created_at,amount\n1,lead,2024-01-01,10\n,lead,2024-01-01,10\n3,,soon,10\n4,lead\n5,lead,2024-01-01,1x\n")
    assert done.kept["deal_id"].to_list() == ["1", "5"]
    assert done.rejected.rows() == [
        (3, "deal_id", '"deal_id" is empty.', ",lead,2024-01-01,10"),
        (4, "stage, created_at", "\"stage\" is empty. \"created_at\" holds 'soon', which is no date and time such as 2024-11-27 10:36.", "3,,soon,10"),
        (5, "", "It has 2 fields where the headings have 4.", "4,lead"),
    ]
    assert done.unreadable.rows() == [(6, "amount", "\"amount\" holds '1x', which is no amount of money such as 1234.50.", "5,lead,2024-01-01,1x")]


def test_a_rejected_row_has_no_unreadable_values_besides(tmp_path):
    done = cleaned(tmp_path, "deal_id,stage,created_at,amount\n,lead,2024-01-01,1x\n2,lead,2024-01-01,3\n")
    assert done.unreadable.height == 0
    assert done.rejected.height == 1


def test_ids_are_text_and_keep_their_zeros(tmp_path):
    done = cleaned(tmp_path, "deal_id,stage,created_at\n007,lead,2024-01-01\n1e3,lead,2024-01-01\n")
    assert done.kept["deal_id"].to_list() == ["007", "1e3"]


def test_fifteen_and_eighteen_characters_are_one_record_and_case_matters():
    ids = pl.DataFrame({"id": ["006Ec00000AieKF", "006Ec00000AieKFIAZ", "006Ec00000aiekf", "short", None]})
    assert ids.select(salesforce.record_id(pl.col("id"))).to_series().to_list() == [
        "006Ec00000AieKFIAZ", "006Ec00000AieKFIAZ", "006Ec00000aiekfIAC".replace("IAC", "IAA"), "short", None,
    ]  # fmt: skip


def test_a_touch_without_an_id_gets_one_from_what_it_is(tmp_path):
    done = cleaned(tmp_path, "email,occurred_at,channel,event_type\na@x.com,2024-01-01,email,open\na@x.com,2024-01-02,email,open\n")
    first, second = done.kept["touch_id"]
    assert first != second
    assert "a@x.com" in first


def test_wide_date_columns_become_rows_in_their_order(tmp_path):
    text = 'Record ID,Deal Name,Deal Stage,Create Date,"Date entered ""Demo (Sales)""","Date entered ""Closed Won (Sales)"""\n1,A,Demo,2024-01-01 10:00,2024-01-02 10:00,\n2,B,Demo,2024-01-01 10:00,later,2024-01-05 10:00\n'
    done = cleaned(tmp_path, text)
    assert done.spread.drop(LINE).rows() == [
        ("1", "Demo", "Sales", 1, done.spread["entered_at"][0]),
        ("2", "Closed Won", "Sales", 2, done.spread["entered_at"][1]),
    ]
    assert done.unreadable["reason"].to_list() == ["\"Date entered \"Demo (Sales)\"\" holds 'later', which is no date and time such as 2024-11-27 10:36."]


@pytest.mark.parametrize(
    "heading, stage",
    [
        ("hs_v2_date_entered_closedwon", "closedwon"),
        ("hs_date_entered_abc123_999", "abc123_999"),
        ("hs_v2_date_entered_current_stage", None),
        ('Date entered "Proposal (EU) (Sales Pipeline)"', "Proposal (EU)"),
        ("Date exited \"Demo (Sales)\"", None),
    ],
)
def test_which_headings_are_dates_of_entry(heading, stage):
    found = hubspot.DEALS.spread.match(heading)
    assert (found and found["stage"]) == stage


def test_the_order_of_day_and_month_is_decided_for_the_whole_file(tmp_path):
    head = "deal_id,stage,created_at\n"
    assert cleaned(tmp_path, head + "1,a,3/4/2024\n2,a,13/4/2024\n").kept["created_at"].dt.month().to_list() == [4, 4]
    assert cleaned(tmp_path, head + "1,a,3/4/2024\n2,a,4/13/2024\n").kept["created_at"].dt.month().to_list() == [3, 4]


def test_the_grounds_of_a_decision_are_said(tmp_path):
    path = tmp_path / "x.csv"
    for text, order in (
        ("deal_id;stage;created_at\n1;a;3/4/2024\n", "day/month (assumed: no day above 12)"),
        ("deal_id,stage,created_at\n1,a,3/4/2024\n", "month/day (assumed: no day above 12)"),
        ("deal_id,stage,created_at\n1,a,13/4/2024\n2,a,4/13/2024\n", "both orders occur; read as month/day"),
        ("deal_id,stage,created_at\n1,a,2024-04-13\n", ""),
    ):
        path.write_text(text)
        export = survey(path, tmp_path)
        assert decide(export, Recogniser(ALL).recognise(export.headings), "UTC").date_order == order
