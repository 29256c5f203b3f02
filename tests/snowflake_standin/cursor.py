"""fakesnow's cursor, parsing and describing each statement once, with the transforms that fakesnow lacks."""

from __future__ import annotations

from functools import partial
from typing import Any

import sqlglot
from fakesnow.cursor import FakeSnowflakeCursor
from sqlglot import Expr, exp

from .errors import SqlError
from .merge import as_native_merge, merge_counts
from .objects import NAMES as OBJECT_FUNCTIONS
from .objects import answer_about_objects
from .session_functions import FUNCTIONS, SUCCESS, WITHOUT_EFFECT, answer_about_session
from .temporary import without_temporary
from .timestamp_format import honour_timestamp_format, try_to_read_timestamp


class StandInCursor(FakeSnowflakeCursor):  # type: ignore[misc]
    def run(self, sql: str, params: Any = None) -> Expr:
        """Executes one plain statement; gives an empty expression of its type."""
        sql = self._inline_variables(sql)
        expression = parse_single(SUCCESS if WITHOUT_EFFECT.match(sql) else sql)
        parsed_type = type(expression)()
        self.check_db_and_schema(expression)
        if drop := without_temporary(expression):
            self._conn.drops_at_end.append(drop)
        name_like_snowflake(expression)
        if isinstance(expression, exp.Create):  # there are no privileges here
            for grants in list(expression.find_all(exp.CopyGrantsProperty)):
                grants.pop()
        if any(name in sql.upper() for name in FUNCTIONS):
            expression = expression.transform(partial(answer_about_session, answers=self._conn.answers()), copy=False)
        bound = list(params) if isinstance(params, tuple) else params
        if any(name in sql.upper() for name in OBJECT_FUNCTIONS):
            expression = expression.transform(answer_about_objects, copy=False)
        if isinstance(expression, exp.Merge):
            self._merge(expression, bound)
        else:
            for statement in self._transform_explode(expression):
                self._execute_bound(self._transform(statement, bound), bound)
        self._conn.last_query_id = self.sfqid
        return parsed_type

    def described(self) -> list[tuple[Any, ...]]:
        """The result's columns as DESCRIBE gives them, without another statement."""
        return [(name, str(kind), None, None, None, None) for name, kind, *_ in self._duck_conn.description or []]

    def rows(self) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.fetchall()]

    def _merge(self, merge: Expr, params: Any) -> None:
        self._execute_bound(as_native_merge(self._transform(merge.copy(), params)), params)
        self._execute(merge_counts(merge, [str(row[0]) for row in self.rows()]))

    def _execute_bound(self, transformed: Expr, params: Any) -> None:
        self._execute(transformed, params if transformed.find(exp.Placeholder) else None)

    def _transform(self, expression: Expr, params: Any) -> Expr:
        if expression.find(exp.ToChar):
            expression = expression.transform(honour_timestamp_format, copy=False)
        if expression.find(exp.TryCast):
            expression = expression.transform(try_to_read_timestamp, copy=False)
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


def name_like_snowflake(statement: Expr) -> None:
    """`select count(*)` gives a column COUNT(*), not DuckDB's count_star()."""
    if isinstance(statement, exp.Select):
        for column in statement.expressions:
            if isinstance(column, exp.Count) and isinstance(column.this, exp.Star):
                column.replace(exp.alias_(column.copy(), "COUNT(*)", quoted=True))
