"""Texts as values: money, dates, yes and no, in the ways that real exports write them."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from pipeline_etl import Boolean, Column, Date, Email, Integer, Money, Number, Percent, String, Timestamp
from pipeline_etl.moments import day_evidence
from pipeline_etl.numbers import decimal_evidence, decimals
from pipeline_etl.values import Style, read


def one(text, kind, style=None, **more):
    return read(pl.Series("c", [text]), Column("c", kind, "", **more), style or Style(decimal="."))[0][0]


@pytest.mark.parametrize(
    "text, mark, value",
    [
        ("1234.5", ".", "1234.5"), ("$12,345.60", ".", "12345.60"), ("1,250", ".", "1250"), ("1,234,567", ".", "1234567"),
        ("-3", ".", "-3"), ("(12.00)", ".", "-12"), ("12-", ".", "-12"), ("45k", ".", "45000"), ("$141.56K", ".", "141560"),
        ("€3.5m", ".", "3500000"), ("USD 20", ".", "20"), ("9 000 Kč", ".", "9000"), ("0.123", ".", "0.123"),
        ("1.234,50", ",", "1234.50"), ("1\u00a0234,56", ",", "1234.56"), ("1.250", ",", "1250"), ("12,5", ",", "12.5"),
        ("1.250", ".", "1.25"),
        # Without knowing the file's mark, what can be read in only one way is, and nothing else.
        ("1.250", None, None), ("1,250", None, None), ("1.250,50", None, "1250.50"), ("1,250.50", None, "1250.50"),
        ("12,5", None, "12.5"), ("0.123", None, "0.123"), ("7", None, "7"),
        ("abc", ".", None), ("12,34,5x", ".", None), ("1.2.3", ".", None), ("1,25", ".", "1.25"), ("", ".", None), ("1e5", ".", "100000"),
    ],
)  # fmt: skip
def test_money(text, mark, value):
    assert decimals(pl.Series("c", [text]), mark)[0] == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    "text, value",
    [
        ("2024-11-27 10:36", datetime(2024, 11, 27, 10, 36)),
        ("2024-01-22T16:14:25.000+0000", datetime(2024, 1, 22, 16, 14, 25)),
        ("2024-01-22T16:14:25.000Z", datetime(2024, 1, 22, 16, 14, 25)),
        ("2024-01-22T16:14:25+02:00", datetime(2024, 1, 22, 14, 14, 25)),
        ("2024-01-22 16:14:25 UTC", datetime(2024, 1, 22, 16, 14, 25)),
        ("4/19/2024", datetime(2024, 4, 19)), ("4/9/24", datetime(2024, 4, 9)), ("12/31/2024 4:05 PM", datetime(2024, 12, 31, 16, 5)),
        ("Apr 9, 2024", datetime(2024, 4, 9)), ("1700000000", datetime(2023, 11, 14, 22, 13, 20)),
        ("1700000000000", datetime(2023, 11, 14, 22, 13, 20)),
        ("2024-02-30", None), ("31/12/2024", None), ("soon", None), ("n/a", None), ("0024-01-01", None), ("2500-01-01", None),
    ],
)  # fmt: skip
def test_times(text, value):
    assert one(text, Timestamp) == value


def test_the_day_comes_first_where_the_file_says_so():
    style = Style(day_first=True)
    assert one("3/4/2025", Date, style) == date(2025, 4, 3)
    assert one("31.12.2024 23:59", Timestamp, style) == datetime(2024, 12, 31, 23, 59)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid", "America/Los_Angeles", "Pacific/Auckland"])
def test_a_date_never_moves_by_a_day(zone):
    for text in ("2024-03-31", "2024-03-31 00:10", "2024-03-31 23:50"):
        assert one(text, Date, Style(zone=zone)) == date(2024, 3, 31)


def test_local_times_become_utc_and_gaps_are_not_guessed():
    madrid = Style(zone="Europe/Madrid")
    assert one("2024-07-01 12:00", Timestamp, madrid) == datetime(2024, 7, 1, 10)
    assert one("2024-10-27 02:30", Timestamp, madrid) == datetime(2024, 10, 27, 0, 30)
    assert one("2024-03-31 02:30", Timestamp, madrid) is None
    assert one("2024-07-01", Timestamp, madrid) == datetime(2024, 7, 1)
    assert one("2024-07-01T12:00:00Z", Timestamp, madrid) == datetime(2024, 7, 1, 12)


def test_mixed_formats_in_one_column():
    texts = pl.Series("c", ["2024-01-02", None, "3/4/2024", "nonsense", "2024-01-02 03:04"])
    values, present = read(texts, Column("c", Timestamp, ""), Style())
    assert values.to_list() == [datetime(2024, 1, 2), None, datetime(2024, 3, 4), None, datetime(2024, 1, 2, 3, 4)]
    assert present.null_count() == 1


@pytest.mark.parametrize("text, value", [("true", True), ("1", True), ("Sí", True), ("FALSE", False), ("Nein", False), ("", None), ("maybe", None)])
def test_yes_and_no(text, value):
    assert one(text, Boolean) is value


@pytest.mark.parametrize("text, scale, value", [("10", 100, 0.1), ("25%", 1, 0.25), ("0.4", 1, 0.4), ("100", 100, 1.0), ("x", 1, None)])
def test_percentages(text, scale, value):
    assert one(text, Percent, scale=scale) == (value if value is None else pytest.approx(value))


def test_whole_numbers_texts_and_addresses():
    assert [one(t, Integer) for t in ("1,000", "2.5", "7")] == [1000, None, 7]
    assert [one(t, String) for t in (" x ", "", "n/a", "0012")] == ["x", None, "n/a", "0012"]
    assert [one(t, Email) for t in (" Ana@X.COM ", "nobody", "")] == ["ana@x.com", None, None]
    assert [one(t, Email) for t in ("a@x.com, b@x.com", "Ana Ruiz <Ana@x.com>", "no body")] == ["a@x.com", "ana@x.com", None]


def test_evidence():
    assert day_evidence(pl.Series(["3/4/2024", "13/4/2024"])) == (True, True, False)
    assert day_evidence(pl.Series(["3/4/2024", "4/13/2024"])) == (True, False, True)
    assert day_evidence(pl.Series(["2024-01-13"])) == (False, False, False)
    assert decimal_evidence(pl.Series(["1.250,5"])) == (True, False)
    assert decimal_evidence(pl.Series(["12.50"])) == (False, True)
    assert decimal_evidence(pl.Series(["1,250", "1.250", "7"])) == (False, False)


POINT, COMMA, UNDECIDED = Style(decimal="."), Style(decimal=","), Style()
NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    "text, point, comma, undecided",
    [
        # text         read with a decimal point, with a comma, not knowing which
        ("$12,345.60", "12345.60", "12345.60", "12345.60"),
        (f"1{NBSP}234,56", "1234.56", "1234.56", "1234.56"),
        (f"1{NARROW}234,56 €", "1234.56", "1234.56", "1234.56"),
        ("1.234,50", "1234.50", "1234.50", "1234.50"),
        ("9 000 Kč", "9000", "9000", "9000"),
        ("1.250", "1.25", "1250", None),
        ("1,250", "1250", "1.25", None),
        ("€1.250", "1.25", "1250", None),
        ("-1,250", "-1250", "-1.25", None),
        ("1.250k", "1250", "1250000", None),
        ("1.250.000", "1250000", "1250000", "1250000"),
        ("1,250,000", "1250000", "1250000", "1250000"),
        ("1.250,000", "1250", "1250", "1250"),
        ("12.5", "12.5", "12.5", "12.5"),
        ("12,5", "12.5", "12.5", "12.5"),
        ("1234.567", "1234.567", "1234.567", "1234.567"),
        ("45k", "45000", "45000", "45000"),
        ("$141.56K", "141560", "141560", "141560"),
        ("2MM", "2000000", "2000000", "2000000"),
        ("1.5b", "1500000000", "1500000000", "1500000000"),
        ("(12.00)", "-12", "-12", "-12"),
        ("($1,234.50)", "-1234.50", "-1234.50", "-1234.50"),
        ("-$7", "-7", "-7", "-7"),
        ("7-", "-7", "-7", "-7"),
        ("+7", "7", "7", "7"),
        ("0", "0", "0", "0"),
        ("1'234.50", "1234.50", "1234.50", "1234.50"),
        ("US$ 5", "5", "5", "5"),
        ("5 MXN", "5", "5", "5"),
        ("12,34", "12.34", "12.34", "12.34"),
        ("1 2", None, None, None),
        ("5.", "5", "5", "5"),
        (".5", "0.5", "0.5", "0.5"),
        ("1E7", "10000000", "10000000", "10000000"),
        ("12,34,567.89", "1234567.89", "1234567.89", "1234567.89"),
        ("１２３,５０", "123.5", "123.5", "123.5"),
        ("3,5 Mio. €", "3500000", "3500000", "3500000"),
        ("R$ 5,50", "5.5", "5.5", "5.5"),
        ("0.250", "0.25", "0.25", "0.25"),
        ("1,2,3", None, None, None),
        ("12,3456,789", None, None, None),
        ("k", None, None, None),
        ("$", None, None, None),
        ("12 apples", None, None, None),
        ("2024-01-05", None, None, None),
        ("99999999999999999", None, None, None),
    ],
)  # fmt: skip
def test_money_by_the_decimal_mark_of_the_file(text, point, comma, undecided):
    found = [one(text, Money, style) for style in (POINT, COMMA, UNDECIDED)]
    assert found == [None if v is None else Decimal(v) for v in (point, comma, undecided)]


def test_one_odd_amount_does_not_change_how_its_neighbours_are_read():
    texts = pl.Series("c", ["10", "10.5", None, "$1,000.25", "?", "7.125"])
    values, present = read(texts, Column("c", Money, ""), POINT)
    assert values.to_list() == [Decimal("10"), Decimal("10.5"), None, Decimal("1000.25"), None, Decimal("7.125")]
    assert (present.to_list()[2], present.null_count()) == (None, 1)


@pytest.mark.parametrize("text", ["", "  ", "n/a", "N/A", "NULL", "None", "nan", "-", "--", " — ", "(none)", "(No value)", "#N/A"])
@pytest.mark.parametrize("kind", [Money, Integer, Percent, Boolean, Date, Timestamp])
def test_what_tools_write_for_nothing_is_nothing(text, kind):
    values, present = read(pl.Series("c", [text]), Column("c", kind, ""), POINT)
    assert (values.to_list(), present.to_list()) == ([None], [None])


def test_a_value_that_cannot_be_read_is_told_from_one_that_is_absent():
    for kind in (Money, Integer, Percent, Boolean, Date, Timestamp, Email):
        values, present = read(pl.Series("c", ["?", ""]), Column("c", kind, ""), POINT)
        assert (values.to_list(), present.to_list()) == ([None, None], ["?", None])


@pytest.mark.parametrize(
    "text, moment",
    [
        # text, moment; the files' own styles, the month first
        ("2024-03-05", datetime(2024, 3, 5)),
        ("2024-03-05 14:07", datetime(2024, 3, 5, 14, 7)),
        ("2024-03-05 14:07:09", datetime(2024, 3, 5, 14, 7, 9)),
        ("2024-03-05 14:07:09.123456", datetime(2024, 3, 5, 14, 7, 9, 123456)),
        ("2024-03-05T14:07", datetime(2024, 3, 5, 14, 7)),
        ("2024-03-05T14:07:09", datetime(2024, 3, 5, 14, 7, 9)),
        ("2024-03-05T14:07:09Z", datetime(2024, 3, 5, 14, 7, 9)),
        ("2024-03-05T14:07:09.120Z", datetime(2024, 3, 5, 14, 7, 9, 120000)),
        ("2024-03-05T14:07:09.120+0000", datetime(2024, 3, 5, 14, 7, 9, 120000)),
        ("2024-03-05T14:07:09-05:00", datetime(2024, 3, 5, 19, 7, 9)),
        ("2024-03-05 14:07:09+02", datetime(2024, 3, 5, 12, 7, 9)),
        ("2024-03-05 14:07:09 UTC", datetime(2024, 3, 5, 14, 7, 9)),
        ("2024/03/05", datetime(2024, 3, 5)),
        ("2024/03/05 14:07", datetime(2024, 3, 5, 14, 7)),
        ("2024/03/05 14:07:09", datetime(2024, 3, 5, 14, 7, 9)),
        ("05-Mar-2024", datetime(2024, 3, 5)),
        ("5 Mar 2024", datetime(2024, 3, 5)),
        ("Mar 5, 2024", datetime(2024, 3, 5)),
        ("March 5, 2024", datetime(2024, 3, 5)),
        ("Mar 5, 2024 2:07 PM", datetime(2024, 3, 5, 14, 7)),
        ("March 5, 2024 2:07 pm", datetime(2024, 3, 5, 14, 7)),
        ("3/5/2024", datetime(2024, 3, 5)),
        ("03/05/24", datetime(2024, 3, 5)),
        ("3.5.2024", datetime(2024, 3, 5)),
        ("3-5-2024 14:07", datetime(2024, 3, 5, 14, 7)),
        ("3/5/2024 14:07:09", datetime(2024, 3, 5, 14, 7, 9)),
        ("3/5/2024 12:07 AM", datetime(2024, 3, 5, 0, 7)),
        ("3/5/2024, 2:07 PM", datetime(2024, 3, 5, 14, 7)),
        ("3/5/24 2:07:09 PM", datetime(2024, 3, 5, 14, 7, 9)),
        ("3/5/69", datetime(2069, 3, 5)),
        ("12/31/99", datetime(1999, 12, 31)),
        ("1709647629", datetime(2024, 3, 5, 14, 7, 9)),
        ("1709647629123", datetime(2024, 3, 5, 14, 7, 9, 123000)),
        ("1709647629123.0", datetime(2024, 3, 5, 14, 7, 9, 123000)),
        ("1709647629123456", datetime(2024, 3, 5, 14, 7, 9, 123456)),
        ("20240305", datetime(2024, 3, 5)),
        ("45356", datetime(2024, 3, 5)),
        ("45356.5", datetime(2024, 3, 5, 12)),
        ("3 de marzo de 2025", datetime(2025, 3, 3)),
        ("15. März 2025 14:30 Uhr", datetime(2025, 3, 15, 14, 30)),
        ("12 déc. 2024", datetime(2024, 12, 12)),
        ("4 mars 2025 à 10:15", datetime(2025, 3, 4, 10, 15)),
        ("5 maj 2025", datetime(2025, 5, 5)),
        ("7 lutego 2025", datetime(2025, 2, 7)),
        ("3 februari 2025", datetime(2025, 2, 3)),
        ("1 tammikuuta 2025", datetime(2025, 1, 1)),
        ("2 de fevereiro de 2025", datetime(2025, 2, 2)),
        ("9 maggio 2025", datetime(2025, 5, 9)),
        ("2025年3月4日", datetime(2025, 3, 4)),
        ("Tue, 04 Mar 2025 10:00:00 +0000", datetime(2025, 3, 4, 10)),
        ("Tue Mar 04 2025 10:00:00 GMT+0100 (CET)", datetime(2025, 3, 4, 9)),
        ("March 4, 2025 at 3:05 PM", datetime(2025, 3, 4, 15, 5)),
        ("03/04/2025 10:23 AM GMT+2", datetime(2025, 3, 4, 8, 23)),
        ("2025-03-04 10:00 GMT", datetime(2025, 3, 4, 10)),
        ("99999", None),
        ("170964762", None),
        ("17096476291", None),
        ("2024-13-01", None),
        ("2023-02-29", None),
        ("2024-03-05 25:00", None),
        ("1899-12-31", None),
        ("1900-01-01", datetime(1900, 1, 1)),
        ("2199-12-31", datetime(2199, 12, 31)),
        ("2200-01-01", None),
        ("3/5/0024", None),
        ("006Ec00000AieKF", None),
        ("0031N0000288GeTQAU", None),
    ],
)
def test_moments_in_every_format(text, moment):
    assert one(text, Timestamp) == moment
    assert one(text, Date) == (moment and moment.date())


@pytest.mark.parametrize(
    "text, day_first, month_first",
    [
        ("03/04/2024", date(2024, 4, 3), date(2024, 3, 4)),
        ("13/04/2024", date(2024, 4, 13), None),
        ("04/13/2024", None, date(2024, 4, 13)),
        ("3.4.24", date(2024, 4, 3), date(2024, 3, 4)),
        ("3-4-2024", date(2024, 4, 3), date(2024, 3, 4)),
        ("2024-04-03", date(2024, 4, 3), date(2024, 4, 3)),
        ("2024/04/13", date(2024, 4, 13), date(2024, 4, 13)),
    ],
)
def test_the_order_of_day_and_month_is_kept_to(text, day_first, month_first):
    assert [one(text, Date, Style(day_first=d)) for d in (True, False)] == [day_first, month_first]


@pytest.mark.parametrize(
    "texts, doubt, day, month",
    [
        (["3/4/2024"], True, False, False), (["12/12/2024"], True, False, False), (["13/12/2024"], True, True, False),
        (["12/13/2024"], True, False, True), (["3.4.24", "31.4.24"], True, True, False), (["3-31-2024 10:00"], True, False, True),
        (["31/1/2024", "1/31/2024"], True, True, True), (["2024/13/01"], False, False, False), (["1.13.5"], False, False, False),
        (["10/12/20245"], False, False, False), ([None, ""], False, False, False),
    ],
)  # fmt: skip
def test_evidence_of_the_order_of_day_and_month(texts, doubt, day, month):
    assert day_evidence(pl.Series(texts, dtype=pl.String)) == (doubt, day, month)


@pytest.mark.parametrize(
    "text, comma, point",
    [
        ("12,5", True, False), ("12,50 €", True, False), ("1,2345", True, False), ("1.234,567", True, False), ("1.250.000", True, False),
        ("12.5", False, True), ("$12,345.60", False, True), ("1.2345", False, True), ("1,234.567", False, True), ("1,250,000", False, True),
        ("1,250", False, False), ("1.250", False, False), ("1250", False, False), ("9 000 Kč", False, False), ("45k", False, False), ("(4.50)", False, True),
    ],
)  # fmt: skip
def test_evidence_of_the_decimal_mark(text, comma, point):
    assert decimal_evidence(pl.Series([None, "7", text])) == (comma, point)


@pytest.mark.parametrize(
    "local, utc",
    [
        ("2024-01-15 12:00", datetime(2024, 1, 15, 11)), ("2024-07-15 12:00", datetime(2024, 7, 15, 10)),
        ("2024-07-15 00:30", datetime(2024, 7, 14, 22, 30)),
        ("2024-03-31 01:59:59", datetime(2024, 3, 31, 0, 59, 59)), ("2024-03-31 02:00", None), ("2024-03-31 02:59:59", None),
        ("2024-03-31 03:00", datetime(2024, 3, 31, 1)),
        ("2024-10-27 01:59", datetime(2024, 10, 26, 23, 59)), ("2024-10-27 02:00", datetime(2024, 10, 27)),
        ("2024-10-27 02:59", datetime(2024, 10, 27, 0, 59)), ("2024-10-27 03:00", datetime(2024, 10, 27, 2)),
        ("27/10/2024 02:30", datetime(2024, 10, 27, 0, 30)), ("15/7/2024, 1:00 PM", datetime(2024, 7, 15, 11)),
        ("2024-07-15T12:00:00Z", datetime(2024, 7, 15, 12)), ("15 de julio de 2024 12:00", datetime(2024, 7, 15, 10)), ("2024-07-15T12:00:00+02:00", datetime(2024, 7, 15, 10)),
        ("2024-07-15 12:00:00 UTC", datetime(2024, 7, 15, 12)), ("1709647629", datetime(2024, 3, 5, 14, 7, 9)),
    ],
)  # fmt: skip
def test_local_times_of_madrid(local, utc):
    assert one(local, Timestamp, Style(day_first=True, zone="Europe/Madrid")) == utc


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid", "America/Los_Angeles", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("text", ["2024-12-31", "12/31/2024", "Dec 31, 2024", "31-Dec-2024", "2024-12-31 00:00", "12/31/2024 23:59", "2024-12-31T23:59:59"])
def test_a_written_day_stays_that_day_wherever_one_lives(zone, text):
    assert one(text, Date, Style(zone=zone)) == date(2024, 12, 31)


def test_a_moment_with_a_zone_falls_on_the_day_of_the_files_own_zone():
    assert one("2024-03-31T23:30:00Z", Date, Style(zone="Europe/Madrid")) == date(2024, 4, 1)
    assert one("2024-03-31T23:30:00Z", Date) == date(2024, 3, 31)


@pytest.mark.parametrize("text", ["true", "TRUE", "T", "1", "yes", "Y", "x", "Sí", "SI", "oui", "Ja", "Wahr", "verdadero", "sì", "はい", "tak", "sim", "kyllä", "waar", "sant"])
def test_yes(text):
    assert one(f" {text} ", Boolean) is True


@pytest.mark.parametrize("text", ["false", "F", "0", "no", "N", "non", "Nein", "falsch", "falso", "faux", "não", "いいえ", "nie", "nej", "ei", "nee", "onwaar"])
def test_no(text):
    assert one(f" {text} ", Boolean) is False


@pytest.mark.parametrize("text", ["2", "maybe", "10", "true false"])
def test_neither_yes_nor_no(text):
    assert one(text, Boolean) is None


@pytest.mark.parametrize(
    "text, of_one, of_hundred",
    [("0.25", 0.25, 0.0025), ("25", 25.0, 0.25), ("25%", 0.25, 0.25), ("25 %", 0.25, 0.25), ("12.5%", 0.125, 0.125), ("0", 0.0, 0.0), ("100%", 1.0, 1.0), ("-5%", -0.05, -0.05)],
)  # fmt: skip
def test_shares_out_of_one_and_of_a_hundred(text, of_one, of_hundred):
    assert [one(text, Percent, scale=scale) for scale in (1, 100)] == [pytest.approx(of_one), pytest.approx(of_hundred)]


@pytest.mark.parametrize("text, value", [("12", 12), ("12.0", 12), ("1,234", 1234), ("2k", 2000), ("-3", -3), ("12.5", None), ("1.5k", 1500), ("twelve", None)])
def test_whole_numbers(text, value):
    assert one(text, Integer) == value


def test_text_is_kept_as_it_is_but_for_blanks_around_it():
    for text in ("00123", "1e5", "006Ec00000AieKF", "a  b", "TRUE", "null", "-", "1.250"):
        assert one(f" \t{text}\u00a0", String) == text


@pytest.mark.parametrize(
    "text, kind, style, value",
    [
        ("0,250", Money, POINT, Decimal("0.25")),
        ("0.250", Money, COMMA, Decimal("0.25")),
        ("0.333333", Percent, POINT, 0.333333),
        ("3.14159265", Number, POINT, 3.14159265),
        ("1.23456m", Money, POINT, Decimal("1234560")),
        ("(5", Money, POINT, None),
        ("--5", Money, POINT, None),
        ("9999999999", Timestamp, POINT, None),
        ("2199-12-31 23:00", Timestamp, POINT, datetime(2199, 12, 31, 23)),
        ("2024-03-31T00:30:00+02:00", Date, POINT, date(2024, 3, 31)),
        ("2024-03-31T00:00:00.000Z", Date, Style(zone="America/Los_Angeles"), date(2024, 3, 31)),
    ],
)  # fmt: skip
def test_values_that_are_easily_read_wrongly(text, kind, style, value):
    found = one(text, kind, style)
    assert found == (pytest.approx(value, abs=1e-9) if isinstance(value, float) else value)


@pytest.mark.parametrize("text", ["99999999999999999999", "9223372036854775808", "99999999999b"])
def test_whole_numbers_that_fit_nowhere_are_not_read(text):
    assert one(text, Integer) is None


def test_whole_numbers_beyond_what_a_float_holds_are_exact():
    assert one("9007199254740993", Integer) == 9007199254740993


@pytest.mark.parametrize("hours", range(-12, 15))
@pytest.mark.parametrize("text", ["2024-02-29", "2024-02-29T00:00:00Z", "2024-02-29 00:00:00", "29/02/2024", "45351", "1709164800000", "29 de febrero de 2024"])
def test_a_day_never_moves_in_any_time_zone_of_the_world(text, hours):
    zone = f"Etc/GMT{-hours:+d}" if hours else "UTC"
    assert one(text, Date, Style(zone=zone, day_first=True)) == date(2024, 2, 29)
