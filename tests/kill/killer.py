"""A night on which dbt or execlog is killed again and again, and restarted until the job is done."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import psutil

from tests.kill.project import LATENCY_MILLISECONDS
from tests.support.cron import LOG, CronProject, Ended, ended, wait_until
from tests.support.dbt_events import DbtLog, Invocation
from tests.support.quick_dbt.sitecustomize import AS_USUAL
from tests.support.warehouses import Row, Snowflake

Victim = Literal["cron's dbt", "execlog's dbt", "execlog", "execlog alone", "execlog and dbt", "execlog deciding"]
When = Literal["parsing", "begun", "running", "ending"]
FIRST: Victim = "cron's dbt"
THEN: tuple[Victim, ...] = ("execlog's dbt", "execlog", "execlog alone", "execlog and dbt", "execlog deciding")
SIGNALS = {
    "cron's dbt": (signal.SIGKILL, signal.SIGINT, signal.SIGTERM),
    "execlog's dbt": (signal.SIGKILL, signal.SIGKILL, signal.SIGINT, signal.SIGTERM),
    "execlog": (signal.SIGINT, signal.SIGTERM),
    "execlog alone": (signal.SIGKILL,),
    "execlog and dbt": (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM),
    "execlog deciding": (signal.SIGKILL, signal.SIGINT, signal.SIGTERM),
}
RESTARTS = 4
"""How many it may take at the end."""


@dataclass(frozen=True)
class Kill:
    victim: Victim
    number: signal.Signals
    when: When
    after_nodes: int = 0
    """How many nodes have ended, if it is `running`."""
    delay_seconds: float = 0
    orphan_ends: bool = True
    """Whether the dbt of an execlog that was killed alone may run to its end; else it is killed some nodes later."""

    def __str__(self) -> str:
        if self.victim == "execlog deciding":
            return f"{self.number.name} to {self.victim}"
        moment = f"running, {self.after_nodes} nodes and {self.delay_seconds:.2f} s" if self.when == "running" else self.when
        return f"{self.number.name} to {self.victim} ({moment})"


@dataclass
class Call:
    """One start of dbt by cron, or of execlog, and what came of it."""

    kill: Kill | None
    ended: Ended
    build: Invocation | None
    """What dbt did; none if none was started."""
    dbt_lived_on: Ended | None = None
    """What another restart said while the dbt of an execlog that was killed alone still ran."""
    dbt_runs: bool = False
    """Whether dbt still ran when it had ended."""
    still_running: list[str] = field(default_factory=list)
    """The rows that said RUNNING when it, and its dbt, had ended."""


def kills(chance: random.Random, count: int, nodes: int) -> list[Kill]:
    victims: list[Victim] = [FIRST]
    while len(victims) < count:
        victims += chance.sample(THEN, len(THEN))
    return [_kill(chance, victim, nodes // 4, last=place == count - 1) for place, victim in enumerate(victims[:count])]


def _kill(chance: random.Random, victim: Victim, nodes: int, *, last: bool) -> Kill:
    weights: dict[When, int] = {
        "parsing": 4 if victim == "execlog alone" else 1, "begun": 1, "running": 5, "ending": 4 if last else 0,
    }  # fmt: skip
    (when,) = chance.choices(list(weights), list(weights.values()))
    return Kill(
        victim, chance.choice(SIGNALS[victim]), when, chance.randint(1, nodes), chance.uniform(0, 0.3), orphan_ends=last
    )


@dataclass
class Killer:
    """Works one night, and leaves nothing that runs."""

    project: CronProject
    logs: Path
    """Folder of dbt's logs, one a call."""
    calls: list[Call] = field(default_factory=list)
    _started: list[subprocess.Popen[str]] = field(default_factory=list)
    _orphan: int | None = None

    def work(self, planned: list[Kill]) -> None:
        """Kills until the job is done, or all has been tried; then restarts until it is done, and once more."""
        latency = LATENCY_MILLISECONDS if isinstance(self.project.warehouse, Snowflake) else 0
        self._set_latency(latency)
        try:
            for kill in planned:
                if self.is_done():
                    break
                self.calls.append(self._shoot(kill))
            for _ in range(RESTARTS):
                if self.is_done():
                    break
                log = self._new_log()
                last = self.project.execlog(*self._restart(), **log.environment)
                self.calls.append(Call(None, last, log.build()))
            self.calls.append(Call(None, self.project.execlog(*self._restart()), None))
        finally:
            self._set_latency(0)
            self._clean_up()

    def is_done(self) -> bool:
        jobs = self._jobs()
        return bool(jobs) and jobs[-1]["execution_status_name"] == "SUCCESS"

    def _shoot(self, kill: Kill) -> Call:
        log = self._new_log()
        process = (
            self.project.start("build", **AS_USUAL, **log.environment)
            if kill.victim == FIRST
            else self.project.start_execlog(*self._restart(), **AS_USUAL, **log.environment)
        )
        self._started.append(process)
        try:
            wait_until(lambda: process.poll() is not None or _has_come(log, kill))
        except AssertionError as error:
            raise AssertionError(f"{kill}: dbt never got there: {log.invocations()}") from error
        time.sleep(kill.delay_seconds if kill.when == "running" else 0)  # chance, not hope: any moment will do
        build = log.build()
        lived_on = None
        if build is None or kill.victim in (FIRST, "execlog", "execlog deciding"):
            process.send_signal(kill.number)
        elif kill.victim == "execlog's dbt":
            _send(build.pid, kill.number)
        elif kill.victim == "execlog and dbt":
            for pid in (process.pid, build.pid)[:: 1 if kill.after_nodes % 2 else -1]:
                _send(pid, kill.number)
        else:
            lived_on = self._leave_alone(process, build.pid, kill, log)
        said = ended(process)
        call = Call(kill, said, log.build(), lived_on, dbt_runs=build is not None and _runs(build.pid))
        self._wait_for_the_others(log)
        if self._has_log():
            call.still_running = self._still_running()
        return call

    def _leave_alone(self, execlog: subprocess.Popen[str], dbt: int, kill: Kill, log: DbtLog) -> Ended:
        """Kills execlog; dbt goes on, held up until another restart has looked."""
        self._orphan = dbt
        _send(dbt, signal.SIGSTOP)
        execlog.kill()
        execlog.wait(30)
        said = self.project.execlog(*self._restart(reachable=False))
        _send(dbt, signal.SIGCONT)
        if not kill.orphan_ends:
            later = replace(kill, when="running", after_nodes=2 * kill.after_nodes)
            wait_until(lambda: not _runs(dbt) or _has_come(log, later))
            _send(dbt, signal.SIGKILL)
        wait_until(lambda: not _runs(dbt))
        self._orphan = None
        return said

    def _wait_for_the_others(self, log: DbtLog) -> None:
        """`dbt ls`, for one, outlives an execlog that was killed."""
        for one in log.invocations():
            wait_until(lambda pid=one.pid: not _runs(pid))  # type: ignore[misc]

    def _restart(self, *, reachable: bool = True) -> list[str]:
        """A full build only if there is nothing to restart yet. That cron's own dbt is dead, nobody can know but us."""
        args = ["restart", "--max-retries", "100"]
        jobs = self._jobs() if reachable or not self._alone else []
        if jobs:
            args.append("--no-full-build")
        unknown = [
            job for job in jobs if job["execution_status_name"] == "RUNNING" and not job["process_config_obj"].get("host")
        ]
        return [*args, "--stale-after", "0"] if unknown and not self._alone else args

    @property
    def _alone(self) -> bool:
        return self.project.warehouse.name == "duckdb"

    def _jobs(self) -> list[Row]:
        return self.project.jobs() if self._has_log() else []

    def _still_running(self) -> list[str]:
        return [row["process_step_id"] for row in self.project.log() if row["execution_status_name"] == "RUNNING"]

    def _has_log(self) -> bool:
        warehouse = self.project.warehouse
        found = warehouse.query(
            "select count(*) as n from information_schema.tables"
            f" where lower(table_name) = '{LOG}' and lower(table_schema) = lower('{warehouse.schema}')"
        )
        return bool(found[0]["n"])

    def _new_log(self) -> DbtLog:
        return DbtLog(self.logs / str(len(self.calls)))

    def _set_latency(self, milliseconds: float) -> None:
        if isinstance(self.project.warehouse, Snowflake):
            self.project.warehouse.standin.set_latency(milliseconds)

    def _clean_up(self) -> None:
        if self._orphan:
            _send(self._orphan, signal.SIGKILL)
        for process in self._started:
            if process.returncode is None:
                process.kill()
                process.communicate(timeout=30)


def _has_come(log: DbtLog, kill: Kill) -> bool:
    build = log.build()
    if kill.victim == "execlog deciding":
        return bool(log.invocations())
    if build is None:
        return False
    come: dict[When, Callable[[], bool]] = {
        "parsing": lambda: True,
        "begun": lambda: build.begun,
        "running": lambda: len(build.ended) >= kill.after_nodes or build.ending,
        "ending": lambda: build.ending,
    }
    return come[kill.when]()


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def _runs(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
