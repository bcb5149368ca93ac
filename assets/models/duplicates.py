"""Records that are probably one though nothing says so: Splink, where the settings ask for it."""

from __future__ import annotations

import re
from typing import Any

import duckdb
import polars as pl

from assets.models.identities import company_domain
from pipeline_etl import Query, computed, email_key

LEGAL_FORMS = frozenset({
    "inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp", "plc", "gmbh", "ag",
    "kg", "se", "sa", "sas", "sarl", "sl", "slu", "srl", "spa", "bv", "nv", "ab", "as", "oy", "oyj", "lda", "ltda", "pty",
    "kk", "doo", "sro",
})  # fmt: skip
"""Words of a company's name that say only what kind of company it is."""
COPIES = 0.1
"""Share of the records that have a copy, before anything is compared."""
BY_CHANCE = 0.1
"""How many others are taken to have a value by chance that only the two compared records have."""
COLUMNS = {
    "entity": ("VARCHAR", "person or account."),
    "system": ("VARCHAR", "System that holds the record."),
    "record_id": ("VARCHAR", "Id of the record in its system."),
    "other_system": ("VARCHAR", "System that holds the other record."),
    "other_id": ("VARCHAR", "Id of the other record."),
    "probability": (
        "DOUBLE",
        "How probable it is that both are one, 0..1: Fellegi and Sunter's model, by Splink.",
    ),
}
SCHEMA = {**dict.fromkeys(list(COLUMNS)[:-1], pl.String), "probability": pl.Float64}


def probable_duplicates(query: Query) -> pl.DataFrame:
    """Pairs of records that are probably one; none where the settings do not ask for them."""
    ((least,),) = query("select probable_duplicates from settings.run").rows()
    if not least:
        return pl.DataFrame(schema=SCHEMA)
    ended = {tuple(row) for row in query("select entity, system, record_id from core.merged_records").rows()}
    people = [
        (system, record, *_person(first, last, email, company))
        for system, record, first, last, email, company in query("""
            select system, person_id, first_name, last_name, email, company_name from staging.people order by all
        """).rows()
        if ("person", system, record) not in ended
    ]
    accounts = [
        (system, record, *_account(name, website), industry)
        for system, record, name, website, industry in query("""
            select system, account_id, account_name, website, lower(industry) from staging.accounts order by all
        """).rows()
        if ("account", system, record) not in ended
    ]
    return pl.concat([
        _pairs("person", people, ("name", "first", "last", "mailbox", "company"), PERSON, PERSON_BLOCKS, least),
        _pairs("account", accounts, ("name", "begins", "site", "industry"), ACCOUNT, ACCOUNT_BLOCKS, least),
    ])  # fmt: skip


def company_key(name: str | None) -> str:
    """A company's name as it is compared: lower case, letters and digits only, without its legal form."""
    words = re.findall(r"\w+", re.sub(r"\b(\w)\.(?=\w\b)", r"\1", (name or "").lower()))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def _person(first: str | None, last: str | None, email: str | None, company: str | None) -> tuple[str | None, ...]:
    first, last = (first or "").strip().lower(), (last or "").strip().lower()
    mailbox, _, domain = email_key(email).partition("@")
    if any(part in mailbox for part in (*first.split(), *last.split()) if len(part) > 2):
        # It is made of the name, and would count the name twice.
        mailbox = ""
    # The whole name in the order of the alphabet: exports swap first and last.
    name = " ".join(sorted(f"{first} {last}".split()))
    company = company_domain(domain).partition(".")[0] or company_key(company).replace(" ", "")
    return tuple(part or None for part in (name, first, last, mailbox, company))


def _account(name: str | None, website: str | None) -> tuple[str | None, ...]:
    key = company_key(name)
    return tuple(part or None for part in (key, key[:4], company_domain(website).partition(".")[0]))


def _level(condition: str, if_one: float, if_two: float, frequency_of: str = "") -> dict[str, Any]:
    """One degree of likeness: how often it occurs among copies of one record (m), and among different ones (u)."""
    level = {"sql_condition": condition, "label_for_charts": condition, "m_probability": if_one, "u_probability": if_two}
    # A rare value that agrees says more than a frequent one: u is then how often others have that value.
    return {**level, "tf_adjustment_column": frequency_of} if frequency_of else level


def _unknown(*columns: str) -> dict[str, Any]:
    condition = " or ".join(f"{c}_l is null or {c}_r is null" for c in columns)
    return {"sql_condition": condition, "label_for_charts": "unknown", "is_null_level": True}


def _like(column: str, least: float) -> str:
    """Nearly the same letters and exactly the same digits: `team 7` is not `team 8`."""
    digits = (f"regexp_replace({column}_{side}, '[^0-9]', '', 'g')" for side in "lr")
    return f"jaro_winkler_similarity({column}_l, {column}_r) >= {least} and {' = '.join(digits)}"


PERSON = {
    "name": [
        _unknown("last"),
        _level("name_l = name_r", 0.70, 0.004, "name"),
        _level(f"{_like('first', 0.88)} and {_like('last', 0.92)}", 0.17, 0.001),
        _level("last_l = last_r and left(first_l, 1) = left(first_r, 1)", 0.08, 0.002),
        _level("ELSE", 0.05, 0.993),
    ],
    "mailbox": [
        _unknown("mailbox"),
        _level("mailbox_l = mailbox_r", 0.45, 0.003, "mailbox"),
        _level(_like("mailbox", 0.9), 0.20, 0.004),
        _level("ELSE", 0.35, 0.993),
    ],
    "company": [
        _unknown("company"),
        _level("company_l = company_r", 0.80, 0.01, "company"),
        _level(_like("company", 0.92), 0.08, 0.005),
        _level("ELSE", 0.12, 0.985),
    ],
}
PERSON_BLOCKS = (("name",), ("mailbox", "company"), ("last", "company"), ("first", "company"))
ACCOUNT = {
    "name": [
        _unknown("name"),
        _level("name_l = name_r", 0.70, 0.002, "name"),
        _level(_like("name", 0.93), 0.20, 0.002),
        _level("ELSE", 0.10, 0.996),
    ],
    "site": [
        _unknown("site"),
        _level("site_l = site_r", 0.80, 0.002, "site"),
        _level(_like("site", 0.93), 0.05, 0.002),
        _level("ELSE", 0.15, 0.996),
    ],
    "industry": [
        _unknown("industry"),
        _level("industry_l = industry_r", 0.70, 0.1, "industry"),
        _level("ELSE", 0.30, 0.9),
    ],
}
ACCOUNT_BLOCKS = (("name",), ("site",), ("begins", "industry"))


def _pairs(
    entity: str,
    records: list[tuple[str | None, ...]],
    columns: tuple[str, ...],
    comparisons: dict[str, list[dict[str, Any]]],
    blocks: tuple[tuple[str, ...], ...],
    least: float,
) -> pl.DataFrame:
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    frame = pl.DataFrame(records, schema=dict.fromkeys(["system", "record_id", *columns], pl.String), orient="row")
    if frame.height < 2:
        return pl.DataFrame(schema=SCHEMA)
    frame = frame.with_row_index("unique_id")
    with duckdb.connect() as connection:
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[{"output_column_name": c, "comparison_levels": levels} for c, levels in comparisons.items()],
            blocking_rules_to_generate_predictions=[block_on(*block) for block in blocks],
            probability_two_random_records_match=min(0.5, 2 * COPIES / (frame.height - 1)),
            retain_matching_columns=False,
        )
        backend = DuckDBAPI(connection)
        linker = Linker(backend.register(frame.to_arrow()), settings, log_level=None)
        weighed = {level.get("tf_adjustment_column", "") for levels in comparisons.values() for level in levels} - {""}
        for column in sorted(weighed):
            others = (
                frame[column]
                .drop_nulls()
                .value_counts()
                .with_columns((pl.max_horizontal(pl.col("count") - 2, BY_CHANCE) / frame.height).alias(f"tf_{column}"))
            )
            linker.table_management.register_term_frequency_lookup(backend.register(others.drop("count").to_arrow()), column)
        connection.register("pairs", linker.inference.predict(threshold_match_probability=least).as_duckdbpyrelation())
        connection.register("records", frame.to_arrow())
        found = connection.sql(
            """
            select l.system, l.record_id, r.system as other_system, r.record_id as other_id,
                match_probability as probability
            from pairs
            join records as l on l.unique_id = unique_id_l
            join records as r on r.unique_id = unique_id_r
            order by all
            """
        ).pl()
    return found.select(pl.lit(entity).alias("entity"), pl.all())


MODELS = [
    computed(
        "core.probable_duplicates",
        "One row per pair of records that are probably one; empty unless the settings ask for it.",
        COLUMNS,
        ("entity", "system", "record_id", "other_system", "other_id"),
        ("core.merged_records", "settings.run", "staging.accounts", "staging.people"),
        probable_duplicates,
    ),
]
