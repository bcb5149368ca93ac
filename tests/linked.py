"""A page of a report as plain Python reads it: its numbers, where they lead, and the rows behind them."""

import json
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qsl

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


class Grid:
    """The rows of one query as the page holds them, by what links choose them with; rows beyond come after those that are held."""

    def __init__(self, data):
        columns, beyond = columns_of(data["columns"]), data["beyond"]
        more = columns_of(beyond["columns"])
        self.keys = {key: columns[at] + values for (key, at), values in zip(data["keys"].items(), more, strict=True)}
        self.counts = [1] * data["count"] + beyond["counts"]
        self.sums = {name: [v or 0 for v in of["values"]] + beyond["sums"][name] for name, of in data["sums"].items()}
        self.index = {key: {} for key in self.keys}
        for key, values in self.keys.items():
            for n, value in enumerate(values):
                self.index[key].setdefault(value, set()).add(n)

    def found(self, wanted):
        """The numbers of the rows that have these values; of a period, whose day lies in it."""
        rows = set(range(len(self.counts)))
        for key, value in wanted.items():
            known = self.index[key]
            rows &= set().union(*(known[d] for d in known if within(d, value))) if key == "period" else known.get(value, set())
        return rows

    def count(self, wanted):
        """How many rows have what is wanted."""
        return sum(self.counts[n] for n in self.found(wanted))

    def sum(self, name, wanted):
        """What they come to."""
        return sum(self.sums[name][n] for n in self.found(wanted))


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
