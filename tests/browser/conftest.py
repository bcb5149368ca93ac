"""A browser, and the report for it."""

import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline_etl.report import Report

CHROMIUM = Path("/usr/bin/chromium")
HERE = Path(__file__).parent
WORDS = HERE.parents[1] / "assets" / "reports"


@pytest.fixture(scope="session")
def reports(demo_home):
    """The published reports of the demo company."""
    return demo_home / "reports"


@pytest.fixture(scope="session")
def warehouse(demo_home):
    """The published warehouse, for reading."""
    with duckdb.connect(str(demo_home / "warehouse.duckdb"), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def choosing(warehouse, tmp_path_factory):
    """A report with every way to choose, in both languages; the folder of its pages."""
    folder = tmp_path_factory.mktemp("choosing")
    for words in WORDS.glob("words.*.toml"):
        shutil.copy(words, folder)
    shutil.copy(HERE / "choosing.md", folder)
    report = Report.load(folder / "choosing.md")
    for language in report.languages:
        (folder / f"choosing.{language}.html").write_text(report.render(warehouse, language, {"exports": "demo"}), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def browser():
    """Debian's chromium."""
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
