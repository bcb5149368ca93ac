"""A document in every form that readers ask for, side by side in one folder."""

from __future__ import annotations

from pathlib import Path

from pipeline_etl import paper, spreadsheet
from pipeline_etl.document import Document
from pipeline_etl.page import html


def write_all(document: Document, folder: Path) -> dict[str, str]:
    """Write the page, the workbook and, where it can be made, the PDF; returns the files' names by kind."""
    name = f"{document.name}.{document.language}"
    (folder / f"{name}.html").write_text(html(document), encoding="utf-8")
    spreadsheet.write(document, folder / f"{name}.xlsx")
    written = {"page": f"{name}.html", "workbook": f"{name}.xlsx"}
    try:
        paper.write(document, folder / f"{name}.pdf")
    except paper.NoPaper:
        # The summary of the run says so, of whatever is published.
        return written
    return {**written, "paper": f"{name}.pdf"}
