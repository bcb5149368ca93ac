"""The semantic description: Cube's own compiler reads it, and no measure of it is wrong on the demo company."""

import json
import subprocess
from dataclasses import replace
from itertools import chain, combinations
from pathlib import Path

import duckdb
import pytest
import yaml

from pipeline_etl.binding import bind
from pipeline_etl.model import ModelError, read_model
from pipeline_etl.semantics import aggregate, semantics, totals_of

pytestmark = pytest.mark.slow

CUBE = Path(__file__).parent / "cube"


@pytest.fixture(scope="module")
def cubes(catalog):
    return {cube["name"]: cube for cube in yaml.safe_load(semantics(catalog.models))["cubes"]}


@pytest.fixture(scope="module")
def rows(demo_home):
    with duckdb.connect(str(demo_home / "warehouse.duckdb"), read_only=True) as connection:
        yield lambda query: connection.execute(query.replace("{CUBE}.", "")).fetchall()


def marts(catalog):
    return {m.name: m for m in catalog.tables if m.schema == "marts"}


def test_each_mart_has_its_key_and_each_column_once(catalog, cubes):
    assert cubes.keys() == marts(catalog).keys()
    for name, model in marts(catalog).items():
        members = [m["name"] for m in chain(cubes[name]["dimensions"], cubes[name]["measures"])]
        assert sorted(members) == sorted({*model.types, "rows"})
        assert {d["name"] for d in cubes[name]["dimensions"] if d.get("primary_key")} == set(model.grain)
        assert all(d["description"] for d in chain(cubes[name]["dimensions"], cubes[name]["measures"]))


def test_deals_are_joined_by_their_whole_key(cubes):
    (join,) = cubes["stage_visits"]["joins"]
    assert join == {
        "name": "deals", "relationship": "many_to_one",
        "sql": '{CUBE}."system" = {deals.system} and {CUBE}."deal_id" = {deals.deal_id}',
    }  # fmt: skip
    assert {j["name"]: j["relationship"] for j in cubes["customer_deals"]["joins"]} == {"customers": "many_to_one", "deals": "one_to_one"}
    assert "joins" not in cubes["stage_snapshot"]


def test_a_rate_a_median_and_a_snapshot_are_not_added_up(catalog, cubes, rows):
    health = {m["name"]: m for m in cubes["pipeline_health"]["measures"]}
    assert "Does not add up" in health["win_rate"]["description"] and "Does not add up" in health["median_days_to_close"]["description"]
    assert "within one period" in health["won"]["description"]
    scope = "from marts.pipeline_health where pipeline = 'all' and"
    ((one,),) = rows(f"select {health['win_rate']['sql']} {scope} period = 'all'")
    ((many,),) = rows(f"select {health['win_rate']['sql']} {scope} period = 'year'")
    assert (one is not None, many) == (True, None)
    daily = {m["name"]: m for m in cubes["stage_daily"]["measures"]}["open_deals"]
    ((last,),) = rows("select max(day) from marts.stage_daily")
    assert rows(f"select {daily['sql']} from marts.stage_daily") == [(None,)]
    assert rows(f"select {daily['sql']} from marts.stage_daily where day = date '{last}'") == rows("select count(*) from marts.deals where status = 'open'")


def test_what_adds_up_adds_up_to_the_rows_that_are_totals(catalog, rows):
    compared = {}
    for name, model in marts(catalog).items():
        totals = totals_of(model)
        for over in chain.from_iterable(combinations(totals, n) for n in range(1, len(totals) + 1)) if model.sums else ():
            keys = [c for c in model.grain if c not in over]
            parts = ", ".join([*keys, *(f"{aggregate(model, c)} as {c}" for c in model.sums)])
            said = " and ".join([*(f"t.{c} = 'all'" for c in over), *(f"t.{c} <> 'all'" for c in totals if c not in over)])
            same = " and ".join([*(f"p.{c} is not distinct from t.{c}" for c in keys)] or ["true"])
            group = " group by all" if keys else ""
            differ = " or ".join(f"abs(coalesce(p.{c}, 0)::double - coalesce(t.{c}, 0)::double) > 1e-6" for c in model.sums)
            ((number, wrong),) = rows(
                f"select count(*), count(*) filter (where {differ}) from marts.{name} as t"
                f" left join (select {parts} from marts.{name}{group}) as p on {same} where {said}"
            )
            assert wrong == 0, f"marts.{name}: {wrong} of {number} totals over {over} are not the sum of their parts"
            compared[name] = compared.get(name, 0) + number
    assert compared.keys() >= {"stage_snapshot", "stage_daily", "pipeline_health", "forecast", "channel_performance", "attribution_by_channel"}
    assert all(compared.values()), compared


def test_what_is_declared_must_be_there(tmp_path, catalog):
    path = tmp_path / "marts" / "tiny.sql"
    path.parent.mkdir()
    for line, fault in (("-- sum: words", "words"), ("-- sum: n, absent", "absent"), ("-- apart: absent", "absent")):
        path.write_text(f"-- One row per n.\n--\n-- grain: n\n{line}\nselect\n    1 as n,  -- N.\n    'x' as words  -- Words.\n")
        with pytest.raises(ModelError, match=f"{fault} in `sum:` or `apart:` is no column"):
            bind([read_model(path)], {})


def ask(file, *queries):
    if not (CUBE / "node_modules" / ".installed").exists():
        pytest.skip("Cube's compiler is not installed: run `make cube`")
    return subprocess.run(["node", str(CUBE / "ask.js"), str(file), json.dumps(queries)], capture_output=True, text=True)


def test_cube_compiles_it_and_its_sql_gives_the_figures_of_the_warehouse(tmp_path, catalog, rows):
    file = tmp_path / "semantics.yml"
    file.write_text(semantics(catalog.models), encoding="utf-8")
    done = ask(
        file,
        {"measures": ["stage_snapshot.open_deals", "stage_snapshot.open_amount"], "dimensions": ["stage_snapshot.pipeline"]},
        {"measures": ["stage_visits.rows", "deals.amount"], "dimensions": ["stage_visits.outcome", "deals.status"]},
    )
    assert done.returncode == 0, done.stderr
    by_pipeline, by_outcome = json.loads(done.stdout)
    totals = rows("select pipeline, open_deals, open_amount from marts.stage_snapshot where stage = 'all' and pipeline <> 'all'")
    assert sorted(r for r in rows(by_pipeline) if r[0] != "all") == sorted(totals)
    # A deal with many visits counts once.
    given = rows(f'select "stage_visits__outcome", "deals__status", "stage_visits__rows", "deals__amount" from ({by_outcome})')
    assert len(given) > 3
    assert sorted(given, key=str) == sorted(rows("""
        select v.outcome, d.status, sum(v.visits)::bigint, sum(d.amount)
        from (select system, deal_id, outcome, count(*) as visits from marts.stage_visits group by all) as v
        join marts.deals as d using (system, deal_id)
        group by all
    """), key=str)  # fmt: skip


def test_cube_refuses_what_it_cannot_read(tmp_path, catalog):
    file = tmp_path / "semantics.yml"
    deals = next(m for m in catalog.tables if m.table == "marts.deals")
    file.write_text(semantics([replace(deals, types={"system": "VARCHAR", "deal_id": "VARCHAR"})]).replace("type: string", "type: words"))
    done = ask(file)
    assert done.returncode == 1 and "words" in done.stderr


def test_it_lies_beside_the_warehouse(demo_home, catalog):
    assert (demo_home / "semantics.yml").read_text(encoding="utf-8") == semantics(catalog.models)
