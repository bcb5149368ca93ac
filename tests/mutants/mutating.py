"""Wrong turns of a SQL model, one place at a time: what a suite of tests ought to notice.

Left alone, because it proves nothing: constants in VALUES lists (they are data), texts, `a = b` between two columns of an ON
(its turn floods the result), digits of types, places in GROUP BY 1, 2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import sqlglot
from sqlglot import expressions as ast

Turn = tuple[str, Callable[[ast.Expression], ast.Expression | None]]
"""What is said of it, and what does it: returns the node that replaces the given one; None when it changed that one in place."""

SWAPS: dict[type[ast.Expression], type[ast.Expression]] = {
    one: other
    for pair in (
        (ast.LT, ast.LTE), (ast.GT, ast.GTE), (ast.EQ, ast.NEQ), (ast.Add, ast.Sub), (ast.Mul, ast.Div),
        (ast.Min, ast.Max), (ast.Least, ast.Greatest), (ast.ArgMin, ast.ArgMax), (ast.LogicalAnd, ast.LogicalOr),
        (ast.Lag, ast.Lead), (ast.FirstValue, ast.LastValue), (ast.Avg, ast.Median),
    )
    for one, other in (pair, pair[::-1])
}  # fmt: skip
SIGNS = {ast.LT: "<", ast.LTE: "<=", ast.GT: ">", ast.GTE: ">=", ast.EQ: "=", ast.NEQ: "<>", ast.Add: "+", ast.Sub: "-", ast.Mul: "*", ast.Div: "/"}
CLAUSES = (ast.Where, ast.Having, ast.Qualify, ast.Limit)
SNIPPET = 110


@dataclass(frozen=True)
class Mutant:
    """line: near which the change is; change: what was done and to what, the same wherever it stands in the file."""

    line: int
    change: str
    sql: str


def mutants(sql: str) -> list[Mutant]:
    """All mutants of a query, in the order of its text as far as that is known; none that renders as the query itself does."""
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    seen = {render(tree)}
    found = []
    for place, node in enumerate(tree.walk(bfs=False)):
        for what, turn in turns(node):
            text = _turned(tree, place, turn)
            if text in seen:
                continue
            seen.add(text)
            found.append(Mutant(_line(node), f"{what}: {_snippet(_telling(node))}", text))
    return _numbered(sorted(found, key=lambda m: m.line))


def _numbered(found: list[Mutant]) -> list[Mutant]:
    said: Counter[str] = Counter()
    for place, mutant in enumerate(found):
        said[mutant.change] += 1
        if said[mutant.change] > 1:
            found[place] = replace(mutant, change=f"{mutant.change} ({said[mutant.change]})")
    return found


def render(tree: ast.Expression) -> str:
    """The query as sqlglot writes it."""
    return tree.sql(dialect="duckdb", comments=False)


def turns(node: ast.Expression) -> Iterator[Turn]:
    """The wrong turns that one node offers."""
    kind = type(node)
    if kind in SWAPS and not _is_key_of_join(node):
        other = SWAPS[kind]
        yield f"{_name(kind)} becomes {_name(other)}", lambda n: other(**n.args)
    if isinstance(node, CLAUSES):
        yield f"{kind.__name__.lower()} dropped", _pop
    elif isinstance(node, ast.Connector):
        yield from _of_connector(node)
    elif isinstance(node, ast.SetOperation):
        yield "last branch dropped", lambda n: _instead(n, n.this)
        if not isinstance(node.this, kind):
            yield "first branch dropped", lambda n: _instead(n, n.expression)
    elif isinstance(node, ast.Filter):
        yield "filter dropped", lambda n: n.this
    elif isinstance(node, ast.Distinct):
        yield "distinct dropped", lambda n: n.expressions[0] if n.expressions else _pop(n)
    elif isinstance(node, ast.Join):
        yield from _of_join(node)
    elif isinstance(node, ast.Not):
        yield "not dropped", lambda n: n.this
    elif isinstance(node, ast.Is) and not isinstance(node.parent, ast.Not):
        yield "not added", lambda n: ast.Not(this=n.copy())
    elif isinstance(node, ast.In) and len(node.expressions) > 1:
        yield from (_without("expressions", i, e) for i, e in enumerate(node.expressions))
    elif isinstance(node, ast.Window):
        yield from (_without("partition_by", i, e) for i, e in enumerate(node.args.get("partition_by") or ()))
    elif isinstance(node, ast.Coalesce):
        values = [node.this, *node.expressions]
        yield from ((f"{_snippet(v, 40)} dropped", lambda n, i=i: _coalesced(n, i)) for i, v in enumerate(values))
    elif isinstance(node, ast.Case):
        yield from _of_case(node)
    elif isinstance(node, ast.Ordered):
        yield ("desc becomes asc" if node.args.get("desc") else "asc becomes desc"), _reversed
    elif isinstance(node, ast.Round | ast.Abs | ast.Nullif):
        yield f"{_name(kind)} dropped", lambda n: _held(n.this)
    elif isinstance(node, ast.Count) and isinstance(node.this, ast.Column):
        yield "counts all rows", lambda n: ast.Count(this=ast.Star())
    elif isinstance(node, ast.Boolean) and not isinstance(node.parent, ast.Join):
        yield f"{node.sql().lower()} turned", lambda n: ast.Boolean(this=not n.this)
    elif isinstance(node, ast.Literal) and (other := _other_number(node)):
        yield f"{node.this} becomes {other}", lambda n: ast.Literal(this=other, is_string=n.is_string)


def _of_connector(node: ast.Connector) -> Iterator[Turn]:
    word = type(node).__name__.lower()
    yield f"{word} {_snippet(node.expression, 60)} dropped", lambda n: _held(n.this)
    if not isinstance(node.this, type(node)):
        yield f"{_snippet(node.this, 60)} {word} dropped", lambda n: _held(n.expression)
    if not isinstance(node.find_ancestor(ast.Join, ast.Select), ast.Join):
        other = ast.Or if isinstance(node, ast.And) else ast.And
        yield f"{word} becomes {other.__name__.lower()}", lambda n: ast.Paren(this=other(this=_held(n.this), expression=_held(n.expression)))


def _of_join(node: ast.Join) -> Iterator[Turn]:
    side, kind = node.args.get("side") or "", node.args.get("kind") or ""
    if side in ("LEFT", "FULL"):
        yield f"{side.lower()} join becomes {'join' if side == 'LEFT' else 'left join'}", lambda n: n.set("side", None if side == "LEFT" else "LEFT")
    elif not side and kind in ("", "INNER") and (node.args.get("on") or node.args.get("using")):
        yield "join becomes left join", lambda n: n.set("side", "LEFT") or n.set("kind", None)


def _of_case(node: ast.Case) -> Iterator[Turn]:
    branches, default = node.args["ifs"], node.args.get("default")
    for i, branch in enumerate(branches):
        if len(branches) > 1:
            yield f"when {_snippet(branch.this, 40)} dropped", lambda n, i=i: n.set("ifs", [b for k, b in enumerate(n.args["ifs"]) if k != i])
    if len(branches) == 1:
        yield "always its first value", lambda n: _held(n.args["ifs"][0].args["true"])
        if default:
            yield "always its else", lambda n: _held(n.args["default"])
    if default and not isinstance(default, ast.Null):
        yield "else dropped", lambda n: n.set("default", None)


def _without(part: str, index: int, element: ast.Expression) -> Turn:
    def drop(node: ast.Expression) -> None:
        node.set(part, [e for i, e in enumerate(node.args[part]) if i != index])

    return f"{_snippet(element, 40)} dropped" + (" from partition" if part == "partition_by" else ""), drop


def _coalesced(node: ast.Expression, index: int) -> ast.Expression:
    left = [v for i, v in enumerate([node.this, *node.expressions]) if i != index]
    return ast.Coalesce(this=left[0], expressions=left[1:]) if len(left) > 1 else _held(left[0])


def _reversed(node: ast.Expression) -> None:
    node.set("desc", not node.args.get("desc"))


def _pop(node: ast.Expression) -> None:
    node.pop()


def _instead(node: ast.Expression, branch: ast.Expression) -> ast.Expression:
    # The WITH of a whole model hangs on its outermost union.
    if node.args.get("with_"):
        branch.set("with_", node.args["with_"])
    return branch


def _held(node: ast.Expression) -> ast.Expression:
    """In brackets where what stands around it could bind tighter."""
    return ast.Paren(this=node) if isinstance(node, ast.Binary | ast.Not) else node


def _turned(tree: ast.Expression, place: int, turn: Callable[[ast.Expression], ast.Expression | None]) -> str:
    twin = tree.copy()
    node = next(n for i, n in enumerate(twin.walk(bfs=False)) if i == place)
    other = turn(node)
    if isinstance(other, ast.Expression) and other is not node:
        if node is twin:
            return render(other)
        node.replace(other)
    return twin.sql(dialect="duckdb", comments=False, copy=False)


def _is_key_of_join(node: ast.Expression) -> bool:
    between = isinstance(node, ast.EQ) and isinstance(node.this, ast.Column) and isinstance(node.expression, ast.Column)
    return between and isinstance(node.find_ancestor(ast.Join, ast.Select), ast.Join)


def _other_number(node: ast.Literal) -> str | None:
    """A small whole number and the next one; of a big one and a fraction the double, which no rounding hides."""
    parent = node.parent
    counted = isinstance(parent, ast.Interval)
    if (node.is_string and not counted) or isinstance(parent, ast.DataTypeParam | ast.Group | ast.Ordered):
        return None
    if node.find_ancestor(ast.Values) or (isinstance(parent, ast.Select) and isinstance(parent.parent, ast.Exists)):
        return None
    text = node.this
    if not text.replace(".", "", 1).isdigit():
        return None
    return str(int(text) + 1 if int(text) < 1000 else int(text) * 2) if text.isdigit() else repr(float(text) * 2)


def _name(kind: type[ast.Expression]) -> str:
    return SIGNS.get(kind) or (kind.sql_name().lower() if issubclass(kind, ast.Func) else kind.__name__.lower())


def _snippet(node: ast.Expression, length: int = SNIPPET) -> str:
    text = " ".join(render(node).split())
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def _telling(node: ast.Expression) -> ast.Expression:
    """A bare number or a word of ORDER BY says nothing without what stands around it."""
    if isinstance(node, ast.Literal | ast.Boolean | ast.Ordered):
        return node.parent.parent if isinstance(node.parent, ast.Interval) else node.parent
    return node


def _line(node: ast.Expression) -> int:
    lines = [n.meta["line"] for n in node.walk() if "line" in n.meta]
    return min(lines) if lines else _line(node.parent) if node.parent else 1
