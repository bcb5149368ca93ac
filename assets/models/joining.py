"""Records joined by links into groups, each record with the surest way to the first of its group."""

from array import array
from heapq import heappop, heappush

import polars as pl

LINK = {
    "system": pl.String, "record": pl.String, "other_system": pl.String, "other": pl.String, "method": pl.String,
    "confidence": pl.Float64,
}  # fmt: skip
"""Two records that are one, how that is known, and how sure it is, 0..1."""
ITSELF = ("itself", 1.0)
"""How the first record of a group is known."""


def joined(links: pl.DataFrame) -> pl.DataFrame:
    """Every linked record with its group, in order: system, record, group (`system:record` of its first), method, confidence.

    links: columns LINK. method is that of the last link on the surest way from the first record; a way is as sure as its
    weakest link.
    """
    ends = [links.select("system", "record"), links.select(system="other_system", record="other")]
    records = pl.concat(ends).unique().sort("system", "record").with_row_index("m")
    others = records.select(other_system="system", other="record", to="m")
    edges = links.join(records, on=["system", "record"]).join(others, on=["other_system", "other"])
    ways = _ways(edges.filter(pl.col("m") != pl.col("to")), records.height)
    named = records.select(pl.concat_str("system", "record", separator=":")).to_series()
    return records.select("system", "record").hstack([named.gather(ways["first"]).alias("group"), *ways.drop("first")])


def _ways(edges: pl.DataFrame, count: int) -> pl.DataFrame:
    """For each of so many records the first of its group, and the method and confidence of the way there, as columns."""
    methods = sorted({*edges["method"].unique(), ITSELF[0]})
    codes = pl.DataFrame({"method": methods, "code": range(len(methods))}, schema={"method": pl.String, "code": pl.Int32})
    one_way = edges.join(codes, on="method").select("m", "to", "code", "confidence")
    both = pl.concat([one_way, one_way.select(m="to", to="m", code="code", confidence="confidence")]).sort("m")
    begins = _array("q", both["m"].search_sorted(pl.arange(0, count + 1, eager=True, dtype=pl.UInt32)), pl.Int64)
    to, code = _array("q", both["to"], pl.Int64), _array("i", both["code"], pl.Int32)
    confidence = _array("d", both["confidence"], pl.Float64)
    first, by, surety = array("q", [-1]) * count, array("i", [0]) * count, array("d", [0.0]) * count
    for start in range(count):
        # In order: whom nobody before it has reached is the first of its group.
        reached = [(-ITSELF[1], start, methods.index(ITSELF[0]))] if first[start] < 0 else []
        while reached:
            negative, here, method = heappop(reached)
            if first[here] >= 0:
                continue
            first[here], by[here], surety[here] = start, method, -negative
            for edge in range(begins[here], begins[here + 1]):
                if first[to[edge]] < 0:
                    heappush(reached, (-min(-negative, confidence[edge]), to[edge], code[edge]))
    return pl.DataFrame(
        {"first": first, "code": by, "confidence": surety},
        schema={"first": pl.Int64, "code": pl.Int32, "confidence": pl.Float64},
    ).select("first", pl.col("code").replace_strict(codes["code"], codes["method"]).alias("method"), "confidence")


def _array(kind: str, column: pl.Series, dtype: pl.DataType) -> array:
    """The numbers of a column where Python reads them one by one, without an object for each."""
    return array(kind, column.cast(dtype).to_numpy().tobytes())
