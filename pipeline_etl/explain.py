"""Say how a file would be read, before anything is read; and write a mapping file where that is not sure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from pipeline_etl.clean import clean, decide
from pipeline_etl.contract import Contract
from pipeline_etl.exports import Export, Refused, blocks, survey
from pipeline_etl.recognise import Reading, Recogniser, Unrecognised
from pipeline_etl.records import LINE

SHOWN_ROWS = 3


def explain(file: Path, contracts: Sequence[Contract]) -> str:
    """A page of text about one file: system, object, layout, columns, what is left over, and its first rows."""
    try:
        export = survey(file, file.parent)
    except Refused as refusal:
        return f"{file}\n  cannot be read: {refusal}"
    lines = [
        str(file),
        f"  text       {export.encoding.removesuffix('-sig')}, fields between {export.delimiter!r}, "
        f"headings on line {export.heading_line}",
    ]
    try:
        reading = Recogniser(contracts).recognise(export.headings)
    except Unrecognised as fault:
        return "\n".join([*lines, f"  unknown    {fault}"])
    contract = reading.contract
    lines.append(f"  is         {contract.name}, confidence {reading.confidence:.0%}: {contract.description}")
    decisions = decide(export, reading, "UTC")
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


def mapping_text(files: Sequence[Path], contracts: Sequence[Contract]) -> str:
    """A mapping file for these files, with the guesses filled in and the rest to be edited; lies in the exports folder."""
    parts = ["# Which column each heading is. Delete a line whose heading should not be read. Keys are file names or patterns."]
    for file in files:
        try:
            export = survey(file, file.parent)
        except Refused:
            continue
        try:
            reading = Recogniser(contracts).recognise(export.headings)
            name, guesses = reading.contract.name, {h: c for c, h in reading.mapping.items()}
        except Unrecognised:
            name, guesses = "generic_deals", {}
        contract = next(c for c in contracts if c.name == name)
        parts.append(f"\n[{json.dumps(file.name, ensure_ascii=False)}]\nobject = {json.dumps(name)}")
        parts.append(f"# columns of {name}: {', '.join(c.name for c in contract.columns)}")
        parts.append(f"[{json.dumps(file.name, ensure_ascii=False)}.columns]")
        for heading in export.headings:
            line = f"{json.dumps(heading, ensure_ascii=False)} = "
            parts.append(line + json.dumps(guesses[heading]) if heading in guesses else f'# {line}""')
    return "\n".join(parts) + "\n"
