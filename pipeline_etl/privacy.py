"""What exports say of people: which columns that are, pseudonyms in their place, and people who have been forgotten.

A pseudonym is a keyed hash (BLAKE2b) of a value: the same value has the same one everywhere, so that records go on joining, and
without the key nobody can tell, or try out, what it stands for. Of an e-mail address only the part before the `@` is replaced:
the domain says the company. A forgotten person is known by a hash too: the home does not keep the address to forget it by.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import polars as pl

from pipeline_etl.clean import Cleaned
from pipeline_etl.contract import Contract, Email
from pipeline_etl.mailboxes import ADDRESS, email_key

PERSONAL_COLUMNS = (
    "email", "first_name", "last_name", "person_name", "job_title", "!owner*", "!*_by", "!*_owners.*", "!*_users.*",
)  # fmt: skip
"""Of the people a company sells to; the names of its own owners stand in reports and are left."""
WITHHELD = "It is withheld: it may say who somebody is."
FORGOTTEN = "forgotten.json"
STAND_INS = ("forgotten-", "p-")
"""How what stands in the place of a mailbox begins."""


@dataclass(frozen=True)
class Forgotten:
    """The people whom a home has forgotten: hash of the mailbox -> the word that stands in its place."""

    salt: str = ""
    people: Mapping[str, str] = field(default_factory=dict)

    def word(self, key: str) -> str:
        """What stands for the person of a mailbox (`email_key`); '' for one who is not forgotten."""
        return self.people.get(_hash(key, self.salt), "") if key and self.people else ""

    def with_people(self, keys: Sequence[str]) -> Forgotten:
        """These mailboxes forgotten too; their words are drawn by lot and tell nothing."""
        salt = self.salt or secrets.token_hex(16)
        added = {_hash(key, salt): f"forgotten-{secrets.token_hex(5)}" for key in keys}
        return Forgotten(salt, {**added, **self.people})


@dataclass(frozen=True)
class Privacy:
    """columns: patterns of `column` or `table.column`, `!` before those that are not personal, the last one that fits counts.

    key: of the pseudonyms, '' for none. forgotten: who is forgotten, pseudonyms or not. In texts of a column that no pattern
    fits, such as the address of a page, e-mail addresses are hidden all the same.
    """

    columns: Sequence[str] = PERSONAL_COLUMNS
    key: str = ""
    forgotten: Forgotten = field(default_factory=Forgotten)

    @cached_property
    def mark(self) -> str:
        """What distinguishes rows read with this key and these columns; it does not tell the key."""
        return _hash(repr(list(self.columns)), self.key) if self.key else ""

    def is_personal(self, table: str, column: str) -> bool | None:
        """Whether a column of the cleaned rows of a contract says who somebody is; None where no pattern fits it."""
        found = None
        for pattern in self.columns:
            wanted = pattern.removeprefix("!")
            if fnmatchcase(f"{table}.{column}", wanted if "." in wanted else f"*.{wanted}"):
                found = not pattern.startswith("!")
        return found

    def protect(self, contract: Contract, headings: Mapping[str, str], cleaned: Cleaned) -> Cleaned:
        """The cleaned rows of one block without what is to be hidden; headings: column -> heading of the file."""
        if not self.key and not self.forgotten.people:
            return cleaned
        kept, spread = (self._hide(contract, frame) for frame in (cleaned.kept, cleaned.spread))
        personal = {heading for column, heading in headings.items() if self.is_personal(contract.name, column)}
        rejected, unreadable = (self._withhold(frame, personal) for frame in (cleaned.rejected, cleaned.unreadable))
        return Cleaned(kept, spread, rejected, unreadable)

    def _hide(self, contract: Contract, frame: pl.DataFrame | None) -> pl.DataFrame | None:
        if frame is None or not frame.height:
            return frame
        texts = [c for c, kind in frame.schema.items() if kind == pl.String]
        addresses = [c.name for c in contract.columns if c.type == Email and c.name in texts]
        kinds = {c: self.is_personal(contract.name, c) for c in texts}
        if self.forgotten.people:
            required = {c.name for c in contract.columns if not c.nullable}
            frame = self._forget(frame, addresses, [c for c in texts if kinds[c] and c not in addresses], required)
        if self.key:
            hidden = {c: self._mailbox if c in addresses else self._pseudonym for c in texts if kinds[c]}
            hidden |= {c: self._without_addresses for c in _with_addresses(frame) if kinds[c] is None}
            frame = frame.with_columns(_replaced(frame[c], change) for c, change in hidden.items())
        return frame

    def _forget(self, frame: pl.DataFrame, addresses: Sequence[str], names: Sequence[str], required: set[str]) -> pl.DataFrame:
        words = [_replaced(frame[a], lambda text: self.forgotten.word(email_key(text))) for a in addresses]
        who = pl.select(pl.coalesce([w.replace("", None) for w in words])).to_series() if words else None
        if who is not None and who.null_count() < frame.height:
            # A name that a row must have becomes the word; any other is left out.
            frame = frame.with_columns(
                pl.when(who.is_null()).then(frame[c]).otherwise(who if c in required else pl.lit(None, pl.String)).alias(c)
                for c in names
            )
        return frame.with_columns(_replaced(frame[c], self._without_forgotten) for c in _with_addresses(frame))

    def _without_forgotten(self, text: str) -> str:
        """A text with the word in the place of each address of somebody forgotten."""
        return re.sub(ADDRESS, lambda found: self._if_forgotten(found[0]), text)

    def _without_addresses(self, text: str) -> str:
        return re.sub(ADDRESS, lambda found: self._mailbox(found[0]), text)

    def _if_forgotten(self, address: str) -> str:
        word = self.forgotten.word(email_key(address))
        return f"{word}@{address.rpartition('@')[2].lower()}" if word else address

    def _withhold(self, faults: pl.DataFrame, personal: set[str]) -> pl.DataFrame:
        """Faults without the texts that may name somebody: all texts with pseudonyms, else those of the forgotten."""
        rows = []
        for line, headings, reason, original in faults.rows():
            names = self._without_forgotten(original or "") != (original or "") or self._without_forgotten(reason) != reason
            said = reason
            if names or (self.key and personal & set((headings or "").split(", "))):
                said = f'"{headings}" cannot be read.' if headings else "It cannot be read."
            rows.append((line, headings, said, WITHHELD if names or self.key else original))
        return pl.DataFrame(rows, schema=faults.schema, orient="row")

    def _pseudonym(self, text: str) -> str:
        return f"p-{_hash(text.strip().casefold(), self.key)[:16]}"

    def _mailbox(self, address: str) -> str:
        """Of one mailbox one pseudonym, however it is spelt; a desk's and one that is forgotten stay as they are."""
        key = email_key(address)
        if not key or key.startswith(STAND_INS[0]):
            return address
        return f"{self._pseudonym(key)}@{key.rpartition('@')[2]}"


def key_of(setting: str) -> str:
    """The key that a setting `$NAME` names in the environment; '' where none is set. Raises KeyError with the name."""
    return os.environ[setting.removeprefix("$")] if setting else ""


def load_forgotten(home: Path) -> Forgotten:
    """Who is forgotten in a home."""
    file = home / FORGOTTEN
    return Forgotten(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else Forgotten()


def save_forgotten(home: Path, forgotten: Forgotten) -> None:
    """Write down who is forgotten, for the owner of the home alone, whole or not at all."""
    partial = home / f"{FORGOTTEN}.partial"
    partial.touch(mode=0o600)
    partial.write_text(json.dumps({"salt": forgotten.salt, "people": dict(forgotten.people)}), encoding="utf-8")
    os.replace(partial, home / FORGOTTEN)


def _with_addresses(frame: pl.DataFrame) -> list[str]:
    """The columns of texts in which there may be an address."""
    texts = [c for c, kind in frame.schema.items() if kind == pl.String]
    return [c for c in texts if frame[c].str.contains("@", literal=True).any()]


def _replaced(values: pl.Series, change: Callable[[str], str]) -> pl.Series:
    """Each distinct text changed once."""
    distinct = values.drop_nulls().unique()
    changed = pl.Series([change(text) for text in distinct], dtype=pl.String)
    return values.replace_strict(distinct, changed, default=None, return_dtype=pl.String).alias(values.name)


def _hash(text: str, key: str) -> str:
    return blake2b(text.encode(), key=blake2b(key.encode(), digest_size=32).digest(), digest_size=16).hexdigest()
