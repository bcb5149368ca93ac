"""Fixtures for all tests; the picture tests' `example` above all."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import filelock
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from assets.demo import write_demo
from pipeline_etl import compose, run
from pipeline_etl.home import Home
from pipeline_etl.testing import Bench

PUBLIC_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def catalog():
    """All contracts and models."""
    return compose.catalog()


@pytest.fixture(scope="session")
def bench(catalog):
    """Runs models in memory."""
    return Bench(catalog.models, catalog.sources)


@pytest.fixture
def example(bench):
    """`example(table, {given tables}, expected)`: a picture test."""
    return bench.check


def pytest_collection_modifyitems(items):
    """What takes minutes is begun first: no process of the suite waits for another one at the end."""
    items.sort(key=lambda item: not (item.get_closest_marker("slow") or item.get_closest_marker("integration")))


@pytest.fixture(scope="session", autouse=True)
def copied_history(tmp_path_factory):
    """Each new home begins with a copy of one empty run history: to make one takes Dagster three seconds."""
    empty, opened = Home(tmp_path_factory.mktemp("empty")), run.open_instance

    def open_copy(home):
        if not empty.dagster.exists():
            opened(empty).dispose()
            (empty.dagster / "dagster.yaml").unlink()
        if not home.dagster.exists():
            shutil.copytree(empty.dagster, home.dagster)
        return opened(home)

    run.open_instance = open_copy
    yield
    run.open_instance = opened


@pytest.fixture(scope="session")
def shared_homes(tmp_path_factory):
    """`shared_homes(name, write)`: a home whose exports `write(home)` wrote and the command ran; once, for all processes of the suite."""
    root = tmp_path_factory.getbasetemp()
    root = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root

    def home(name, write):
        with filelock.FileLock(root / f"{name}.lock"):
            if not (root / name / "said.txt").exists():
                write(root / name)
                command = [sys.executable, "-m", "pipeline_etl.cli", "run", str(root / name / "exports"), "--home", str(root / name)]
                done = subprocess.run(command, capture_output=True, text=True)
                assert done.returncode == 0, done.stderr
                (root / name / "said.txt").write_text(done.stdout, encoding="utf-8")
        return root / name

    return home


@pytest.fixture(scope="session")
def demo_home(shared_homes):
    """The demo company, run by the command: its home; what was said is in said.txt. For reading only."""
    return shared_homes("demo", write_demo)


@pytest.fixture
def public_data():
    """The folder of public data in real export formats, which is not part of the project."""
    if not PUBLIC_DATA.is_dir():
        pytest.skip("the public data is not beside this checkout")
    return PUBLIC_DATA
