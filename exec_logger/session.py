"""The one session of a command that starts dbt in between."""

from __future__ import annotations

from types import TracebackType

from exec_logger.profile import Target
from exec_logger.warehouse import Warehouse, connect


class Session:
    """Connects when it is first asked, and again after pause(). A context manager that closes it."""

    def __init__(self, target: Target, *, read_only: bool = False) -> None:
        self.target = target
        self._read_only = read_only
        self._open: Warehouse | None = None

    @property
    def warehouse(self) -> Warehouse:
        if self._open is None:
            self._open = connect(self.target, read_only=self._read_only)
        return self._open

    def pause(self) -> None:
        """Before dbt runs: one process owns a DuckDB file. A server's session stays open, as logging in may ask a person."""
        if self.target.database_file:
            self.close()

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()
