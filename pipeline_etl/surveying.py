"""What lies in the exports folder: each file opened, its tables found and recognised, or the reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pipeline_etl.contract import Contract
from pipeline_etl.exports import Export, find_files, survey
from pipeline_etl.recognise import Reading, Recogniser, Unrecognised, has_headings
from pipeline_etl.refusal import Refusal, Refused
from pipeline_etl.settings import load_mappings, mapping_of


class NothingToRead(Exception):
    """No file of the folder is an export we know; the message says why, for the first few."""


@dataclass(frozen=True)
class Surveyed:
    """One file of the folder: read as `reading`, or not, with the reason in `note`."""

    file: int
    path: str
    size: int
    status: str
    note: str
    export: Export | None = None
    reading: Reading | None = None


def survey_folder(exports: Path, scratch: Path, contracts: Sequence[Contract], encoding: str) -> list[Surveyed]:
    """Every file below a folder, surveyed and recognised, numbered in the order of their paths.

    scratch: a folder for what is unpacked; it is needed as long as the files are read. encoding: of text that is neither UTF-8
    nor UTF-16. Raises NothingToRead, and SettingsError for a faulty mapping file.
    """
    recogniser, mappings = Recogniser(contracts), load_mappings(exports)

    def look(number: int, file: Path) -> list[Surveyed]:
        name, size = file.relative_to(exports).as_posix(), file.stat().st_size
        mapping = mapping_of(name, mappings)
        fits = partial(has_headings, mapping[1]) if mapping else recogniser.fits
        try:
            found = survey(file, exports, scratch / str(number), fits, encoding)
        except Refused as refusal:
            return [Surveyed(0, name, size, "refused", _sentence(str(refusal)))]
        return [
            Surveyed(0, part.path, size, "refused", _sentence(part.reason)) if isinstance(part, Refusal)
            else recognise(part, mapping_of(part.path, mappings) or mapping)
            for part in found
        ]  # fmt: skip

    def recognise(export: Export, mapping: tuple[str, Mapping[str, str]] | None) -> Surveyed:
        try:
            reading = recogniser.by_mapping(*mapping, export.headings) if mapping else recogniser.recognise(export.headings)
        except Unrecognised as fault:
            return Surveyed(0, export.path, export.size, "unknown", _sentence(str(fault)), export)
        doubt = "" if reading.confidence > 0.5 else "Two kinds of export fit these headings equally well."
        return Surveyed(0, export.path, export.size, "read", " ".join(filter(None, (export.note, doubt))), export, reading)

    with ThreadPoolExecutor(thread_name_prefix="survey") as threads:
        files = find_files(exports)
        found = [part for parts in threads.map(look, range(1, len(files) + 1), files) for part in parts]
    surveyed = [replace(part, file=number) for number, part in enumerate(found, 1)]
    if not any(f.status == "read" for f in surveyed):
        reasons = "".join(f"\n  {f.path}: {f.note}" for f in surveyed[:5])
        raise NothingToRead(f"no file in {exports} is an export we know{reasons}")
    return surveyed


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")
