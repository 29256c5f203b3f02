from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from exec_logger import log
from exec_logger.errors import ExecLogError
from exec_logger.lease import BusyError, TableLease, lease
from exec_logger.liveness import this_host
from exec_logger.profile import Target
from exec_logger.session import Session
from tests.conftest import make_warehouse
from tests.support.warehouses import Warehouse
from tests.test_warehouse import make_target

COLUMNS = (
    "process_step_id varchar(500), parent_step_id varchar(500), record_type varchar(50), execution_status_name varchar(50),"
    " execution_completed_ind varchar(1), execution_type_name varchar(100), execution_start_tmstp timestamp,"
    " execution_end_tmstp timestamp, insert_tmstp timestamp, update_tmstp timestamp, deleted_ind varchar(1)"
)


def make(warehouse: Warehouse) -> Target:
    warehouse.execute(f"create schema if not exists {warehouse.schema}", f"create table {warehouse.schema}.runs ({COLUMNS})")
    return make_target(warehouse.output())


@pytest.fixture
def target(warehouse: Warehouse) -> Target:
    return make(warehouse)


@pytest.fixture(params=["postgres", "snowflake"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Target:
    """DuckDB has a lock file instead of a row."""
    return make(make_warehouse(request.param, request, tmp_path))


def is_held(target: Target, job_name: str = "build") -> bool:
    with Session(target) as session:
        try:
            lease(session, lambda: job_name).raise_if_held()
        except BusyError:
            return True
    return False


def test_a_lease_is_held_during_the_block_by_one_and_for_one_job(target: Target) -> None:
    with Session(target) as session, lease(session, lambda: "build"), Session(target) as other:
        assert is_held(target)
        with (
            pytest.raises(BusyError, match=r"is at work on the (job 'build'|database .*)\. Try again when it has ended\."),
            lease(other, lambda: "build"),
        ):
            pass
    assert not is_held(target)
    with Session(target) as session, lease(session, lambda: "build"):
        pass


def test_other_jobs_of_a_server_have_leases_of_their_own(server: Target) -> None:
    with (
        Session(server) as session,
        lease(session, lambda: "build"),
        Session(server) as other,
        lease(other, lambda: "run --select x"),
    ):
        assert is_held(server, "run --select x")
    assert not is_held(server, "run --select x")


def test_of_many_that_come_at_the_same_moment_one_gets_the_lease(target: Target) -> None:
    begin, end = threading.Barrier(6), threading.Barrier(6)

    def works(_: int) -> bool:
        with Session(target) as session:
            begin.wait(30)
            try:
                with lease(session, lambda: "build"):
                    end.wait(60)
            except BusyError:
                end.wait(60)
                return False
            return True

    with ThreadPoolExecutor(6) as pool:
        worked = list(pool.map(works, range(6)))
    assert sorted(worked) == [False] * 5 + [True]


def leave_behind(target: Target, holder: str, *, ends_in: timedelta) -> None:
    """A lease as its holder leaves it that is killed a minute after it took it."""
    with Session(target) as session:
        with lease(session, lambda: "build"):
            pass
        now = log.now(session.warehouse)
        session.warehouse.execute(
            f"update {session.warehouse.table} set execution_status_name = 'HELD', parent_step_id = %s,"
            " execution_start_tmstp = %s, execution_end_tmstp = %s",
            (holder, now - timedelta(minutes=1), now + ends_in),
        )


def a_dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(30)
    return process.pid


@pytest.mark.parametrize(
    ("holder", "ends_in", "held"),
    [
        pytest.param(f"elsewhere {os.getpid()} x", 60, True, id="another host, alive for all we know"),
        pytest.param(f"elsewhere {os.getpid()} x", -1, False, id="another host, which does not renew it any more"),
        pytest.param(f"{this_host()} {os.getppid()} x", 60, True, id="a process of this host"),
        pytest.param(f"{this_host()} {os.getppid()} x", -1, True, id="a process of this host that could not renew it"),
        pytest.param(f"{this_host()} dead x", 60, False, id="a process of this host that is gone"),
        pytest.param(f"{this_host()} dead,{os.getppid()} x", 60, True, id="an execlog that is gone, whose dbt runs"),
        pytest.param(f"{this_host()} dead,dead x", 60, False, id="an execlog that is gone with its dbt"),
    ],
)
def test_a_lease_ends_with_its_holder(server: Target, holder: str, ends_in: int, held: bool) -> None:
    leave_behind(server, holder.replace("dead", str(a_dead_process())), ends_in=timedelta(seconds=ends_in))
    assert is_held(server) is held
    if not held:
        with Session(server) as session, lease(session, lambda: "build"):
            assert is_held(server)
        assert not is_held(server)


def test_a_lease_is_renewed_while_dbt_runs(server: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exec_logger.lease.RENEW_SECONDS", 0.05)

    def end() -> datetime:
        with Session(server) as session:
            (row,) = session.warehouse.query(f"select execution_end_tmstp as end_ from {session.warehouse.table}")
            found: datetime = row["end_"]
            return found

    with Session(server) as session, lease(session, lambda: "build") as held:
        first = end()
        with held.renewed():
            deadline = time.monotonic() + 30
            while end() == first:
                assert time.monotonic() < deadline


def test_a_lease_that_is_shared_lasts_as_long_as_dbt(target: Target) -> None:
    """Even where execlog is killed: here its session and lock are dropped, not given back."""
    begin = "import sys; sys.stdin.read()"
    with Session(target) as session:
        held = lease(session, lambda: "build").__enter__()
        dbt = subprocess.Popen([sys.executable, "-c", begin], stdin=subprocess.PIPE, pass_fds=held.inherited)
        held.share(dbt.pid)
        for descriptor in held.inherited:
            os.close(descriptor)
    if isinstance(held, TableLease):
        with Session(target) as session:
            session.warehouse.execute(
                f"update {session.warehouse.table} set parent_step_id = %s where parent_step_id is not null",
                (f"{this_host()} {a_dead_process()},{dbt.pid} x",),
            )
    assert is_held(target)
    dbt.communicate(timeout=30)
    assert not is_held(target)


def test_a_lease_that_cannot_be_renewed_is_said_once(
    server: Target, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("exec_logger.lease.RENEW_SECONDS", 0.01)
    told = threading.Event()
    failures = []

    def fails(self: TableLease) -> None:
        failures.append(self)
        if len(failures) == 3:
            told.set()
        raise ExecLogError("no network. Wait.")

    with Session(server) as session, lease(session, lambda: "build") as held:
        monkeypatch.setattr(TableLease, "_renew", fails)
        with held.renewed():
            assert told.wait(30)
    assert capsys.readouterr().err == "execlog: cannot renew the lease: no network. Wait.\n"
