"""A page of a report as plain Python reads it: its numbers, where they lead, and the rows behind them."""

import json
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from unittest.mock import patch
from urllib.parse import parse_qsl

import duckdb

from pipeline_etl import answers, compose

VOID = ("meta", "br", "img", "input", "path", "line", "rect", "circle", "link")


@dataclass
class Cell:
    """A number or a sentence: the column or kind it stands in, its text, what of it is no link, and its links (text, target, conditions, sum)."""

    column: str
    section: str
    text: str = ""
    rest: str = ""
    links: list = field(default_factory=list)


class Page(HTMLParser):
    """cells: those of tables that are written to the right; tiles: values and notes; prose: paragraphs and captions; grids: by id."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.cells, self.tiles, self.prose, self.grids = [], [], [], {}
        self.stack, self.columns, self.open, self.at, self.link, self.grid, self.heading, self.row = [], [], None, 0, None, "", "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag in VOID:
            return
        self.stack.append(tag)
        classes = (a.get("class") or "").split()
        if "behind" in classes:
            self.grid = a["id"].removeprefix("rows-")
        if tag == "section":
            self.grid, self.heading = "", ""
        if tag == "tr":
            self.at, self.row = 0, a.get("data-of", "")
        if tag == "thead":
            self.columns = []
        if tag == "th" and "data-column" in a:
            self.columns.append(a["data-column"])
        if tag in ("td", "th") and "tbody" in self.stack:
            if "n" in classes and not self.grid:
                self.open = Cell(self.columns[self.at], self.heading)
                self.cells.append(self.open)
            self.at += 1
        if tag == "dd":
            self.open = Cell(classes[0], self.heading)
            self.tiles.append(self.open)
        if tag in ("p", "figcaption") and not self.grid and "form" not in self.stack:
            self.open = Cell(tag, self.heading)
            self.prose.append(self.open)
        if tag == "a" and self.open and "data-of" in a:
            self.link = ["", a["href"].removeprefix("#rows-"), self.asked(a["data-of"]), a.get("data-sum", "")]
            self.open.links.append(self.link)

    def asked(self, of):
        """What a link asks for, with the row around it."""
        said = self.row if "tr" in self.stack else ""
        return dict(parse_qsl(said, keep_blank_values=True) + parse_qsl(of, keep_blank_values=True))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        while self.stack and self.stack.pop() != tag:
            pass
        if tag == "a":
            self.link = None
        if tag in ("td", "th", "dd", "p", "figcaption"):
            self.open = None

    def handle_data(self, data):
        if self.grid and self.stack and self.stack[-1] == "template":
            self.grids[self.grid] = Grid(json.loads(data))
            return
        if self.stack and self.stack[-1] == "h2":
            self.heading += data
        if self.open:
            self.open.text += data
            self.open.rest += " " if self.link else data
        if self.link:
            self.link[0] += data


SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def columns_of(data):
    """The values of columns, row by row."""
    columns = []
    for column in data:
        at = data[column["like"]]["at"] if "like" in column else column.get("at")
        columns.append(column["each"] if at is None else [column["texts"][SIGNS.index(n) if isinstance(n, str) else n] for n in at])
    return columns


class Lines:
    """Rows, or lines that count rows, by the values of keys; is_by_day: periods are days that lie in them."""

    def __init__(self, keys, counts, sums, is_by_day=True):
        self.counts, self.sums, self.is_by_day = counts, sums, is_by_day
        self.index = {key: {} for key in keys}
        for key, values in keys.items():
            for n, value in enumerate(values):
                self.index[key].setdefault(value, set()).add(n)

    def found(self, wanted):
        """The numbers of the lines that have these values."""
        lines = set(range(len(self.counts)))
        for key, value in wanted.items():
            known, as_day = self.index[key], key == "period" and self.is_by_day
            lines &= set().union(*(known[d] for d in known if within(d, value))) if as_day else known.get(value, set())
        return lines

    def answers(self, wanted):
        """Whether what is wanted is told here."""
        return wanted.keys() <= self.index.keys() if self.is_by_day else wanted.keys() == self.index.keys() and bool(self.found(wanted))


class Grid:
    """The rows of one query as the page holds them, and what it says of those that it does not hold."""

    def __init__(self, data):
        columns = columns_of(data["columns"])
        keys = {key: columns[at] for key, at in data["keys"].items()}
        self.keys = list(keys)
        self.held = Lines(keys, [1] * data["count"], {name: [v or 0 for v in of["values"]] for name, of in data["sums"].items()})
        self.beyond = [
            Lines(dict(zip(c["keys"], columns_of(c["columns"]), strict=True)), c["counts"], c["sums"], c["isByDay"]) for c in data["beyond"]
        ]

    def lines(self, wanted):
        """All that have what is wanted, as pairs of lines and number; None where the page does not know."""
        beyond = [lines for lines in self.beyond if lines.answers(wanted)][:1]
        if self.beyond and not beyond:
            return None
        return [(lines, n) for lines in [self.held, *beyond] for n in lines.found(wanted)]

    def count(self, wanted):
        """How many rows have what is wanted."""
        found = self.lines(wanted)
        return None if found is None else sum(lines.counts[n] for lines, n in found)

    def sum(self, name, wanted):
        """What they come to."""
        return sum(lines.sums[name][n] for lines, n in self.lines(wanted))


def of_a_large_company(warehouse):
    """The pipeline report in English as if there were far more rows than a page holds: it holds fifteen of each query, and some more."""
    (report,) = (r for r in compose.reports() if r.name == "pipeline")
    with patch.multiple(answers, LIMIT=15, EACH=1, MORE=15), duckdb.connect(str(warehouse), read_only=True) as connection:
        return report.current(connection, "quarter").render(connection, "en", {})


def within(day, period):
    """Whether a day lies in `quarter-2026-04-01`."""
    name, _, first = period.partition("-")
    start = date.fromisoformat(first)
    months = start.year * 12 + start.month - 1 + {"month": 1, "quarter": 3, "year": 12}.get(name, 0)
    end = start + timedelta(7) if name == "week" else date(months // 12, months % 12 + 1, start.day)
    return bool(day) and start <= date.fromisoformat(day[:10]) < end


def digits(text):
    """A number as it is written, without its signs."""
    return int(re.sub(r"\D", "", text))
