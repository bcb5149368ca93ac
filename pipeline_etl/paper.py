"""A document on paper: a tagged PDF with its title and language, by WeasyPrint where that is installed."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline_etl.document import Charts, Details, Document, Part, Prose, Table, Tiles, is_default
from pipeline_etl.page import html

# What the page says by variables and a picture in a PDF does not know; the colours are those of the page's print.
COLOURS = {"currentColor": "#000000", "var(--muted)": "#444444", "var(--accent)": "#1f6f8b", "var(--rule)": "#cccccc"}
ABSENT = "not written: install the extra `pdf` (pip install 'pipeline-etl[pdf]') and Pango (Debian: libpangoft2-1.0-0)"


class NoPaper(Exception):
    """WeasyPrint or what it needs is not there; the message says what to install."""


def write(document: Document, path: Path) -> None:
    """Write the document as A4, with what a page shows where nothing is chosen; raises NoPaper. Nothing is fetched."""
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise NoPaper(ABSENT) from error
    page = re.sub(r"<svg .*?</svg>", _coloured, html(on_paper(document)), flags=re.DOTALL)
    HTML(string=page, url_fetcher=_refuse).write_pdf(path, pdf_variant="pdf/ua-1")


def on_paper(document: Document) -> Document:
    """The document without what only a screen can do: versions to choose, links, and the many rows behind numbers."""
    sections = [replace(s, parts=[flat for part in s.parts for flat in _flat(part, document)]) for s in document.sections]
    return replace(document, sections=sections)


def _flat(part: Part, document: Document) -> Iterator[Part]:
    match part:
        case Prose():
            versions = [(c, re.sub(r"</?a\b[^>]*>", "", text)) for c, text in part.versions if is_default(c, part.per)]
            yield replace(part, versions=versions, is_computed=True)
        case Tiles():
            sets = [(c, [replace(t, link=None) for t in tiles]) for c, tiles in part.sets if is_default(c, part.per)]
            yield replace(part, sets=sets)
        case Charts():
            yield replace(part, charts=[replace(c, link=None) for c in part.charts if is_default(c.choice, part.per)])
        case Table():
            rows = [replace(r, links={}) for r in part.rows if is_default(r.choice, part.per)]
            if rows:
                yield replace(part, rows=rows)
        case Details():
            words = document.formats.words["rows"]["not_on_paper"]
            yield Prose((), [({}, words.replace("{}", document.formats.number(part.total)))], False)
        case _:
            yield part


def _coloured(drawing: re.Match[str]) -> str:
    text = drawing[0]
    for variable, colour in COLOURS.items():
        text = text.replace(variable, colour)
    return text


def _refuse(url: str) -> dict:
    raise ValueError(f"{url} must not be fetched")
