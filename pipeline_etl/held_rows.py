"""Which of the rows behind numbers a page holds, found batch by batch: there may be millions, and few are kept.

A page holds the first rows, and of every combination that a number leads to some more, as long as there is room: few numbers
should lead to nothing. All others are counted and summed up, by what links can ask of them: see beyond.Beyond.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from pipeline_etl.beyond import ALL, PERIOD, ROWS, Beyond, sum_of

COMPACTED = 50
"""Batches after which the counts of what is not held are put together."""
COMBINATION, NUMBER = "combination", "number in its combination"


def hold(
    batches: Iterable[pl.DataFrame], keys: Mapping[str, str], led_by: Collection[str], sums: Sequence[str],
    limit: int, each: int, more: int,
) -> tuple[list[dict[str, Any]], Beyond | None]:  # fmt: skip
    """The first `limit` rows, then of each combination its first `each` while these are no more than `more`; and the rest.

    batches: the rows in the order of what matters most. keys: what links choose by -> its column, that of PERIOD a day.
    led_by: those of the keys that make a combination, beside PERIOD. sums: columns that are summed up. Returns the rows that
    are held, and the others if there are any.
    """
    combination = _combination({key: column for key, column in keys.items() if key in led_by or key == PERIOD})
    held: list[dict[str, Any]] = []
    seen: pl.DataFrame | None = None
    beyond: list[pl.DataFrame] = []
    for rows in batches:
        rest = rows
        if len(held) < limit + more:
            marked, seen = _numbered(rows.select(combination), seen)
            first = (pl.int_range(pl.len()) < limit - len(held)).alias("first")
            some = marked.select(first, some=~first & (pl.col(NUMBER) < each))
            room = limit + more - len(held) - some["first"].sum()
            kept = some.select(pl.col("first") | (pl.col("some") & (pl.col("some").cum_sum() <= room))).to_series()
            held += rows.filter(kept).rows(named=True)
            rest = rows.filter(~kept)
        if rest.height:
            beyond.append(_counted(rest, keys, sums))
        if len(beyond) == COMPACTED:
            beyond = [_together(beyond)]
    return held, Beyond(tuple(keys), tuple(sums), _texts(_together(beyond), keys)) if beyond else None


def _combination(keys: Mapping[str, str]) -> pl.Expr:
    """What of a row links can ask, as one value: of its day, the first day that lies in the same week and month."""
    parts = [pl.repeat(0, pl.len()).alias(ALL)]
    for key, column in keys.items():
        value = pl.col(column)
        if key == PERIOD:
            day = value.cast(pl.Date)
            value = pl.max_horizontal(day.dt.truncate("1w"), day.dt.truncate("1mo"))
        parts.append(value.alias(f"of {key}"))
    return pl.struct(parts).alias(COMBINATION)


def _numbered(combinations: pl.DataFrame, seen: pl.DataFrame | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each row with how many of its combination came before it, and how many of each there are by now."""
    numbered = combinations.with_columns(pl.int_range(pl.len()).over(COMBINATION).alias(NUMBER))
    counted = combinations.group_by(COMBINATION).len(ROWS)
    if seen is None:
        return numbered, counted
    before = numbered.join(seen, on=COMBINATION, how="left", nulls_equal=True, maintain_order="left")
    numbered = before.select(COMBINATION, pl.col(NUMBER) + pl.col(ROWS).fill_null(0))
    return numbered, pl.concat([seen, counted]).group_by(COMBINATION).agg(pl.col(ROWS).sum())


def _counted(rest: pl.DataFrame, keys: Mapping[str, str], sums: Sequence[str]) -> pl.DataFrame:
    """One row per combination of all keys: ROWS, and the sums."""
    added = [pl.col(column).cast(pl.Float64).sum().alias(sum_of(column)) for column in sums]
    return rest.group_by(_combination(keys), maintain_order=True).agg(pl.len().cast(pl.Int64).alias(ROWS), *added)


def _together(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).group_by(COMBINATION, maintain_order=True).sum()


def _texts(counted: pl.DataFrame, keys: Collection[str]) -> pl.DataFrame:
    """Combinations as columns; what is unknown and the empty text are one to a link."""
    parts = [pl.col(COMBINATION).struct.field(f"of {key}").alias(key) for key in keys if key != PERIOD]
    day = [pl.col(COMBINATION).struct.field(f"of {PERIOD}").alias(PERIOD)] if PERIOD in keys else []
    texts = [part.cast(pl.String).fill_null("") for part in parts]
    return counted.select(pl.lit(0).alias(ALL), *texts, *day, pl.exclude(COMBINATION))
