"""Companies after their first win, and what deals lack, against plain Python, on random companies that share a few accounts."""

from comparing import compare
from hypothesis import given
from hypothesis import strategies as st
from strategies import companies, laws
from test_models_against_reference import given_tables

from assets.demo import truth as reference
from pipeline_etl.settings import Settings

MODELS = [
    "staging.deal_edits", "core.deal_values", "core.deals", "core.stage_events", "core.calendar", "core.periods", "marts.stage_visits", "marts.deals",
    "core.business_kinds", "marts.customer_deals", "marts.customers", "marts.customer_retention",
    "core.required_fields", "quality.missing_fields", "quality.completeness",
]  # fmt: skip
TYPES = [None, "", "New Customer", "Existing Customer - Upgrade", "Existing Customer - Downgrade", "Renovación", "existingbusiness", "¿?"]
ACCOUNTS = st.tuples(st.sampled_from([None, "", "a", "b", "c", "unlinked"]), st.sampled_from([None, " ", "Acme", "acme ", "Bull"]))
LINKS = [
    {"system": "hubspot", "account_id": "a", "account": "hubspot:a"}, {"system": "salesforce", "account_id": "b", "account": "hubspot:a"},
    {"system": "hubspot", "account_id": "c", "account": "hubspot:c"},
]  # fmt: skip


def company_of(system, account_id, name):
    """The company that an account record, or else a name, stands for."""
    linked = {(link["system"], link["account_id"]): link["account"] for link in LINKS}
    if account_id:
        return linked.get((system, account_id), f"{system}:{account_id}")
    return f"{system}, by name: {name.strip().lower()}" if name and name.strip() else None


@st.composite
def selling(draw):
    """A company whose deals are with a few accounts: as the reference reads it, and the tables that the models read."""
    company = draw(companies())
    tables = given_tables(company)
    for deal, staged in zip(company.deals, tables["staging.deals"], strict=True):
        account_id, name = draw(ACCOUNTS)
        deal["deal_type"] = staged["deal_type"] = draw(st.sampled_from(TYPES))
        deal["company"] = company_of(deal["system"], account_id, name)
        staged.update({"account_id": account_id, "account_name": name})
    return company, tables


@laws(20)
@given(world=selling())
def test_every_customer_says_what_the_reference_says(bench, world):
    company, tables = world
    needed = [{"stage": stage, "field": field} for stage, fields in Settings().required_fields.items() for field in fields]
    found = bench.run(MODELS, {**tables, "core.account_links": LINKS, "settings.required_fields": needed})
    wanted = reference.tables(company.deals, company.changes, company.stages, company.as_of, edits=company.edits)
    for table in ("marts.customer_deals", "marts.customers", "marts.customer_retention", "quality.missing_fields", "quality.completeness"):
        compare(table, found[table], wanted[table])
    won = sum(row["status"] == "won" for row in found["marts.customer_deals"])
    assert sum(row["won_deals"] for row in found["marts.customers"]) == won
    firsts = sum(row["won_deals"] > 0 for row in found["marts.customers"])
    assert all(row["customers"] == firsts for row in found["marts.customer_retention"] if row["cohort"] == "all")
