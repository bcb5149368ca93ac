"""A `.sql` file says its own name, meaning, grain, checks and dependencies; what is wrong with it is said with its line."""

import pytest

from pipeline_etl.model import ModelError, bind, read_model

SOURCES = {"raw.deals": {"deal_id": "VARCHAR", "amount": "DOUBLE"}}
GOOD = """\
-- Value of each deal.
-- In base currency.
--
-- grain: deal_id
-- check: amount >= 0
-- warn:  amount < 1e9

with known as (select * from raw.deals where amount is not null)

select
    deal_id,             -- Deal.
    amount * 2 as amount -- Twice its value.
from known
"""


def write(folder, text, schema="marts", name="deals"):
    path = folder / schema / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_model_is_read_from_its_file(tmp_path):
    (model,) = bind([read_model(write(tmp_path, GOOD))], SOURCES)
    assert (model.table, model.description, model.grain) == ("marts.deals", "Value of each deal. In base currency.", ("deal_id",))
    assert model.dependencies == ("raw.deals",)
    assert dict(model.types) == {"deal_id": "VARCHAR", "amount": "DOUBLE"}
    assert dict(model.columns) == {"deal_id": "Deal.", "amount": "Twice its value."}
    assert [(r.kind, r.severity, r.blocking) for r in model.rules] == [("key", "error", True), ("holds", "error", True), ("holds", "warning", False)]


def test_a_pivot_does_not_hide_a_dependency(tmp_path):
    sql = "-- A.\n-- grain: a\nselect 1 as a, -- A.\nfrom (pivot raw.deals on deal_id in ('x') using sum(amount))\n"
    assert read_model(write(tmp_path, sql)).dependencies == ("raw.deals",)


@pytest.mark.parametrize(
    "old, new, fault",
    [
        ("-- Value of each deal.\n-- In base currency.\n--\n", "", ":1: begin the file with a comment"),
        ("-- grain: deal_id\n", "", ":1: add a line `-- grain:"),
        ("check: amount >= 0", "check:", ":5: `check:` needs a condition"),
        ("check: amount >= 0", "check: amuont >= 0", "amuont"),
        ("from known", "from knwon", ":1: write the schema of knwon"),
        ("raw.deals", "raw.deels", ":1: it reads raw.deels, which does not exist; did you mean raw.deals?"),
        ("amount * 2", "amuont * 2", "deals.sql:12: "),
        (" -- Twice its value.", "", ":1: say in a trailing comment what amount means"),
        ("from known", "from known where (", ":13: "),
    ],
)
def test_a_fault_names_file_and_line(tmp_path, old, new, fault):
    assert old in GOOD
    with pytest.raises(ModelError) as error:
        bind([read_model(write(tmp_path, GOOD.replace(old, new)))], SOURCES)
    assert fault in str(error.value)
    assert str(error.value).startswith(str(tmp_path))


def test_a_check_needs_a_severity(tmp_path):
    with pytest.raises(ModelError, match="severity: error"):
        read_model(write(tmp_path, "-- Bad rows.\nselect 1 from raw.deals\n", "checks", "bad"))
