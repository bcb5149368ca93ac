"""The semantic description: keys, dimensions, measures and joins of the marts as a data model of Cube, told from the models.

A measure is never wrong in silence: what may be added up is what a model declares in `sum:`, rows that are totals of others
are left out of it, and across the values of an `apart:` column it is empty. Any other number is shown for a single row only,
and is empty where several are grouped: no tool can add up rates or average medians with it.
"""

from __future__ import annotations

from collections.abc import Sequence

import yaml

from pipeline_etl.model import Model, is_number
from pipeline_etl.rules import quoted

SEMANTICS = "semantics.yml"
"""The file of the home that holds it."""
TOTAL = "all"
"""What a text column of the grain holds in the rows that are totals of others; its meaning says so."""
PLACES = ("_order", "_number", "_rank", "priority")
"""Ends of the names of numbers that say a place, not a quantity."""
KINDS = {"VARCHAR": "string", "DATE": "time", "TIMESTAMP": "time", "BOOLEAN": "boolean"}


def semantics(models: Sequence[Model]) -> str:
    """The data model as YAML, a cube per table of `marts`, in the format that Cube's schema compiler reads."""
    marts = sorted((m for m in models if m.schema == "marts"), key=lambda m: m.name)
    document = {"cubes": [_cube(model, marts) for model in marts]}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=128)


def totals_of(model: Model) -> list[str]:
    """The columns of the grain in which `all` means a total of the other rows."""
    texts = (c for c in model.grain if model.types[c] == "VARCHAR" and c not in model.apart)
    return [c for c in texts if f"`{TOTAL}`" in model.columns[c]]


def aggregate(model: Model, column: str) -> str:
    """SQL that aggregates a number of the model over rows of it, empty where that would be wrong."""
    name = _column(column)
    if column not in model.sums:
        return f"case when count(*) = 1 then max({name}) end"
    total = f"sum({name})" + (f" filter (where {rows})" if (rows := _parts_only(model)) else "")
    same = " and ".join(f"count(distinct {_column(c)}) = 1" for c in model.apart)
    return f"case when {same} then {total} end" if same else total


def _cube(model: Model, marts: Sequence[Model]) -> dict:
    numbers = [c for c, kind in model.types.items() if is_number(kind) and c not in model.grain and not c.endswith(PLACES)]
    rows = {"name": "rows", "type": "count", "description": "Rows, without those that are totals of others."}
    if filters := _parts_only(model):
        rows["filters"] = [{"sql": filters}]
    cube = {
        "name": model.name, "sql_table": model.table, "description": model.description,
        "meta": {"grain": list(model.grain), "totals": totals_of(model), "apart": list(model.apart)},
        "joins": _joins(model, marts),
        "dimensions": [_dimension(model, c) for c in model.types if c not in numbers],
        "measures": [*(() if "rows" in model.types else (rows,)), *(_measure(model, c) for c in numbers)],
    }  # fmt: skip
    return {key: value for key, value in cube.items() if value}


def _dimension(model: Model, column: str) -> dict:
    kind = KINDS.get(model.types[column], "number")
    said = {"name": column, "sql": _column(column), "type": kind, "description": model.columns[column]}
    return said | ({"primary_key": True, "public": True} if column in model.grain else {})


def _measure(model: Model, column: str) -> dict:
    if column not in model.sums:
        note = "Does not add up: the value of a single row, empty where several are grouped."
    elif model.apart:
        note = f"Adds up within one {' and one '.join(model.apart)}, and is empty across several."
    else:
        note = "Adds up."
    said = {"name": column, "type": "number", "sql": aggregate(model, column), "description": f"{model.columns[column]} {note}"}
    return said | {"format": "percent"} if column.endswith("_rate") else said


def _joins(model: Model, marts: Sequence[Model]) -> list[dict]:
    """To the table of an entity (`deals` of `deal_id`) whose whole key the model holds: of one record, or of many to one."""
    joins = []
    for other in marts:
        named = any(f"{c.removesuffix('_id')}s" == other.name for c in other.grain if c.endswith("_id"))
        if named and other is not model and set(other.grain) <= set(model.types):
            on = " and ".join(f"{_column(c)} = {{{other.name}.{c}}}" for c in other.grain)
            relationship = "one_to_one" if set(model.grain) == set(other.grain) else "many_to_one"
            joins.append({"name": other.name, "relationship": relationship, "sql": on})
    return joins


def _parts_only(model: Model) -> str:
    return " and ".join(f"{_column(c)} <> '{TOTAL}'" for c in totals_of(model))


def _column(name: str) -> str:
    return f"{{CUBE}}.{quoted(name)}"
