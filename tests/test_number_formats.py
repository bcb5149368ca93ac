"""Numbers as a language writes them: the same as Babel's, digit for digit."""

import random
from copy import copy
from decimal import Decimal

import pytest
from babel import Locale
from babel.numbers import format_decimal

from pipeline_etl.number_formats import NumberFormat

LOCALES = ["en_US", "es_ES", "de_DE", "fr_FR", "sv_SE", "pt_BR", "de_CH", "nl_NL", "pl_PL"]
KINDS = [("decimal_formats", None, ""), ("percent_formats", None, ""), ("currency_formats", "standard", "EUR"), ("currency_formats", "standard", "JPY")]


def numbers(seed):
    chance = random.Random(seed)
    yield from (0, -0.0, 1, -1, 999, 1000, -1000, 0.05, 0.15, 0.25, 0.35, -0.04, 1e15, 1e22, Decimal("2.5"), Decimal("-12345678901234.55"))
    for _ in range(300):
        size = 10 ** chance.randrange(-4, 13)
        yield chance.choice([chance.uniform(-size, size), chance.randrange(-10**9, 10**9), Decimal(chance.randrange(-(10**12), 10**12)) / 100])


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("kind", "name", "currency"), KINDS)
@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_numbers_are_written_as_babel_writes_them(locale, kind, name, currency, decimals):
    locale = Locale.parse(locale)
    pattern = copy(getattr(locale, kind)[name])
    ours = NumberFormat.of(locale, pattern, decimals, currency)
    pattern.frac_prec = (decimals, decimals)
    for number in numbers(decimals):
        theirs = pattern.apply(number, locale, currency=currency or None, currency_digits=False)
        assert ours(number) == theirs, number


def test_a_number_with_one_decimal_is_what_babel_makes_of_its_pattern():
    locale = Locale.parse("es_ES")
    ours = NumberFormat.of(locale, locale.decimal_formats[None], 1)
    for number in numbers(7):
        assert ours(number) == format_decimal(number, format="#,##0.0", locale=locale)


def test_digits_that_are_not_grouped_by_three_are_refused():
    locale = Locale.parse("hi_IN")
    with pytest.raises(ValueError, match="hi_IN"):
        NumberFormat.of(locale, locale.decimal_formats[None], 0)
