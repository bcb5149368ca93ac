"""The README's commands run, and its files exist."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from assets.demo import write_demo

ROOT = Path(__file__).resolve().parents[1]
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


def test_the_settings_are_good_settings(tmp_path):
    from pipeline_etl.settings import load_settings

    mapping, settings = fences("toml")
    tomllib.loads(mapping)
    (tmp_path / "s.toml").write_text(settings, encoding="utf-8")
    assert load_settings(tmp_path / "s.toml").base_currency == "EUR"


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
