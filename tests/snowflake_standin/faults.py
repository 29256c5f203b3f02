"""Faults to inject, by the number of the client's statement or by the text of the SQL that is executed."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace

from .errors import SqlError, UncatchableError


@dataclass(frozen=True)
class Fault:
    """`nth` counts the client's statements from now; `pattern` is searched in every plain statement, those of blocks included.

    `times` limits how often a pattern fails; None is always. An uncaught fault goes past a block's exception handler.
    """

    error: SqlError
    nth: int | None = None
    pattern: str | None = None
    times: int | None = None
    uncaught: bool = False

    def __post_init__(self) -> None:
        if (self.nth is None) == (self.pattern is None):
            raise ValueError("a fault has either nth or pattern")
        re.compile(self.pattern or "")

    def exception(self) -> SqlError | UncatchableError:
        return UncatchableError(self.error) if self.uncaught else self.error


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def for_client_statement(self) -> SqlError | UncatchableError | None:
        """Counts one statement of the client; gives the error with which it fails."""
        if not self._faults:
            return None
        due = None
        with self._lock:
            waiting = []
            for fault in self._faults:
                if fault.nth is None or fault.nth > 1:
                    waiting.append(fault if fault.nth is None else replace(fault, nth=fault.nth - 1))
                else:
                    due = fault.exception()
            self._faults = waiting
        return due

    def check_plain(self, sql: str) -> None:
        """Raises the error of the first fault whose pattern is found in `sql`."""
        if not self._faults:
            return
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.pattern is None or not re.search(fault.pattern, sql, re.IGNORECASE | re.DOTALL):
                    continue
                if fault.times is not None:
                    self._faults[index : index + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                raise fault.exception()
