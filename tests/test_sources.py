"""Each system's exports: `tests/exports/<system>/<language>/` in, the rows drawn in its `expected.txt` out, however saved.

A case is a folder with exports; the `<case>.expected.txt` beside it, or else the system's `expected.txt`, draws the staging
tables it becomes.
"""

import re
from pathlib import Path

import pytest
import staged

from assets.sources import __path__ as sources
from pipeline_etl.exports import find_files
from pipeline_etl.settings import Settings

pytestmark = pytest.mark.integration

EXPORTS = Path(__file__).parent / "exports"
SYSTEMS = sorted(p.stem for p in Path(sources[0]).glob("*.py") if p.stem != "__init__")
CASES = sorted({p.parent.relative_to(EXPORTS) for p in EXPORTS.rglob("*") if p.is_file() and not p.name.endswith("expected.txt")}, key=str)


def expected_of(case):
    own, common = EXPORTS / f"{case}.expected.txt", EXPORTS / case.parts[0] / "expected.txt"
    return staged.drawn((own if own.exists() else common).read_text(encoding="utf-8"))


def compare(found, expected):
    for table, (columns, rows) in expected.items():
        wanted = sorted([("" if c is None else c) for c in row] for row in rows)
        assert staged.picture(found, table, columns) == wanted, table


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_exports_of_a_system_become_the_drawn_rows(case, catalog, tmp_path):
    found = staged.staged(EXPORTS / case, tmp_path / "home", catalog)
    columns, files = found["quality.files"]
    read = [dict(zip(columns, row, strict=True)) for row in files]
    assert [f["path"] for f in read if f["status"] != "read"] == [], [f["note"] for f in read if f["status"] != "read"]
    for file in read:
        contract = re.match(r"\w+", Path(file["path"]).name).group()
        assert f"{file['system']}_{file['object']}" == contract, f"{file['path']} is taken for {file['system']} {file['object']}"
        assert file["rows"] == file["kept"] + file["rejected"] + file["duplicates"]
    compare(found, expected_of(case))


@pytest.mark.parametrize("variant", staged.VARIANTS)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_saved_in_another_way_they_become_the_same_rows(case, variant, catalog, tmp_path):
    staged.resaved(EXPORTS / case, tmp_path / "exports", catalog, staged.VARIANTS[variant])
    expected = {t: d for t, d in expected_of(case).items() if t.startswith("staging.")}
    compare(staged.staged(tmp_path / "exports", tmp_path / "home", catalog), expected)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_has_exports_in_two_languages_or_spellings(system):
    cases = [c for c in CASES if c.parts[0] == system]
    assert len(cases) >= 2


def test_every_contract_has_an_export_of_its_own(catalog):
    held = {re.match(r"\w+", f.name).group() for f in find_files(EXPORTS)}
    assert {c.name for c in catalog.contracts} - held == set()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Madrid", "America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize("written", ["2024-03-31", "2024-03-31 00:00", "2024-03-31 23:30", "2024-03-31T00:00:00Z"])
def test_a_close_date_of_hubspot_stays_the_day_that_was_written(written, zone, catalog, tmp_path):
    text = f"Record ID,Deal Name,Deal Stage,Pipeline,Create Date,Close Date\n1,Acme,Demo,Sales,2024-01-22 10:00,{written}\n"
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "deals.csv").write_text(text)
    found = staged.staged(tmp_path / "exports", tmp_path / "home", catalog, Settings(time_zone=zone))
    assert staged.picture(found, "staging.deals", ["close_on"]) == [["2024-03-31"]]


def test_an_instant_is_of_the_day_it_has_in_the_portal(catalog, tmp_path):
    text = "hs_object_id,dealname,dealstage,createdate,closedate\n1,Acme,demo,2024-01-22T10:00:00Z,2024-03-31T22:00:00Z\n"
    (tmp_path / "deals.csv").write_text(text)
    found = staged.staged(tmp_path, tmp_path / "home", catalog, Settings(time_zone="Europe/Madrid"))
    assert staged.picture(found, "staging.deals", ["close_on"]) == [["2024-04-01"]]
