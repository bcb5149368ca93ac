"""Rates of the settings, else of the exports, else of the European Central Bank; each from its day on."""

from datetime import date

import currency_converter
import pytest

BASE = """
    base_currency
    EUR
"""


def test_each_rate_holds_until_the_next_and_settings_always(example):
    example("core.exchange_rates", {
        "core.parameters": BASE,
        "settings.exchange_rates": """
            currency | rate
            GBP      | 1.2
        """,
        "staging.exchange_rates": """
            rate_on    | currency | into_currency | rate
            2025-02-01 | USD      | EUR           | 0.96
            2025-03-01 | USD      | EUR           | 0.92
            2025-02-01 | GBP      | EUR           | 1.19
            2025-01-01 | EUR      | CHF           | 0.8
            2025-01-01 | EUR      | USD           | 2
            2025-01-01 | USD      | JPY           | 150
        """,
        "core.ecb_rates": """
            rate_on    | currency | rate
            2025-01-30 | USD      | 0.97
            2025-01-31 | USD      | 0.98
            2025-02-03 | USD      | 0.99
            2025-01-31 | GBP      | 1.18
            2025-01-30 | SEK      | 0.09
        """,
    }, """
        currency | valid_from | valid_to   | rate | source
        GBP      | 0001-01-01 |            | 1.2  | settings
        USD      | 2025-01-30 | 2025-01-31 | 0.97 | European Central Bank
        USD      | 2025-01-31 | 2025-02-01 | 0.98 | European Central Bank
        USD      | 2025-02-01 | 2025-03-01 | 0.96 | exports
        USD      | 2025-03-01 |            | 0.92 | exports
        CHF      | 2025-01-01 |            | 1.25 | exports
        SEK      | 2025-01-30 |            | 0.09 | European Central Bank
    """)  # fmt: skip


@pytest.mark.parametrize("base", ["EUR", "USD", "GBP"])
def test_the_shipped_rates_are_those_that_the_package_converts_with(bench, base):
    used = """
        currency
        EUR
        USD
        CHF
        XXX
    """
    rows = bench.run(["core.ecb_rates"], {"core.parameters": f"base_currency\n{base}", "staging.currencies_used": used})["core.ecb_rates"]
    found = {(r["currency"], r["rate_on"]): r["rate"] for r in rows}
    converter = currency_converter.CurrencyConverter()
    for day in (date(2008, 3, 3), date(2024, 6, 28), date(2026, 1, 15)):
        for currency in {"EUR", "USD", "CHF"} - {base}:
            assert found[currency, day] == pytest.approx(converter.convert(1, currency, base, day))
    assert {c for c, _ in found} == {"EUR", "USD", "CHF"} - {base}


def test_a_base_currency_that_the_bank_does_not_know_has_no_rates(bench):
    for base in ("XXX", "''"):
        given = {"core.parameters": f"base_currency\n{base}", "staging.currencies_used": "currency\nUSD"}
        assert bench.run(["core.ecb_rates"], given)["core.ecb_rates"] == []
