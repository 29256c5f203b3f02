"""Starts the stand-in as a process of its own and speaks to it from a test."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import snowflake.connector

from .dbt_projects import DbtRun
from .journal import Entry
from .tasks import Task

START_SECONDS = 30
REQUEST_SECONDS = 30
PACKAGE = str(__package__)
ROOT = Path(__file__).resolve().parents[len(PACKAGE.split("."))]


@dataclass
class StandIn:
    """A running stand-in. Start it once per test process: `with StandIn.start() as standin:`."""

    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    @contextmanager
    def start(cls, port: int = 0) -> Iterator[StandIn]:
        """A stand-in that answers already; stopped at the end of the block, or when this process dies."""
        # else each new connection, dbt's too, first asks the network which cloud it is in, now and then for 5 s
        os.environ.setdefault("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
        command = [sys.executable, "-m", PACKAGE, "--port", str(port), "--until-stdin-closes"]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            standin = cls(_read_port(process), process)
            standin._wait_until_it_answers()
            yield standin
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()

    def profile(self, **changes: Any) -> dict[str, Any]:
        """A target of profiles.yml."""
        output = {
            "type": "snowflake", "account": "fakesnow", "host": "127.0.0.1", "port": self.port, "protocol": "http", "user": "u",
            "password": "p", "database": "DB", "schema": "SC", "warehouse": "WH", "role": "R", "threads": 4,
        }  # fmt: skip
        return {**output, **changes}

    def reset(self) -> None:
        """Empty databases, no faults, no latency, an empty log. Sessions that are open become invalid."""
        self._control("POST", "reset")

    def statements(self) -> list[Entry]:
        """What clients sent since the last reset, in order; never the statements of `query`."""
        return [Entry(**one) for one in self._control("GET", "statements")["statements"]]

    def count_statements(self) -> int:
        return int(self._control("GET", "statements?count=1")["count"])

    def forget_statements(self) -> None:
        """Empties the log alone."""
        self._control("DELETE", "statements")

    def set_latency(self, milliseconds: float) -> None:
        """Every statement of a client takes so much longer, from now on."""
        self._control("PUT", "latency", {"milliseconds": milliseconds})

    def fail_statement(
        self,
        nth: int = 1,
        *,
        code: int = 3001,
        sqlstate: str = "42501",
        message: str = "SQL access control error:\nInsufficient privileges to operate on table",
        uncaught: bool = False,
    ) -> None:
        """Fails the nth client statement from now: a block fails inside, at its first statement, unless `uncaught`."""
        fault = {"nth": nth, "code": code, "sqlstate": sqlstate, "message": message, "uncaught": uncaught}
        self._control("POST", "faults", fault)

    def fail_matching(
        self,
        pattern: str,
        times: int | None = None,
        *,
        code: int = 3001,
        sqlstate: str = "42501",
        message: str = "SQL access control error:\nInsufficient privileges to operate on table",
        uncaught: bool = False,
    ) -> None:
        """Fails the plain statements, also those inside of blocks, in which the regular expression is found (any case)."""
        fault = {
            "pattern": pattern, "times": times, "code": code, "sqlstate": sqlstate, "message": message, "uncaught": uncaught,
        }  # fmt: skip
        self._control("POST", "faults", fault)

    def clear_faults(self) -> None:
        self._control("DELETE", "faults")

    def register_dbt_project(self, name: str, folder: Path, dbt: Path, *, raises: bool = True) -> None:
        """EXECUTE DBT PROJECT of this full name runs `dbt` in `folder`. Unless it `raises`, a failure is told by the result."""
        self._control("POST", "dbt-projects", {"name": name, "folder": str(folder), "dbt": str(dbt), "raises": raises})

    def dbt_runs(self) -> list[DbtRun]:
        """What EXECUTE DBT PROJECT has run since the last reset, in order."""
        return [DbtRun(**one) for one in self._control("GET", "dbt-runs")["runs"]]

    def tasks(self) -> dict[str, Task]:
        """By their full names."""
        return {name: Task(**one) for name, one in self._control("GET", "tasks")["tasks"].items()}

    def connect(self, **changes: Any) -> Any:
        """A connection of the real connector, with timeouts, as a client of the stand-in."""
        return snowflake.connector.connect(
            account="fakesnow",
            user="u",
            password="p",
            host="127.0.0.1",
            port=self.port,
            protocol="http",
            login_timeout=10,
            network_timeout=60,
            **{"database": "DB", **changes},
        )

    def query(self, sql: str, database: str = "DB", schema: str | None = None) -> list[dict[str, Any]]:
        """Rows with lower-case names. Not logged, not delayed, not failed; creates `database` and `schema` where missing."""
        names, rows = self._run(sql, database, schema)
        return [dict(zip((name.lower() for name in names), row, strict=True)) for row in rows]

    def rows(self, sql: str, database: str = "DB", schema: str | None = None) -> list[tuple[Any, ...]]:
        """Like `query`, with the rows as tuples."""
        return self._run(sql, database, schema)[1]

    def _run(self, sql: str, database: str, schema: str | None) -> tuple[list[str], list[tuple[Any, ...]]]:
        with self.connect(database=database, session_parameters={"STANDIN_QUIET": True}) as connection:
            cursor = connection.cursor()
            if schema:
                cursor.execute(f"create schema if not exists {database}.{schema}", timeout=REQUEST_SECONDS)
            cursor.execute(sql, timeout=REQUEST_SECONDS)
            return [column.name for column in cursor.description], [tuple(row) for row in cursor.fetchall()]

    def _control(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/standin/{path}", data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=REQUEST_SECONDS) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            raise ValueError(f"{method} {path}: {error.read().decode()}") from error

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.count_statements()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.02)


def _read_port(process: subprocess.Popen[bytes]) -> int:
    assert process.stdout
    ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
    line = process.stdout.readline() if ready else b""
    if not line.strip():
        raise RuntimeError(f"The stand-in did not start (exit code {process.poll()}).")
    return int(line)
