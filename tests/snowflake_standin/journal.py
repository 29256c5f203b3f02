"""The log of the statements that clients sent."""

from __future__ import annotations

import threading
import time
from dataclasses import asdict, dataclass


@dataclass
class Entry:
    """One statement. `ok` is None while it runs."""

    n: int
    session: int
    sql: str
    ok: bool | None = None
    error: str | None = None
    seconds: float | None = None


class Journal:
    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def begin(self, session: int, sql: str) -> Entry:
        with self._lock:
            entry = Entry(len(self._entries) + 1, session, sql)
            self._entries.append(entry)
        return entry

    def finish(self, entry: Entry, started: float, error: str | None) -> None:
        entry.ok, entry.error = error is None, error
        entry.seconds = round(time.perf_counter() - started, 6)

    def clear(self) -> None:
        with self._lock:
            self._entries = []

    def as_dicts(self) -> list[dict[str, object]]:
        with self._lock:
            return [asdict(entry) for entry in self._entries]

    def __len__(self) -> int:
        return len(self._entries)
