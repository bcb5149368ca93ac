"""Fixtures for all tests; the picture tests' `example` above all."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import assets.models
import assets.sources
from assets.entities import ENTITIES
from pipeline_etl.catalog import load_catalog
from pipeline_etl.testing import Bench

PUBLIC_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def catalog():
    """All contracts and models."""
    return load_catalog(assets.sources, ENTITIES, assets.models)


@pytest.fixture(scope="session")
def bench(catalog):
    """Runs models in memory."""
    return Bench(catalog.models, catalog.sources)


@pytest.fixture
def example(bench):
    """`example(table, {given tables}, expected)`: a picture test."""
    return bench.check


@pytest.fixture
def public_data():
    """The folder of public data in real export formats, which is not part of the project."""
    if not PUBLIC_DATA.is_dir():
        pytest.skip("the public data is not beside this checkout")
    return PUBLIC_DATA
