"""From which columns a column is made, told from the SQL."""

import pytest

from pipeline_etl.lineage import column_origins
from pipeline_etl.model import read_model

TYPES = {
    "core.deals": {"deal_id": "VARCHAR", "amount": "DOUBLE", "stage": "VARCHAR", "days": "BIGINT[]"},
    "core.stages": {"stage": "VARCHAR", "place": "INTEGER"},
}


@pytest.mark.parametrize(
    "sql, expected",
    [
        ("select deal_id as x from core.deals", ["core.deals.deal_id"]),
        ("select 1 as x from core.deals", []),
        ("select count(*) as x from core.deals where amount > 3", []),
        ("select d.amount * s.place as x from core.deals as d join core.stages as s using (stage)", ["core.deals.amount", "core.stages.place"]),
        ("with a as (select amount + 1 as b from core.deals), c as (select b as d from a) select max(d) as x from c", ["core.deals.amount"]),
        ("select amount as x from core.deals union all select place from core.stages", ["core.deals.amount", "core.stages.place"]),
        ("with a as (select * from core.deals) select coalesce(stage, deal_id) as x from a", ["core.deals.stage", "core.deals.deal_id"]),
        ("select (select max(place) from core.stages as s where s.stage = d.stage) as x from core.deals as d", ["core.stages.place", "core.stages.stage", "core.deals.stage"]),
        ("select day as x from (select unnest(days) as day from core.deals)", ["core.deals.days"]),
        ("with recursive r as (select amount as x from core.deals union all select x + 1 from r where x < 9) select x from r", ["core.deals.amount"]),
    ],
)  # fmt: skip
def test_a_column_is_traced_to_its_tables(tmp_path, sql, expected):
    (tmp_path / "marts").mkdir()
    (tmp_path / "marts" / "t.sql").write_text(f"-- One row per x.\n-- grain: x\n{sql}")
    model = read_model(tmp_path / "marts" / "t.sql")
    object.__setattr__(model, "types", {"x": "DOUBLE"})
    assert [f"{t}.{c}" for t, c in column_origins([model], TYPES)["marts.t"]["x"]] == expected


def test_the_models_of_the_house_are_traced(catalog):
    origins = catalog.origins
    assert list(origins["marts.stage_snapshot"]["weighted_amount"]) == [("marts.deals", "amount"), ("marts.deals", "probability")]
    types = {**catalog.sources, **catalog.previous, **{m.table: m.types for m in catalog.tables}}
    columns = [(t, c) for found in origins.values() for made_from in found.values() for t, c in made_from]
    assert all(column in types[table] for table, column in columns)
    silent = [c for found in origins.values() for c, made_from in found.items() if not made_from]
    assert len(silent) < 0.1 * sum(map(len, origins.values())), "constants and counts of rows are made from no column"
