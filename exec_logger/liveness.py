"""Whether a job that says RUNNING still runs."""

from __future__ import annotations

import socket
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path

from exec_logger.records import Job

CLOCK_SKEW = timedelta(minutes=1)
"""How far the host's clock and the warehouse's may be apart."""


def is_alive(job: Job, *, alone: bool, seen_at: datetime, now: datetime, stale_after: timedelta) -> bool:
    """Whether a RUNNING job runs: not if we are `alone` with the database, as its dbt would have it open; by its process, where
    execlog started it on this host; else by its last sign of life."""
    if alone:
        return False
    host, pid = job.config.get("host"), job.config.get("pid")
    if host == this_host() and isinstance(pid, int) and job.started_at is not None:
        return process_runs(pid, started_before=job.started_at + CLOCK_SKEW)
    return now - seen_at < stale_after


def process_runs(pid: int, *, started_before: datetime) -> bool:
    """Whether the process exists and is not another one that got its number later."""
    import psutil

    try:
        process = psutil.Process(pid)
        started_at = datetime.fromtimestamp(process.create_time(), timezone.utc).replace(tzinfo=None)
        return started_at <= started_before and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


@cache
def this_host() -> str:
    """Where process ids mean the same: a machine, and in it a container with its own. Host names alone come more than once."""
    place = [socket.gethostname()]
    with suppress(OSError):
        place.append(Path("/etc/machine-id").read_text().strip()[:8])
    with suppress(OSError):
        place.append(str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]"))
    return "/".join(part for part in place if part)
