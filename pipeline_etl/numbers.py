"""Numbers and money as people write them: signs, groups of digits, decimal marks, `45k`, currencies."""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from pipeline_etl.currencies import named

PARTS = (
    r"^(?P<open>\()?(?P<before>[+-])?(?P<head>[^\d\s.,'()+\-]{1,5}\.?)?\s*(?P<between>[+-])?"
    r"(?P<digits>(?:\d|[.,]\d)(?:[\d.,' ]*[\d.,])?(?:[eE][+-]?\d{1,2})?)"
    r"\s*(?P<tail>[^\d\s.,'()+\-][^\d,'()+\-]{0,8})?(?P<behind>-)?(?P<close>\))?$"
)
"""`-$1,234.50`, `(12.00)`, `1.234,50 €`, `USD 20`, `45k`, `12-`."""
TIMES = {"k": 10**3, "tsd": 10**3, "m": 10**6, "mm": 10**6, "mio": 10**6, "mln": 10**6, "b": 10**9, "bn": 10**9, "mrd": 10**9}
SPACED = r"[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:'\d{3})+"
POINT = rf"^(?:\d+|[1-9]\d{{0,2}}(?:,\d{{3}})+|{SPACED}|[1-9]\d?(?:,\d{{2}})+,\d{{3}}|0?)(?:\.\d*)?$"
"""With a decimal point; the last way of grouping is the Indian one, `12,34,567.89`."""
COMMA = rf"^(?:\d+|[1-9]\d{{0,2}}(?:\.\d{{3}})+|{SPACED}|0?)(?:,\d*)?$"
EITHER = r"^[1-9]\d{0,2}[.,]\d{3}$"
"""`1.250` may be a thousand and more, or one and a quarter."""
SCIENTIFIC = r"^\d([.,]\d+)?[eE][+-]?\d{1,2}$"


def decimals(texts: pl.Series, mark: str | None) -> pl.Series:
    """Money as DECIMAL(18,4): symbols, thousands separators, `45k`, `(12.00)` and `12-` for negatives.

    mark is the decimal mark of the column; with None a text that could be read either way (`1.250`, `1,250`) is not read.
    """
    plain = r"^[+-]?[0-9]+$" if mark == "," else r"^[+-]?[0-9]+(\.[0-9]{1,2})?$"
    if texts.str.contains(plain).all():
        return texts.cast(pl.Decimal(18, 4), strict=False)
    return numbers(texts, mark, pl.Decimal(28, 8)).cast(pl.Decimal(18, 4), strict=False)


def numbers(texts: pl.Series, mark: str | None, kind: pl.DataType) -> pl.Series:
    """Numbers in this type. What can be read in one way only is read, whatever the mark; the rest by the mark or not at all."""
    parts = _parts(texts)
    digits, opened, closed = pl.col("digits"), pl.col("open").is_not_null(), pl.col("close").is_not_null()
    signs = [pl.col(s).is_not_null() for s in ("before", "between", "behind")]
    negative = opened | pl.any_horizontal(pl.col(s) == "-" for s in ("before", "between", "behind")).fill_null(False)
    well_formed = (opened == closed) & (pl.sum_horizontal(opened, *signs) <= 1)
    as_point = digits.str.replace_all("[, ']", "")
    as_comma = digits.str.replace_all("[. ']", "").str.replace(",", ".", literal=True)
    point, comma = digits.str.contains(POINT), digits.str.contains(COMMA)
    either = digits.str.contains(EITHER)
    by_mark = {".": as_point, ",": as_comma, None: pl.lit(None, pl.String)}[mark]
    read_as = (
        pl.when(digits.str.contains(SCIENTIFIC)).then(digits.str.replace(",", ".", literal=True))
        .when(either).then(by_mark)
        .when(point).then(as_point)
        .when(comma).then(as_comma)
    ).otherwise(None)  # fmt: skip
    # Python's own reading of `1E7` is exact in any type; text has no exponents.
    value = pl.when(digits.str.contains("[eE]")).then(read_as.cast(pl.Float64, strict=False).cast(kind, strict=False))
    value = value.otherwise(read_as.str.strip_chars_end(".").cast(kind, strict=False))
    head, tail = pl.col("head").fill_null(""), pl.col("tail").fill_null("")
    heads = {h: named(h) != "" or not h for h in parts["head"].fill_null("").unique()}
    tails = {t: _multiplier(t) for t in parts["tail"].fill_null("").unique()}
    factor = tail.replace_strict(list(tails), [t or 0 for t in tails.values()], default=0, return_dtype=pl.Int64)
    is_known = head.replace_strict(list(heads), list(heads.values()), default=False, return_dtype=pl.Boolean) & (factor > 0)
    signed = pl.when(negative).then(-value).otherwise(value)
    result = pl.when(well_formed & is_known).then(signed * factor).otherwise(None)
    return parts.select(result.alias(texts.name)).to_series()


def currencies(texts: pl.Series) -> pl.Series | None:
    """The code or the shared sign beside each number, NULL where there is none; None where no text has any."""
    if not texts.str.contains(r"[^\d\s.,'’()+\-−]").any():
        return None
    parts = _parts(texts)
    words = pl.DataFrame({"head": parts["head"].fill_null(""), "tail": parts["tail"].fill_null("")})
    heads = {h: named(h) for h in words["head"].unique()}
    tails = {t: _currency(t) for t in words["tail"].unique()}
    head = pl.col("head").replace_strict(list(heads), list(heads.values()), default=None, return_dtype=pl.String)
    tail = pl.col("tail").replace_strict(list(tails), list(tails.values()), default=None, return_dtype=pl.String)
    return words.select(pl.coalesce(head.replace("", None), tail.replace("", None)).alias(texts.name)).to_series()


def decimal_evidence(texts: pl.Series) -> tuple[bool, bool]:
    """Whether these numbers show a decimal comma, and whether they show a decimal point."""
    ends = texts.str.strip_chars().str.replace(r"[^\d.,]*$", "")
    comma = ends.str.contains(r",(\d{1,2}|\d{4,})$|\.\d{3},\d|\d\.\d{3}\.\d{3}").any()
    point = ends.str.contains(r"\.(\d{1,2}|\d{4,})$|,\d{3}\.\d|\d,\d{2,3},\d{3}").any()
    return bool(comma), bool(point)


def _parts(texts: pl.Series) -> pl.DataFrame:
    """Sign, currency, digits and what stands behind them; NULL where a text is no number at all."""
    bare = texts.str.normalize("NFKC").str.replace_all("−", "-", literal=True).str.replace_all("’", "'", literal=True)
    return bare.str.strip_chars().str.extract_groups(PARTS).struct.unnest()


@cache
def _split(tail: str) -> tuple[int, str]:
    """What stands behind the digits: a multiplier and a currency; a multiplier of 0 where it is neither."""
    if not tail:
        return 1, ""
    if code := named(tail):
        return 1, code
    found = re.fullmatch(r"([^\W\d_]+)\.?\s*(.*)", tail.strip())
    times = TIMES.get(found.group(1).casefold(), 0) if found else 0
    if found and times and (not found.group(2) or named(found.group(2))):
        return times, named(found.group(2))
    short = re.fullmatch(r"([kKmMbB])(\D+)", tail.strip())
    if short and named(short.group(2)):
        return TIMES[short.group(1).casefold()], named(short.group(2))
    return 0, ""


def _multiplier(tail: str) -> int:
    return _split(tail)[0]


def _currency(tail: str) -> str:
    return _split(tail)[1]
