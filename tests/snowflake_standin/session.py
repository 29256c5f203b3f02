"""One client session: what a statement does, from its text to its result."""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass
from typing import Any

import duckdb
from fakesnow.statement_type import SELECT, statement_type_id

from .binds import Value
from .catalog import missing
from .cursor import StandInCursor
from .dbt_projects import EXECUTE, execute_dbt_project
from .errors import SqlError, UncatchableError, as_sql_error, not_emulated
from .execute_immediate import immediate_text
from .faults import Faults
from .instance import StandInConnection
from .limits import check_limits
from .procedures import CALL, CREATE, bind_arguments, parse_call, parse_create
from .results import Result, block_result, statement_result
from .script_parser import Block, is_block, parse_block
from .script_runner import Row, ScriptRunner
from .session_functions import SUCCESS
from .tasks import TASK, task_statement

CONFLICT_WAIT_SECONDS = 60.0
RESULT_SCAN = re.compile(r"table\(\s*result_scan\(\s*'([^']*)'\s*\)\s*\)", re.IGNORECASE)


@dataclass
class Session:
    connection: StandInConnection
    number: int
    quiet: bool
    """Whether its statements are the test's own: neither logged, nor delayed, nor failed."""

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        self.dbt_results: dict[str, str] = {}

    def run(self, sql: str, params: Any, faults: Faults, fault: SqlError | UncatchableError | None) -> Result:
        """Raises nothing but SqlError. `fault` fails this statement; in a block, its first statement."""
        try:
            with self.lock:
                return self._run(sql, params, faults, fault)
        except Exception as error:
            raise as_sql_error(error) from error

    def end(self) -> None:
        with self.lock:
            self.connection.end()

    def _run(self, sql: str, params: Any, faults: Faults, fault: SqlError | UncatchableError | None) -> Result:
        check_limits(sql)
        if isinstance(fault, UncatchableError):
            raise fault
        connection = self.connection
        if CALL.match(sql):
            return self._call(sql, faults, fault)
        if TASK.match(sql) and (statement := task_statement(sql, connection.catalog, connection.database, connection.schema)):
            return self._run(statement, None, faults, fault)
        immediate = immediate_text(sql)
        if immediate is not None and is_block(immediate):
            value = self._script(parse_block(immediate), {}, faults, fault)
            return block_result(value, self._execute_plain)
        if fault:
            raise fault
        cursor, type_id = self._execute(sql if immediate is None else immediate, params, faults)
        return statement_result(cursor, type_id)

    def _call(self, sql: str, faults: Faults, fault: SqlError | None) -> Result:
        name, positional, named = parse_call(sql, self.connection.database, self.connection.schema)
        procedure = self.connection.catalog.procedures.get(name)
        if procedure is None:
            raise missing("Procedure", name)
        arguments = bind_arguments(
            procedure, positional, named, lambda expression: self._execute_plain(f"select {expression}")[0].rows()[0][0]
        )
        value = self._script(procedure.body, arguments, faults, fault)
        return block_result(value, self._execute_plain, procedure.name)

    def _script(self, block: Block, variables: dict[str, Value], faults: Faults, fault: SqlError | None) -> Value:
        def execute(inner: str) -> list[Row]:
            try:
                return list(self._execute(inner, None, faults)[0].rows())
            except UncatchableError:
                raise
            except Exception as error:
                raise as_sql_error(error) from error

        return ScriptRunner(execute, fault, lambda: self.connection.last_query_id).run(block, variables)

    def _execute(self, sql: str, params: Any, faults: Faults) -> tuple[StandInCursor, int]:
        """One statement that is no block: ours, or fakesnow's."""
        connection = self.connection
        place = (connection.database, connection.schema)
        if CREATE.match(sql):
            name, procedure = parse_create(sql, *place)
            connection.catalog.procedures[name] = procedure
            return self._execute_plain(SUCCESS)
        if TASK.match(sql):
            task_statement(sql, connection.catalog, *place)
            return self._execute_plain(SUCCESS)
        if EXECUTE.match(sql):
            if not self.quiet:
                faults.check_plain(sql)
            result = execute_dbt_project(sql, connection.catalog, *place)
            cursor, type_id = self._execute_plain(result)
            self.dbt_results[str(cursor.sfqid)] = result
            return cursor, type_id
        return self._execute_plain(RESULT_SCAN.sub(self._scanned, sql), params, faults)

    def _scanned(self, match: re.Match[str]) -> str:
        if match[1] not in self.dbt_results:
            raise not_emulated("RESULT_SCAN of anything but EXECUTE DBT PROJECT")
        return f"({self.dbt_results[match[1]]})"

    def _execute_plain(self, sql: str, params: Any = None, faults: Faults | None = None) -> tuple[StandInCursor, int]:
        if faults and not self.quiet:
            faults.check_plain(sql)
        deadline = time.monotonic() + CONFLICT_WAIT_SECONDS
        while True:
            cursor = self.connection.cursor()
            try:
                return cursor, statement_type_id(cursor.run(sql, params)) or SELECT
            except duckdb.TransactionException as error:
                # DuckDB fails where Snowflake waits for the other session's lock
                if "onflict" not in str(error) or self.connection._in_transaction or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
