"""Which of the rows behind numbers a page holds, and what it says of the others: compared with the rule in plain Python."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

from pipeline_etl.held_rows import hold
from pipeline_etl.locale import period_end

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
        assert (beyond.rows if beyond else 0) == sum(number for number, _ in others.values())
        if beyond:
            assert told(beyond.by(tuple(keys))) == rounded(others)


def told(counts):
    """By the values of the keys: how many rows, and what they come to."""
    lines = list(zip(*counts.columns, strict=True)) if counts.columns else [()]
    assert len(set(lines)) == len(lines) == len(counts.rows)
    return rounded({line: (counts.rows[n], [of[n] for of in counts.sums]) for n, line in enumerate(lines)})


def rounded(lines):
    return {line: (number, [round(float(a), 4) for a in added]) for line, (number, added) in lines.items()}


PERIODS = ["week-2023-12-25", "week-2024-01-01", "month-2023-12-01", "month-2024-01-01", "quarter-2024-01-01", "year-2023-02-01", "week-2025-01-06"]


def lies(day, key):
    return bool(day) and date.fromisoformat(key.partition("-")[2]) <= day < period_end(key)


def test_what_links_ask_of_the_others_is_counted_one_by_one():
    keys, sums = {"stage": "stage", "is_open": "is_open", "period": "on"}, ["amount"]
    questions = [
        {**stage, **is_open, **period}
        for stage in [{}, *({"stage": said(s)} for s in [*STAGES, "unheard of"])]
        for is_open in [{}, {"is_open": "true"}, {"is_open": ""}]
        for period in [{}, *({"period": p} for p in PERIODS)]
    ]
    for seed in range(4):
        rows = rows_of(seed, 400)
        held, beyond = hold([pl.DataFrame(rows, schema=SCHEMA, orient="row")], keys, set(keys), sums, 20, 1, 10)
        others = [row for row in rows if row not in held]
        answers = {}
        for counts in beyond.answers(questions):
            for line, answer in told(counts).items():
                answers[frozenset(zip(counts.keys, line, strict=True))] = answer
        assert len(answers) == len(questions)
        for asked in questions:
            fits = [r for r in others if all(lies(r["on"], v) if k == "period" else said(r[k]) == v for k, v in asked.items())]
            assert answers[frozenset(asked.items())] == (len(fits), [round(float(sum(r["amount"] or 0 for r in fits)), 4)])


def test_a_sum_and_a_key_may_be_one_column():
    rows = pl.DataFrame({"amount": [1, 1, 2]})
    _, beyond = hold([rows], {"amount": "amount"}, set(), ["amount"], 0, 0, 0)
    assert told(beyond.by(["amount"])) == {("1",): (2, [2.0]), ("2",): (1, [2.0])}


def test_no_rows_are_no_rows():
    assert hold([], {"stage": "stage"}, {"stage"}, [], 5, 3, 5) == ([], None)
    assert hold([pl.DataFrame(schema=SCHEMA)], {"stage": "stage"}, {"stage"}, ["amount"], 5, 3, 5) == ([], None)
