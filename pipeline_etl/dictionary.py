"""The data dictionary, from contracts and models: for the command line, and as docs/tables.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline_etl.catalog import Catalog
from pipeline_etl.clean import spread_columns
from pipeline_etl.ledgers import LEDGERS
from pipeline_etl.rules import of_contract

PROMISE = {
    "marts": "What BI reads; promised.",
    "quality": "What was read, what was not, what was checked; promised.",
    "core": "Joined and reusable; to look at, not promised.",
    "staging": "Every system's rows as one entity; to look at, not promised.",
    "raw": "One table per kind of export, as cleaned; in the lake, not in the warehouse. Each column with its headings.",
}


@dataclass(frozen=True)
class Entry:
    """One table: columns are (name, type, meaning, headings)."""

    name: str
    description: str
    grain: tuple[str, ...]
    columns: Sequence[tuple[str, str, str, str]]
    rules: tuple[str, ...]

    @property
    def schema(self) -> str:
        """The part of the name before the point."""
        return self.name.partition(".")[0]


def entries(catalog: Catalog) -> Iterator[Entry]:
    """All tables: promised ones first, then core, staging and the kinds of exports."""
    models, ledgers = {m.table: m for m in catalog.tables}, {ledger.table: ledger for ledger in LEDGERS}
    for schema in ("marts", "quality", "core", "staging"):
        for table in sorted(t for t in [*models, *ledgers] if t.startswith(f"{schema}.")):
            if table in ledgers:
                ledger = ledgers[table]
                columns = [(c, kind, meaning, "") for c, (kind, meaning) in ledger.columns.items()]
                yield Entry(table, ledger.description, ledger.grain, columns, ())
                continue
            m = models[table]
            columns = [(c, t, m.columns.get(c, ""), "") for c, t in m.types.items()]
            yield Entry(table, m.description, m.grain, columns, tuple(r.sentence for r in m.rules if r.kind != "key"))
    for contract in sorted(catalog.contracts, key=lambda c: c.name):
        columns = [(c.name, c.type.sql, c.meaning, ", ".join(dict.fromkeys([*c.reads, c.name]))) for c in contract.columns]
        rules = tuple(r.sentence for r in of_contract(contract) if r.kind not in ("key", "unique"))
        yield Entry(f"raw.{contract.name}", contract.description, contract.key, columns, rules)
        if contract.spread:
            spread = [(c.name, c.type.sql, c.meaning, "") for c in spread_columns(contract)]
            yield Entry(f"raw.{contract.spread.table}", contract.spread.description, (), spread, ())


def dictionary(catalog: Catalog, name: str = "") -> str:
    """The tables with `name` in theirs, for a terminal: one line each for all of them, or everything about a few."""
    found = [e for e in entries(catalog) if name in e.name]
    if not name:
        width = max(len(e.name) for e in found)
        return "\n".join(f"{e.name.ljust(width)}  {e.description}" for e in found)
    exact = [e for e in found if name in (e.name, e.name.partition(".")[2])]
    return "\n\n".join(_plain(e) for e in exact or found)


def markdown(catalog: Catalog) -> str:
    """The whole dictionary as one Markdown page."""
    parts = ["# Tables\n\nWritten by `make docs`, kept true by a test. Definitions: [metrics.md](metrics.md)."]
    schema = ""
    for entry in entries(catalog):
        if entry.schema != schema:
            schema = entry.schema
            parts.append(f"## {schema}\n\n{PROMISE[schema]}")
        head = f"### {entry.name}\n\n{entry.description}"
        if entry.grain:
            head += f"\n\nIdentified by {', '.join(f'`{g}`' for g in entry.grain)}."
        read = any(c[3] for c in entry.columns)
        lines = [
            "| column | type | meaning |" + (" headings that are read |" if read else ""),
            "|---|---|---|" + ("---|" if read else ""),
        ]
        for column, kind, meaning, headings in entry.columns:
            lines.append(f"| `{column}` | {kind} | {_cell(meaning)} |" + (f" {_cell(headings)} |" if read else ""))
        checks = "".join(f"\n- {_cell(rule)}" for rule in entry.rules)
        parts.append(head + "\n\n" + "\n".join(lines) + (f"\n\nChecked:\n{checks}" if checks else ""))
    return "\n\n".join(parts) + "\n"


def _plain(entry: Entry) -> str:
    width = max(len(c[0]) for c in entry.columns)
    kinds = max(len(c[1]) for c in entry.columns)
    lines = [entry.name, entry.description]
    if entry.grain:
        lines.append(f"identified by {', '.join(entry.grain)}")
    for column, kind, meaning, headings in entry.columns:
        lines.append(
            f"  {column.ljust(width)}  {kind.ljust(kinds)}  {meaning}" + (f" Read from: {headings}." if headings else "")
        )
    return "\n".join(lines + [f"  checked: {rule}" for rule in entry.rules])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
