"""Which currency a sign or a code stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from babel.numbers import list_currencies

SIGNS = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS", "฿": "THB", "₫": "VND",
    "₱": "PHP", "₦": "NGN", "zł": "PLN", "kč": "CZK", "ft": "HUF", "lei": "RON", "лв": "BGN", "fr": "CHF", "rs": "INR",
    "us$": "USD", "ca$": "CAD", "c$": "CAD", "a$": "AUD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "mx$": "MXN",
    "r$": "BRL", "cn¥": "CNY", "rmb": "CNY", "円": "JPY", "元": "CNY", "euro": "EUR", "euros": "EUR",
}  # fmt: skip
"""Signs that mean one currency; lower case, without a point behind them."""
SHARED = {
    "$": ("USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "ARS", "CLP", "COP", "UYU", "TWD"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}
"""Signs that several currencies use, the most traded one first (BIS Triennial Survey 2022)."""


@cache
def codes() -> frozenset[str]:
    """All ISO 4217 codes."""
    return frozenset(list_currencies())


@cache
def named(text: str) -> str:
    """The code for a sign or code, a shared sign as it is, or '' for anything else."""
    word = text.strip().rstrip(".").casefold()
    if word in SHARED:
        return word
    return SIGNS.get(word, word.upper() if len(word) == 3 and word.upper() in codes() else "")


def in_heading(heading: str) -> str:
    """The currency that a heading ends in, as `Amount spent (USD)` or `Importe [€]` do; '' for none."""
    found = re.search(r"[(\[]\s*([^()\[\]\s]{1,4})\s*[)\]]\s*$", heading)
    return named(found.group(1)) if found else ""


def currency_of(said: str | None, beside: str | None, overall: str, signs: Mapping[str, str]) -> tuple[str | None, str]:
    """The currency of one amount and '', or the reason why it is not known.

    said: what the currency column holds; beside: the sign or code beside the number; overall: that of the heading; signs: what
    the shared signs mean in this company.
    """
    column = named(said) or in_heading(said) or said.strip().upper() if said else ""
    sign = beside or ("" if column else overall)
    if not sign or sign == column:
        sign, column = column, ""
    family = SHARED.get(sign, (sign,))
    if column:
        return (column, "") if column in family else (None, f"its sign is {sign} but its currency {column}")
    if sign in SHARED and sign not in signs:
        return None, f"{sign} may be {', '.join(family[:4])} …; say which under [currency_signs] in the settings"
    return signs.get(sign, sign) or None, ""


def resolve(base_currency: str, own: Mapping[str, str]) -> dict[str, str]:
    """What the shared signs mean in one company: as its settings say, else its base currency where that uses the sign.

    A company that has said no base currency is taken to mean the most traded one; one whose base currency does not use the
    sign has said nothing about it: the sign is left out, and amounts that bear it are refused.
    """
    found = {}
    for sign, family in SHARED.items():
        if sign in own:
            found[sign] = own[sign]
        elif not base_currency or base_currency in family:
            found[sign] = base_currency or family[0]
    return found
