"""fakesnow's cursor, parsing and describing each statement once, with the transforms that fakesnow lacks."""

from __future__ import annotations

from typing import Any

import sqlglot
from fakesnow.cursor import FakeSnowflakeCursor
from sqlglot import Expr, exp

from .errors import SqlError
from .timestamp_format import honour_timestamp_format


class StandInCursor(FakeSnowflakeCursor):  # type: ignore[misc]
    def run(self, sql: str, params: Any = None) -> Expr:
        """Executes one plain statement; gives its parsed form, from which its type is read."""
        sql = self._inline_variables(sql)
        expression = parse_single(sql)
        parsed_type = expression.copy() if isinstance(expression, exp.Command) else type(expression)()
        self.check_db_and_schema(expression)
        bound = list(params) if isinstance(params, tuple) else params
        for statement in self._transform_explode(expression):
            transformed = self._transform(statement, bound)
            self._execute(transformed, bound if transformed.find(exp.Placeholder) else None)
        return parsed_type

    def described(self) -> list[tuple[Any, ...]]:
        """The result's columns as DESCRIBE gives them, without another statement."""
        return [(name, str(kind), None, None, None, None) for name, kind, *_ in self._duck_conn.description or []]

    def rows(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.fetchall()]

    def _transform(self, expression: Expr, params: Any) -> Expr:
        if expression.find(exp.ToChar):
            expression = expression.transform(honour_timestamp_format, copy=False)
        return super()._transform(expression, params)


def parse_single(sql: str) -> Expr:
    """Snowflake executes exactly one statement a request."""
    found = [one for one in sqlglot.parse(sql, read="snowflake") if one is not None and not isinstance(one, exp.Semicolon)]
    if not found:
        raise SqlError(900, "42601", "SQL compilation error: Empty SQL statement.")
    if len(found) > 1:
        message = f"Actual statement count {len(found)} did not match the desired statement count 1."
        raise SqlError(8, "0A000", message)
    return found[0]
