"""Which of the rows behind numbers a page holds, and what it says of the others: compared with the rule in plain Python."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipeline_etl.held_rows import hold

STAGES = ["lead", "demo", "won", None]
SCHEMA = {
    "deal": pl.Int64(), "stage": pl.String(), "is_open": pl.Boolean(), "on": pl.Date(), "amount": pl.Decimal(18, 2)
}  # fmt: skip


def rows_of(seed, number):
    chance = random.Random(seed)
    return [
        {
            "deal": n, "stage": chance.choice(STAGES), "is_open": chance.choice([True, False, None]),
            "on": chance.choice([None, date(2023, 12, 20) + timedelta(chance.randrange(40))]),
            "amount": chance.choice([None, Decimal(chance.randrange(100_000)) / 100]),
        }
        for n in range(number)
    ]  # fmt: skip


def said(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def placed(day):
    """The first day that lies in the same week and month: numbers are of no less."""
    return day and max(day - timedelta(day.weekday()), day.replace(day=1))


def plainly(rows, keys, led_by, sums, limit, each, more):
    """One row after the other, as one would by hand."""
    held, beyond, seen = [], {}, Counter()
    for row in rows:
        asked = tuple(said(placed(row[column]) if key == "period" else row[column]) for key, column in keys.items())
        same = []
        for key, column in keys.items():
            if key == "period":
                same.append((said(row[column])[:7], row[column] and row[column].isocalendar()[1]))
            elif key in led_by:
                same.append(said(row[column]))
        seen[tuple(same)] += 1
        if len(held) < limit or (len(held) < limit + more and seen[tuple(same)] <= each):
            held.append(row)
            continue
        counted = beyond.setdefault(asked, [0] + [Decimal(0)] * len(sums))
        for n, value in enumerate([1, *(row[c] for c in sums)]):
            counted[n] += value or 0
    return held, {k: (n, [float(a) for a in added]) for k, (n, *added) in beyond.items()}


KEYS = [{}, {"stage": "stage"}, {"stage": "stage", "is_open": "is_open", "period": "on"}, {"period": "on"}]


@pytest.mark.parametrize("keys", KEYS, ids=str)
@pytest.mark.parametrize(("limit", "each", "more"), [(50, 3, 20), (0, 1, 100), (10, 2, 0), (1000, 3, 5)])
@pytest.mark.parametrize("size", [1, 7, 500])
def test_the_rows_held_and_the_sums_beyond_are_those_counted_one_by_one(keys, limit, each, more, size):
    for seed in range(4):
        rows = rows_of(seed, 300)
        led_by, sums = {"stage", "period"} if seed % 2 else set(keys), ["amount"] if seed % 3 else []
        batches = (pl.DataFrame(rows[at : at + size], schema=SCHEMA, orient="row") for at in range(0, len(rows), size))
        held, beyond = hold(batches, keys, led_by, sums, limit, each, more)
        wanted, others = plainly(rows, keys, led_by, sums, limit, each, more)
        assert held == wanted
        assert [tuple(choice) for choice, _, _ in beyond] == [tuple(keys)] * len(beyond)
        found = {tuple(choice.values()): (n, added) for choice, n, added in beyond}
        assert len(found) == len(beyond)
        assert found.keys() == others.keys()
        for key, (number, added) in others.items():
            assert found[key][0] == number
            assert found[key][1] == pytest.approx(added)


def test_no_rows_are_no_rows():
    assert hold([], {"stage": "stage"}, {"stage"}, [], 5, 3, 5) == ([], [])
    assert hold([pl.DataFrame(schema=SCHEMA)], {"stage": "stage"}, {"stage"}, ["amount"], 5, 3, 5) == ([], [])
