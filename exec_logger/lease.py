"""One restart of a job at a time: who holds the lease of a job may start dbt for it. The lease is a row of the log table
(RECORD_TYPE LEASE), taken by one conditional UPDATE and renewed while dbt runs; on DuckDB, whose file one process owns, it is a
lock file beside the database."""

from __future__ import annotations

import fcntl
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from uuid import uuid4

import click

from exec_logger import log
from exec_logger.dbt_args import bounded_id
from exec_logger.errors import ExecLogError, Exit
from exec_logger.liveness import CLOCK_SKEW, process_runs, this_host
from exec_logger.session import Session

LIFETIME = timedelta(minutes=2)
RENEW_SECONDS = 30
FILE_LOCK_SECONDS = 2
"""Longer than a --dry-run looks whether the lock is free."""
ATTEMPTS = 5
"""How often two who came at the same moment, and gave way to each other, try again."""


class BusyError(ExecLogError):
    """Somebody else holds the lease."""

    def __init__(self, what: str, holder: str) -> None:
        super().__init__(f"{holder} is at work on {what}. Try again when it has ended.", Exit.BUSY)


class FileLease:
    """A lock file. It is free when all processes that have it open are gone: ours, and the dbt that inherits it."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._file = Path(f"{database}.execlog.lock")
        self._fd: int | None = None

    def __enter__(self) -> FileLease:
        try:
            fd = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise ExecLogError(f"cannot write {self._file}: {error.strerror}. Let execlog write there.") from error
        deadline = time.monotonic() + FILE_LOCK_SECONDS
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._fd = fd
                return self
            except BlockingIOError as error:
                if time.monotonic() > deadline:
                    os.close(fd)
                    raise BusyError(f"the database {self._database}", "another execlog") from error
            time.sleep(0.1)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._fd is not None:
            os.close(self._fd)

    def raise_if_held(self) -> None:
        if self._file.exists():
            with self:
                pass

    @property
    def inherited(self) -> tuple[int, ...]:
        """File descriptors that hold the lease for dbt, too."""
        return () if self._fd is None else (self._fd,)

    def share(self, pid: int) -> None:
        """Makes the lease last as long as that process."""

    def renewed(self) -> AbstractContextManager[None]:
        return nullcontext()


class TableLease:
    """A row of the log table: PARENT_STEP_ID is its holder, EXECUTION_END_TMSTP the end of its hold."""

    def __init__(self, session: Session, job_name: str) -> None:
        self._session = session
        self._job_name = job_name
        self._id = bounded_id(f"LEASE_{session.target.project_name}_{session.target.target_name}_{job_name}")
        self._token = uuid4().hex
        self._holder = f"{this_host()} {os.getpid()} {self._token}"

    def __enter__(self) -> TableLease:
        for attempt in range(ATTEMPTS):
            now = log.now(self._session.warehouse)
            if self._take(now):
                return self
            for dead in self._dead_holders(now):
                self._release(dead)
            self._make_row(now)
            time.sleep(random.uniform(0.05, 0.2) * attempt)
        raise BusyError(f"the job {self._job_name!r}", "another execlog")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        try:
            self._release(self._holder)
        except ExecLogError as problem:  # it ends by itself
            _warn(f"cannot give the lease back: {problem}")

    inherited: tuple[int, ...] = ()

    def share(self, pid: int) -> None:
        """Makes the lease last as long as that process, even if this one is killed."""
        shared = f"{this_host()} {os.getpid()},{pid} {self._token}"
        warehouse = self._session.warehouse
        warehouse.execute(
            f"update {warehouse.table} set parent_step_id = %s, execution_start_tmstp = %s"
            " where process_step_id = %s and parent_step_id = %s",
            (shared, log.now(warehouse), self._id, self._holder),
        )
        self._holder = shared

    @contextmanager
    def renewed(self) -> Iterator[None]:
        """Renews the lease in the background; the session belongs to that until the end of the block."""
        ended = threading.Event()
        renewal = threading.Thread(target=self._renew_until, args=(ended,), daemon=True)
        renewal.start()
        try:
            yield
        finally:
            ended.set()
            renewal.join()

    def _take(self, now: datetime) -> bool:
        """Two may have made a row each: who comes second sees the hold on the first one's row, here or in the check below."""
        warehouse = self._session.warehouse
        taken = warehouse.execute(
            f"update {warehouse.table} set parent_step_id = %s, execution_status_name = 'HELD', execution_start_tmstp = %s,"
            " execution_end_tmstp = %s, update_tmstp = %s"
            " where process_step_id = %s and execution_status_name <> 'HELD'"
            f" and not exists (select 1 from {warehouse.table} other_ where other_.process_step_id = %s"
            " and other_.execution_status_name = 'HELD')",
            (self._holder, now, now + LIFETIME, now, self._id, self._id),
        )
        if taken and self._others():
            self._release(self._holder)
            return False
        return bool(taken)

    def _make_row(self, now: datetime) -> None:
        warehouse = self._session.warehouse
        warehouse.execute(
            f"insert into {warehouse.table} (process_step_id, record_type, execution_status_name, execution_completed_ind,"
            " execution_type_name, insert_tmstp, update_tmstp, deleted_ind)"
            " select %s, 'LEASE', 'FREE', 'N', 'EXECLOG_LEASE', %s, %s, 'N'"
            f" where not exists (select 1 from {warehouse.table} where process_step_id = %s)",
            (self._id, now, now, self._id),
        )

    def raise_if_held(self) -> None:
        self._dead_holders(log.now(self._session.warehouse))

    def _dead_holders(self, now: datetime) -> list[str]:
        """Those that are gone without giving the lease back. Raises BusyError for one that may live."""
        dead = []
        for holder, taken_at, ends_at in self._others():
            host, pids, _ = holder.rsplit(" ", 2)
            here = host == this_host()
            begun = taken_at + CLOCK_SKEW
            lives = any(process_runs(int(pid), started_before=begun) for pid in pids.split(",")) if here else ends_at >= now
            if lives:
                raise BusyError(f"the job {self._job_name!r}", f"execlog on {host} (process {pids})")
            dead.append(holder)
        return dead

    def _others(self) -> list[tuple[str, datetime, datetime]]:
        """Holder, since when, and until when."""
        warehouse = self._session.warehouse
        rows = warehouse.query(
            "select parent_step_id as holder, execution_start_tmstp as taken_at, execution_end_tmstp as ends_at"
            f" from {warehouse.table} where process_step_id = %s and execution_status_name = 'HELD' and parent_step_id <> %s",
            (self._id, self._holder),
        )
        return [(row["holder"], row["taken_at"], row["ends_at"]) for row in rows]

    def _release(self, holder: str) -> None:
        warehouse = self._session.warehouse
        warehouse.execute(
            f"update {warehouse.table} set execution_status_name = 'FREE', update_tmstp = %s"
            " where process_step_id = %s and parent_step_id = %s",
            (log.now(warehouse), self._id, holder),
        )

    def _renew_until(self, ended: threading.Event) -> None:
        warned = False
        while not ended.wait(RENEW_SECONDS):
            try:
                self._renew()
            except ExecLogError as error:
                self._session.close()  # the next time connects again
                if not warned:
                    _warn(f"cannot renew the lease: {error}")
                warned = True

    def _renew(self) -> None:
        warehouse = self._session.warehouse
        now = log.now(warehouse)
        warehouse.execute(
            f"update {warehouse.table} set execution_end_tmstp = %s, update_tmstp = %s"
            " where process_step_id = %s and parent_step_id = %s and execution_status_name = 'HELD'",
            (now + LIFETIME, now, self._id, self._holder),
        )


def _warn(what: str) -> None:
    click.echo(f"execlog: {what}", err=True)


def lease(session: Session, job_name: Callable[[], str]) -> FileLease | TableLease:
    """Holds the lease of a job of this project and target during a block; on DuckDB that of the whole database, which is not
    opened before. Raises BusyError if another process has it."""
    file = session.target.database_file
    return FileLease(file) if file else TableLease(session, job_name())
