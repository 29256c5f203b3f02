"""Temporary tables and views: DuckDB keeps them out of databases and schemas, where dbt looks for them.

They become ordinary ones, which are dropped when their session ends.
"""

from __future__ import annotations

from sqlglot import Expr, exp


def without_temporary(statement: Expr) -> str | None:
    """Takes TEMPORARY from a CREATE; gives the statement that drops what it creates, None for anything else."""
    properties = statement.args.get("properties") if isinstance(statement, exp.Create) else None
    temporary = properties.find(exp.TemporaryProperty) if properties else None
    table = statement.find(exp.Table)
    if not temporary or not table:
        return None
    temporary.pop()
    return f"drop {statement.args['kind']} if exists {table.sql(dialect='snowflake')}"
