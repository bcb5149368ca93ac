"""A report file: headings and prose in each language, SQL fences with what to show of them -> one self-contained page.

    # en: Pipeline report            the title, one line per language
    > What this report answers.      the description, for the Dagster UI

    ## en: Where deals stand         a section; the other languages on the next lines
    ```sql stages bars label=stage value=open_deals by=pipeline
    select ...
    ```
    en: There are {{ stages.rows | length }} ...   prose: Jinja with the first row of a query as `stages.column`

After the fence's name comes what to show: `nothing`, `table`, `tiles`, or a chart with its columns; `by` draws one per value.
A query named `page` gives the head of the page its `as_of` and amounts their `base_currency`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import sqlglot
from sqlglot import expressions as ast

from pipeline_etl.charts import KINDS, draw
from pipeline_etl.formats import Formats

SHOWN = ("nothing", "table", "tiles", *KINDS)
TEMPLATES = Path(__file__).parent / "templates"


class ReportError(Exception):
    """A report file cannot be rendered; the message names file and line and says what to do."""


@dataclass(frozen=True)
class Fence:
    """One query and what to show of it."""

    line: int
    name: str
    show: str
    options: Mapping[str, str]
    sql: str


@dataclass
class Section:
    """Headings by language, then fences and prose (by language) in the order of the file."""

    line: int
    headings: dict[str, str]
    parts: list[Fence | dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """One report file."""

    path: Path
    titles: Mapping[str, str]
    description: str
    sections: tuple[Section, ...]

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def languages(self) -> list[str]:
        """The languages of the title, which every section must have."""
        return list(self.titles)

    @property
    def fences(self) -> list[Fence]:
        """All queries."""
        return [p for s in self.sections for p in s.parts if isinstance(p, Fence)]

    @property
    def tables(self) -> list[str]:
        """The tables that the queries read."""
        found = set()
        for fence in self.fences:
            tree = sqlglot.parse_one(fence.sql, dialect="duckdb")
            found |= {f"{t.db}.{t.name}" for t in tree.find_all(ast.Table) if t.db}
        return sorted(found)

    def render(self, connection: duckdb.DuckDBPyConnection, language: str, facts: Mapping[str, Any]) -> str:
        """The page in one language; facts go to the template as they are. Raises ReportError."""
        from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
        from markupsafe import Markup

        results = {fence.name: self._rows(connection, fence) for fence in self.fences}
        page = next(iter(results.get("page", [])), {})
        formats = Formats.load(self.path.parent, language, page.get("base_currency", ""))
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        for name in ("number", "money", "percent", "days", "day", "word"):
            environment.filters[name] = getattr(formats, name)
        context = {name: {**(rows[0] if rows else {}), "rows": rows} for name, rows in results.items()}

        def prose(text: str, line: int, **more: Any) -> Markup:
            try:
                return Markup(environment.from_string(text).render(**context, **more))
            except TemplateError as error:
                raise ReportError(f"{self.path}:{line}: the {language} text cannot be rendered: {error}") from error

        sections = []
        for section in self.sections:
            parts = []
            for part in section.parts:
                if isinstance(part, Fence):
                    shown = _show(
                        part, results[part.name], formats, lambda text, row, line=part.line: prose(text, line, row=row)
                    )
                    if shown and shown[0]["kind"] == "chart" and parts and parts[-1]["kind"] == "charts":
                        parts[-1]["charts"] = _side_by_side(parts[-1]["charts"], shown)
                    else:
                        parts += [{"kind": "charts", "charts": shown}] if shown and shown[0]["kind"] == "chart" else shown
                elif language in part:
                    parts.append({"kind": "prose", "html": prose(part[language], section.line)})
            sections.append({"heading": section.headings[language], "parts": parts})
        return environment.get_template("report.html.jinja").render(
            title=self.titles[language], language=language, sections=sections, words=formats.words, page=page, **facts
        )

    def _rows(self, connection: duckdb.DuckDBPyConnection, fence: Fence) -> list[dict[str, Any]]:
        try:
            cursor = connection.execute(fence.sql)
            names = [c[0] for c in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except duckdb.Error as error:
            raise ReportError(
                f"{self.path}:{fence.line}: the query {fence.name!r} fails: {str(error).splitlines()[0]}"
            ) from error


def load_reports(folder: Path) -> list[Report]:
    """All report files of a folder."""
    return [load_report(path) for path in sorted(folder.glob("*.md"))]


def load_report(path: Path) -> Report:
    """Parse one report file; raises ReportError."""
    titles: dict[str, str] = {}
    description: list[str] = []
    sections: list[Section] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    at = 0
    while at < len(lines):
        line, number = lines[at], at + 1
        if found := re.match(r"(#{1,2}) (\w\w): (.+)", line):
            level, language, text = found.groups()
            if level == "#":
                titles[language] = text
            elif sections and not sections[-1].parts and language not in sections[-1].headings:
                sections[-1].headings[language] = text
            else:
                sections.append(Section(number, {language: text}))
        elif line.startswith("> "):
            description.append(line[2:])
        elif line.startswith("```sql"):
            end = next((n for n in range(at + 1, len(lines)) if lines[n].startswith("```")), None)
            if end is None:
                raise ReportError(f"{path}:{number}: this fence is never closed; end it with a line of ```")
            if not sections:
                raise ReportError(f"{path}:{number}: a query stands in a section; begin one with `## en: …`")
            sections[-1].parts.append(_fence(path, number, line, "\n".join(lines[at + 1 : end])))
            at = end
        elif found := re.match(r"(\w\w): (.+)", line):
            if not sections:
                raise ReportError(f"{path}:{number}: prose stands in a section; begin one with `## en: …`")
            language, text = found.groups()
            parts = sections[-1].parts
            if parts and isinstance(parts[-1], dict) and language not in parts[-1]:
                parts[-1][language] = text
            else:
                parts.append({language: text})
        elif line.strip():
            raise ReportError(f"{path}:{number}: begin a paragraph with its language, such as `en: …`")
        at += 1
    for section in sections:
        for language in titles:
            texts = [section.headings, *(p for p in section.parts if isinstance(p, dict))]
            if missing := [t for t in texts if language not in t]:
                shown = next(iter(missing[0].values()))[:50]
                raise ReportError(f"{path}:{section.line}: there is no {language} text beside {shown!r}")
    return Report(path, titles, " ".join(description), tuple(sections))


def _fence(path: Path, number: int, line: str, sql: str) -> Fence:
    name, show, *options = [*line.removeprefix("```sql").split(), "", ""][:2] + line.removeprefix("```sql").split()[2:]
    if not name:
        raise ReportError(f"{path}:{number}: name the query behind ```sql, and say what to show of it")
    if show not in SHOWN:
        raise ReportError(
            f"{path}:{number}: {show or 'nothing'!r} cannot be shown; write one of {', '.join(SHOWN)} behind {name!r}"
        )
    pairs = dict(o.partition("=")[::2] for o in options)
    if show in KINDS and not {"label", "value"} <= set(pairs):
        raise ReportError(f"{path}:{number}: a chart needs label=column and value=column")
    return Fence(number, name, show, pairs, sql)


def _show(fence: Fence, rows: list[dict[str, Any]], formats: Formats, prose: Any) -> list[dict[str, Any]]:
    """What the template is to draw of one query."""
    if fence.show == "nothing":
        return []
    if not rows:
        return [{"kind": "empty", "text": formats.words["units"]["empty"]}]
    if fence.show == "tiles":
        tiles = []
        for row in rows:
            words = formats.words["tiles"][row["tile"]]
            shown = getattr(formats, row["unit"])(row["value"])
            tiles.append({"label": words["label"], "value": shown, "note": prose(words["note"], row)})
        return [{"kind": "tiles", "tiles": tiles}]
    by = fence.options.get("by")
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[by] if by else None, []).append(row)
    return [
        _table(fence, group, rows, formats, key) if fence.show == "table" else _chart(fence, group, rows, formats, key)
        for key, group in groups.items()
    ]


def _side_by_side(charts: list[dict[str, Any]], more: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two charts of the same thing beside each other, where both have one for each."""
    if [c["key"] for c in charts] != [m["key"] for m in more]:
        return charts + more
    return [chart for pair in zip(charts, more, strict=True) for chart in pair]


def _table(fence: Fence, group: list[dict[str, Any]], rows: list[dict[str, Any]], formats: Formats, key: Any) -> dict[str, Any]:
    columns = [c for c in rows[0] if c != fence.options.get("by")]
    numeric = {c for c in columns if any(isinstance(r[c], int | float) or hasattr(r[c], "as_tuple") for r in rows)}
    return {
        "kind": "table", "name": fence.name, "caption": formats.word(str(key)) if key is not None else "",
        "columns": [(formats.heading(c), c in numeric) for c in columns],
        "rows": [[(formats.cell(c, r[c]), c in numeric) for c in columns] for r in group],
        "total": [r[columns[0]] == "all" for r in group],
    }  # fmt: skip


def _chart(fence: Fence, group: list[dict[str, Any]], rows: list[dict[str, Any]], formats: Formats, key: Any) -> dict[str, Any]:
    label, value = fence.options["label"], fence.options["value"]
    drawn = [
        {
            **r,
            label: r[label] if fence.show == "lines" else formats.word(str(r[label])),
            "shown": formats.cell(value, r[value]),
        }
        for r in group
    ]
    heading = formats.heading(value) + (f": {formats.word(str(key))}" if key is not None else "")
    if fence.show == "lines":
        ends = (drawn[0], drawn[-1])
        alt = "; ".join(f"{formats.day(r[label])}: {r['shown']}" for r in ends)
    else:
        alt = "; ".join(f"{r[label]}: {r['shown']}" for r in drawn)
    longest = 0 if fence.show == "lines" else max(len(formats.word(str(r[label]))) for r in rows)
    svg = draw(fence.show, drawn, label, value, fence.options.get("low", ""), fence.options.get("high", ""), longest)
    return {"kind": "chart", "key": key, "svg": svg, "heading": heading, "alt": f"{heading}. {alt}"}
