"""A report file as it is written: sections with headings and paragraphs in each language, and queries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline_etl.editions import COLUMNS, QUERY
from pipeline_etl.fences import Fence


class ReportError(Exception):
    """A report file cannot be rendered; the message names file and line and says what to do."""


@dataclass
class Text:
    """A heading or a paragraph: by language, its words and the line they stand in."""

    words: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def add(self, language: str, words: str, line: int) -> None:
        """Put in one language."""
        self.words[language], self.lines[language] = words, line


@dataclass
class Section:
    """A heading, then fences and paragraphs in the order of the file."""

    heading: Text
    parts: list[Fence | Text] = field(default_factory=list)


@dataclass(frozen=True)
class ReportFile:
    """One report file, parsed."""

    path: Path
    titles: Mapping[str, str]
    description: str
    sections: tuple[Section, ...]

    @property
    def fences(self) -> list[Fence]:
        """All queries."""
        return [p for s in self.sections for p in s.parts if isinstance(p, Fence)]

    def fault(self, line: int, words: str) -> ReportError:
        """An error that says where it is."""
        return ReportError(f"{self.path}:{line}: {words}")


def parse(path: Path) -> ReportFile:
    """Parse one report file; raises ReportError."""
    titles: dict[str, str] = {}
    description: list[str] = []
    sections: list[Section] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        line, number = lines[at], at + 1
        within = sections[-1].parts if sections else None
        if found := re.match(r"(#{1,2}) (\w\w): (.+)", line):
            level, language, words = found.groups()
            if level == "#":
                titles[language] = words
            else:
                if not sections or within or language in sections[-1].heading.words:
                    sections.append(Section(Text()))
                sections[-1].heading.add(language, words, number)
        elif line.startswith("> "):
            description.append(line[2:])
        elif within is None and (line.startswith("```") or re.match(r"\w\w: ", line)):
            raise ReportError(f"{path}:{number}: queries and paragraphs stand in a section; begin one with `## en: …`")
        elif line.startswith("```sql"):
            end = next((n for n in range(at + 1, len(lines)) if lines[n].startswith("```")), None)
            if end is None:
                raise ReportError(f"{path}:{number}: this fence is never closed; end it with a line of ```")
            try:
                within.append(Fence.parse(number, line, "\n".join(lines[at + 1 : end])))
            except ValueError as error:
                raise ReportError(f"{path}:{number}: {error}") from error
            at = end
        elif found := re.match(r"(\w\w): (.+)", line):
            language, words = found.groups()
            if not within or not isinstance(within[-1], Text) or language in within[-1].words:
                within.append(Text())
            within[-1].add(language, words, number)
        elif line.strip():
            raise ReportError(f"{path}:{number}: begin a paragraph with its language, such as `en: …`")
        at += 1
    report = ReportFile(path, titles, " ".join(description), tuple(sections))
    _check(report)
    return report


def _check(report: ReportFile) -> None:
    if not report.titles:
        raise ReportError(f"{report.path}:1: begin the file with its title, `# en: …`, one line per language")
    names: dict[str, int] = {}
    for fence in report.fences:
        if fence.name in names:
            first = f"{fence.name!r} is also the query of line {names[fence.name]}"
            raise ReportError(f"{report.path}:{fence.line}: {first}; rename one")
        names[fence.name] = fence.line
    editions = next((f for f in report.fences if f.name == QUERY), None)
    if editions and editions.parameters:
        raise report.fault(editions.line, f"the query {QUERY!r} says which periods there are, so it can name none of them")
    if not editions and (asking := next((f for f in report.fences if f.parameters), None)):
        wanted = f"write a query {QUERY!r} that gives {', '.join(COLUMNS)}"
        raise report.fault(
            asking.line, f"the query {asking.name!r} is of one period, and nothing says which there are; {wanted}"
        )
    targets = [f.name for f in report.fences if f.show == "rows"]
    for fence in report.fences:
        for link in filter(None, fence.links.values()):
            if link.target not in targets:
                there = f"there are {', '.join(targets)}" if targets else "there are none"
                raise report.fault(fence.line, f"no query {link.target!r} shows `rows` to which numbers could lead; {there}")
    for section in report.sections:
        for text in (section.heading, *(p for p in section.parts if isinstance(p, Text))):
            for language in report.titles:
                if language not in text.words:
                    line, shown = min(text.lines.values()), next(iter(text.words.values()))[:50]
                    raise ReportError(f"{report.path}:{line}: there is no {language} text beside {shown!r}")
