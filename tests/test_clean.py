"""Contract + rows: what is kept, what is rejected and why, what is left empty."""

from datetime import date, datetime

import polars as pl
import pytest
from reading_files import survey_one

from assets.sources import generic, hubspot, salesforce
from pipeline_etl import exports
from pipeline_etl.clean import clean
from pipeline_etl.currencies import resolve
from pipeline_etl.decisions import decide
from pipeline_etl.exports import blocks
from pipeline_etl.recognise import Recogniser
from pipeline_etl.records import LINE

ALL = salesforce.CONTRACTS + hubspot.CONTRACTS + generic.CONTRACTS


def cleaned(folder, text, name="x.csv", signs=None):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    export = survey_one(path, folder)
    reading = Recogniser(ALL).recognise(export.headings)
    (block,) = blocks(export)
    return clean(reading.contract, reading, block, decide(export, reading, "UTC", signs))


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
        export = survey_one(path, tmp_path)
        assert decide(export, Recogniser(ALL).recognise(export.headings), "UTC").date_order == order


def all_cleaned(folder, text, zone="UTC", chunk=None, name="x.csv"):
    """(contract name, decisions, one Cleaned per block) of a file."""
    with pytest.MonkeyPatch.context() as patch:
        if chunk:
            patch.setattr(exports, "CHUNK", chunk)
        (folder / name).write_text(text, encoding="utf-8", newline="")
        export = survey_one(folder / name, folder)
        reading = Recogniser(ALL).recognise(export.headings)
        decisions = decide(export, reading, zone)
        return reading.contract.name, decisions, [clean(reading.contract, reading, b, decisions) for b in blocks(export)]


DEALS = "deal_id,stage,created_at,amount,expected_close_date\n"


@pytest.mark.parametrize(
    "row, columns, reason",
    [
        (",lead,2024-01-01,1,", "deal_id", '"deal_id" is empty.'),
        ("  ,lead,2024-01-01,1,", "deal_id", '"deal_id" is empty.'),
        ("1,lead,n/a,1,", "created_at", '"created_at" is empty.'),
        ("1,lead,31/31/2024,1,", "created_at", "\"created_at\" holds '31/31/2024', which is no date and time such as 2024-11-27 10:36."),
        (",,,x,x", "deal_id, stage, created_at", '"deal_id" is empty. "stage" is empty. "created_at" is empty.'),
        (f"1,lead,{'x' * 61},1,", "created_at", f"\"created_at\" holds '{'x' * 57}…', which is no date and time such as 2024-11-27 10:36."),
        (f"1,lead,{'x' * 60},1,", "created_at", f"\"created_at\" holds '{'x' * 60}', which is no date and time such as 2024-11-27 10:36."),
        ("1,lead,2024-01-01,1,,", "", "It has 6 fields where the headings have 5."),
        ('1,"le\nad",,1,', "created_at", '"created_at" is empty.'),
    ],
)
def test_a_rejected_row_is_one_row_with_all_its_faults_and_its_text(tmp_path, row, columns, reason):
    done = cleaned(tmp_path, DEALS + "0,lead,2024-01-01,1,2024-01-01\n" + row + "\n9,lead,2024-01-01,1,2024-01-01\n")
    assert done.rejected.rows() == [(3, columns, reason, row)]
    assert done.kept["deal_id"].to_list() == ["0", "9"]
    assert done.unreadable.height == 0


def test_what_is_optional_and_unreadable_is_left_empty_and_kept_aside_value_by_value(tmp_path):
    done = cleaned(tmp_path, DEALS + "1,lead,2024-01-01,lots,soon\n2,lead,2024-01-01,n/a,\n")
    assert done.kept.select("deal_id", "amount", "expected_close_on").rows() == [("1", None, None), ("2", None, None)]
    original = "1,lead,2024-01-01,lots,soon"
    assert done.unreadable.rows() == [
        (2, "amount", "\"amount\" holds 'lots', which is no amount of money such as 1234.50.", original),
        (2, "expected_close_date", "\"expected_close_date\" holds 'soon', which is no date such as 2024-11-27.", original),
    ]
    assert done.rejected.height == 0


@pytest.mark.parametrize("headings, value, hint", [("is_primary", "perhaps", "yes or no such as true"), ("role,is_primary", "2", "yes or no such as true")])
def test_the_hint_shows_what_would_be_read(tmp_path, headings, value, hint):
    row = ",".join(["1", "2", *[""] * headings.count(","), value])
    done = cleaned(tmp_path, f"deal_id,contact_id,{headings}\n{row}\n")
    assert done.unreadable["reason"].to_list() == [f"\"is_primary\" holds '{value}', which is no {hint}."]


def test_a_column_the_file_has_not_is_empty_and_typed(tmp_path):
    done = cleaned(tmp_path, "deal_id,stage,created_at\n1,lead,2024-01-01\n")
    assert dict(done.kept.schema).items() >= {c.name: c.type.polars for c in generic.DEALS.columns}.items()
    assert done.kept["amount"].to_list() == [None]


@pytest.mark.parametrize(
    "short, long",
    [
        ("006Ec00000AieKF", "006Ec00000AieKFIAZ"), ("001A0000006Vm9r", "001A0000006Vm9rIAC"),
        ("AAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAA555"), ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaAAA"), ("000000000000000", "000000000000000AAA"),
        ("aaaaAaaaaaaaaaA", "aaaaAaaaaaaaaaAQAQ"),
    ],
)  # fmt: skip
def test_salesforce_ids_of_fifteen_characters_get_their_last_three(short, long):
    ids = pl.DataFrame({"id": [short, long, f"{short} ", short[:14], short + "X", "é" + short[1:]]})
    made = ids.select(salesforce.record_id(pl.col("id"))).to_series().to_list()
    assert made == [long, long, f"{short} ", short[:14], short + "X", "é" + short[1:]]


def test_records_whose_ids_differ_in_case_alone_stay_apart(tmp_path):
    done = cleaned(tmp_path, "Id,Username,Name\n005Ec00000AieKF,a,A\n005ec00000aiekf,b,B\n 005Ec00000AieKFIAZ ,c,C\n")
    first, second, third = done.kept["owner_id"]
    assert first == third != second
    assert first.casefold() != second.casefold()


def test_every_salesforce_id_of_a_row_is_made_long(tmp_path):
    done = cleaned(tmp_path, "Id,Name,StageName,CreatedDate,AccountId,OwnerId,CampaignId\n006Ec00000AieKF,n,s,2024-01-01,001Ec00000AieKF,005Ec00000AieKF,701Ec00000AieKF\n")
    ids = done.kept.select("deal_id", "account_id", "owner_id", "campaign_id").row(0)
    assert ids == tuple(f"{p}Ec00000AieKFIAZ" for p in ("006", "001", "005", "701"))


def test_a_stand_in_is_put_together_from_what_is_there(tmp_path):
    done = cleaned(tmp_path, "email,occurred_at,channel,event_type,campaign_id\n,2024-01-01 10:00,email,open,\nA@x.com,2024-01-01 10:00,email,open,7\nbad,,,,\n")
    assert done.kept["touch_id"].to_list() == ["||2024-01-01 10:00:00.000000|open|email|", "a@x.com||2024-01-01 10:00:00.000000|open|email|7"]
    given = cleaned(tmp_path, "touch_id,email,occurred_at,channel\nt1,a@x.com,2024-01-01,email\n,a@x.com,2024-01-01,email\n")
    assert given.kept["touch_id"].to_list() == ["t1"]


HUBSPOT = "Record ID,Deal Name,Deal Stage,Create Date"


@pytest.mark.parametrize(
    "heading, stage, pipeline",
    [
        ('Date entered "Closed Won (Sales Pipeline)"', "Closed Won", "Sales Pipeline"),
        ("Date entered “Closed Won (Sales Pipeline)”", "Closed Won", "Sales Pipeline"),
        ('date ENTERED "Demo (Sales)"', "Demo", "Sales"),
        ("Date entered Demo (Sales)", "Demo", "Sales"),
        ('Date entered "Trial (14 days) (Sales)"', "Trial (14 days)", "Sales"),
        ('Fecha de entrada en "Demo (Ventas)"', "Demo", "Ventas"),
        ('Fecha de ingreso a la etapa "Demo (Ventas)"', "Demo", "Ventas"),
        ("hs_v2_date_entered_closedwon", "closedwon", None),
        ("hs_v2_date_entered_12345678", "12345678", None),
        ("hs_v2_date_entered_current_stage_7", "current_stage_7", None),
        ("hs_date_entered_appointmentscheduled", "appointmentscheduled", None),
        pytest.param('Date entered "Demo (Sales (EU))"', "Demo", "Sales (EU)"),
    ],
)
def test_a_date_of_entry_becomes_a_row(tmp_path, heading, stage, pipeline):
    quoted = '"' + heading.replace('"', '""') + '"'
    done = cleaned(tmp_path, f"{HUBSPOT},{quoted}\n7,A,Demo,2024-01-01,2024-02-03 04:05\n8,B,Demo,2024-01-01,\n")
    assert done.spread.rows() == [("7", stage, pipeline, 1, datetime(2024, 2, 3, 4, 5), 2)]


@pytest.mark.parametrize(
    "heading",
    [
        "hs_v2_date_entered_current_stage", "hs_v2_date_exited_closedwon", "hs_v2_cumulative_time_in_closedwon", "hs_v2_latest_time_in_closedwon",
        'Date exited "Demo (Sales)"', 'Cumulative time in "Demo (Sales)"', "Date entered current stage", "Close Date",
    ],
)  # fmt: skip
def test_other_dates_are_no_rows(tmp_path, heading):
    quoted = '"' + heading.replace('"', '""') + '"'
    assert cleaned(tmp_path, f"{HUBSPOT},{quoted}\n7,A,Demo,2024-01-01,2024-02-03 04:05\n").spread is None


def test_dates_of_entry_count_their_places_and_share_the_fate_of_their_row(tmp_path):
    text = f"hs_v2_date_entered_a,{HUBSPOT},hs_v2_date_entered_b,hs_v2_date_entered_current_stage\n"
    text += "2024-01-02,7,A,Demo,2024-01-01,2024-01-03,2024-01-03\n2024-01-02,,A,Demo,2024-01-01,never,2024-01-03\n"
    done = cleaned(tmp_path, text)
    assert done.spread.select("deal_id", "stage", "position", LINE).rows() == [("7", "a", 1, 2), ("7", "b", 2, 2)]
    assert done.kept["stage_changed_at"].to_list() == [datetime(2024, 1, 3)]
    assert done.rejected["line"].to_list() == [3]
    assert done.unreadable.height == 0


@pytest.mark.parametrize(
    "text, order, mark",
    [
        ('1,a,2024-01-01,"1,250",3/4/2024\n', "month/day (assumed: no day above 12)", "."),
        ('1,a,2024-01-01,"1,5",13/4/2024\n', "day/month", ","),
        ("1,a,2024-01-01,1.5,4/13/2024\n", "month/day", "."),
        ('1,a,2024-01-01,1.5,\n2,a,2024-01-01,"1,5",\n', "", "undecided"),
        ("1,a,2024-01-01,,\n", "", "."),
        ("1;a;2024-01-01;1.250;3/4/2024\n", "day/month (assumed: no day above 12)", "undecided"),
        ("1;a;2024-01-01;1,5;4/13/2024\n", "month/day", ","),
        ("1;a;2024-01-01;1,5;4/13/2024\n2;a;13/4/2024;1,5;\n", "created_at: day/month; expected_close_date: month/day", ","),
        ("1;a;2024-01-01;1.5;\n", "", "."),
    ],
)
def test_what_is_decided_for_a_file_and_on_what_grounds(tmp_path, text, order, mark):
    head = DEALS.replace(",", ";") if ";" in text else DEALS
    _, decisions, _ = all_cleaned(tmp_path, head + text)
    assert (decisions.date_order, decisions.decimal_mark) == (order, mark)


def test_an_amount_that_could_be_two_is_refused_until_another_decides(tmp_path):
    head = DEALS.replace(",", ";")
    undecided = cleaned(tmp_path, head + "1;a;2024-01-01;1.250;\n")
    assert undecided.kept["amount"].to_list() == [None]
    assert undecided.unreadable["column_name"].to_list() == ["amount"]
    assert cleaned(tmp_path, head + "1;a;2024-01-01;1.250;\n2;a;2024-01-01;7,5;\n").kept["amount"].to_list() == [1250, 7.5]
    assert cleaned(tmp_path, head + "1;a;2024-01-01;1.250;\n2;a;2024-01-01;7.5;\n").kept["amount"].to_list() == [1.25, 7.5]


def test_a_later_block_decides_for_the_earlier_ones(tmp_path):
    rows = "".join(f"{n},a,3/4/2024,7,\n" for n in range(40))
    _, decisions, done = all_cleaned(tmp_path, DEALS + rows + "99,a,13/4/2024,7,\n", chunk=64)
    assert len(done) > 5
    assert decisions.date_order == "day/month"
    assert {d.month for part in done for d in part.kept["created_at"]} == {4}


def test_wide_dates_are_evidence_too(tmp_path):
    _, decisions, (done,) = all_cleaned(tmp_path, f"{HUBSPOT},hs_v2_date_entered_a\n7,A,Demo,3/4/2024,13/4/2024\n")
    assert decisions.date_order == "day/month"
    assert done.kept["created_at"].to_list() == [datetime(2024, 4, 3)]


def test_times_without_a_zone_are_of_the_zone_that_is_set(tmp_path):
    _, _, (done,) = all_cleaned(tmp_path, DEALS + "1,a,2024-07-01 00:30,1,2024-07-01\n", zone="Europe/Madrid")
    assert done.kept.select("created_at", "expected_close_on").rows() == [(datetime(2024, 6, 30, 22, 30), date(2024, 7, 1))]


def test_the_name_of_the_file_says_nothing(tmp_path):
    text = DEALS + "1,a,2024-01-01,1,\n"
    assert {all_cleaned(tmp_path, text, name=n)[0] for n in ("contacts.csv", "Opportunity.txt", "x'; drop.csv")} == {"generic_deals"}


@pytest.mark.parametrize(
    "text, contract",
    [
        ("Opportunity ID,Opportunity Name,From Stage,To Stage,Last Modified,Last Modified By\n006Ec00000AieKF,Big,Lead,Demo,2024-01-05 10:00,Ann\n", "salesforce_opportunity_history"),
        ("OpportunityId,CreatedDate,StageName,Amount,CloseDate\n006Ec00000AieKF,2024-01-05,Demo,5,2024-02-02\n", "salesforce_opportunity_history"),
        ("OpportunityId,CreatedDate,Field,OldValue,NewValue\n006Ec00000AieKF,2024-01-05,StageName,Lead,Demo\n", "salesforce_opportunity_field_history"),
    ],
    ids=["history report", "history", "field history"],
)
def test_a_history_without_ids_of_its_own_is_read(tmp_path, text, contract):
    name, _, (done,) = all_cleaned(tmp_path, text + text.splitlines()[1].replace("Demo", "Offer") + "\n")
    assert name == contract
    assert done.kept["deal_id"].to_list() == ["006Ec00000AieKFIAZ"] * 2
    assert done.kept["history_id"].n_unique() == 2


def test_nothing_but_the_contract_is_kept(tmp_path):
    done = cleaned(tmp_path, "Id,Username,Name\n005Ec00000AieKF,a,A\n")
    assert done.kept.columns == [*(c.name for c in salesforce.USERS.columns), LINE]


def test_dates_that_begin_in_a_later_block_are_decided_by_their_own_evidence(tmp_path):
    rows = "".join(f"{n},a,2024-01-01,7,\n" for n in range(40))
    _, decisions, done = all_cleaned(tmp_path, DEALS + rows + "98,a,2024-01-01,7,3/4/2024\n99,a,2024-01-01,7,13/4/2024\n", chunk=64)
    assert decisions.date_order == "day/month"
    assert [d for part in done for d in part.kept["expected_close_on"] if d] == [date(2024, 4, 3), date(2024, 4, 13)]


def test_a_decimal_mark_that_shows_late_is_seen(tmp_path):
    rows = "".join(f"{n},a,2024-01-01,7,\n" for n in range(40))
    _, decisions, _ = all_cleaned(tmp_path, DEALS + rows + '98,a,2024-01-01,"1.234,50",\n', chunk=64)
    assert decisions.decimal_mark == ","


@pytest.mark.parametrize(
    "amount, said, base, currency, is_read",
    [
        # amount, currency column, base currency -> currency, whether the amount is read
        ("$5", "", "", "USD", True), ("$5", "CAD", "", "CAD", True), ("$5", "", "AUD", "AUD", True), ("$5", "EUR", "", None, False),
        ("$5", "", "EUR", None, False), ("€5", "", "USD", "EUR", True), ("5 €", "eur", "", "EUR", True), ("5 USD", "", "EUR", "USD", True),
        ("5", "", "EUR", None, True), ("5", "GBP", "EUR", "GBP", True), ("5", "Euro (EUR)", "", "EUR", True), ("9 000 Kč", "", "EUR", "CZK", True),
        ("5 kr", "", "DKK", "DKK", True), ("5 kr", "", "", "SEK", True), ("5", "$", "", "USD", True), ("", "GBP", "", "GBP", False),
    ],
)  # fmt: skip
def test_the_currency_is_told_by_its_column_or_the_sign_or_not_at_all(tmp_path, amount, said, base, currency, is_read):
    done = cleaned(tmp_path, f'deal_id,stage,created_at,amount,currency\n1,lead,2024-01-01,"{amount}",{said}\n', signs=resolve(base, {}))
    assert done.kept["currency"].to_list() == [currency]
    assert (done.kept["amount"][0] is not None) == is_read
    assert done.unreadable.height == (not is_read and amount != "")


def test_the_currency_may_stand_in_the_heading_and_settings_say_what_a_shared_sign_means(tmp_path):
    text = "deal_id,stage,created_at,Amount ({}),currency\n1,lead,2024-01-01,5,\n2,lead,2024-01-01,£6,\n3,lead,2024-01-01,7,CHF\n"
    assert cleaned(tmp_path, text.format("EUR")).kept["currency"].to_list() == ["EUR", "GBP", "CHF"]
    assert cleaned(tmp_path, text.format("$"), signs=resolve("EUR", {"$": "CAD"})).kept["currency"].to_list() == ["CAD", "GBP", "CHF"]


def test_a_row_of_totals_is_said_to_be_one(tmp_path):
    done = cleaned(tmp_path, "date,campaign,cost,clicks\n2024-01-01,a,1.50,1\nTotal: all,--,1.50,1\n")
    assert done.kept.height == 1
    assert done.rejected.rows() == [(3, "", "It is a total of other rows.", "Total: all,--,1.50,1")]


@pytest.mark.parametrize("cells, shares", [(["10", "100", "55"], [0.1, 1.0, 0.55]), (["0.1", "1", "0.55"], [0.1, 1.0, 0.55]), (["10%", "1", "0.5"], [0.1, 1.0, 0.5])])
def test_the_scale_of_shares_is_told_from_the_whole_column(tmp_path, cells, shares):
    rows = "".join(f"{n},lead,2024-01-01,{cell}\n" for n, cell in enumerate(cells))
    assert cleaned(tmp_path, "deal_id,stage,created_at,probability\n" + rows).kept["probability"].to_list() == pytest.approx(shares)


def test_each_column_of_dates_has_its_own_order(tmp_path):
    text = "deal_id,stage,created_at,expected_close_date,updated_at\n1,lead,3/4/2024,4/13/2024,2024-01-01\n2,lead,13/4/2024,3/4/2024,3/4/2024\n"
    done = cleaned(tmp_path, text)
    assert done.kept["created_at"].dt.month().to_list() == [4, 4]
    assert done.kept["expected_close_on"].dt.month().to_list() == [4, 3]


def test_headings_in_a_language_that_writes_the_day_first_decide_where_no_date_does(tmp_path):
    done = cleaned(tmp_path, "id_negocio,etapa,fecha_creacion,importe\n1,lead,03/04/2024,5\n")
    assert done.kept["created_at"].to_list() == [datetime(2024, 4, 3)]
