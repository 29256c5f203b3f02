"""A dbt project in a temporary folder, run by the real dbt, and what it left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from tests.support.dbt_server import run_dbt
from tests.support.warehouses import Row, Warehouse

REPOSITORY = Path(__file__).parents[2]
DBT = Path(os.environ.get("EXECLOG_TEST_DBT", Path(sys.executable).parent / "dbt"))
"""The dbt that the tests run; tests/matrix.py names others."""

JSON_LOG = ("--no-use-colors", "--log-format-file", "json", "--log-level-file", "debug")
Level = Literal["none", "run", "durable", "live"]


@dataclass(frozen=True)
class Run:
    """One invocation of dbt."""

    code: int
    output: str
    results: list[Row]
    """run_results.json without hooks, or [] where dbt wrote none."""
    statements: list[str]
    """What dbt sent to the warehouse, from its own log."""


class Project:
    """`files` maps paths to contents. The hooks of `level` are configured for models, seeds and snapshots."""

    def __init__(
        self,
        folder: Path,
        warehouse: Warehouse,
        files: dict[str, str],
        *,
        level: Level = "live",
        config: dict[str, Any] | None = None,
    ) -> None:
        self.folder = folder
        self.warehouse = warehouse
        folder.mkdir(parents=True, exist_ok=True)
        project: dict[str, Any] = {
            "name": "shop",
            "profile": "test",
            "flags": {"send_anonymous_usage_stats": False},
            **hooks(level, warehouse.name),
        }
        merge(project, config or {})
        self.write("dbt_project.yml", yaml.safe_dump(project, sort_keys=False))
        self.write("profiles.yml", yaml.safe_dump({"test": {"target": "test", "outputs": {"test": warehouse.output()}}}))
        self.packages: list[str] = []
        for path, content in files.items():
            self.write(path, content)
        if level != "none" or config:
            self.install_package(REPOSITORY)

    def install_package(self, source: Path, name: str = "exec_logger") -> None:
        packages = self.folder / "dbt_packages"
        packages.mkdir(exist_ok=True)
        (packages / name).symlink_to(source)
        self.packages.append(str(source))
        self.write("packages.yml", yaml.safe_dump({"packages": [{"local": path} for path in self.packages]}))

    def write(self, path: str, content: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    flags: tuple[str, ...] = (*JSON_LOG, "--log-file-max-bytes", "1000000000")
    """What is given to dbt before its arguments."""

    def environment(self) -> dict[str, str]:
        return {**os.environ, "DBT_PROFILES_DIR": str(self.folder), "PYTHONWARNINGS": "ignore"}

    def dbt(self, *args: str, **more: str) -> Run:
        """Runs dbt to its end. What is given by name goes into its environment."""
        if "EXECLOG_TEST_DBT" in os.environ:
            process = self.start(*args, **more)
            output, _ = process.communicate(timeout=150)
            return self._run(process.returncode, output)
        self.forget_last_run()
        return self._run(*run_dbt([*self.flags, *args], self.folder, {**self.environment(), **more}))

    def start(self, *args: str, **more: str) -> subprocess.Popen[str]:
        """dbt as a process that can be killed."""
        self.forget_last_run()
        return subprocess.Popen(
            [str(DBT), *self.flags, *args],
            cwd=self.folder,
            env={**self.environment(), **more},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def forget_last_run(self) -> None:
        for stale in (self.folder / "logs/dbt.log", self.folder / "target/run_results.json"):
            stale.unlink(missing_ok=True)

    def _run(self, code: int, output: str) -> Run:
        results = self.folder / "target/run_results.json"
        log = self.folder / "logs/dbt.log"
        return Run(
            code=code,
            output=output,
            results=[
                result
                for result in (json.loads(results.read_text())["results"] if results.exists() else [])
                if not result["unique_id"].startswith("operation.")
            ],
            statements=_statements(log) if log.exists() else [],
        )

    def manifest(self) -> Row:
        content: Row = json.loads((self.folder / "target/manifest.json").read_text())
        return content

    def manifest_database(self) -> str:
        """The database of the project's nodes (unit tests in the manifest have none of their own)."""
        return str(next(node["database"] for node in self.manifest()["nodes"].values()))

    def log(self, table: str = "process_execution_log") -> list[Row]:
        """The rows of the log, oldest first, JSON parsed."""
        rows = self.warehouse.query(f"select * from {table} order by process_execution_log_sk")
        return [
            {
                name: json.loads(value) if name.endswith("_obj") and isinstance(value, str) else value
                for name, value in row.items()
            }
            for row in rows
        ]

    def last_job(self) -> tuple[Row, list[Row]]:
        """The newest JOB row and its node rows."""
        rows = self.log()
        job = [row for row in rows if row["record_type"] == "JOB"][-1]
        return job, [row for row in rows if row["parent_step_id"] == job["process_step_id"]]


def hooks(level: Level, warehouse: str) -> dict[str, Any]:
    """The configuration that the README gives for a level of logging."""
    if level == "none":
        return {}
    node: dict[str, Any] = {}
    if level in ("durable", "live"):
        node["+post-hook"] = ["{{ exec_logger.log_execution_end() }}"]
    if level == "live":
        start: dict[str, Any] = {"sql": "{{ exec_logger.log_execution_start() }}"}
        if warehouse != "snowflake":
            start["transaction"] = False
        node["+pre-hook"] = [start]
    config: dict[str, Any] = {
        "on-run-start": ["{{ exec_logger.log_run_start() }}"],
        "on-run-end": ["{{ exec_logger.log_run_end(results) }}"],
    }
    if node:
        config |= {kind: {k: list(v) for k, v in node.items()} for kind in ("models", "seeds", "snapshots")}
    return config


def merge(base: dict[str, Any], extra: dict[str, Any]) -> None:
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merge(base[key], value)
        else:
            base[key] = value


def _statements(log: Path) -> list[str]:
    events = (json.loads(line) for line in log.read_text().splitlines() if line.startswith("{"))
    return [event["data"]["sql"] for event in events if event["info"]["name"] == "SQLQuery"]
