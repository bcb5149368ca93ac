"""Composition root: contracts, feeds, models, reports and hand-written assets become one code location."""

from functools import cache
from pathlib import Path

import dagster as dg

import assets
import assets.models
import assets.sources
from assets.entities import ENTITIES
from pipeline_etl.automation import automation
from pipeline_etl.build import SessionResource, definitions
from pipeline_etl.catalog import Catalog, load_catalog
from pipeline_etl.home import Home
from pipeline_etl.report import Report, load_reports
from pipeline_etl.session import Session
from pipeline_etl.settings import load_settings


@cache
def catalog() -> Catalog:
    """All contracts, feeds and models of this product; read once in a process."""
    return load_catalog(assets.sources, ENTITIES, assets.models)


@cache
def reports() -> list[Report]:
    """All reports of this product; read once in a process."""
    return load_reports(Path(assets.__file__).parent / "reports")


def build(session: SessionResource, opened: Session | None = None) -> dg.Definitions:
    """The code location for one exports folder and one home; opened: the session of its next run, where there is one."""
    known = opened.catalog if opened else catalog()
    made = definitions(known, reports(), session, opened, dg.load_assets_from_package_module(assets))
    if opened:
        return made
    settings = load_settings(Path(session.settings) if session.settings else None)
    unattended = automation(reports(), Path(session.exports), Home(Path(session.home)), settings)
    return dg.Definitions.merge(made, unattended)
