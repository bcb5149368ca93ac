"""Numbers, money, dates and shares as a reader of one language writes them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Formats:
    """Formats of one language; `words` is its catalogue, `currency` the ISO code of amounts or ''."""

    language: str
    words: dict[str, Any]
    currency: str = ""

    @classmethod
    def load(cls, folder: Path, language: str, currency: str) -> Formats:
        """The catalogue `words.<language>.toml` of a reports folder."""
        with (folder / f"words.{language}.toml").open("rb") as stream:
            return cls(language, tomllib.load(stream), currency)

    @cached_property
    def _locale(self) -> str:
        return {"es": "es_ES", "en": "en_US"}.get(self.language, self.language)

    def number(self, value: float | int | Decimal | None) -> str:
        """A count, or a number with at most one decimal."""
        from babel.numbers import format_decimal

        if value is None:
            return self.missing
        return format_decimal(value, format="#,##0" if float(value).is_integer() else "#,##0.0", locale=self._locale)

    def money(self, value: float | Decimal | None) -> str:
        """An amount in base currency, without cents, short enough for a table."""
        from babel.numbers import format_currency, format_decimal

        if value is None:
            return self.missing
        if not self.currency:
            return format_decimal(round(value), format="#,##0", locale=self._locale)
        return (
            format_currency(
                round(value),
                self.currency,
                locale=self._locale,
                format=None,
                currency_digits=False,
                decimal_quantization=True,
            )
            .replace(",00", "")
            .replace(".00", "")
        )

    def percent(self, value: float | None) -> str:
        """A share of 0..1, with one decimal."""
        from babel.numbers import format_percent

        return (
            self.missing
            if value is None
            else format_percent(value, format="#,##0.0 %" if self.language == "es" else "#,##0.0%", locale=self._locale)
        )

    def days(self, value: float | None) -> str:
        """A duration in days."""
        if value is None:
            return self.missing
        return f"{self.number(round(value, 1) if value < 10 else round(value))} {self.words['units']['days']}"

    def day(self, value: date | datetime | None) -> str:
        """A date, and the time where there is one."""
        from babel.dates import format_date, format_datetime

        if value is None:
            return self.missing
        if isinstance(value, datetime) and (value.hour or value.minute):
            return format_datetime(value, "d MMM y, HH:mm", locale=self._locale)
        return format_date(value, "d MMM y", locale=self._locale)

    @property
    def missing(self) -> str:
        """What stands where a value is not known."""
        return self.words["units"]["missing"]

    def heading(self, column: str) -> str:
        """The heading of a column."""
        return self.words["columns"].get(column, column.replace("_", " "))

    def word(self, value: str) -> str:
        """A word of our own in the reader's language; names stay as they are."""
        return self.words["values"].get(value, value)

    def cell(self, column: str, value: object) -> str:
        """A value of a table, by the convention of its column's name."""
        if value is None:
            return "–"
        if isinstance(value, bool):
            return self.words["units"]["yes" if value else "no"]
        if isinstance(value, date | datetime):
            return self.day(value)
        if isinstance(value, str):
            return self.word(value)
        if column.endswith(("_rate", "_low", "_high", "share")) or column.startswith("conversion"):
            return self.percent(float(value))
        if column.endswith("_days") or column.endswith("_to_close"):
            return self.number(round(float(value), 1))
        if isinstance(value, Decimal) or column.endswith(("_amount", "_size", "_per_day")):
            return self.money(value)
        return self.number(value)
