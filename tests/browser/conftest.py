"""A browser, and the report for it."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import duckdb
import pytest

from pipeline_etl.report import Report

CHROMIUM = Path("/usr/bin/chromium")
HERE = Path(__file__).parent
LATE = """\
deal_id,deal_name,stage,amount,created_at,closed_at
1,Acme,lead,10,2024-01-01,
2,Globex,closed_won,20.50,2024-01-01,2024-02-01
3,Initech,closed_won,4200,2031-03-01,2031-04-02
4,Umbrella,proposal,900,2024-02-01,
5,Hooli,closed_lost,1200,2031-03-01,2031-03-09
"""
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


@pytest.fixture(scope="session")
def pictures():
    """Where screenshots are kept, for whoever looks at a run of the suite."""
    folder = HERE.parents[1] / "build" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def late_home(shared_homes):
    """Five deals, of which two were created in the future: a check that only warns fails on them."""

    def write(home):
        (home / "exports").mkdir(parents=True)
        (home / "exports" / "deals.csv").write_text(LATE, encoding="utf-8")

    return shared_homes("late", write)


@pytest.fixture(scope="session")
def ui(late_home, tmp_path_factory):
    """The address of `pipeline-etl ui` on that home."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("ui") / "log.txt"
    command = [sys.executable, "-m", "pipeline_etl.cli", "ui", "--home", str(late_home), "--port", str(port)]
    with log.open("w") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said, cwd=HERE.parents[1], start_new_session=True)
        try:
            address, until = f"http://127.0.0.1:{port}", time.monotonic() + 300
            while not answers(f"{address}/server_info"):
                assert server.poll() is None and time.monotonic() < until, log.read_text()
                time.sleep(1)
            yield address
        finally:
            os.killpg(server.pid, signal.SIGINT)
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def picture():
    """`picture(page, name, clip)`: makes a picture of the README anew, and holds the committed one against it."""

    def make(page, name, clip):
        made, kept = (HERE.parents[1] / folder / f"{name}.png" for folder in ("build/pictures", "docs/pictures"))
        made.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=made, clip=clip)
        assert made.stat().st_size < 200_000, f"{made} is too large for the README"
        wanted = f"look at {made}, and copy it to {kept}"
        assert kept.exists(), f"{kept} is missing: {wanted}"
        assert size(kept) == size(made), f"{kept} is {size(kept)}, and now it is {size(made)}: {wanted}"
        assert f"docs/pictures/{name}.png" in (HERE.parents[1] / "README.md").read_text(encoding="utf-8")

    return make


def size(file):
    """Width and height of a PNG in pixels."""
    return struct.unpack(">II", file.read_bytes()[16:24])


def answers(address):
    """Whether a page is given out."""
    try:
        with urllib.request.urlopen(address, timeout=5) as page:
            return page.status == 200
    except OSError:
        return False
