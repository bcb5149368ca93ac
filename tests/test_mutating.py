"""The mutator turns each place that carries meaning, once, and leaves what proves nothing; the suite notices a sample of it."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import sqlglot
from mutants.mutating import mutants, render

from pipeline_etl.testing import Bench

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[1]
SOME = ("stage_daily", "stage_visits")


def changes(sql):
    return [m.change.partition(": ")[0] for m in mutants(sql)]


def written(sql):
    return {m.sql for m in mutants(sql)}


@pytest.mark.parametrize(("sql", "wrong"), [
    ("select a < b from t", "SELECT a <= b FROM t"),
    ("select a >= b from t", "SELECT a > b FROM t"),
    ("select a = b from t", "SELECT a <> b FROM t"),
    ("select a - b from t", "SELECT a + b FROM t"),
    ("select a from t where b", "SELECT a FROM t"),
    ("select a from t where b and c and d", "SELECT a FROM t WHERE b AND d"),
    ("select a from t where b and c and d", "SELECT a FROM t WHERE (b AND c)"),
    ("select a from t where b and c", "SELECT a FROM t WHERE (b OR c)"),
    ("select a from t where not (b or c)", "SELECT a FROM t WHERE NOT ((b AND c))"),
    ("select a from t where b is null", "SELECT a FROM t WHERE NOT b IS NULL"),
    ("select a from t where b is not null", "SELECT a FROM t WHERE b IS NULL"),
    ("select a from t where exists (select 1 from u)", "SELECT a FROM t"),
    ("select a from t where b in (1, 2)", "SELECT a FROM t WHERE b IN (1)"),
    ("select count(*) filter (where b) from t", "SELECT COUNT(*) FROM t"),
    ("select count(b) from t", "SELECT COUNT(*) FROM t"),
    ("select count(distinct b) from t", "SELECT COUNT(b) FROM t"),
    ("select distinct b from t", "SELECT b FROM t"),
    ("select min({'a': b}) from t", "SELECT MAX({'a': b}) FROM t"),
    ("select avg(b) from t", "SELECT MEDIAN(b) FROM t"),
    ("select b from t join u on t.i = u.i", "SELECT b FROM t LEFT JOIN u ON t.i = u.i"),
    ("select b from t left join u on t.i = u.i", "SELECT b FROM t JOIN u ON t.i = u.i"),
    ("select b + 1 from t", "SELECT b + 2 FROM t"),
    ("select b + interval 1 day from t", "SELECT b + INTERVAL '2' DAY FROM t"),
    ("select b / 86400.0 from t", "SELECT b / 172800.0 FROM t"),
    ("select row_number() over (partition by a, b order by c) from t", "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY c) FROM t"),
    ("select row_number() over (order by c) from t", "SELECT ROW_NUMBER() OVER (ORDER BY c DESC) FROM t"),
    ("select a from t qualify lag(a) over (order by b) is null", "SELECT a FROM t"),
    ("select a from t union all select b from u union all select c from v", "SELECT a FROM t UNION ALL SELECT c FROM v"),
    ("with w as (select 1 as a) select a from w union all select b from u", "WITH w AS (SELECT 1 AS a) SELECT a FROM w"),
    ("select coalesce(a, b, 0) from t", "SELECT COALESCE(a, b) FROM t"),
    ("select coalesce(a + b, 0) * 2 from t", "SELECT (a + b) * 2 FROM t"),
    ("select case when a then 'x' when b then 'y' end from t", "SELECT CASE WHEN b THEN 'y' END FROM t"),
    ("select case when a then b + c end * 2 from t", "SELECT (b + c) * 2 FROM t"),
    ("select case when a then 'x' else 'y' end from t", "SELECT CASE WHEN a THEN 'x' END FROM t"),
    ("select round(a, 2) from t", "SELECT a FROM t"),
])  # fmt: skip
def test_a_place_is_turned(sql, wrong):
    assert wrong in written(sql)


@pytest.mark.parametrize("sql", [
    "select t.a from t cross join u",
    "select a from (values (1, 'x'), (2, 'y')) as t (a, b)",
    "select a::decimal(18, 2) as a, sum(b) as b from t group by 1",
])  # fmt: skip
def test_what_proves_nothing_is_left_alone(sql):
    assert mutants(sql) == []


def test_the_keys_of_a_join_are_dropped_one_by_one_but_not_turned():
    assert sorted(changes("select 1 as a from t join u on t.i = u.i and t.j = u.j")) == [
        "1 becomes 2",
        "and t.j = u.j dropped",
        "join becomes left join",
        "t.i = u.i and dropped",
    ]


def test_a_mutant_says_where_it_is_and_repeats_are_numbered():
    found = mutants("select a\nfrom t\nwhere b < 5\n  or c < 5")
    assert [(m.line, m.change) for m in found if "5 becomes" in m.change or "dropped: WHERE" in m.change] == [
        (3, "where dropped: WHERE b < 5 OR c < 5"),
        (3, "5 becomes 6: b < 5"),
        (4, "5 becomes 6: c < 5"),
    ]
    twice = mutants("select a < b as x,\na < b as y from t")
    assert [(m.line, m.change) for m in twice] == [(1, "< becomes <=: a < b"), (2, "< becomes <=: a < b (2)")]


def test_each_mutant_differs_from_the_model_and_from_the_others():
    for name in SOME:
        sql = (ROOT / f"sql/marts/{name}.sql").read_text(encoding="utf-8")
        texts = [render(sqlglot.parse_one(sql, dialect="duckdb")), *(m.sql for m in mutants(sql))]
        assert len(set(texts)) == len(texts) > 30, name


def test_nearly_all_mutants_bind(catalog):
    """A mutant that does not even bind tests nobody."""
    connection = Bench(catalog.models, catalog.sources).connection
    failed = made = 0
    for model in (m for m in catalog.tables if m.name in SOME):
        for mutant in mutants(model.sql):
            made += 1
            try:
                connection.execute(f"explain insert into {model.table} by name {mutant.sql}")
            except duckdb.Error:
                failed += 1
    assert failed < made / 20


def test_the_suite_notices_a_sample():
    """`make mutants` in small: of two models, what the tests drew and drew up kills all but the survivors we know."""
    models = [f"sql/marts/{name}.sql" for name in SOME]
    tests = [*(f"tests/sql/marts/test_{name}.py" for name in SOME), "tests/test_models_against_reference.py"]
    command = [
        sys.executable, "tests/mutants/run.py", *models, "--tests", *tests, "--sample", "10", "--examples", "3", "--workers", "1", "--strict",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"a change that no test notices: draw it in tests/sql, or list it in tests/mutants/survivors.toml\n{done.stdout}{done.stderr}"
