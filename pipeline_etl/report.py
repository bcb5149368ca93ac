"""A report file: headings and prose in each language, SQL fences with what to show of them -> one document per language.

    # en: Pipeline report            the title, one line per language
    > What this report answers.      the description, for the Dagster UI

    ## en: Where deals stand         a section; the other languages on the next lines
    ```sql stages bars label=stage value=open_deals by=pipeline rows=deals
    select ...
    ```
    en: There are {{ stages.rows | length }} ...   prose: Jinja with the first row of a query as `stages.column`

After the fence's name comes what to show: `nothing`, `table`, `tiles`, or a chart (`bars`, `dots`, `lines`) with its
columns: label, value, low and high of an interval, and `by`, which groups tables and charts. `optional` shows nothing
where the query gives no rows; `dates=quarter` (week, month, year) writes the dates beside bars and dots so.
A query may name `$period` (week, month or quarter) and `$period_start` (a date), the edition's. Then a query named `editions`
says which periods there are: period, period_start, last_day, is_running; its rows of years tell where fiscal years begin.
A query named `page` gives the head of the page its `as_of` and amounts their `base_currency`.
Filters: number, money, percent, days, day, word (one of ours), name (one of the company's), and plural:
`{{ n | plural(one="{} deal", other="{} deals") }}`, with the plural forms that the language has (one, two, few, many, other).

A reader can choose by the dimensions of the catalogue's [filters]: columns of that name, and `period_start` with a column
`period` or `dates=quarter`. Rows and charts of one value step aside when another is chosen. `per=pipeline,period` shows
one value at a time, and that of `all` where nothing is chosen; a paragraph that speaks of such a query is written once
for each value, with the query narrowed to it. `first=quarter` on a table shows the rows of quarters where nothing is chosen.

`rows` shows the rows behind numbers, ordered by what matters most. `rows=deals` on another fence makes its numbers lead there,
to the rows that share its texts; `rows=deals,won:deals.status=won,mean:` those of the column `won` (or the tile) only to rows
of that status, those of `mean` nowhere, and `worth:deals+amount` to the rows of whose `amount` they are the sum. In prose:
`{{ n | number | rows("deals", status="won") }}`, `{{ n | money | rows("deals", sum="amount") }}`; in the note of a tile,
`{{ row.extra | number | led("extra") }}` leads where `rows=tile.extra:deals` says. Beside `rows`: `on=stage,status` by
what links choose, `day=closed_on` which date places a row in a period, `sums=amount` what links sum up, `limit=` how many the
page holds. `hide=is_new,period` are columns that nobody sees: links choose by them, or learn from them where to lead.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from pipeline_etl.answers import Answer, ask, editions
from pipeline_etl.behind import link
from pipeline_etl.document import Asked, Document, Part, Prose, Section, Target, text
from pipeline_etl.editions import BEFORE_ALL, QUERY, Edition, NoEdition, choose, current, read, year_begins
from pipeline_etl.fences import Fence
from pipeline_etl.formats import Formats
from pipeline_etl.locale import period, plural
from pipeline_etl.page import html
from pipeline_etl.parts import Parts
from pipeline_etl.report_file import ReportError, ReportFile, Text, parse


@dataclass(frozen=True)
class Report:
    """One report file, as it is or in one edition; stem: the names of its files without language and ending, '' for its own."""

    file: ReportFile
    edition: Edition | None = None
    stem: str = ""

    @classmethod
    def load(cls, path: Path) -> Report:
        """Parse one report file; raises ReportError."""
        return cls(parse(path))

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.file.path.stem

    @property
    def description(self) -> str:
        """What it answers, in one sentence."""
        return self.file.description

    def title(self, language: str) -> str:
        """The title in one of the languages, with the edition if there is one."""
        said, edition = self.file.titles[language], self.edition
        if edition is None or edition.start == BEFORE_ALL:
            return said
        label = period(edition.start, edition.period, self._formats(language, "", edition.year_begins), wide=True)
        return f"{said}, {label}"

    @property
    def languages(self) -> list[str]:
        """The languages of the title, which every heading and paragraph must have."""
        return list(self.file.titles)

    @property
    def tables(self) -> list[str]:
        """The tables that the queries read, as schema.table."""
        return sorted(set().union(*(f.tables for f in self.file.fences)))

    @property
    def has_editions(self) -> bool:
        """Whether it can be made for one period."""
        return any(f.name == QUERY for f in self.file.fences)

    def editions(self, connection: duckdb.DuckDBPyConnection) -> list[Edition]:
        """The periods for which it can be made, in order of time. Raises ReportError."""
        return read(editions(self.file, connection))

    def of_period(self, connection: duckdb.DuckDBPyConnection, length: str, start: date | None = None) -> Report:
        """Its edition for a week, month or quarter, by default the newest that has ended. Raises ReportError, NoEdition."""
        if not self.has_editions:
            raise NoEdition(f"{self.file.path}: the report has no editions; write a query {QUERY!r} that gives its periods")
        edition = choose(self.editions(connection), length, start)
        return replace(self, edition=edition, stem=f"{self.name}.{edition.key}")

    def current(self, connection: duckdb.DuckDBPyConnection, length: str) -> Report:
        """Itself, of the period in which as-of lies where its queries ask for one. Raises ReportError."""
        if not any(f.parameters for f in self.file.fences):
            return self
        return replace(self, edition=current(self.editions(connection), length))

    def ask(self, connection: duckdb.DuckDBPyConnection) -> dict[str, Answer]:
        """Run the queries, once for all languages. Raises ReportError."""
        if self.edition is None and (asking := next((f for f in self.file.fences if f.parameters), None)):
            raise self.file.fault(asking.line, f"the query {asking.name!r} is of one period; choose an edition first")
        parameters = self.edition.parameters if self.edition else {}
        return ask(self.file, connection, list(self._formats(self.languages[0], "").words["filters"]), parameters)

    def document(self, answers: Mapping[str, Answer], language: str, facts: Mapping[str, Any]) -> Document:
        """The report in one language, with its numbers. Raises ReportError.

        facts: `exports` (name of the folder) and `started_at` (time of the run); what is not given is not shown.
        """
        page = next(iter(answers["page"].rows if "page" in answers else []), {})
        begins = year_begins(answers[QUERY].rows) if QUERY in answers else 1
        formats = self._formats(language, page.get("base_currency") or "", begins)
        writer = _Writer(self.file, answers, formats, Asked())
        sections = [
            Section(s.heading.words[language], list(filter(None, map(writer.part, s.parts)))) for s in self.file.sections
        ]
        return Document(self.stem or self.name, self.title(language), formats, sections, writer.asked, page.get("as_of"),
                        facts.get("started_at"), facts.get("exports", ""))  # fmt: skip

    def render(self, connection: duckdb.DuckDBPyConnection, language: str, facts: Mapping[str, Any]) -> str:
        """The page in one language, as HTML; see `document`."""
        return html(self.document(self.ask(connection), language, facts))

    def _formats(self, language: str, currency: str, year_begins: int = 1) -> Formats:
        folder = self.file.path.parent
        try:
            return Formats.load(folder, language, currency, year_begins)
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ReportError(
                f"{folder / f'words.{language}.toml'}: the words of {language!r} cannot be read ({error}); "
                "copy another language's catalogue and translate it"
            ) from error


@dataclass(frozen=True)
class _Writer:
    """Makes the parts of one file in one language."""

    file: ReportFile
    answers: Mapping[str, Answer]
    formats: Formats
    asked: Asked

    def part(self, part: Fence | Text) -> Part | None:
        """What stands in the document for a fence or a paragraph."""
        if isinstance(part, Fence):
            try:
                return self._parts.part(part)
            except ValueError as error:
                raise self.file.fault(part.line, f"the query {part.name!r} {error}") from error
        words, line = part.words[self.formats.language], part.lines[self.formats.language]
        chosen = [self._fences[name] for name in self._spoken_of(words, line) if self._fences[name].per]
        if not chosen:
            return Prose((), [({}, self._prose(line, words))], bool(self._spoken_of(words, line)))
        if odd := next((f for f in chosen if f.per != chosen[0].per), None):
            one, other = chosen[0].name, odd.name
            raise self.file.fault(
                line, f"the paragraph speaks of {one!r} and {other!r}, which have not the same per=; split it"
            )
        versions = self._parts.versions(chosen) or [{d: "all" for d in chosen[0].per}]
        written = []
        for version in versions:
            narrowed = {f.name: _context(self._parts.narrowed(f, version)) for f in chosen}
            written.append((version, self._prose(line, words, _chosen=version, **narrowed)))
        return Prose(chosen[0].per, written, True)

    @cached_property
    def _parts(self) -> Parts:
        return Parts(self.answers, self._fences, self.formats, self._prose, self.asked)

    @cached_property
    def _fences(self) -> dict[str, Fence]:
        return {f.name: f for f in self.file.fences}

    @cached_property
    def _all(self) -> dict[str, dict[str, Any]]:
        return {name: _context(answer.rows) for name, answer in self.answers.items()}

    @cached_property
    def _environment(self) -> Any:
        from jinja2 import Environment, StrictUndefined, pass_context

        environment = Environment(autoescape=True, undefined=StrictUndefined)
        for name in ("number", "money", "percent", "days", "day", "word", "name"):
            environment.filters[name] = getattr(self.formats, name)
        environment.filters["plural"] = plural(self.formats)
        environment.filters["rows"] = pass_context(lambda *given, **conditions: self._led_to(*given, **conditions))
        environment.filters["led"] = pass_context(lambda context, shown, part: link(context["_led"](part), shown))
        return environment

    def _led_to(self, context: Any, shown: str, target: str, sum: str = "", **conditions: Any) -> Any:
        answer = self.answers.get(target)
        if answer is None or self._fences[target].show != "rows":
            raise ValueError(f"no query {target!r} shows `rows`")
        if strange := sorted(set(conditions) - set(answer.keys)):
            raise ValueError(f"{target!r} cannot be chosen by {strange[0]!r}, but by {', '.join(answer.keys)}")
        if sum and sum not in self._fences[target].sums:
            raise ValueError(f"nothing of {target!r} is summed up by {sum!r}; write it behind its sums=")
        if not answer.rows:
            return shown
        chosen = {d: v for d, v in context.get("_chosen", {}).items() if d in answer.keys}
        said = {**chosen, **{c: text(v) for c, v in conditions.items()}}
        return link(self.asked.note(Target(target, {c: v for c, v in said.items() if v != "all"}, sum)), shown)

    def _spoken_of(self, words: str, line: int) -> list[str]:
        from jinja2 import TemplateError, meta

        try:
            names = meta.find_undeclared_variables(self._environment.parse(words))
        except TemplateError as error:
            raise self._fault(line, error) from error
        return [name for name in self._fences if name in names]

    def _prose(self, line: int, words: str, **more: Any) -> str:
        from jinja2 import TemplateError

        try:
            return self._template(words).render({**self._all, **more})
        except (TemplateError, TypeError, ValueError, AssertionError) as error:
            raise self._fault(line, error) from error

    def _template(self, words: str) -> Any:
        if words not in self._templates:
            self._templates[words] = self._environment.from_string(words)
        return self._templates[words]

    @cached_property
    def _templates(self) -> dict[str, Any]:
        return {}

    def _fault(self, line: int, error: Exception) -> ReportError:
        return self.file.fault(line, f"the {self.formats.language} text cannot be rendered: {error}")


def _context(rows: Any) -> dict[str, Any]:
    return {**(rows[0] if rows else {}), "rows": rows}


def load_reports(folder: Path) -> list[Report]:
    """All report files of a folder; raises ReportError."""
    return [Report.load(path) for path in sorted(folder.glob("*.md"))]
