"""What the steps of one run share: the home, the warehouse under construction, the files, the verdicts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from pipeline_etl.beside import PARQUET, write_parquet
from pipeline_etl.catalog import Catalog, raw_tables
from pipeline_etl.contract import Contract
from pipeline_etl.expectations import Expectations, warm_up
from pipeline_etl.filling import delivery
from pipeline_etl.home import Home, private
from pipeline_etl.lake import Entry, Lake
from pipeline_etl.landing import BOOKS, Account, Arrival, land
from pipeline_etl.ledgers import CHECKS
from pipeline_etl.memory import for_duckdb
from pipeline_etl.previous import keep_previous
from pipeline_etl.privacy import Privacy, key_of, load_forgotten
from pipeline_etl.reuse import Tables
from pipeline_etl.rules import Rule
from pipeline_etl.semantics import SEMANTICS, semantics
from pipeline_etl.setting_tables import write_settings
from pipeline_etl.settings import Settings
from pipeline_etl.surveying import Surveyed, survey_folder
from pipeline_etl.warehouse import PreviousError, Warehouse


@dataclass(frozen=True)
class Outcome:
    """One rule, checked: failing rows by plain SQL, and what Great Expectations says of the same."""

    rule: Rule
    failing: int
    columns: list[str]
    sample: list[tuple]
    expectation: str
    agrees: bool

    @property
    def passed(self) -> bool:
        """Whether both found the rule to hold."""
        return self.failing == 0 and self.agrees


@dataclass
class Session:
    """One run. Use as a context manager: it holds the lock of the home from beginning to end.

    progress is called with a line of text at each step; accounts: what became of the files read so far.
    memory_limit: of the whole run, '' for what the settings say; wait_minutes: for a run that holds the home.
    anew: make every table, also those of which nothing has changed since the run before. started_at: when it began, UTC.
    """

    exports: Path
    home: Home
    settings: Settings
    as_of: datetime | None
    catalog: Catalog
    fresh: bool = True
    progress: Callable[[str], None] = lambda line: None
    memory_limit: str = ""
    wait_minutes: float = 0
    anew: bool = False
    outcomes: list[Outcome] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    _landed: dict[str, list[Account]] = field(default_factory=dict)
    started_at: datetime = field(init=False)

    def __enter__(self) -> Session:
        self._stack = ExitStack()
        self._stack.enter_context(self.home.lock(self.wait_minutes))
        # Not before: of two runs that begin in the same second, one waits for the other.
        self.started_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        memory = for_duckdb(self.memory_limit or self.settings.memory_limit)
        self.warehouse = Warehouse(self.home, memory, fresh=self.fresh)
        self._stack.callback(self.warehouse.close)
        try:
            keep_previous(self.warehouse, self.catalog.previous)
        except PreviousError:
            self._stack.close()
            raise
        warm_up()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def contracts(self) -> Sequence[Contract]:
        """Every kind of export."""
        return self.catalog.contracts

    @cached_property
    def expectations(self) -> Expectations:
        """Great Expectations on this run's connection."""
        return Expectations(self.warehouse.connection)

    @cached_property
    def lake(self) -> Lake:
        """What has been read, by this run and by those before it."""
        private(self.home.lake)
        return Lake(self.home.lake)

    @cached_property
    def tables(self) -> Tables:
        """What each table is made from, and which of those that are published serve again."""
        return Tables(
            self.warehouse, self.catalog, self.started_at, self._raw_digest, is_whole=self.fresh, keep=not self.anew
        )  # fmt: skip

    def _raw_digest(self, table: str) -> str:
        name = table.partition(".")[2]
        contract = next(c for c in self.contracts if name in (c.name, c.spread.table if c.spread else None))
        files = [(a.file, sorted(a.entry.digests.items())) for a in self._landed.get(contract.name, ())]
        return hashlib.sha256(repr((contract.key, contract.latest_by, files)).encode()).hexdigest()

    @cached_property
    def privacy(self) -> Privacy:
        """What of the exports is hidden."""
        columns, key = self.settings.personal_columns, key_of(self.settings.pseudonym_key)
        return Privacy(columns, key, load_forgotten(self.home.folder))

    @cached_property
    def files(self) -> list[Surveyed]:
        """Every file of the exports folder, surveyed and recognised."""
        self.progress("survey the exports")
        return survey_folder(self.exports, self.home.work / "unpacked", self.contracts, self.settings.encoding)

    def arrivals(self, contract: Contract) -> list[Arrival]:
        """The files of one contract."""
        return [
            Arrival(f.file, f.export, f.reading)
            for f in self.files
            if f.export and f.reading and f.reading.contract.name == contract.name
        ]

    def land(self, contract: Contract) -> list[Account]:
        """Read the files of one contract that no earlier run has read, and make its raw tables of all of them."""
        accounts = land(
            contract, self.arrivals(contract), self.warehouse, self.lake, self.settings.time_zone,
            lambda export, rows: self.progress(f"read {export.path}: {rows:,} rows"), self.settings.signs,
            self.privacy,
        )  # fmt: skip
        self.accounts += accounts
        self._landed[contract.name] = accounts
        return accounts

    def open_books(self) -> None:
        """Write the survey into the warehouse, beside empty books for what becomes of each row, and empty raw tables."""
        raw = raw_tables(self.contracts)
        copies = {table.replace("raw.", "copies.", 1): columns for table, columns in raw.items()}
        self.warehouse.create_tables({**BOOKS, **raw, **copies})
        rows = [
            {
                "file": f.file, "path": f.path, "sha256": f.export.sha256 if f.export else None, "bytes": f.size,
                **delivery(f.path, f.export),
                "status": f.status, "note": f.note,
                "system": f.reading.contract.system if f.reading else None,
                "object": f.reading.contract.object if f.reading else None,
                "confidence": f.reading.confidence if f.reading else None,
                "format": f.export.format if f.export else None,
                "encoding": f.export.encoding.removesuffix("-sig") or None if f.export else None,
                "delimiter": {"\t": "tab", "": None}.get(f.export.delimiter, f.export.delimiter) if f.export else None,
                "mapped_columns": ", ".join(f"{c} = {h}" for c, h in f.reading.mapping.items()) if f.reading else None,
                "unmapped_columns": ", ".join(f.reading.unmapped) if f.reading else None,
            }
            for f in self.files
        ]  # fmt: skip
        self.warehouse.append("rejects.survey", pl.DataFrame(rows, infer_schema_length=None) if rows else pl.DataFrame())

    def write_settings(self) -> None:
        """The settings as tables for the SQL."""
        write_settings(self.settings, self.warehouse, self.started_at, self.as_of)

    def make_feeds(self, tables: Sequence[str]) -> None:
        """The views `feeds.<entity>` among these tables, over the kinds of export that the folder holds."""
        read = {f"raw.{c.name}" for c in self.contracts if self.arrivals(c)}
        read |= {f"raw.{c.spread.table}" for c in self.contracts if c.spread and self.arrivals(c)}
        for table in tables:
            if table.startswith("feeds."):
                self.warehouse.create_view(table, self.catalog.feeds.query(table, read.__contains__))

    def judge(self, rules: Sequence[Rule], *, with_expectations: bool) -> list[Outcome]:
        """Check rules of one table in plain SQL, and again in Great Expectations; the two must agree.

        What held on a table that is kept from the run before holds still.
        """
        kept = {rule: said for rule in rules if (said := self.tables.holds_still(rule)) is not None}
        found = [(rule, *self.warehouse.failing(rule)) for rule in rules if rule not in kept]
        verdicts = self.expectations.verdicts(rules[0].table, [r for r, *_ in found]) if with_expectations and found else None
        outcomes = [Outcome(rule, 0, [], [], said, True) for rule, said in kept.items()]
        outcomes += [
            Outcome(
                rule, failing, columns, sample,
                verdicts[n].expectation if verdicts else "",
                verdicts is None or verdicts[n].passed == (failing == 0),
            )
            for n, (rule, failing, columns, sample) in enumerate(found)
        ]  # fmt: skip
        self.outcomes += outcomes
        return outcomes

    def write_checks(self) -> None:
        """Write `quality.checks`: what each check of this run found."""
        rows = [
            {
                "name": o.rule.name, "table_name": o.rule.table, "rule": o.rule.sentence, "passed": o.passed,
                "severity": o.rule.severity, "blocking": o.rule.blocking, "failing_rows": o.failing,
                "sample": "; ".join(str(row) for row in o.sample) or None, "expectation": o.expectation,
            }
            for o in self.outcomes
        ]  # fmt: skip
        CHECKS.write(self.warehouse, {o.rule.table for o in self.outcomes}, rows, is_whole=self.fresh)

    def publish(self) -> None:
        """Close everything and put the warehouse, its tables as Parquet, what they mean and the reports in place."""
        # Without a check there is none, and to import it takes seconds.
        if "expectations" in vars(self):
            self.expectations.close()
        self.tables.write()
        self.warehouse.beside.mkdir()
        (self.warehouse.beside / SEMANTICS).write_text(semantics(self.catalog.models), encoding="utf-8")
        if self.settings.parquet:
            write_parquet(self.warehouse.connection, self.warehouse.beside / PARQUET)
        self.warehouse.publish(self.settings.keep_versions)
        if not self.fresh:
            return
        paths = {f.file: f.path for f in self.files}
        read: dict[str, tuple[Entry, list[str]]] = {}
        for account in self.accounts:
            read.setdefault(account.entry.name, (account.entry, []))[1].append(paths[account.file])
        self.lake.publish(read)
