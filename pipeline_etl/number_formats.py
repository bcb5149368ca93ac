"""Numbers by the pattern of a language, as Babel writes them; read once, for tables have hundreds of thousands of cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class NumberFormat:
    """Writes numbers with so many decimals, rounded half to even.

    scale: places by which the point moves, 2 for percent. signs: what stands before and behind a number, and a negative one.
    marks: what stands for the comma and the point of Python's own format.
    """

    decimals: int
    scale: int
    signs: Sequence[tuple[str, str]]
    marks: Mapping[int, str]

    @classmethod
    def of(cls, locale: Any, pattern: Any, decimals: int, currency: str = "") -> NumberFormat:
        """The format of a locale's pattern of Babel; raises ValueError where digits are not grouped by three."""
        from babel.numbers import get_decimal_symbol, get_group_symbol

        if pattern.grouping != (3, 3):
            raise ValueError(f"numbers of {locale} are grouped by {pattern.grouping}, and those of a report by three")
        whole = copy(pattern)
        whole.frac_prec = (0, 0)
        one = Decimal(1).scaleb(-pattern.scale)
        said = [whole.apply(n, locale, currency=currency or None, currency_digits=False).partition("1") for n in (one, -one)]
        marks = str.maketrans({",": get_group_symbol(locale), ".": get_decimal_symbol(locale)})
        return cls(decimals, pattern.scale, [(before, behind) for before, _, behind in said], marks)

    def __call__(self, value: float | int | Decimal) -> str:
        """The number as text."""
        number = (value if isinstance(value, Decimal) else Decimal(str(value))).scaleb(self.scale)
        before, behind = self.signs[number.is_signed()]
        return f"{before}{format(abs(number), f',.{self.decimals}f').translate(self.marks)}{behind}"
