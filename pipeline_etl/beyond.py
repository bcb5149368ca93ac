"""What a page says of the rows behind numbers that it does not hold: how many there are, and their sums.

Links and filters can ask for a few thousand things of them; by the values of all keys there may be a million. So a page is
given the answers, not what they could be put together from: `by` for what a reader can choose, in every combination, and
`answers` for what its links ask.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipeline_etl.locale import period_end

PERIOD = "period"
"""The key by which a day places a row in periods; no number is of less than a week or a month."""
ALL, ROWS = "all rows", "number of rows"


def sum_of(column: str) -> str:
    """What the sum of a column is called, which may be a key as well."""
    return f"sum of {column}"


@dataclass(frozen=True)
class Counts:
    """How many rows have certain values of `keys`, and what they come to: columns, rows and sums line by line.

    is_by_day: whether periods are the day by which a row is placed; else they are named as links do, `quarter-2026-04-01`.
    """

    keys: Sequence[str]
    columns: Sequence[Sequence[str]]
    rows: Sequence[int]
    sums: Sequence[Sequence[float]]
    is_by_day: bool


@dataclass(frozen=True)
class Beyond:
    """Rows that are counted and not held.

    counted: ALL, the texts of `keys` (of PERIOD the first day that lies in the same week and month as the row's, or null), ROWS
    and sum_of each of `sums`.
    """

    keys: Sequence[str]
    sums: Sequence[str]
    counted: pl.DataFrame

    @property
    def rows(self) -> int:
        """How many there are."""
        return int(self.counted[ROWS].sum())

    def by(self, keys: Sequence[str]) -> Counts:
        """All of them by the values of these keys; of PERIOD by day."""
        return self._counts(self._grouped(keys), keys, is_by_day=True)

    def answers(self, asked: Iterable[Mapping[str, str]]) -> list[Counts]:
        """Those that links ask for, one for each set of keys that they name; where there are none, 0."""
        together: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
        for choice in asked:
            together.setdefault(tuple(k for k in self.keys if k in choice), []).append(choice)
        return [self._answer(keys, choices) for keys, choices in together.items()]

    def _answer(self, keys: Sequence[str], choices: Collection[Mapping[str, str]]) -> Counts:
        wanted = pl.DataFrame({key: [c[key] for c in choices] for key in keys}, schema=dict.fromkeys(keys, pl.String()))
        found = self._grouped(keys)
        if PERIOD in keys:
            places = _places(found[PERIOD], wanted[PERIOD])
            found = found.join(places, on=PERIOD).drop(PERIOD).rename({"name": PERIOD}).group_by(keys).sum()
        answered = wanted.join(found, on=keys, how="left", maintain_order="left") if keys else found
        return self._counts(answered.with_columns(pl.col(ROWS, *map(sum_of, self.sums)).fill_null(0)), keys, is_by_day=False)

    def _grouped(self, keys: Sequence[str]) -> pl.DataFrame:
        grouped = self.counted.group_by([ALL, *keys], maintain_order=True)
        return grouped.agg(pl.col(ROWS, *map(sum_of, self.sums)).sum()).drop(ALL)

    def _counts(self, found: pl.DataFrame, keys: Sequence[str], *, is_by_day: bool) -> Counts:
        texts = found.with_columns(pl.col(key).cast(pl.String).fill_null("") for key in keys)
        columns, sums = ([texts[name].to_list() for name in names] for names in (keys, map(sum_of, self.sums)))
        return Counts(keys, columns, texts[ROWS].to_list(), sums, is_by_day)


def _places(days: pl.Series, names: pl.Series) -> pl.DataFrame:
    """In which of the named periods a day lies: PERIOD, the day, and `name`, as often as there are."""
    known = days.unique().drop_nulls().to_list()
    bounds = [(name, date.fromisoformat(name.partition("-")[2]), period_end(name)) for name in names.unique()]
    lies = [(day, name) for name, start, end in bounds for day in known if start <= day < end]
    return pl.DataFrame(lies, schema={PERIOD: pl.Date(), "name": pl.String()}, orient="row")
