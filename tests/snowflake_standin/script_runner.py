"""Runs a block: a tree of script_parser on anything that executes one plain SQL statement."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .binds import Value, bind_expression, bind_variables
from .errors import SqlError
from .script_parser import (
    Assign,
    Block,
    Declare,
    DeclareException,
    ExecuteImmediate,
    If,
    Null,
    Raise,
    Return,
    SelectInto,
    Sql,
    Statement,
)

Row: TypeAlias = Sequence[Value]
Execute: TypeAlias = Callable[[str], Sequence[Row]]
Scope: TypeAlias = "ChainMap[str, Value]"


@dataclass(frozen=True)
class Returned:
    value: Value


class ScriptRunner:
    """`execute` runs one statement and gives its rows; `first_error` is raised where the block's first statement would run;
    `last_query_id` is that of the last statement executed."""

    def __init__(
        self, execute: Execute, first_error: SqlError | None = None, last_query_id: Callable[[], str | None] = lambda: None
    ) -> None:
        self.execute = execute
        self.first_error = first_error
        self.last_query_id = last_query_id
        self.types: dict[str, str] = {}
        self.outermost: dict[str, Value] = {"SQLID": None}
        self.caught: list[SqlError] = []

    def run(self, block: Block, arguments: Mapping[str, Value] | None = None) -> Value:
        """The block's return value; raises what the block does not catch."""
        self.outermost.update(arguments or {})
        returned = self.run_block(block, ChainMap(self.outermost))
        return returned.value if returned else None

    def run_block(self, block: Block, outer: Scope) -> Returned | None:
        # a handler sees what DECLARE declares, not what the body's LET does
        scope = outer.new_child()
        for declaration in block.declarations:
            self.run_statement(declaration, scope)
        if block.handler is None:
            return self.run_all(block.body, scope.new_child())
        try:
            return self.run_all(block.body, scope.new_child())
        except SqlError as error:
            caught: dict[str, Value] = {"SQLERRM": error.message, "SQLCODE": error.code, "SQLSTATE": error.sqlstate}
            self.caught.append(error)
            try:
                return self.run_all(block.handler, scope.new_child(caught))
            finally:
                self.caught.pop()

    def run_all(self, statements: tuple[Statement, ...], scope: Scope) -> Returned | None:
        for statement in statements:
            if not isinstance(statement, Block) and self.first_error:
                error, self.first_error = self.first_error, None
                raise error
            if (returned := self.run_statement(statement, scope)) is not None:
                return returned
        return None

    def run_statement(self, statement: Statement, scope: Scope) -> Returned | None:
        if isinstance(statement, Block):
            return self.run_block(statement, scope)
        if isinstance(statement, Return):
            return Returned(self.evaluate(statement.expression, "", scope))
        if isinstance(statement, If):
            holds = (body for test, body in statement.branches if test is None or self.evaluate(test, "", scope))
            return self.run_all(next(holds, ()), scope)
        if isinstance(statement, Sql):
            self.run_sql(bind_variables(statement.text, scope))
        elif isinstance(statement, ExecuteImmediate):
            self.run_sql(str(self.evaluate(statement.expression.removeprefix(":"), "", scope)))
        elif isinstance(statement, Raise):
            raise self.exception(statement.name, scope)
        elif isinstance(statement, DeclareException):
            scope[statement.name] = SqlError(statement.code, "P0001", statement.message)
        elif isinstance(statement, Declare):
            scope[statement.name] = self.evaluate(statement.expression, statement.type, scope)
            self.types[statement.name] = statement.type
        elif isinstance(statement, Assign):
            value = self.evaluate(statement.expression, self.types.get(statement.name, ""), scope)
            self.assign(statement.name, value, scope)
        elif isinstance(statement, SelectInto):
            self.select_into(statement, scope)
        else:
            assert isinstance(statement, Null)
        return None

    def run_sql(self, sql: str) -> Sequence[Row]:
        rows = self.execute(sql)
        self.outermost["SQLID"] = self.last_query_id()
        return rows

    def exception(self, name: str, scope: Scope) -> SqlError:
        found = scope.get(name) if name else self.caught[-1] if self.caught else None
        return found if isinstance(found, SqlError) else SqlError(1003, "42000", f"there is no exception {name!r} to raise")

    def select_into(self, statement: SelectInto, scope: Scope) -> None:
        rows = self.run_sql(bind_variables(statement.text, scope))
        if len(rows) > 1:
            raise SqlError(90152, "P0000", "A SELECT INTO statement expects exactly 1 returned row, but got more.")
        row = rows[0] if rows else [None] * len(statement.targets)
        if len(row) != len(statement.targets):
            raise SqlError(
                2057, "42601", "SQL compilation error:\nSELECT INTO has another number of columns than of variables."
            )
        for name, value in zip(statement.targets, row, strict=True):
            self.assign(name, value, scope)

    def assign(self, name: str, value: Value, scope: Scope) -> None:
        for variables in scope.maps:
            if name in variables:
                variables[name] = value
                return
        raise SqlError(904, "42000", f"SQL compilation error:\ninvalid identifier '{name}'")

    def evaluate(self, expression: str, cast_to: str, scope: Scope) -> Value:
        name = expression.strip().upper()
        if name == "NULL":
            return None
        if name in scope and not cast_to:
            return scope[name]
        sql = bind_expression(expression, scope)
        return self.execute(f"select cast({sql} as {cast_to})" if cast_to else f"select {sql}")[0][0]
