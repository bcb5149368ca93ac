"""Rules on tables, derived from contracts and models, each one query that returns the offending rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline_etl.contract import Contract


@dataclass(frozen=True)
class Rule:
    """One rule of one table.

    kind: `key` (complete and unique), `unique` (empty cells count as equal), `not_null`, `one_of`, `between`, `holds`
        (`condition` is SQL that is true for every good row) or `no_rows` (the table is a query that finds offenders, and
        `condition` says in words which).
    severity: `error` or `warning`; blocking: nothing is published when it fails; line: where it is written.
    """

    table: str
    name: str
    kind: str
    columns: tuple[str, ...] = ()
    condition: str = ""
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    severity: str = "error"
    blocking: bool = True
    line: int = 1

    @property
    def sentence(self) -> str:
        """What must hold, in words."""
        named = " and ".join(self.columns)
        return {
            "key": f"{named} is never empty, and no two rows share it.",
            "unique": f"No two rows share {named}.",
            "not_null": f"{named} is never empty.",
            "one_of": f"{named} is one of {', '.join(self.values)}.",
            "between": f"{named} lies between {self.low:g} and {self.high:g}." if self.low is not None else "",
            "holds": f"Every row satisfies: {self.condition}",
            "no_rows": f"This must not occur: {self.condition}",
        }[self.kind]

    @property
    def good(self) -> str:
        """SQL that is true for a good row; a value that is absent breaks only `not_null`."""
        column = quoted(self.columns[0]) if self.columns else ""
        if self.kind == "not_null":
            return " and ".join(f"{quoted(c)} is not null" for c in self.columns)
        if self.kind == "one_of":
            allowed = ", ".join("'" + v.replace("'", "''") + "'" for v in self.values)
            return f"{column} is null or {column} in ({allowed})"
        if self.kind == "between":
            return f"{column} is null or {column} between {self.low!r} and {self.high!r}"
        return self.condition

    def offending(self, table: str | None = None) -> str:
        """The query that returns the rows which break the rule."""
        source = table or self.table
        if self.kind == "no_rows":
            return f"select * from {source}"
        if self.kind in ("key", "unique"):
            keys = ", ".join(quoted(c) for c in self.columns)
            empty = "".join(f" or {quoted(c)} is null" for c in self.columns) if self.kind == "key" else ""
            return f"select {keys}, count(*) as rows_with_it from {source} group by {keys} having count(*) > 1{empty}"
        return f"select * from {source} where not coalesce(({self.good}), {'false' if self.kind == 'not_null' else 'true'})"


def quoted(name: str) -> str:
    """An identifier in double quotes."""
    return '"' + name.replace('"', '""') + '"'


def of_contract(contract: Contract) -> Iterator[Rule]:
    """The rules of a cleaned table."""
    table = f"raw.{contract.name}"
    if contract.key:
        nullable = {c.name for c in contract.columns if c.nullable}
        yield Rule(table, "key", "unique" if nullable & set(contract.key) else "key", contract.key)
    required = tuple(c.name for c in contract.columns if not c.nullable and c.name not in contract.key)
    if required:
        yield Rule(table, "required_values", "not_null", required)
    for column in contract.columns:
        if column.one_of:
            yield Rule(
                table, f"{column.name}_is_known", "one_of", (column.name,), values=column.one_of,
                severity="warning", blocking=False,
            )  # fmt: skip
        if column.between:
            low, high = column.between
            yield Rule(
                table, f"{column.name}_in_range", "between", (column.name,), low=low, high=high,
                severity="warning", blocking=False,
            )  # fmt: skip
