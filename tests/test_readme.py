"""The README's commands run, and its files exist."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import staged

import assets.models
import assets.sources
from assets.demo import write_demo
from assets.entities import ENTITIES
from pipeline_etl.catalog import load_catalog

pytestmark = pytest.mark.integration

ROOT = Path(__file__).resolve().parents[1]
CLIENT = ROOT / ".venv-clients" / "1.5" / "bin"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def fences(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A folder with exports in it and the commands at `.venv/bin`, as a reader has them."""
    folder = tmp_path_factory.mktemp("reader")
    write_demo(folder / "demo")
    shutil.move(folder / "demo" / "exports", folder / "exports")
    shutil.copy(folder / "exports" / "hubspot" / "activities.csv", folder / "exports" / "activities.csv")
    (folder / "exports" / "hubspot" / "activities.csv").unlink()
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    return folder


def test_the_commands_and_recipes_run_in_their_order(desk):
    commands = [line for fence in fences("sh") for line in fence.splitlines() if line.strip()]
    assert len(commands) >= 4
    for command in commands:
        done = subprocess.run(command, shell=True, cwd=desk, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    for recipe in fences("python"):
        done = subprocess.run([sys.executable, "-c", recipe], cwd=desk, capture_output=True, text=True)
        assert done.returncode == 0 and "open_deals" in done.stdout, done.stderr
    if not (CLIENT / "duckdb").exists():
        pytest.skip("DuckDB's command line is not installed: run `make clients`")
    for command in [line for fence in fences("bash") for line in fence.splitlines()]:
        done = subprocess.run(command, shell=True, cwd=desk, capture_output=True, text=True, env={"PATH": f"{CLIENT}:/usr/bin:/bin"})
        assert done.returncode == 0, f"{command}\n{done.stderr}"
    assert (desk / "stage_snapshot.csv").read_text(encoding="utf-8").startswith("pipeline,stage,stage_order,open_deals,")


def test_the_settings_are_good_settings(tmp_path):
    from pipeline_etl.settings import load_settings

    mapping, settings = fences("toml")
    tomllib.loads(mapping)
    (tmp_path / "s.toml").write_text(settings, encoding="utf-8")
    assert load_settings(tmp_path / "s.toml").base_currency == "EUR"


def test_the_source_that_the_documentation_adds_is_read(tmp_path, monkeypatch):
    (source,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "sources.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "acme.py").write_text(source, encoding="utf-8")
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "list.csv").write_text('Deal No;Phase;Opened;Deal Value;Curr\nD-7;Offer;31.12.2025;"1.234,50";EUR\n')
    monkeypatch.setattr(assets.sources, "__path__", [*assets.sources.__path__, str(tmp_path / "package")])
    found = staged.staged(tmp_path / "exports", tmp_path / "home", load_catalog(assets.sources, ENTITIES, assets.models))
    monkeypatch.delitem(sys.modules, "assets.sources.acme")
    columns = ("system", "deal_id", "stage", "created_at", "amount", "currency")
    assert staged.picture(found, "staging.deals", columns) == [["acme", "D-7", "Offer", "2025-12-31", "1234.5", "EUR"]]


def test_what_it_links_to_is_there():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_is_in_the_readme():
    from pipeline_etl.commands import COMMANDS

    assert set(re.findall(r"`pipeline-etl (\w+)", README)) >= set(COMMANDS)


def test_make_has_what_the_readme_says():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"make (\w+)", README):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
