"""One client session: what a statement does, from its text to its result."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

import duckdb
from fakesnow.statement_type import SELECT, statement_type_id

from .cursor import StandInCursor
from .errors import SqlError, UncatchableError, as_sql_error
from .execute_immediate import immediate_text
from .faults import Faults
from .instance import StandInConnection
from .limits import check_limits
from .results import Result, block_result, statement_result
from .script_parser import is_block, parse_block
from .script_runner import Row, ScriptRunner

CONFLICT_WAIT_SECONDS = 60.0


@dataclass
class Session:
    connection: StandInConnection
    number: int
    quiet: bool
    """Whether its statements are the test's own: neither logged, nor delayed, nor failed."""

    def __post_init__(self) -> None:
        self.lock = threading.Lock()

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
        immediate = immediate_text(sql)
        if immediate is None or not is_block(immediate):
            if fault:
                raise fault
            return self._run_plain(sql if immediate is None else immediate, params, faults)

        def execute(inner: str) -> list[Row]:
            try:
                return list(self._execute_plain(inner, None, faults)[0].rows())
            except UncatchableError:
                raise
            except Exception as error:
                raise as_sql_error(error) from error

        value = ScriptRunner(execute, fault).run(parse_block(immediate))
        return block_result(value, self._execute_plain)

    def _run_plain(self, sql: str, params: Any, faults: Faults) -> Result:
        cursor, type_id = self._execute_plain(sql, params, faults)
        return statement_result(cursor, type_id)

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
