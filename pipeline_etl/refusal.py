"""How a file, or a part of one, that cannot be read is said to be so."""

from __future__ import annotations

from dataclasses import dataclass


class Refused(Exception):
    """The file cannot be read as an export; the message is one sentence for `quality.files`."""


@dataclass(frozen=True)
class Refusal:
    """A part of a file that cannot be read, beside others that can; path as in `quality.files`."""

    path: str
    reason: str
