"""Python looks for this module whenever it starts, and finds it where tests put this folder on PYTHONPATH: a `dbt` that starts
then becomes a client of tests/support/dbt_server.py, which has imported dbt already. That takes two seconds off each."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress

SERVER = "EXECLOG_TEST_DBT_SERVER"
"""The server's socket."""
PROGRAM = "EXECLOG_TEST_QUICK_DBT"
"""The `dbt` that the server takes the place of."""
AS_USUAL = {PROGRAM: ""}
"""The environment of a dbt that has to start from nothing."""


class Request:
    """A dbt at work, with the three standard streams. Its signals are ours to send."""

    def __init__(self, args: Sequence[str], folder: str, environment: dict[str, str], streams: Sequence[int]) -> None:
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.connect(os.environ[SERVER])
        wanted = json.dumps({"args": list(args), "folder": folder, "environment": environment}).encode()
        socket.send_fds(self.connection, [len(wanted).to_bytes(8, "big")], list(streams))
        self.connection.sendall(wanted)
        self.answers = self.connection.makefile()
        self.pid = int(self.answers.readline())

    def send_signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, timeout: float | None = None) -> int:
        """dbt's exit code, negative after a signal. After a TimeoutError dbt is killed."""
        self.connection.settimeout(timeout)
        with self.connection, self.answers:
            return int(self.answers.readline())


def _be_dbt() -> None:
    request = Request(sys.orig_argv[2:], os.getcwd(), dict(os.environ), (0, 1, 2))  # noqa: PTH109 - pathlib takes its time
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, frame: request.send_signal(number))
    code = request.wait()
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


if sys.orig_argv[1:2] == [os.environ.get(PROGRAM)]:
    _be_dbt()
