"""Which of the rows behind numbers a page holds, found batch by batch: there may be millions, and few are kept.

A page holds the first rows, and of every combination that a number leads to some more, as long as there is room: few numbers
should lead to nothing. Of all others it holds how many they are, by what links can ask of them, and their sums.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from pipeline_etl.document import Choice

PERIOD = "period"
"""The key by which a day places a row in periods; no number is of less than a week or a month."""
COMPACTED = 50
"""Batches after which the counts of what is not held are put together."""
COMBINATION, NUMBER, ROWS = "combination", "number in its combination", "rows"

Beyond = tuple[Choice, int, Sequence[float]]


def hold(
    batches: Iterable[pl.DataFrame], keys: Mapping[str, str], led_by: Collection[str], sums: Sequence[str],
    limit: int, each: int, more: int,
) -> tuple[list[dict[str, Any]], list[Beyond]]:  # fmt: skip
    """The first `limit` rows, then of each combination its first `each` while these are no more than `more`; and the rest.

    batches: the rows in the order of what matters most. keys: what links choose by -> its column, that of PERIOD a day.
    led_by: those of the keys that make a combination, beside PERIOD. Returns the rows that are held, and of the others by their
    texts of all keys (and the first day that lies in the same week and month) how many they are, and the sum of each of `sums`.
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
    return held, _told(_together(beyond), keys) if beyond else []


def _combination(keys: Mapping[str, str]) -> pl.Expr:
    """What of a row links can ask, as one value: of its day, the first day that lies in the same week and month."""
    parts = [pl.repeat(0, pl.len()).alias("all")]
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
    added = [pl.col(column).cast(pl.Float64).sum().alias(f"sum of {column}") for column in sums]
    return rest.group_by(_combination(keys), maintain_order=True).agg(pl.len().cast(pl.Int64).alias(ROWS), *added)


def _together(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(parts).group_by(COMBINATION, maintain_order=True).sum()


def _told(counted: pl.DataFrame, keys: Mapping[str, str]) -> list[Beyond]:
    # What is unknown and the empty text are one to a link.
    asked = [pl.col(COMBINATION).struct.field(f"of {key}").cast(pl.String).fill_null("") for key in keys]
    texts = pl.struct(pl.repeat(0, pl.len()).alias("all"), *asked).alias(COMBINATION)
    together = _together([counted.with_columns(texts)])
    chosen = zip(*(together[COMBINATION].struct.field(f"of {key}").to_list() for key in keys), strict=True) if keys else [()]
    numbers = together.drop(COMBINATION).rows()
    return [(dict(zip(keys, k, strict=True)), n, added) for k, (n, *added) in zip(chosen, numbers, strict=True)]
