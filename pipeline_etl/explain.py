"""Say how a file would be read, before anything is read; and write a mapping file where that is not sure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline_etl.clean import clean
from pipeline_etl.contract import Contract
from pipeline_etl.decisions import decide
from pipeline_etl.exports import Export, blocks, survey
from pipeline_etl.languages import language
from pipeline_etl.recognise import Reading, Recogniser, Unrecognised
from pipeline_etl.records import LINE
from pipeline_etl.refusal import Refusal, Refused
from pipeline_etl.settings import load_mappings, mapping_of

SHOWN_ROWS = 3


SURE = 0.75
"""Confidence from which on nobody needs to look at the mapping of a file."""


def explain(file: Path, contracts: Sequence[Contract]) -> tuple[str, bool]:
    """A page of text about one file: each table in it, its layout, columns, what is left over, and its first rows.

    With it, whether all of the file is understood for sure; if not, a mapping file helps.
    """
    recogniser, mappings = Recogniser(contracts), load_mappings(file.parent, deep=False)
    with TemporaryDirectory() as scratch:
        try:
            found = survey(file, file.parent, Path(scratch), recogniser.fits)
        except Refused as refusal:
            return f"{file}\n  cannot be read: {refusal}", True
        pages, sure = [], True
        for part in found:
            if isinstance(part, Refusal):
                pages.append(f"{part.path}\n  cannot be read: {part.reason}")
                continue
            try:
                asked = mapping_of(part.path, mappings)
                reading = recogniser.by_mapping(*asked, part.headings) if asked else recogniser.recognise(part.headings)
            except Unrecognised as fault:
                pages.append(_heading(file, part) + f"\n  unknown    {fault}")
                sure = False
                continue
            pages.append(_table(file, part, reading, "by its mapping" if asked else f"confidence {reading.confidence:.0%}"))
            sure = sure and reading.confidence >= SURE
        return "\n".join(pages), sure


def _heading(file: Path, export: Export) -> str:
    text = f", {export.encoding.removesuffix('-sig')}, fields between {export.delimiter!r}" if export.delimiter else ""
    place = f", headings on line {export.heading_line}" if export.heading_line else ""
    lines = [str(file.parent / export.path), f"  format     {export.format}{text}{place}"]
    if export.note:
        lines.append(f"  note       {export.note}")
    return "\n".join(lines)


def _table(file: Path, export: Export, reading: Reading, certainty: str) -> str:
    contract = reading.contract
    lines = [_heading(file, export), f"  is         {contract.name}, {certainty}: {contract.description}"]
    decisions = decide(export, reading, "UTC")
    lines.append(f"  language   {language(export.headings)}")
    lines.append(f"  dates      {decisions.date_order or 'without doubt'}")
    lines.append(f"  numbers    decimal mark {decisions.decimal_mark}")
    lines += [f"  column     {column} = {heading!r}" for column, heading in reading.mapping.items()]
    lines += [f"  dates of   {heading!r}" for heading in reading.spread]
    if reading.unmapped:
        lines.append(f"  not read   {', '.join(repr(h) for h in reading.unmapped)}")
    return "\n".join(lines + _first_rows(export, reading))


def _first_rows(export: Export, reading: Reading) -> list[str]:
    lines = []
    for block in islice(blocks(export), 1):
        cleaned = clean(reading.contract, reading, block, decide(export, reading, "UTC"))
        for row in cleaned.kept.head(SHOWN_ROWS).iter_rows(named=True):
            shown = ", ".join(f"{c} {v}" for c, v in row.items() if v is not None and c != LINE)
            lines.append(f"  line {row[LINE]:<6}{shown}")
        for line, _, reason, _ in cleaned.rejected.head(SHOWN_ROWS).rows():
            lines.append(f"  line {line:<6}rejected: {reason}")
    return lines


def unsure_mapping(files: Sequence[Path]) -> Path:
    """Where the mapping file for these files is written unasked: beside the first of them, never over another."""
    folder = files[0].parent
    names = ("mapping.toml", *(f"{n}.mapping.toml" for n in range(2, 100)))
    return next(folder / name for name in names if not (folder / name).exists())


def mapping_text(files: Sequence[Path], contracts: Sequence[Contract]) -> str:
    """A mapping file for these files, with the guesses filled in and the rest to be edited; lies in the exports folder."""
    parts = ["# Which column each heading is. Delete a line whose heading should not be read. Keys are file names or patterns."]
    recogniser = Recogniser(contracts)
    for file in files:
        with TemporaryDirectory() as scratch:
            try:
                found = survey(file, file.parent, Path(scratch), recogniser.fits)
            except Refused:
                continue
            parts += [_mapping(export, recogniser) for export in found if isinstance(export, Export)]
    return "\n".join(parts) + "\n"


def _mapping(export: Export, recogniser: Recogniser) -> str:
    try:
        reading = recogniser.recognise(export.headings)
        name, guesses = reading.contract.name, {h: c for c, h in reading.mapping.items()}
    except Unrecognised:
        name = recogniser.nearest(export.headings)
        guesses = {h: c for c, h in next(c for c in recogniser.contracts if c.name == name).map(export.headings).items()}
    contract = next(c for c in recogniser.contracts if c.name == name)
    key = json.dumps(export.path, ensure_ascii=False)
    parts = [f"\n[{key}]\nobject = {json.dumps(name)}"]
    rest = [c.name for c in contract.columns if c not in contract.required]
    parts.append(f"# {name} needs {', '.join(c.name for c in contract.required)}; it may have {', '.join(rest)}")
    parts.append(f"[{key}.columns]")
    for heading in export.headings:
        line = f"{json.dumps(heading, ensure_ascii=False)} = "
        parts.append(line + json.dumps(guesses[heading]) if heading in guesses else f'# {line}""')
    return "\n".join(parts)
