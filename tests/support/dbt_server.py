"""The real dbt, from a process that has imported it already: a dbt that starts spends half of its time on that.

The server is a child of the test process. For each request it forks, and the fork is dbt: with its client's folder, environment
and standard streams, and gone when dbt ends or its client dies. Clients are `run_dbt` and, by `quick_dbt/`, each `dbt` that
execlog starts.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from tests.support.quick_dbt.sitecustomize import PROGRAM, SERVER, Request

REPOSITORY = Path(__file__).parents[2]
TIMEOUT_SECONDS = 150
IMPORTED = ("dbt.cli.main", "dbt.task.build", "dbt.adapters.duckdb", "dbt.adapters.postgres", "dbt.adapters.snowflake")


def run_dbt(args: Sequence[str], folder: Path, environment: Mapping[str, str]) -> tuple[int, str]:
    """dbt's exit code, and all that it printed."""
    with Path(os.devnull).open() as nothing, TemporaryFile() as output:
        streams = (nothing.fileno(), output.fileno(), output.fileno())
        code = Request(args, str(folder), dict(environment), streams).wait(TIMEOUT_SECONDS)
        output.seek(0)
        return code, output.read().decode(errors="replace")


@contextmanager
def dbt_server() -> Iterator[dict[str, str]]:
    """A server; the environment in which each `dbt` beside this interpreter is its client."""
    with TemporaryDirectory(prefix="dbt") as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/socket")
        listening.listen(64)
        server = subprocess.Popen(
            [sys.executable, "-m", "tests.support.dbt_server", str(listening.fileno())],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
            pass_fds=[listening.fileno()],
            start_new_session=True,
        )
        try:
            program = Path(sys.executable).parent / "dbt"
            yield {SERVER: f"{folder}/socket", PROGRAM: str(program), "PYTHONPATH": str(REPOSITORY / "tests/support/quick_dbt")}
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait(10)


def _serve(listening: socket.socket) -> None:
    for module in IMPORTED:
        import_module(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that handle requests
    while True:
        connection, _ = listening.accept()
        if not os.fork():
            listening.close()
            _handle(connection)
        connection.close()


def _handle(connection: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    start, streams, _, _ = socket.recv_fds(connection, 8, 3)
    wanted = connection.makefile("rb").read(int.from_bytes(start, "big"))
    pid = os.fork()
    if not pid:
        connection.close()
        _become_dbt(json.loads(wanted), streams)
    for stream in streams:
        os.close(stream)
    connection.sendall(f"{pid}\n".encode())
    ended = os.pidfd_open(pid)
    if ended not in select.select([ended, connection], [], [])[0]:
        os.kill(pid, signal.SIGKILL)  # the client died
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with suppress(BrokenPipeError):
        connection.sendall(f"{code}\n".encode())
    os._exit(0)


def _become_dbt(wanted: dict[str, object], streams: Sequence[int]) -> None:
    for descriptor, stream in enumerate(streams):
        os.dup2(stream, descriptor)
        os.close(stream)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(str(wanted["folder"]))
    os.environ.clear()
    os.environ.update(wanted["environment"])  # type: ignore[call-overload]
    sys.argv = ["dbt", *wanted["args"]]  # type: ignore[misc]
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
    _serve(socket.socket(fileno=int(sys.argv[1])))
