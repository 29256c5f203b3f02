"""A session on the warehouse that holds the log, the same for all three."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timezone
from types import TracebackType
from typing import Any

from exec_logger.errors import ExecLogError
from exec_logger.place import Kind
from exec_logger.profile import Target
from exec_logger.redact import one_line

Row = dict[str, Any]


class Warehouse(ABC):
    """Statements take `%s` placeholders, and `%%` for a percent sign where there are parameters; each is committed at once."""

    kind: Kind
    errors: type[Exception]
    """What the driver raises."""

    def __init__(self, target: Target, connection: Any) -> None:
        self.table = target.log.sql
        """The log table, ready for SQL."""
        self._target = target
        self._connection = connection

    def query(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """Rows with lower-case names; JSON as text, times as UTC without a zone."""
        try:
            cursor = self._run(sql, params)
            names = [column[0].lower() for column in cursor.description or ()]
            return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
        except self.errors as error:
            raise self._problem(error, sql) from error

    def execute(self, sql: str, params: Sequence[object] = ()) -> int:
        """How many rows the statement changed."""
        try:
            return self._count(self._run(sql, params))
        except self.errors as error:
            raise self._problem(error, sql) from error

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    @abstractmethod
    def _run(self, sql: str, params: Sequence[object]) -> Any:
        """A cursor after the statement."""

    @abstractmethod
    def _count(self, cursor: Any) -> int: ...

    @abstractmethod
    def _is_missing(self, error: Exception) -> bool:
        """Whether the error says that a table or schema does not exist."""

    @abstractmethod
    def _is_denied(self, error: Exception) -> bool: ...

    @abstractmethod
    def _role(self) -> str:
        """Who lacks a privilege, as a GRANT names it."""

    def _problem(self, error: Exception, sql: str) -> ExecLogError:
        if self.table in sql and self._is_missing(error):
            return ExecLogError(f"there is no log table {self.table} yet. Run `execlog install`.")
        text = one_line(error, self._target.credentials)
        if self._is_denied(error):
            privilege = sql.split(None, 1)[0].upper()
            needed = {"WITH": "SELECT"}.get(privilege, privilege)
            grant = f"Grant it {needed} on {self.table} and USAGE on its schema"
            return ExecLogError(f"{self._role()} lacks a privilege: {text}. {grant}.")
        return ExecLogError(f"{self.kind} refused a statement: {text}.")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(timezone.utc).replace(tzinfo=None)
    return value
