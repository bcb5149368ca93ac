"""Tables of the run before serve again while nothing that they are made from has changed, and never otherwise."""

from datetime import datetime

import pytest

from pipeline_etl.binding import bind
from pipeline_etl.catalog import SETTINGS_TABLES, Catalog
from pipeline_etl.feed import Feeds
from pipeline_etl.home import Home
from pipeline_etl.model import computed, read_models
from pipeline_etl.previous import keep_previous
from pipeline_etl.reuse import Tables
from pipeline_etl.warehouse import PreviousError, Warehouse

BANDS = [("small", 0.0, 10.0), ("large", 10.0, None)]
MODELS = {
    "core/bands": "-- One row per band.\n--\n-- grain: band\n-- check: low >= 0\n\nselect band, low from settings.size_bands",
    "core/lows": "-- One row per band: its bound in tens.\n--\n-- grain: band\n\nselect band, floor(low / 10) as tens from core.bands",
    "core/highest": "-- One row.\n--\n-- grain: tens\n\nselect max(tens) as tens from core.lows",
    "core/shown": "-- One row per band.\n--\n-- kind: view\n-- grain: band\n\nselect band from core.bands",
    "core/counted": "-- One row.\n--\n-- grain: n\n\nselect count(*) as n from core.shown",
    "core/owners": "-- One row per owner.\n--\n-- grain: owner\n\nselect owner from settings.owner_time_zones",
}
ALL = {f"core.{name.partition('/')[2]}" for name in MODELS}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "home"


def night(folder, tmp_path, models=MODELS, bands=BANDS, more=(), keep=True, is_whole=True, still=None):
    """One run of these models, of which every rule holds: the tables that it kept, and the rows of all. still: becomes those whose rules it need not ask."""
    root = tmp_path / "models"
    for file in root.glob("*/*.sql"):
        file.unlink()
    for name, sql in models.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / f"{name}.sql").write_text(sql)
    catalog = Catalog((), Feeds((), ()), tuple(bind(read_models(root, more), SETTINGS_TABLES)))
    warehouse = Warehouse(Home(folder), "500MB")
    try:
        warehouse.create_tables(SETTINGS_TABLES)
        warehouse.connection.executemany("insert into settings.size_bands values (?, ?, ?)", bands)
        keep_previous(warehouse, catalog.previous)
        tables = Tables(warehouse, catalog, datetime(2026, 1, 1), lambda raw: "", is_whole=is_whole, keep=keep)
        for model in catalog.models:
            tables.make(model)
        rules = [rule for m in catalog.models for rule in m.rules]
        if still is not None:
            still[:] = sorted({rule.table for rule in rules if tables.holds_still(rule) is not None})
        rows = {m.table: sorted(warehouse.execute(f"from {m.table}")) for m in catalog.models}
        warehouse.create_table("quality.checks", {"table_name": "VARCHAR", "name": "VARCHAR", "passed": "BOOLEAN", "failing_rows": "BIGINT", "expectation": "VARCHAR"})
        warehouse.connection.executemany("insert into quality.checks values (?, ?, true, 0, 'asked')", [(r.table, r.name) for r in rules])
        tables.write()
        warehouse.publish()
        return {t for t, made in tables.made.items() if made.is_kept}, rows
    finally:
        warehouse.close()


def test_where_nothing_has_changed_all_is_kept(folder, tmp_path):
    kept, first = night(folder, tmp_path)
    assert kept == set()
    kept, again = night(folder, tmp_path)
    assert kept == ALL and again == first
    assert night(folder, tmp_path, keep=False)[0] == set()


@pytest.mark.parametrize(
    ("name", "old", "new", "made"),
    [
        ("core/lows", "floor(low / 10)", "floor(low / 5)", {"core.lows", "core.highest"}),
        ("core/lows", "floor(low / 10)", "floor(low / 10.0)", {"core.lows"}),
        ("core/bands", "low from", "low + 1 as low from", {"core.bands", "core.lows", "core.shown", "core.counted"}),
        ("core/shown", "select band", "select band || '' as band", {"core.shown", "core.counted"}),
        ("core/owners", "select owner", "select lower(owner) as owner", {"core.owners"}),
        ("core/bands", "low >= 0", "low >= -1", {"core.bands"}),
    ],
)
def test_a_changed_model_makes_what_it_must_and_nothing_else(folder, tmp_path, name, old, new, made):
    night(folder, tmp_path)
    changed = {**MODELS, name: MODELS[name].replace(old, new)}
    assert changed != MODELS
    kept, rows = night(folder, tmp_path, changed)
    assert kept == ALL - made
    assert rows == night(folder, tmp_path, changed, keep=False)[1]


def test_changed_rows_are_read_again_as_far_as_they_make_a_difference(folder, tmp_path):
    night(folder, tmp_path)
    kept, rows = night(folder, tmp_path, bands=[("small", 0.0, 10.0), ("large", 11.0, None)])
    # 10 and 11 are both one ten: who reads that stays as it is. A view has no rows of its own to compare.
    assert kept == {"core.highest", "core.owners"}
    assert rows["core.bands"] == [("large", 11.0), ("small", 0.0)]
    kept, rows = night(folder, tmp_path, bands=list(reversed([("small", 0.0, 10.0), ("large", 11.0, None)])))
    assert kept == ALL


def test_a_rule_that_held_on_the_same_rows_is_not_asked_again(folder, tmp_path):
    still = []
    night(folder, tmp_path, still=still)
    assert still == []
    kept, _ = night(folder, tmp_path, bands=[("small", 0.0, 10.0), ("large", 11.0, None)], still=still)
    # The bounds in tens were counted again and came out as they were; of a view nothing is known but what it reads.
    assert "core.lows" not in kept and still == ["core.highest", "core.lows", "core.owners"]
    night(folder, tmp_path, still=still)
    assert "core.bands" not in still


@pytest.mark.parametrize(("old", "new"), [("floor(low / 10)", "floor(low / 10.0)"), ("-- grain: band", "-- grain: band\n-- check: tens >= 0")])
def test_of_a_changed_model_every_rule_is_asked(folder, tmp_path, old, new):
    still = []
    night(folder, tmp_path)
    night(folder, tmp_path, {**MODELS, "core/lows": MODELS["core/lows"].replace(old, new)}, still=still)
    assert "core.lows" not in still and "core.bands" in still


def test_what_a_kept_table_was_made_from_is_remembered_over_many_nights(folder, tmp_path):
    first = night(folder, tmp_path)[1]
    for _ in range(3):
        assert night(folder, tmp_path)[0] == ALL
    night(folder, tmp_path, bands=[("one", 50.0, None)])
    kept, rows = night(folder, tmp_path)
    assert rows == first and kept == {"core.owners"}


def test_what_the_run_before_said_is_read_anew_every_time(folder, tmp_path):
    nights = "-- One row.\n--\n-- grain: n\n\nselect count(*) as n -- Nights.\nfrom (select n from previous.nights union all select 0)"
    after = "-- One row.\n--\n-- grain: n\n\nselect least(n, 1) as n from quality.nights"
    models = {**MODELS, "quality/nights": nights, "core/after": after}
    kept = [night(folder, tmp_path, models)[0] for _ in range(3)]
    # From the second night on it says the same, and who reads it is kept; itself it is not.
    assert kept == [set(), ALL, ALL | {"core.after"}]


def test_what_a_run_of_some_assets_made_serves_in_no_later_run(folder, tmp_path):
    night(folder, tmp_path)
    # It may have asked no rule, and the books of checks are those of the run before it.
    assert night(folder, tmp_path, is_whole=False)[0] == set()
    still = []
    assert night(folder, tmp_path, still=still)[0] == set() and still == []
    assert night(folder, tmp_path)[0] == ALL


def test_a_computed_table_hangs_on_its_program(folder, tmp_path):
    def doubled(query):
        return query("select band, low * 2 as low from core.bands")

    def tripled(query):
        return query("select band, low * 3 as low from core.bands")

    def model(make):
        return computed("core.more", "One row per band.", {"band": ("VARCHAR", "Band."), "low": ("DOUBLE", "Bound.")}, ("band",), ("core.bands",), make)

    night(folder, tmp_path, more=[model(doubled)])
    assert "core.more" in night(folder, tmp_path, more=[model(doubled)])[0]
    kept, rows = night(folder, tmp_path, more=[model(tripled)])
    assert "core.more" not in kept and rows["core.more"] == [("large", 30.0), ("small", 0.0)]


def test_a_table_that_cannot_be_read_any_more_is_made_anew(folder, tmp_path):
    first = night(folder, tmp_path)[1]
    warehouse, broken = Home(folder).warehouse, 0
    whole = warehouse.read_bytes()
    for begin in range(3 * 4096, len(whole), 1 << 18):
        warehouse.write_bytes(whole[: begin + 64] + bytes([whole[begin + 64] ^ 1]) + whole[begin + 65 :])
        try:
            kept, rows = night(folder, tmp_path)
        # Without its table of contents nothing can be read, and the run says so.
        except PreviousError:
            continue
        broken += kept != ALL
        assert rows == first
    assert broken
