"""What can go wrong, and the exit code that says so. Exit codes stand here and nowhere else."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of execlog besides dbt's own 0, 1 and 2 (sysexits.h; 128 + SIGINT)."""

    USAGE = 64
    BUG = 70
    BUSY = 75
    CONFIG = 78
    INTERRUPTED = 130


class ExecLogError(Exception):
    """An end that the user can do something about: "what happened. What to do next.", in one line."""

    def __init__(self, message: str, exit_code: Exit = Exit.CONFIG) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class NoLogError(ExecLogError):
    """There is no log table, or no database for it, yet."""
