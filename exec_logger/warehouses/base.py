"""What a session on a warehouse can do, the same for all three."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

from exec_logger.errors import ExecLogError, NoLogError
from exec_logger.place import Kind
from exec_logger.profile import Target
from exec_logger.redact import hide, one_line

Row = dict[str, Any]

PRIVILEGES = {
    "select": "SELECT",
    "with": "SELECT",
    "insert": "INSERT",
    "update": "SELECT and UPDATE",
    "merge": "SELECT, INSERT and UPDATE",
    "delete": "SELECT and DELETE",
}
"""What a statement needs on the log table, by its first word."""


class Warehouse(ABC):
    """Statements take `%s` placeholders, and `%%` for a percent sign where there are parameters; each is committed at once."""

    kind: Kind

    def __init__(self, target: Target, connection: Any, errors: type[Exception]) -> None:
        """`errors` is what the driver raises."""
        self.table = target.log.sql
        """The log table, ready for SQL."""
        self._credentials = target.credentials
        self._connection = connection
        self._errors = errors

    def query(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """Rows with lower-case names; JSON as text, times as UTC without a zone."""
        try:
            cursor = self._run(sql, params)
            names = [column[0].lower() for column in cursor.description or ()]
            return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
        except self._errors as error:
            raise self._problem(error, sql, params) from error

    def execute(self, sql: str, params: Sequence[object] = ()) -> int:
        """How many rows the statement changed."""
        try:
            return self._count(self._run(sql, params))
        except self._errors as error:
            raise self._problem(error, sql, params) from error

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def _run(self, sql: str, params: Sequence[object]) -> Any:
        """A cursor after the statement."""
        cursor = self._connection.cursor()
        cursor.execute(sql, tuple(params) or None)
        return cursor

    def _count(self, cursor: Any) -> int:
        return max(int(cursor.rowcount or 0), 0)

    @abstractmethod
    def _is_missing(self, error: Exception) -> bool:
        """Whether the error says that a table or schema does not exist."""

    @abstractmethod
    def _lacks_column(self, error: Exception) -> bool:
        """Whether the error says that a column does not exist."""

    @abstractmethod
    def _is_denied(self, error: Exception) -> bool: ...

    @abstractmethod
    def _role(self) -> str:
        """Whom a GRANT would name."""

    def _problem(self, error: Exception, sql: str, params: Sequence[object]) -> ExecLogError:
        if self.table in sql and self._is_missing(error):
            return self._no_table()
        if self.table in sql and self._lacks_column(error):
            return ExecLogError(f"the log table {self.table} is of an older version. Run `execlog install`.")
        text = hide(one_line(error, self._credentials), (str(value) for value in params))
        if self.table in sql and self._is_denied(error):
            privilege = PRIVILEGES.get(sql.split(None, 1)[0].lower(), "the privilege")
            grant = f"Grant {privilege} on {self.table}, and USAGE on its schema, to {self._role()}"
            return ExecLogError(f"{self._role()} lacks a privilege: {text}. {grant}.")
        return ExecLogError(f"{self.kind} refuses a statement: {text}.")

    def _no_table(self) -> ExecLogError:
        return NoLogError(f"there is no log table {self.table} yet. Run `execlog install`.")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(timezone.utc).replace(tzinfo=None)
    return value
