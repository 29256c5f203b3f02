"""MERGE as DuckDB's own MERGE. fakesnow's four statements know no unqualified source columns, and no duplicate source rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fakesnow.transforms.merge import operations
from sqlglot import Expr, exp, parse_one

ACTIONS = {"inserted": "INSERT", "updated": "UPDATE", "deleted": "DELETE"}


def as_native_merge(merge: Expr) -> Expr:
    """The same MERGE, returning one row with its action for each row that it changes."""
    for when in merge.args["whens"].expressions:
        if isinstance(when.args["then"], exp.Update):
            for assignment in when.args["then"].expressions:
                assignment.this.set("table", None)  # DuckDB wants no alias here
    merge.set("returning", exp.Returning(expressions=[exp.column("merge_action")]))
    return merge


def merge_counts(merge: Expr, actions: Iterable[str]) -> Expr:
    """The SELECT of the row counts that Snowflake answers a MERGE with."""
    counted = Counter(actions)
    counts = [
        f'{counted[ACTIONS[operation]]} as "number of rows {operation}"'
        for operation, clauses in operations(merge).items()
        if clauses
    ]
    select = parse_one(f"select {', '.join(counts)}")
    select.set("merge_counts", True)  # by this fakesnow's cursor knows what to sum up as its row count
    return select
