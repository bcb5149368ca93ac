"""Texts as values: money, dates, yes and no, in the ways that real exports write them."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from pipeline_etl import Boolean, Column, Date, Email, Integer, Percent, String, Timestamp
from pipeline_etl.values import Style, day_evidence, decimal_evidence, decimals, read


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
        ("abc", ".", None), ("12,34,5x", ".", None), ("1.2.3", ".", None), ("1,25", ".", None), ("", ".", None), ("1e5", ".", None),
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


def test_evidence():
    assert day_evidence(pl.Series(["3/4/2024", "13/4/2024"])) == (True, True, False)
    assert day_evidence(pl.Series(["3/4/2024", "4/13/2024"])) == (True, False, True)
    assert day_evidence(pl.Series(["2024-01-13"])) == (False, False, False)
    assert decimal_evidence(pl.Series(["1.250,5"])) == (True, False)
    assert decimal_evidence(pl.Series(["12.50"])) == (False, True)
    assert decimal_evidence(pl.Series(["1,250", "1.250", "7"])) == (False, False)
