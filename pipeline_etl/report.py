"""A report file: headings and prose in each language, SQL fences with what to show of them -> one self-contained page.

    # en: Pipeline report            the title, one line per language
    > What this report answers.      the description, for the Dagster UI

    ## en: Where deals stand         a section; the other languages on the next lines
    ```sql stages bars label=stage value=open_deals by=pipeline
    select ...
    ```
    en: There are {{ stages.rows | length }} ...   prose: Jinja with the first row of a query as `stages.column`

After the fence's name comes what to show: `nothing`, `table`, `tiles`, or a chart (`bars`, `dots`, `lines`) with its
columns: label, value, low and high of an interval, and `by`, which groups tables and charts. `optional` shows nothing
where the query gives no rows; `dates=quarter` (month, year) writes the dates beside bars and dots so.
A query named `page` gives the head of the page its `as_of` and amounts their `base_currency`.
Filters: number, money, percent, days, day, word, and plural: `{{ n | plural(one="{} deal", other="{} deals") }}`, with
the plural forms that the language has (one, two, few, many, other).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from pipeline_etl.charts import Fence, parts, side_by_side
from pipeline_etl.formats import Formats
from pipeline_etl.locale import plural

TEMPLATES = Path(__file__).parent / "templates"


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
class Report:
    """One report file."""

    path: Path
    titles: Mapping[str, str]
    description: str
    sections: tuple[Section, ...]

    @classmethod
    def load(cls, path: Path) -> Report:
        """Parse one report file; raises ReportError."""
        return _parse(path)

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    def title(self, language: str) -> str:
        """The title in one of the languages."""
        return self.titles[language]

    @property
    def languages(self) -> list[str]:
        """The languages of the title, which every heading and paragraph must have."""
        return list(self.titles)

    @property
    def fences(self) -> list[Fence]:
        """All queries."""
        return [p for s in self.sections for p in s.parts if isinstance(p, Fence)]

    @property
    def tables(self) -> list[str]:
        """The tables that the queries read, as schema.table."""
        return sorted(set().union(*(f.tables for f in self.fences)))

    def render(self, connection: duckdb.DuckDBPyConnection, language: str, facts: Mapping[str, Any]) -> str:
        """The page in one language, as HTML. Raises ReportError.

        facts: `exports` (name of the folder) and `started_at` (time of the run); what is not given is not shown.
        """
        from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
        from markupsafe import Markup

        results = {fence.name: self._rows(connection, fence) for fence in self.fences}
        page = next(iter(results.get("page", ([], []))[1]), {})
        formats = self._formats(language, page.get("base_currency") or "")
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        for name in ("number", "money", "percent", "days", "day", "word"):
            environment.filters[name] = getattr(formats, name)
        environment.filters["plural"] = plural(formats)
        context = {name: {**(rows[0] if rows else {}), "rows": rows} for name, (_, rows) in results.items()}

        def prose(text: str, line: int, **more: Any) -> Markup:
            try:
                return Markup(environment.from_string(text).render(**context, **more))
            except (TemplateError, TypeError, ValueError, AssertionError) as error:
                raise ReportError(f"{self.path}:{line}: the {language} text cannot be rendered: {error}") from error

        sections = []
        for section in self.sections:
            shown: list[dict[str, Any]] = []
            for part in section.parts:
                if isinstance(part, Text):
                    shown.append({"kind": "prose", "html": prose(part.words[language], part.lines[language])})
                    continue
                for new in self._shown(part, *results[part.name], formats, partial(prose, line=part.line)):
                    if new["kind"] == "charts" and shown and shown[-1]["kind"] == "charts":
                        shown[-1]["charts"] = side_by_side(shown[-1]["charts"], new["charts"])
                    else:
                        shown.append(new)
            sections.append({"heading": section.heading.words[language], "parts": shown})
        return environment.get_template("report.html.jinja").render(
            {**facts, "title": self.title(language), "language": language, "sections": sections,
             "words": formats.words, "page": page}
        )  # fmt: skip

    def _rows(self, connection: duckdb.DuckDBPyConnection, fence: Fence) -> tuple[list[str], list[dict[str, Any]]]:
        try:
            cursor = connection.execute(fence.sql)
            names = [c[0] for c in cursor.description]
            return names, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as error:
            reason = str(error).splitlines()[0]
            raise ReportError(f"{self.path}:{fence.line}: the query {fence.name!r} fails: {reason}") from error

    def _shown(self, fence: Fence, *given: Any) -> list[dict[str, Any]]:
        try:
            return parts(fence, *given)
        except ValueError as error:
            raise ReportError(f"{self.path}:{fence.line}: the query {fence.name!r} {error}") from error

    def _formats(self, language: str, currency: str) -> Formats:
        try:
            return Formats.load(self.path.parent, language, currency)
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ReportError(
                f"{self.path.parent / f'words.{language}.toml'}: the words of {language!r} cannot be read ({error}); "
                "copy another language's catalogue and translate it"
            ) from error


def load_reports(folder: Path) -> list[Report]:
    """All report files of a folder; raises ReportError."""
    return [Report.load(path) for path in sorted(folder.glob("*.md"))]


def _parse(path: Path) -> Report:
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
    report = Report(path, titles, " ".join(description), tuple(sections))
    _check(report)
    return report


def _check(report: Report) -> None:
    if not report.titles:
        raise ReportError(f"{report.path}:1: begin the file with its title, `# en: …`, one line per language")
    names: dict[str, int] = {}
    for fence in report.fences:
        if fence.name in names:
            first = f"{fence.name!r} is also the query of line {names[fence.name]}"
            raise ReportError(f"{report.path}:{fence.line}: {first}; rename one")
        names[fence.name] = fence.line
    for section in report.sections:
        for text in (section.heading, *(p for p in section.parts if isinstance(p, Text))):
            for language in report.titles:
                if language not in text.words:
                    line, shown = min(text.lines.values()), next(iter(text.words.values()))[:50]
                    raise ReportError(f"{report.path}:{line}: there is no {language} text beside {shown!r}")
