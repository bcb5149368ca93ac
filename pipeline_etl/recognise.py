"""Which contract a file follows, told from its headings alone, never from its name."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline_etl.contract import Contract, normalise


@dataclass(frozen=True)
class Reading:
    """How a file is to be read.

    mapping: column -> heading; spread: the headings that carry data; unmapped: what is left over; confidence: 0..1.
    """

    contract: Contract
    mapping: Mapping[str, str]
    spread: tuple[str, ...]
    unmapped: tuple[str, ...]
    confidence: float


EXACT_SPELLING = 0.25
"""What `StageName` adds to `stage name`: systems write their headings in one way only."""


def _as_landed(heading: str) -> str:
    """How a connector that loads a database spells an API name: `StageName` lands as `stage_name`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", heading).lower()


class Unrecognised(Exception):
    """No contract fits; the message says which came nearest and what it would need."""


def has_headings(wanted: Mapping[str, str], headings: Sequence[str]) -> float:
    """How many of the headings that a mapping file names are here, if all of them are; 0 otherwise."""
    return float(len(wanted) + 1) if set(wanted) <= set(headings) and len(headings) > 1 else 0.0


class Recogniser:
    """Knows all contracts; weighs each heading by how few of them know it."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self.contracts = tuple(contracts)
        self._known = Counter(h for c in contracts for h in {h for column in c.columns for h in column.headings})

    def recognise(self, headings: Sequence[str]) -> Reading:
        """The contract with the most evidence among those whose required headings are all there.

        Confidence = its evidence over its own plus the runner-up's, so 0.5 is a coin toss and 1.0 is without rival.
        """
        scored = sorted(
            ((self._evidence(c, headings), c) for c in self.contracts if not self._lacking(c, headings)),
            # Of two that fit alike, the one that the file fills more of.
            key=lambda pair: (-round(pair[0], 6), -len(pair[1].map(headings)) / len(pair[1].columns)),
        )
        if not scored or max(self._evidence(c, headings) for c in self.contracts) > 1.5 * scored[0][0]:
            raise Unrecognised(self._nearest(headings))
        best, contract = scored[0]
        second = scored[1][0] if len(scored) > 1 else 0.0
        return self._reading(contract, contract.map(headings), headings, best / (best + second))

    def fits(self, headings: Sequence[str]) -> float:
        """The evidence that these are headings of an export we know; 0 where no contract can read them."""
        known = [n for n in (normalise(h) for h in headings if h) if n in self._known]
        # Two words in common with all headings of all systems are soon found in any text.
        if len(known) < 2 or len(set(known)) < len(known) / 2:
            return 0.0
        try:
            reading = self.recognise(headings)
        except Unrecognised:
            return 0.0
        return self._evidence(reading.contract, headings)

    def nearest(self, headings: Sequence[str]) -> str:
        """The contract that knows most of these headings; any CRM's deals where none knows two."""
        evidence, contract = max(((self._evidence(c, headings), c) for c in self.contracts), key=lambda pair: pair[0])
        return contract.name if evidence >= 1.5 else "generic_deals"

    def by_mapping(self, name: str, columns: Mapping[str, str], headings: Sequence[str]) -> Reading:
        """The reading that a mapping file asks for: contract `name`, with `columns` = heading -> column name."""
        contract = next((c for c in self.contracts if c.name == name), None)
        if contract is None:
            names = [c.name for c in self.contracts]
            near = difflib.get_close_matches(name, names, n=3, cutoff=0.3) or names
            raise Unrecognised(f"the mapping file names an unknown object {name!r}; did you mean {', '.join(near)}?")
        if twice := sorted({c for c in columns.values() if list(columns.values()).count(c) > 1}):
            raise Unrecognised(f"the mapping file reads {', '.join(twice)} from two headings; keep one of them")
        known = [c.name for c in contract.columns]
        for heading, column in columns.items():
            if heading not in headings:
                raise Unrecognised(f"the mapping file reads a heading {heading!r}, which the file does not have")
            if column not in known:
                raise Unrecognised(
                    f"the mapping file maps {heading!r} to {column!r}, which is no column of {name}; it has {', '.join(known)}"
                )
        mapping = {**contract.map([h for h in headings if h not in columns]), **{c: h for h, c in columns.items()}}
        missing = [c.name for c in contract.required if c.name not in mapping]
        if missing:
            raise Unrecognised(f"the mapping file leaves {', '.join(missing)} of {name} without a heading")
        return self._reading(contract, mapping, headings, 1.0)

    def _reading(self, contract: Contract, mapping: Mapping[str, str], headings: Sequence[str], confidence: float) -> Reading:
        days = {c.name: mapping[c.day_of] for c in contract.columns if c.name not in mapping and c.day_of in mapping}
        mapping = {**days, **mapping}
        used = set(mapping.values())
        spread = tuple(h for h in headings if contract.spread and contract.spread.match(h))
        unmapped = tuple(h for h in headings if h not in used and h not in spread)
        return Reading(contract, mapping, spread, unmapped, round(confidence, 3))

    def _evidence(self, contract: Contract, headings: Sequence[str]) -> float:
        """Each heading it reads counts the more the fewer contracts know it, and more still when spelt as that system does."""
        written = {c.name: {c.name, *c.reads, *map(_as_landed, c.reads)} for c in contract.columns}
        known = {normalise(heading): heading in written[column] for column, heading in contract.map(headings).items()}
        spread = sum(1 for h in headings if contract.spread and contract.spread.match(h))
        return sum(1 / self._known[h] + EXACT_SPELLING * exact for h, exact in known.items()) + spread

    def _lacking(self, contract: Contract, headings: Sequence[str]) -> list[str]:
        """What a file with these headings would still need, in words."""
        mapping = contract.map(headings)
        lacking = [f"no {(c.reads[0] if c.reads else c.name)!r}" for c in contract.required if c.name not in mapping]
        present = {normalise(h) for h in headings}
        lacking += [
            f"none of {', '.join(repr(m) for m in group[:4])}"
            for group in contract.marks
            if not present & {normalise(m) for m in group}
        ]
        strange = [h for h in headings if normalise(h) in {normalise(n) for n in contract.never}]
        return lacking + [f"a {heading!r}, which it never has" for heading in strange]

    def _nearest(self, headings: Sequence[str]) -> str:
        evidence, contract = max(((self._evidence(c, headings), c) for c in self.contracts), key=lambda pair: pair[0])
        known = [h for h in headings if contract.reads(h)]
        if evidence < 1.5 or len(known) * 3 < len(headings):
            shown = ", ".join(headings[:6]) + (" …" if len(headings) > 6 else "")
            return f"its headings ({shown}) are those of no export we know; write a mapping file to have it read"
        lacking = self._lacking(contract, headings)
        return (
            f"it looks like {contract.name}, but among its headings is {' and '.join(lacking)}; "
            "export it again with that column, or name it in a mapping file"
        )
