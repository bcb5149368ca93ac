"""What a report shows of one query's answer: tiles, a table, charts, or the rows behind numbers, as parts of a document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline_etl.answers import Answer, choice, conditions
from pipeline_etl.document import Asked, Chart, Charts, Choice, Column, Details, Empty, Part, Row, Table, Target, Tile, Tiles
from pipeline_etl.fences import Fence
from pipeline_etl.formats import Formats, kind
from pipeline_etl.locale import period

TILE_COLUMNS = ("tile", "unit", "value")
UNITS = ("number", "money", "percent", "days")


@dataclass(frozen=True)
class Parts:
    """Makes parts in one language.

    answers and fences: of all queries, by name. prose(line, template, **more): the text of a template of the file as HTML.
    asked: where links are noted.
    """

    answers: Mapping[str, Answer]
    fences: Mapping[str, Fence]
    formats: Formats
    prose: Callable[..., str]
    asked: Asked

    @property
    def dimensions(self) -> Sequence[str]:
        """What a reader may choose by."""
        return list(self.formats.words["filters"])

    def part(self, fence: Fence) -> Part | None:
        """The part of one query; None where there is nothing to show. Raises ValueError."""
        if strange := [d for d in fence.per if d not in self.dimensions]:
            raise ValueError(f"is shown per {strange[0]!r}; only {', '.join(self.dimensions)} can be chosen")
        answer = self.answers[fence.name]
        if absent := [c for c in TILE_COLUMNS if fence.show == "tiles" and c not in answer.columns]:
            raise ValueError(f"gives no column {absent[0]!r}; it gives {', '.join(answer.columns)}")
        if fence.show == "nothing" or (not answer.rows and "optional" in fence.options):
            return None
        if not answer.rows:
            return Empty(self.formats.words["units"]["empty"])
        if fence.show == "tiles":
            sets: dict[tuple, list[Tile]] = {}
            for row, chosen in self._chosen(fence):
                key = tuple((d, chosen[d]) for d in fence.per if d in chosen)
                sets.setdefault(key, []).append(self._tile(fence, row, chosen))
            return Tiles(fence.per, [(dict(key), tiles) for key, tiles in sets.items()])
        table = self._table(fence, answer)
        if fence.show == "table":
            return table
        if fence.show == "rows":
            return Details(table, answer.keys, fence.options.get("day", ""), fence.sums, answer.beyond, answer.sql.strip())
        return Charts(self._charts(fence), table, fence.per)

    def versions(self, fences: Sequence[Fence]) -> list[Choice]:
        """The values of `per` among the answers of these queries, in the order of their first, that of all before others."""
        found = {
            tuple((d, chosen[d]) for d in fence.per if d in chosen): None
            for fence in fences
            for _, chosen in self._chosen(fence)
        }
        return sorted((dict(key) for key in found), key=lambda c: any(v != "all" for v in c.values()))

    def narrowed(self, fence: Fence, version: Choice) -> list[Mapping[str, Any]]:
        """The rows of a query that belong to one version."""
        return [row for row, chosen in self._chosen(fence) if all(chosen.get(d) == v for d, v in version.items())]

    def _chosen(self, fence: Fence) -> list[tuple[Mapping[str, Any], dict[str, str]]]:
        return [(row, choice(fence, row, self.dimensions)) for row in self.answers[fence.name].rows]

    def _target(self, fence: Fence, column: str, row: Mapping[str, Any], chosen: Choice) -> Target | None:
        link = fence.link(column)
        # Where there are no rows there is no place to lead to.
        if link is None or not self.answers[link.target].rows:
            return None
        there, keys = self.fences[link.target], self.answers[link.target].keys
        if absent := next((c for c, _ in link.conditions if c not in keys), None):
            columns = ", ".join(self.answers[link.target].columns)
            raise ValueError(f"leads to {link.target!r}, which gives no column {absent!r}; it gives {columns}")
        if link.sums and link.sums not in there.sums:
            raise ValueError(f"is a sum of {link.sums!r} of {link.target!r}; write it behind the sums= of that query")
        of = {**conditions(fence, row, chosen, keys), **dict(link.conditions)}
        return self.asked.note(Target(link.target, of, link.sums))

    def _tile(self, fence: Fence, row: Mapping[str, Any], chosen: Choice) -> Tile:
        words = self.formats.words["tiles"].get(row["tile"])
        if words is None:
            raise ValueError(f"has a tile without words; write [tiles.{row['tile']}] in words.{self.formats.language}.toml")
        if row["unit"] not in UNITS:
            raise ValueError(f"has a tile with the unit {row['unit']!r}; write one of {', '.join(UNITS)}")
        shown = getattr(self.formats, row["unit"])(row["value"])

        def led(part: str) -> Target | None:
            """Where a number of the note leads: `rows=win.extra:deals.status=won`."""
            name = f"{row['tile']}.{part}"
            return self._target(fence, name, row, chosen) if name in fence.links and row[part] else None

        note = self.prose(fence.line, words["note"], row=row, _led=led)
        # A tile is no column, so its own name stands for one: `rows=win:deals.status=won`.
        link = self._target(fence, row["tile"], row, chosen)
        return Tile(words["label"], row["unit"], row["value"], shown, note, link if row["value"] else None)

    def _table(self, fence: Fence, answer: Answer) -> Table:
        columns = []
        for name in (c for c in answer.columns if c not in fence.hide):
            first = next((row[name] for row in answer.rows if row[name] is not None), None)
            columns.append(Column(name, self.formats.heading(name), kind(name, first), answer.meanings.get(name, "")))
        leading = [c.name for c in columns if c.is_number and fence.link(c.name)]
        rows = []
        for row, chosen in self._chosen(fence):
            # Nothing has no rows.
            linked = {name: self._target(fence, name, row, chosen) for name in leading if row[name]}
            rows.append(Row(row, chosen, {c: target for c, target in linked.items() if target}))
        return Table(fence.name, columns, rows, fence.options.get("by", ""), fence.per, fence.options.get("first", ""))

    def _charts(self, fence: Fence) -> list[Chart]:
        """One chart per value of `per` and `by`; those seen together are on one scale so that they can be compared."""
        label, value, low, high, by = (fence.options.get(o, "") for o in ("label", "value", "low", "high", "by"))
        together: dict[tuple, list[dict[str, Any]]] = {}
        for row, chosen in self._chosen(fence):
            drawn = {
                "key": row.get(by),
                "label": self._label(fence, row[label]),
                "value": _number(row[value]),
                "low": _number(row.get(low)),
                "high": _number(row.get(high)),
                "shown": self.formats.cell(value, row[value]),
                "told": self.formats.day(row[label]) if fence.show == "lines" else self._label(fence, row[label]),
                "row": row,
                "choice": chosen,
            }
            together.setdefault(tuple((d, chosen[d]) for d in fence.per if d in chosen), []).append(drawn)
        return [chart for version, drawn in together.items() for chart in self._on_one_scale(fence, dict(version), drawn)]

    def _on_one_scale(self, fence: Fence, version: Choice, drawn: Sequence[dict[str, Any]]) -> list[Chart]:
        value, by = fence.options["value"], fence.options.get("by", "")
        top = max((n for d in drawn for n in (d["value"], d["high"]) if n is not None), default=0) or 1
        ticks = {}
        if fence.show == "dots" and top <= 1:
            top, ticks = 1, {t: self.formats.cell(value, t) for t in (0.0, 0.5, 1.0)}
        longest = max(len(d["label"]) for d in drawn)
        charts = []
        for key, group in grouped(drawn, lambda d: d["key"]).items():
            heading = self.formats.heading(value) + (f": {self.formats.word(str(key), by)}" if key is not None else "")
            told = [group[0], group[-1]] if fence.show == "lines" else group
            alt = "; ".join(f"{d['told']}: {d['shown']}" for d in told)
            belongs = {**version, **({by: group[0]["choice"][by]} if by in group[0]["choice"] else {})}
            chart = Chart(
                (key, version), fence.show, heading, group[-1]["shown"] if fence.show == "lines" else "", f"{heading}. {alt}",
                group, top, longest, ticks, belongs, self._target(fence, value, {by: key} if by else {}, belongs),
            )  # fmt: skip
            charts.append(chart)
        return charts

    def _label(self, fence: Fence, value: Any) -> str:
        if not isinstance(value, date):
            return self.formats.word(str(value), fence.options["label"])
        if fence.show == "lines":
            return value.isoformat()
        name = fence.options.get("dates", "")
        return period(value, name, self.formats) if name else self.formats.day(value)


def grouped(rows: Sequence[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """Rows by a key, in the order of their first."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
