"""Composition root: contracts, models, reports and hand-written assets become one code location."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg

import assets
import assets.sources
from pipeline_etl.build import SessionResource, definitions
from pipeline_etl.catalog import load_catalog
from pipeline_etl.report import load_reports


def build(
    exports: str, home: str, settings: str = "", as_of: str = "", progress: Callable[[str], None] = lambda line: None
) -> dg.Definitions:
    """The code location for one exports folder and one home."""
    session = SessionResource(exports=exports, home=home, settings=settings, as_of=as_of)
    catalog, reports = load_catalog(assets.sources), load_reports(Path(assets.__file__).parent / "reports")
    return definitions(catalog, reports, session, progress, dg.load_assets_from_package_module(assets))
