"""Numbers, money, dates and shares as a reader of one language writes them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline_etl.number_formats import NumberFormat

KINDS = ("text", "boolean", "day", "moment", "percent", "days", "money", "number")


def kind(column: str, value: object) -> str:
    """What a value is, by its type and the convention of its column's name: one of KINDS."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, date):
        return "moment" if isinstance(value, datetime) else "day"
    if not isinstance(value, int | float | Decimal):
        return "text"
    if column.endswith(("_rate", "_low", "_high", "share")) or column.startswith("conversion"):
        return "percent"
    if column.endswith("_days") or column.endswith("_to_close"):
        return "days"
    # `deals_without_amount` is a count: what is whole by its type is no money.
    if isinstance(value, Decimal) or (isinstance(value, float) and column.endswith(("_amount", "_size", "_per_day"))):
        return "money"
    return "number"


@dataclass(frozen=True)
class Formats:
    """Formats of one language; `words` is its catalogue, `currency` the ISO code of amounts or ''.

    year_begins: month in which the fiscal year begins.
    """

    language: str
    words: dict[str, Any]
    currency: str = ""
    year_begins: int = 1

    @classmethod
    def load(cls, folder: Path, language: str, currency: str, year_begins: int = 1) -> Formats:
        """The catalogue `words.<language>.toml` of a reports folder."""
        with (folder / f"words.{language}.toml").open("rb") as stream:
            return cls(language, tomllib.load(stream), currency, year_begins)

    def number(self, value: float | int | Decimal | None) -> str:
        """A count, or a number with at most one decimal."""
        if value is None:
            return self.missing
        return self._whole(value) if float(value).is_integer() else self._decimal(value)

    def money(self, value: float | Decimal | None) -> str:
        """An amount in base currency, without cents, short enough for a table."""
        return self.missing if value is None else self._money(round(value))

    def percent(self, value: float | None) -> str:
        """A share of 0..1, with one decimal."""
        return self.missing if value is None else self._percent(value)

    @cached_property
    def _locale(self) -> Any:
        from babel import Locale

        return Locale.parse({"es": "es_ES", "en": "en_US"}.get(self.language, self.language))

    @cached_property
    def _whole(self) -> NumberFormat:
        return NumberFormat.of(self._locale, self._locale.decimal_formats[None], 0)

    @cached_property
    def _decimal(self) -> NumberFormat:
        return NumberFormat.of(self._locale, self._locale.decimal_formats[None], 1)

    @cached_property
    def _percent(self) -> NumberFormat:
        return NumberFormat.of(self._locale, self._locale.percent_formats[None], 1)

    @cached_property
    def _money(self) -> NumberFormat:
        if not self.currency:
            return self._whole
        return NumberFormat.of(self._locale, self._locale.currency_formats["standard"], 0, self.currency)

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

    def word(self, value: str, column: str = "") -> str:
        """A word of our own in the reader's language; a column of `own_names` holds names of the company."""
        return self.name(value) if column in self.words["own_names"] else self.words["values"].get(value, value)

    def name(self, value: str) -> str:
        """A name that the company gave stays as it is, whatever it is like; `all` and the like are put in words."""
        return self.words["no_names"].get(value, value)

    def cell(self, column: str, value: object) -> str:
        """A value of a table, by the convention of its column's name."""
        if value is None:
            return "–"
        match kind(column, value):
            case "boolean":
                return self.words["units"]["yes" if value else "no"]
            case "day" | "moment":
                return self.day(value)
            case "text":
                return self.word(str(value), column)
            case "percent":
                return self.percent(float(value))
            case "days":
                return self.number(round(float(value), 1))
            case "money":
                return self.money(value)
        return self.number(value)
