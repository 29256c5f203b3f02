"""What a statement fails with, in Snowflake's terms."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb
import snowflake.connector.errors
import sqlglot.errors

NOT_EMULATED = 9999


@dataclass
class SqlError(Exception):
    """An error that the client, or a block's exception handler, gets to see."""

    code: int
    sqlstate: str
    message: str

    def __str__(self) -> str:
        return self.message


class UncatchableError(Exception):
    """An injected error that goes past every exception handler, to the client."""

    def __init__(self, error: SqlError) -> None:
        super().__init__(error.message)
        self.error = error


def not_emulated(what: str) -> SqlError:
    return SqlError(NOT_EMULATED, "99999", f"The Snowflake stand-in does not emulate {what}.")


def as_sql_error(error: Exception) -> SqlError:  # noqa: PLR0911 (a table of cases)
    """The SqlError for whatever fakesnow, sqlglot or DuckDB raised."""
    if isinstance(error, SqlError):
        return error
    if isinstance(error, UncatchableError):
        return error.error
    if isinstance(error, snowflake.connector.errors.Error):
        if error.errno == 2043 and "column" in str(error.raw_msg) and "not found" in str(error.raw_msg):
            return SqlError(904, "42000", f"SQL compilation error: invalid identifier: {error.raw_msg}")
        missing = re.match(r"Catalog Error: Table with name (\S+) does not exist", str(error.raw_msg))
        if missing:  # dbt-snowflake looks for these words
            text = f"SQL compilation error:\nObject '{missing[1]}' does not exist or not authorized."
            return SqlError(2003, "42S02", text)
        code = error.errno if error.errno is not None and error.errno >= 0 else 1003
        return SqlError(code, error.sqlstate or "42000", str(error.raw_msg))
    if isinstance(error, sqlglot.errors.SqlglotError):
        return SqlError(1003, "42000", f"SQL compilation error:\n{error}")
    if isinstance(error, duckdb.InvalidInputException) and "same target row more than once" in str(error):
        return SqlError(100090, "42P18", "Duplicate row detected during DML action")
    if isinstance(error, duckdb.ConstraintException):
        return SqlError(100072, "22000", str(error))
    return SqlError(NOT_EMULATED, "99999", f"The Snowflake stand-in failed: {type(error).__name__}: {error}")
