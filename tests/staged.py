"""Exports in, staging tables out, without Dagster: what the acceptance tests of the sources compare."""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import shutil

from reading_files import survey_one

from pipeline_etl.catalog import SETTINGS_TABLES
from pipeline_etl.home import Home
from pipeline_etl.recognise import Recogniser, Unrecognised
from pipeline_etl.refusal import Refused
from pipeline_etl.session import Session
from pipeline_etl.settings import Settings
from pipeline_etl.testing import read_drawing

NUMBERS = {"amount of money", "number", "percentage"}


def staged(folder, home, catalog, settings=None):
    """All tables of `staging`, and `quality.files` and `quality.rejected_rows`: table -> (columns, rows)."""
    with Session(folder, Home(home), settings or Settings(), None, catalog) as session:
        _read(session)
        found = {}
        for model in catalog.tables:
            if model.schema == "staging" or model.table in ("quality.files", "quality.rejected_rows", "quality.unreadable_values"):
                session.make_feeds(model.dependencies)
                session.warehouse.create_model(model)
                found[model.table] = session.warehouse.preview(f"from {model.table} order by all", 1_000_000)
        return found


def publish(folder, home, catalog, settings=None, as_of=None, only=(), anew=False):
    """The whole warehouse of a folder of exports, in `home`: every table made and its rules asked of it in SQL, in one breath and without Dagster.

    What Great Expectations says, events and reports are not there. only: tables that are enough, with what they read.
    anew: no table of the run before serves again. Returns the tables that do.
    """
    wanted, models = set(only), {m.table: m for m in catalog.tables}
    for table in reversed(models):
        wanted |= set(models[table].dependencies) if table in wanted else set()
    with Session(folder, home, settings or Settings(), as_of, catalog, anew=anew) as session:
        _read(session)
        for model in (m for m in models.values() if not only or m.table in wanted):
            session.make_feeds(model.dependencies)
            session.tables.make(model)
            broken = [o for o in session.judge(model.rules, with_expectations=False) if o.rule.blocking and o.failing]
            assert not broken, broken
        session.write_checks()
        session.publish()
        return {table for table, made in session.tables.made.items() if made.is_kept}


def _read(session):
    session.open_books()
    session.warehouse.create_tables(SETTINGS_TABLES)
    session.write_settings()
    for contract in session.contracts:
        if session.arrivals(contract):
            session.land(contract)


def drawn(text):
    """The tables of an `expected.txt`: a line with the table's name, its drawing below it, a blank line between."""
    tables = {}
    for part in re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n", "", text).strip()):
        name, _, drawing = part.partition("\n")
        tables[name.strip()] = read_drawing(drawing)
    return tables


def picture(found, table, columns):
    """The rows of a table in these columns as texts, sorted; a number without its trailing zeros."""
    names, rows = found[table]
    places = [names.index(c) for c in columns]
    return sorted([_text(row[p]) for p in places] for row in rows)


def _text(value):
    if value is None:
        return ""
    text = str(value)
    if re.fullmatch(r"-?\d+\.\d+", text):
        text = text.rstrip("0").rstrip(".")
    return re.sub(r"^(\d{4}-\d\d-\d\d)( 00:00:00)?$", r"\1", text).replace("True", "true").replace("False", "false")


def resaved(folder, target, catalog, how):
    """The same CSV exports as somebody else would have saved them: how is a function (headings, rows, numeric) -> bytes, name."""
    recogniser = Recogniser(catalog.contracts)
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        place = target / file.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            export = survey_one(file, folder, recogniser.fits)
            reading = recogniser.recognise(export.headings)
        except (Refused, Unrecognised, ValueError):
            shutil.copyfile(file, place)
            continue
        if file.suffix not in (".csv", ".tsv"):
            shutil.copyfile(file, place)
            continue
        text = file.read_bytes().decode(export.encoding)
        lines = list(csv.reader(io.StringIO(text), delimiter=export.delimiter))
        above, headings, rows = lines[: export.heading_line - 1], lines[export.heading_line - 1], lines[export.heading_line :]
        types = {h: c.type.name for c in reading.contract.columns for h in [reading.mapping.get(c.name)]}
        numeric = [n for n, h in enumerate(export.headings) if types.get(h) in NUMBERS]
        content, suffix = how(above, headings, rows, numeric)
        place.with_suffix(suffix).write_bytes(content)


def written(lines, delimiter=","):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return stream.getvalue()


def as_it_is(above, headings, rows, numeric):
    return written([*above, headings, *rows]).encode(), ".csv"


def reordered(above, headings, rows, numeric):
    order = random.Random(7).sample(range(len(headings)), len(headings))
    turn = [[line[p] if p < len(line) else "" for p in order] if len(line) == len(headings) else line for line in [headings, *rows]]
    return written([*above, *turn]).encode(), ".csv"


def with_semicolons(above, headings, rows, numeric):
    def comma(cell):
        return cell.replace(",", " ").replace(".", ",").replace(" ", ".") if re.search(r"\d", cell) else cell

    turned = [[comma(c) if n in numeric else c for n, c in enumerate(row)] for row in rows]
    return written([*above, headings, *turned], ";").encode("utf-8-sig"), ".csv"


def as_utf16(above, headings, rows, numeric):
    return written([*above, headings, *rows], "\t").encode("utf-16"), ".csv"


def gzipped(above, headings, rows, numeric):
    return gzip.compress(written([*above, headings, *rows]).encode()), ".csv.gz"


def as_xlsx(above, headings, rows, numeric):
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Export")
        for at, line in enumerate([*above, headings, *rows]):
            for column, cell in enumerate(line):
                plain = column in numeric and at > len(above) and re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?", cell)
                sheet.write_number(at, column, float(cell)) if plain else sheet.write_string(at, column, cell)
    return stream.getvalue(), ".xlsx"


VARIANTS = {"as it is": as_it_is, "reordered": reordered, "semicolons": with_semicolons, "utf-16": as_utf16, "gzip": gzipped, "xlsx": as_xlsx}
