"""A project as cron sees it: `execlog` runs as a process in the project's folder, and time passes without waiting."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from tests.support.project import JSON_LOG, REPOSITORY, Project
from tests.support.warehouses import DuckDB, Row

EXECLOG = Path(sys.executable).parent / "execlog"
LOG = "process_execution_log"
TIMES = (
    "execution_start_tmstp", "execution_end_tmstp", "extract_start_tmstp", "extract_end_tmstp", "insert_tmstp", "update_tmstp",
)  # fmt: skip
EARLIER = {
    "duckdb": "{time} - interval '{seconds} seconds'",
    "postgres": "{time} - interval '{seconds} seconds'",
    "snowflake": "dateadd(second, -{seconds}, {time})",
}


class DuckDBInFolder(DuckDB):
    """Its file stands in the project's folder, and is named relative to it: a copy of the folder is a copy of everything."""

    def output(self) -> Row:
        return {"type": "duckdb", "path": self.path.name, "threads": 4}


@dataclass(frozen=True)
class Ended:
    """What one call of execlog left behind. dbt's own output is part of stdout, with --json of stderr."""

    code: int
    stdout: str
    stderr: str

    @property
    def said(self) -> list[str]:
        """execlog's own lines."""
        return [line for line in self.stderr.splitlines() if line.startswith("execlog: ")]

    @property
    def report(self) -> Row:
        report: Row = json.loads(self.stdout)
        return report


class CronProject(Project):
    """Run by cron: what is given by name to start, dbt and execlog goes into the environment."""

    flags = JSON_LOG

    def environment(self) -> dict[str, str]:
        """That of a project whose profiles.yml stands in its folder; no run of execlog around it."""
        usual = {name: value for name, value in os.environ.items() if not name.startswith("DBT_EXECLOG_")}
        return {**usual, "PYTHONWARNINGS": "ignore"}

    def start_execlog(self, *args: str, **more: str) -> subprocess.Popen[str]:
        (self.folder / "logs/dbt.log").unlink(missing_ok=True)
        return subprocess.Popen(
            [str(EXECLOG), *args],
            cwd=self.folder,
            env={**self.environment(), **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def execlog(self, *args: str, **more: str) -> Ended:
        return ended(self.start_execlog(*args, **more))

    def restart(self, *args: str) -> Ended:
        return self.execlog("restart", *args)

    def plan(self, *args: str) -> Row:
        """What `execlog restart --dry-run --json` prints. It changes nothing, whatever is asked."""
        before = self.log()
        planned = self.restart("--dry-run", "--json", *args)
        assert planned.code == 0, planned.stderr
        assert self.log() == before
        return planned.report

    def jobs(self) -> list[Row]:
        return [row for row in self.log() if row["record_type"] == "JOB"]

    def ran(self) -> dict[str, str]:
        """The nodes of the last job, as `short` names them, with their statuses."""
        _, nodes = self.last_job()
        return {short(row["step_execution_obj"]["unique_id"]): row["execution_status_name"] for row in nodes}

    def let_pass(self, *, hours: float) -> None:
        """Moves all that is logged into the past."""
        earlier = EARLIER[self.warehouse.name]
        moved = ", ".join(f"{time} = {earlier.format(time=time, seconds=round(hours * 3600))}" for time in TIMES)
        self.warehouse.execute(f"update {LOG} set {moved}")

    @classmethod
    def at(cls, folder: Path) -> CronProject:
        """The project that is in the folder already, on DuckDB."""
        found = cls.__new__(cls)
        found.folder, found.warehouse, found.packages = folder, DuckDBInFolder(folder), [str(REPOSITORY)]
        return found

    def copy(self, folder: Path) -> CronProject:
        """The whole project, with its database and what dbt has parsed."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return self.at(folder)


def ended(process: subprocess.Popen[str]) -> Ended:
    stdout, stderr = process.communicate(timeout=150)
    return Ended(process.returncode, stdout, stderr)


def short(unique_id: str) -> str:
    """`model.orders`, `test.not_null_orders_id`: without the package and the hash."""
    kind, _, name, *_ = unique_id.split(".")
    return f"{kind}.{name}"


def shorts(unique_ids: Iterable[str]) -> list[str]:
    return sorted(map(short, unique_ids))


def wait_until(condition: Callable[[], object], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def dbt_said(project: Project, *words: str) -> bool:
    """Whether a line of dbt's log has all the words."""
    log = project.folder / "logs/dbt.log"
    return log.exists() and any(all(word in line for word in words) for line in log.read_text().splitlines())


def template(
    name: str, factory: pytest.TempPathFactory, files: dict[str, str], *, config: dict[str, Any] | None = None
) -> CronProject:
    """A project on DuckDB after a first `dbt build` that failed. It is made once for all test processes: copy it."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"template_{name}"
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            project = CronProject(folder, DuckDBInFolder(folder), files, level="durable", config=config)
            run = project.dbt("build")
            assert run.code == 1, run.output
    return CronProject.at(folder)
