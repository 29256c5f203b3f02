from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from exec_logger.liveness import is_alive, process_runs, this_host
from exec_logger.records import job_from_row

NOW = datetime.now(timezone.utc).replace(tzinfo=None)
HOUR = timedelta(hours=1)


def alive(
    *, seen_ago: timedelta = timedelta(), alone: bool = False, started_ago: timedelta = timedelta(), **config: Any
) -> bool:
    row = {"process_step_id": "JOB_1", "process_config_obj": config, "execution_start_tmstp": NOW - started_ago}
    return is_alive(job_from_row(row), alone=alone, seen_at=NOW - seen_ago, now=NOW, stale_after=HOUR)


@pytest.fixture(scope="module")
def gone() -> int:
    """The id of a process that was."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(30)
    return process.pid


def test_a_job_is_alive_as_long_as_its_rows_change() -> None:
    assert alive(seen_ago=timedelta(minutes=59))
    assert not alive(seen_ago=HOUR)


def test_a_job_of_this_host_is_alive_as_long_as_its_process(gone: int) -> None:
    assert alive(seen_ago=2 * HOUR, host=this_host(), pid=os.getpid())
    assert not alive(host=this_host(), pid=gone)


def test_a_process_that_got_the_number_later_is_another_one() -> None:
    assert not alive(host=this_host(), pid=os.getpid(), started_ago=24 * HOUR)


def test_of_another_host_only_its_rows_tell(gone: int) -> None:
    assert alive(host="elsewhere", pid=gone)
    assert not alive(host="elsewhere", pid=os.getpid(), seen_ago=2 * HOUR)


def test_who_has_the_database_alone_is_the_only_one_alive() -> None:
    assert not alive(alone=True, host=this_host(), pid=os.getpid())


def test_a_process_that_nobody_has_waited_for_does_not_run() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read()  # ends with the process
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert not process_runs(process.pid, started_before=NOW + HOUR)
    process.wait(30)
    process.stdout.close()
