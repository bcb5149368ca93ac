"""A `.sql` file says its own name, meaning, grain, checks and dependencies; what is wrong with it is said with its line."""

import re

import pytest

from pipeline_etl.binding import bind, previous_tables
from pipeline_etl.model import ModelError, read_model, read_models

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


def test_a_view_keeps_its_conditions_and_has_the_key_of_what_it_reads(tmp_path):
    model = read_model(write(tmp_path, GOOD.replace("-- grain", "-- kind: view\n-- grain")))
    assert (model.is_view, model.grain, model.description) == (True, ("deal_id",), "Value of each deal. In base currency.")
    assert [r.kind for r in model.rules] == ["holds", "holds"]
    assert not read_model(write(tmp_path, GOOD)).is_view


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
        ("-- grain", "-- kind: veiw\n-- grain", ":4: 'veiw' is no kind of model; write one of table, view"),
        (GOOD, GOOD.replace("-- grain", "-- kind: view\n-- grain").replace("amount * 2", "spaced(amount)"), ":1: readers of a view do not know spaced; call it in a table that the view reads"),
        (GOOD, GOOD.replace("-- grain", "-- kind: view\n-- grain").replace("from known", "from known where 1 in (select 1 from known)"), ":1: a view that reads known more than once must write `known as not materialized (`"),
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


HEAD = "-- Deals.\n-- grain: deal_id\n"


def model(folder, text, schema="marts", name="deals", sources=SOURCES):
    return bind([read_model(write(folder, text, schema, name))], sources)[0]


def fault_of(folder, text, schema="marts", name="deals"):
    """The message of the fault, from the file's name on."""
    with pytest.raises(ModelError) as error:
        model(folder, text, schema, name)
    return str(error.value).removeprefix(f"{folder}/{schema}/")


def test_the_rules_of_a_model_are_its_grain_and_its_lines(tmp_path):
    rules = model(tmp_path, GOOD).rules
    assert [(r.kind, r.table, r.columns, r.condition) for r in rules] == [
        ("key", "marts.deals", ("deal_id",), ""),
        ("holds", "marts.deals", (), "amount >= 0"),
        ("holds", "marts.deals", (), "amount < 1e9"),
    ]
    assert [r.name for r in rules] == ["grain", "amount_0", "amount_1e9"]


def test_a_grain_of_several_columns_and_text_after_it(tmp_path):
    text = "-- One: a colon.\n-- Two.\n--\n-- grain:  deal_id ,amount\n-- why: because\n\nselect\n    deal_id, -- D.\n    amount -- A.\nfrom raw.deals\n-- check: false\n"
    read = model(tmp_path, text)
    assert (read.description, read.grain, len(read.rules)) == ("One: a colon. Two.", ("deal_id", "amount"), 1)


def test_a_check_that_returns_rows_is_known_by_its_schema(tmp_path):
    check = read_model(write(tmp_path, "-- Bad.\n-- severity: warning\nselect deal_id from raw.deals\n", "checks", "bad"))
    assert check.is_check
    assert [(r.kind, r.severity, r.blocking) for r in check.rules] == [("no_rows", "warning", False)]
    error = read_model(write(tmp_path, "-- Bad.\n-- severity: error\nselect deal_id from raw.deals\n", "checks", "worse"))
    assert [(r.severity, r.blocking) for r in error.rules] == [("error", True)]
    assert not read_model(write(tmp_path, GOOD)).is_check


@pytest.mark.parametrize(
    "sql, dependencies",
    [
        ("with a as (select * from raw.deals), b as (select * from a) select deal_id -- D.\nfrom b", ("raw.deals",)),
        ("select d.deal_id -- D.\nfrom raw.deals as d join core.visits using (deal_id) left join raw.deals as e using (deal_id)", ("core.visits", "raw.deals")),
        ("select deal_id -- D.\nfrom raw.deals where exists (select 1 from core.visits as v where v.deal_id = deals.deal_id)", ("core.visits", "raw.deals")),
        ("select deal_id -- D.\nfrom (pivot core.visits on deal_id in ('x') using count(*)) as p(deal_id)", ("core.visits",)),
        ("with raw as (select 'x' as deal_id) select deal_id -- D.\nfrom raw", ()),
        ("select deal_id -- D.\nfrom raw.deals union all select deal_id from core.visits", ("core.visits", "raw.deals")),
        ("select deal_id -- from core.visits\nfrom raw.deals where deal_id <> 'from core.visits'", ("raw.deals",)),
        ("select unnest(['a']) as deal_id -- D.\nfrom range(3)", ()),
    ],
)
def test_what_a_model_reads(tmp_path, sql, dependencies):
    assert read_model(write(tmp_path, HEAD + sql)).dependencies == dependencies


@pytest.mark.parametrize(
    "line, name, meaning",
    [
        ("deal_id, -- Deal.", "deal_id", "Deal."), ("deal_id,-- Deal -- or so.  ", "deal_id", "Deal -- or so."), ("upper(deal_id) as deal_id, -- Deal.", "deal_id", "Deal."),
        ('deal_id as "id", -- Deal.', "id", "Deal."), ("deal_id as id   ,   -- Deal, by id.", "id", "Deal, by id."),
    ],
)  # fmt: skip
def test_a_comment_behind_a_column_is_its_meaning(tmp_path, line, name, meaning):
    text = f"-- Deals.\n-- grain: amount\nselect\n    {line}\n    amount -- Amount.\nfrom raw.deals\n"
    assert dict(model(tmp_path, text).columns) == {name: meaning, "amount": "Amount."}


def test_of_several_meanings_the_last_counts_and_none_that_is_no_column(tmp_path):
    text = HEAD + "with a as (\n    select\n        deal_id, -- Inner.\n        amount -- Gone.\n    from raw.deals\n)\nselect\n    deal_id -- Outer.\nfrom a\n"
    assert dict(model(tmp_path, text).columns) == {"deal_id": "Outer."}


def test_only_what_is_promised_must_say_what_it_means(tmp_path):
    text = HEAD + "select deal_id from raw.deals\n"
    assert dict(model(tmp_path, text, "core").columns) == {}
    for schema in ("marts", "quality"):
        assert fault_of(tmp_path, text, schema) == "deals.sql:1: say in a trailing comment what deal_id means"


@pytest.mark.parametrize(
    "text, fault",
    [
        ("select 1 as a -- A.\n", "deals.sql:1: begin the file with a comment that says what a row is"),
        ("-- grain: a\nselect 1 as a -- A.\n", "deals.sql:1: begin the file with a comment that says what a row is"),
        ("-- A.\nselect 1 as a -- A.\n", "deals.sql:1: add a line `-- grain: column, …` that names the columns which identify a row"),
        ("-- A.\n-- grain: a\n--\n-- warn:\nselect 1 as a -- A.\n", "deals.sql:4: `warn:` needs a condition that is true for every good row"),
        (HEAD + "select deal_id -- D.\nfrom deals, other", "deals.sql:1: write the schema of deals, other (staging, core, marts …) before the name"),
        (HEAD + "select deal_id -- D.\nfrom row.deals", "deals.sql:1: it reads row.deals, which does not exist; did you mean raw.deals?"),
        (HEAD + "select deal_id -- D.\nfrom zzz.qqqqqqqq", "deals.sql:1: it reads zzz.qqqqqqqq, which does not exist"),
        (HEAD + "select\n    deal_id, -- D.\n\n    amount + '?' + nope as x -- X.\nfrom raw.deals", 'deals.sql:6: Binder Error: Referenced column "nope" not found in FROM clause!'),
    ],
)  # fmt: skip
def test_the_whole_sentence_of_each_fault(tmp_path, text, fault):
    assert fault_of(tmp_path, text) == fault


@pytest.mark.parametrize(
    "text, line",
    [
        (HEAD + "selct deal_id from raw.deals\n", 3),
        (HEAD + "select\n    deal_id\nfrom raw.deals\nwhere (amount > 1\n", 6),
        (HEAD + "select nofunction(deal_id) as deal_id -- D.\nfrom raw.deals\n", 3),
    ],
)
def test_bad_sql_is_shown_with_its_line(tmp_path, text, line):
    assert fault_of(tmp_path, text).startswith(f"deals.sql:{line}: ")


@pytest.mark.parametrize("severity", ["", "fatal", "warn"])
def test_a_severity_is_one_of_two(tmp_path, severity):
    fault = fault_of(tmp_path, f"-- Bad.\n-- severity: {severity}\nselect deal_id from raw.deals\n", "checks")
    assert fault == "deals.sql:1: add a line `-- severity: error` or `-- severity: warning`"


def test_models_come_after_those_they_read(tmp_path):
    for name, source in (("a", "core.b"), ("b", "core.c"), ("c", "raw.deals")):
        write(tmp_path, f"-- X.\n-- grain: deal_id\nselect deal_id -- D.\nfrom {source}\n", "core", name)
    assert [m.name for m in read_models(tmp_path)] == ["c", "b", "a"]
    assert [m.types for m in bind(read_models(tmp_path), SOURCES)] == [{"deal_id": "VARCHAR"}] * 3


def test_a_circle_of_models_is_shown(tmp_path):
    for name, source in (("a", "core.b"), ("b", "core.a")):
        write(tmp_path, f"-- X.\n-- grain: deal_id\nselect deal_id from {source}\n", "core", name)
    with pytest.raises(ModelError, match=r"models read each other in a circle: core\.(a -> core\.b -> core\.a|b -> core\.a -> core\.b)"):
        read_models(tmp_path)


@pytest.mark.parametrize(
    "text, line",
    [
        (HEAD + "select 'abc as deal_id -- D.\nfrom raw.deals\n", 3),
        (HEAD + "/* open\nselect deal_id -- D.\nfrom raw.deals\n", 3),
        ("-- A.\n-- grain: deal_id\n-- check: amuont > 0\nselect deal_id -- D.\nfrom raw.deals\n", 3),
        ("-- A.\n-- grain: deel_id\nselect deal_id -- D.\nfrom raw.deals\n", 2),
        ("-- A.\n-- grain:\nselect deal_id -- D.\nfrom raw.deals\n", 2),
        (HEAD + "select deal_id -- D.\nfrom raw.deals;\nselect 2 as b\n", 5),
    ],
)
def test_faults_that_hide_well(tmp_path, text, line):
    assert fault_of(tmp_path, text).startswith(f"deals.sql:{line}: ")


PREVIOUS = """\
-- One row per change.
--
-- grain: day, n

select
    day,              -- Day.
    n                 -- Count.
from previous.changes

union all

select d.day, count(*) + sum(p.deals)
from marts.days as d
left join previous.days as p on p.day = d.day
group by d.day
"""
DAYS = "-- One row per day.\n--\n-- grain: day\n\nselect\n    day, -- Day.\n    1::bigint as deals -- Deals.\nfrom raw.days\n"


def test_a_model_reads_what_was_published_before_also_of_itself(tmp_path):
    for name, sql in (("changes", PREVIOUS), ("days", DAYS)):
        (tmp_path / "marts").mkdir(exist_ok=True)
        (tmp_path / "marts" / f"{name}.sql").write_text(sql)
    sources = {"raw.days": {"day": "DATE"}}
    bound = bind(read_models(tmp_path), sources)
    assert [m.name for m in bound] == ["days", "changes"]
    assert bound[1].types == {"day": "DATE", "n": "HUGEINT"}
    assert previous_tables(bound, sources) == {"previous.changes": bound[1].types, "previous.days": {"day": "DATE", "deals": "BIGINT"}}


@pytest.mark.parametrize(
    "sql, fault",
    [
        ("select day, -- Day.\n n -- Count.\nfrom previous.chnages", "did you mean previous.changes?"),
        ("select day, -- Day.\n n * 1.5 as n -- Count.\nfrom previous.changes", "must not hang on"),
        ("select day, -- Day.\n 1 as n -- Count.\nfrom previous.days where hour > 1", '"hour"'),
    ],
)
def test_what_cannot_be_read_of_the_run_before_is_said(tmp_path, sql, fault):
    for name, text in (("changes", f"-- One row per change.\n--\n-- grain: day\n\n{sql}"), ("days", DAYS)):
        (tmp_path / "marts").mkdir(exist_ok=True)
        (tmp_path / "marts" / f"{name}.sql").write_text(text)
    with pytest.raises(ModelError, match=re.escape(fault)):
        bind(read_models(tmp_path), {"raw.days": {"day": "DATE"}})
