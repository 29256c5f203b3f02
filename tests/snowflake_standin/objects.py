"""AS_OBJECT, OBJECT_DELETE and OBJECT_INSERT, which fakesnow lacks."""

from __future__ import annotations

from sqlglot import Expr, exp

NAMES = ("AS_OBJECT", "OBJECT_DELETE", "OBJECT_INSERT")


def answer_about_objects(node: Expr) -> Expr:
    """An sqlglot transform: a call of one of NAMES in DuckDB's words."""
    name = node.name.upper() if isinstance(node, exp.Anonymous) else ""
    if name == "AS_OBJECT":
        is_object = exp.EQ(this=exp.func("JSON_TYPE", node.expressions[0]), expression=exp.Literal.string("OBJECT"))
        return exp.Case().when(is_object, node.expressions[0].copy())
    if name == "OBJECT_DELETE":
        value, *keys = node.expressions
        value = answer_about_objects(value)
        nothing = exp.Anonymous(this="JSON_OBJECT", expressions=[part for key in keys for part in (key, exp.null())])
        patched = exp.Anonymous(this="JSON_MERGE_PATCH", expressions=[value, nothing])
        return exp.Case().when(exp.Is(this=value.copy(), expression=exp.null()), exp.null()).else_(patched)
    if isinstance(node, exp.ObjectInsert):
        inserted = exp.Anonymous(this="JSON_OBJECT", expressions=[node.args["key"], node.args["value"]])
        return exp.Anonymous(this="JSON_MERGE_PATCH", expressions=[node.this.transform(answer_about_objects), inserted])
    return node
