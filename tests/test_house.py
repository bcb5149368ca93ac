"""The house keeps its order: who imports whom, one meaning per name, true documentation, all assets accounted for."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from pipeline_etl.dictionary import markdown

ROOT = Path(__file__).resolve().parents[1]
KERNEL = {p.stem for p in (ROOT / "pipeline_etl").glob("*.py")} - {"__init__"}
PURE = {"beyond", "held_rows", "number_formats", "reuse", "ledgers", "previous", "programs", "arriving", "surveying", "digests", "encoding", "forgetting", "hardening", "home", "mailboxes", "memory", "privacy", "reading", "setting_tables", "texts", "filling", "notify", "contract", "feed", "recognise", "records", "exports", "values", "clean", "rules", "model", "settings", "formats", "charts", "fences", "report_file", "document", "answers", "parts", "page", "spreadsheet", "paper", "outputs", "report", "editions", "reissue", "catalog", "dictionary", "explain", "lake", "landing", "testing", "summary", "verify", "warehouse", "session", "expectations", "cli"}
"""Rooms that know no Dagster."""


def imports(path):
    """Modules imported anywhere in a file, and those at its top level."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    every, top = set(), set()
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
        every |= set(names)
        top |= set(names) if node in tree.body else set()
    return every, top


@pytest.mark.parametrize("module", sorted(PURE))
def test_these_rooms_know_no_dagster(module):
    every, _ = imports(ROOT / "pipeline_etl" / f"{module}.py")
    assert not {m for m in every if m.split(".")[0] == "dagster"}


def test_great_expectations_has_one_importer_and_never_at_the_top():
    importers = [p.stem for p in (ROOT / "pipeline_etl").glob("*.py") if any(m.startswith("great_expectations") for m in imports(p)[0])]
    assert importers == ["expectations"]
    assert not any(m.startswith("great_expectations") for m in imports(ROOT / "pipeline_etl" / "expectations.py")[1])


def test_the_kernel_knows_nothing_of_the_pipeline():
    allowed = {"compose", "commands", "definitions"}
    for path in (ROOT / "pipeline_etl").glob("*.py"):
        if path.stem not in allowed:
            assert not {m for m in imports(path)[0] if m.split(".")[0] == "assets"}, path.name


def test_the_pipeline_uses_the_public_names_of_the_kernel_only():
    for path in (ROOT / "assets").rglob("*.py"):
        assert {m for m in imports(path)[0] if m.startswith("pipeline_etl")} <= {"pipeline_etl"}, path


def test_nobody_imports_the_definitions():
    for path in [*(ROOT / "pipeline_etl").glob("*.py"), *(ROOT / "assets").rglob("*.py")]:
        assert "pipeline_etl.definitions" not in imports(path)[0], path


def test_data_goes_one_way(catalog):
    rank = {"previous": 0, "raw": 0, "feeds": 0, "settings": 0, "rejects": 0, "staging": 1, "core": 2, "marts": 3, "quality": 4, "checks": 4}
    for model in catalog.models:
        for table in model.dependencies:
            assert rank[table.partition(".")[0]] <= rank[model.schema], f"{model.table} reads {table}"


def test_one_name_has_one_type_in_what_is_promised(catalog):
    types = defaultdict(set)
    for model in catalog.tables:
        if model.schema == "marts":
            for column, kind in model.types.items():
                types[column].add(kind)
    assert {c: k for c, k in types.items() if len(k) > 1} == {}


def test_nothing_in_sql_asks_for_the_time():
    for path in (ROOT / "sql").rglob("*.sql"):
        code = re.sub(r"--.*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\b(now\s*\(|current_date|current_timestamp|today\s*\()", code, re.IGNORECASE), path
        assert not any(re.search(r"\bselect\s+\*\s*$", line, re.IGNORECASE) for line in code.strip().splitlines()[-2:-1]), path


def test_the_dictionary_is_true(catalog):
    written = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert written == markdown(catalog), "run `make docs`"


def test_promised_tables_are_there(catalog):
    promised = {"deals", "stage_visits", "stage_snapshot", "stage_daily", "pipeline_health", "stage_conversion", "stage_duration"}
    assert promised <= {m.name for m in catalog.tables if m.schema == "marts"}
    assert {"files", "rejected_rows", "missing_information", "reconciliation"} <= {m.name for m in catalog.tables if m.schema == "quality"}


def test_every_file_reads_well():
    long = {p.relative_to(ROOT).as_posix(): n for p in [*(ROOT / "pipeline_etl").glob("*.py"), *(ROOT / "assets").rglob("*.py")] if (n := len(p.read_text().splitlines())) > (700 if p.parent.name == "sources" else 400)}
    assert long == {}, "a source may be longer: its lists of headings are data"


def test_what_is_kept_is_text_or_a_picture():
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT)
    if listed.returncode:
        pytest.skip("this is not a clone")
    binary = [name for name in filter(None, listed.stdout.split("\0")) if (ROOT / name).exists() and b"\0" in (ROOT / name).read_bytes()[:8000]]
    assert {Path(name).suffix for name in binary} <= {".png"}


def test_all_assets_load_and_each_says_what_a_row_is():
    program = (
        "from pipeline_etl.definitions import defs\n"
        "g = defs.resolve_asset_graph()\n"
        "for k in sorted(g.get_all_asset_keys(), key=str):\n"
        "    n = g.get(k)\n"
        "    print('/'.join(k.path), '|', n.group_name, '|', len(n.description or ''), '|', ','.join(n.owners))\n"
        "print('checks', len(g.asset_check_keys))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.strip().splitlines()
    assets = {line.split(" | ")[0]: line.split(" | ")[1:] for line in lines[:-1]}
    assert {"marts/deals", "raw/hubspot_deals", "raw/hubspot_deal_stage_dates", "warehouse", "reports/pipeline", "quality/checks", "exports/survey"} <= assets.keys()
    assert all(int(a[1]) > 15 and a[2] for a in assets.values())
    assert {a[0] for a in assets.values()} == {"exports", "settings", "raw", "staging", "core", "marts", "quality", "editions", "reports", "warehouse"}
    assert int(lines[-1].split()[1]) > 90
