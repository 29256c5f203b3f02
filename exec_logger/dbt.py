"""The only module that starts dbt, always as a process of its own: dbt 1 and dbt 2 alike."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from exec_logger.errors import ExecLogError
from exec_logger.profile import Where
from exec_logger.project_nodes import ProjectNode

POLL_SECONDS = 0.2
TERMINAL_GRACE_SECONDS = 5
"""A SIGINT from a terminal is forwarded, too, if dbt still runs after this time: it may have come from `kill`."""
OWN_PREFIX = "DBT_EXECLOG_"
OWN_PACKAGE = "exec_logger"
NARROWING_VARIABLES = ("RESOURCE_TYPES", "RESOURCE_TYPE", "EXCLUDE_RESOURCE_TYPES", "EXCLUDE_RESOURCE_TYPE")
"""Of dbt: they would take away from a selection."""
FORWARDED = (signal.SIGINT, signal.SIGTERM)
LISTED_KEYS = ("unique_id", "resource_type", "name", "fqn", "depends_on", "config", "version", "tested_node_unique_id")
TOO_LONG = "If there are too many, restart a part of the job, or run it in full."
STARTER = """
import os, sys
if os.read(int(sys.argv[1]), 1):
    os.environ["DBT_EXECLOG_PID"] = str(os.getpid())
    try:
        os.execvp(sys.argv[2], sys.argv[2:])
    except OSError as error:
        print(f"execlog: cannot start {sys.argv[2]}: {error.strerror}. Name another dbt with --dbt.", file=sys.stderr)
        sys.exit(78)
"""
"""Becomes dbt when it is told to, or ends with us if we die before. dbt can log its process id only if it is told, too."""


def find_dbt(given: str | None) -> str:
    """The dbt to start: the one given, else the one beside this interpreter, else the one on PATH."""
    beside = Path(sys.executable).parent / "dbt"
    found = shutil.which(given) if given else str(beside) if beside.exists() else shutil.which("dbt")
    if not found:
        raise ExecLogError(f"there is no program {given or 'dbt'}. Install dbt, or name it with --dbt.")
    return found


def place_options(where: Where) -> list[str]:
    """Options that make dbt look where execlog looks. None that was not given: dbt parses all anew where --target, for one, is
    not what it was the last time, even if it names the same target."""
    named = {
        "--project-dir": where.project_dir,
        "--profiles-dir": where.profiles_dir,
        "--profile": where.profile,
        "--target": where.target,
    }
    return [text for name, value in named.items() if value is not None for text in (name, str(value))]


def environment(own: Mapping[str, str | None] | None = None, *, narrowed: bool = False) -> dict[str, str]:
    """This process's environment, with no DBT_EXECLOG_* variables but `own` (those that are not none); unless `narrowed`,
    without what would take away from an exact selection."""
    left_out = () if narrowed else tuple(f"{prefix}_{name}" for prefix in ("DBT", "DBT_ENGINE") for name in NARROWING_VARIABLES)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OWN_PREFIX) and name not in left_out}
    given = {OWN_PREFIX + name: value for name, value in (own or {}).items() if value is not None}
    return {**inherited, **given}


def list_nodes(dbt: str, options: Sequence[str], select: Sequence[str] = ("fqn:*",)) -> list[ProjectNode]:
    """The project's nodes (no sources), or those that a selection finds. Raises ExecLogError with dbt's own words."""
    argv = [
        dbt, "ls", "--quiet", "--no-use-colors", "--log-format", "text", "--output", "json", "--output-keys", *LISTED_KEYS,
        *options, *(("--select", *select) if select else ()),
    ]  # fmt: skip
    listed = [json.loads(line) for line in output(argv).splitlines() if line.startswith("{")]
    nodes = [ProjectNode.from_json(line) for line in listed if "unique_id" in line]
    return [node for node in nodes if node.package != OWN_PACKAGE]


def output(argv: Sequence[str]) -> str:
    """What dbt prints. Raises ExecLogError with the end of it where dbt fails."""
    try:
        process = subprocess.run(argv, env=environment(), capture_output=True, text=True, check=False)
    except OSError as error:
        raise ExecLogError(f"cannot start {argv[0]}: {error.strerror}. Name another dbt with --dbt.") from error
    if process.returncode:
        said = [line.strip() for line in (process.stdout + process.stderr).splitlines() if line.strip()]
        raise ExecLogError(f"`dbt {argv[1]}` failed: {' '.join(said[-6:])[-800:] or 'it said nothing'}. Mend that first.")
    return process.stdout


class Dbt:
    """A dbt that runs until the end of the block, in our process group, its output where ours goes. What signals us meanwhile
    is forwarded to it; a terminal's Ctrl-C has reached it already."""

    def __init__(
        self,
        argv: Sequence[str],
        own: Mapping[str, str | None],
        *,
        narrowed: bool = True,
        stdout: int | None = None,
        inherited: Sequence[int] = (),
        before_start: Callable[[int], None] = lambda pid: None,
    ) -> None:
        """`narrowed`: see environment(). `inherited` are file descriptors that dbt keeps open; `before_start` gets dbt's
        process id before dbt begins."""
        self.interrupted_by: int | None = None
        self.forward_at: float | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.usual = {number: signal.signal(number, self._signalled) for number in FORWARDED}
        go, tell = os.pipe()
        try:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", STARTER, str(go), *argv],
                env=environment(own, narrowed=narrowed),
                stdout=stdout,
                pass_fds=(go, *inherited),
            )
            before_start(self.process.pid)
            os.write(tell, b"1")
        except OSError as error:
            self._restore_handlers()
            raise ExecLogError(f"cannot start dbt with {len(argv)} arguments: {error.strerror}. {TOO_LONG}") from error
        except BaseException:
            self._restore_handlers()
            raise
        finally:
            os.close(go)
            os.close(tell)

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def wait(self) -> int:
        """dbt's exit code; 128 and the signal's number where a signal ended dbt or us."""
        assert self.process is not None
        try:
            code = None
            while code is None:
                with suppress(subprocess.TimeoutExpired):
                    code = self.process.wait(POLL_SECONDS)
                if code is None and self.interrupted_by and self.forward_at is not None and time.monotonic() >= self.forward_at:
                    self.forward_at = None
                    self._forward(self.interrupted_by)
        finally:
            self._restore_handlers()
        if self.interrupted_by:
            return 128 + self.interrupted_by
        return code if code >= 0 else 128 - code

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        self.interrupted_by = number
        reached_dbt = number == signal.SIGINT and _in_terminals_foreground()
        self.forward_at = time.monotonic() + (TERMINAL_GRACE_SECONDS if reached_dbt else 0)

    def _forward(self, number: int) -> None:
        """To dbt, and where --dbt is a wrapper around it, to what it started; all of it is waited for."""
        import psutil

        assert self.process is not None
        started = psutil.Process(self.process.pid).children(recursive=True)
        for process in (self.process, *started):
            with suppress(ProcessLookupError, psutil.NoSuchProcess):
                process.send_signal(number)
        psutil.wait_procs(started)

    def _restore_handlers(self) -> None:
        for number, handler in self.usual.items():
            signal.signal(number, handler)


def _in_terminals_foreground() -> bool:
    """Whether Ctrl-C goes to all of our process group."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
