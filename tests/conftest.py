"""Fixtures for all tests; the picture tests' `example` above all."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from pipeline_etl import compose, run
from pipeline_etl.testing import Bench
from pipeline_etl.warehouse import Home

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


@pytest.fixture
def public_data():
    """The folder of public data in real export formats, which is not part of the project."""
    if not PUBLIC_DATA.is_dir():
        pytest.skip("the public data is not beside this checkout")
    return PUBLIC_DATA
