"""The real dbt, from a process that has imported it already: a dbt that starts spends half of its time on that.

The server is a child of the test process. For each request it forks, and the fork is dbt: with its own folder, environment and
output, and gone when dbt ends.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile

REPOSITORY = Path(__file__).parents[2]
TIMEOUT_SECONDS = 150
IMPORTED = ("dbt.cli.main", "dbt.task.build", "dbt.adapters.duckdb", "dbt.adapters.postgres", "dbt.adapters.snowflake")


def run_dbt(args: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """dbt's exit code, and all that it printed."""
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    with TemporaryFile() as output:
        request = {"args": list(args), "folder": str(folder), "environment": dict(environment), "output": _path_of(output)}
        server.stdin.write(json.dumps(request) + "\n")
        server.stdin.flush()
        if not select.select([server.stdout], [], [], TIMEOUT_SECONDS)[0]:
            _stop(server)
            _server.cache_clear()
            raise TimeoutError(f"dbt {' '.join(args)} took more than {TIMEOUT_SECONDS} s")
        code = int(server.stdout.readline())
        output.seek(0)
        return code, output.read().decode(errors="replace")


def _path_of(file: object) -> str:
    return f"/proc/{os.getpid()}/fd/{file.fileno()}"  # type: ignore[attr-defined]


@cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.dbt_server"],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    atexit.register(_stop, server)
    return server


def _stop(server: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait(10)


def _serve() -> None:
    for module in IMPORTED:
        import_module(module)
    while line := sys.stdin.readline():
        request = json.loads(line)
        pid = os.fork()
        if not pid:
            _become_dbt(request)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)  # noqa: T201


def _become_dbt(request: dict[str, object]) -> None:
    output = os.open(str(request["output"]), os.O_WRONLY | os.O_APPEND)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(str(request["folder"]))
    os.environ.clear()
    os.environ.update(request["environment"])  # type: ignore[call-overload]
    sys.argv = ["dbt", *request["args"]]  # type: ignore[misc]
    code: object = 1
    try:
        import_module("dbt.cli.main").cli()
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve()
