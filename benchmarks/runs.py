"""Runs dbt on the variants and measures it: whole processes, interleaved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

DBT = Path(sys.executable).with_name("dbt")


@dataclass(frozen=True)
class Run:
    wall_seconds: float
    cpu_seconds: float


Quantity = Callable[[Run], float]


def wall(run: Run) -> float:
    return run.wall_seconds


def cpu(run: Run) -> float:
    return run.cpu_seconds


@dataclass(frozen=True)
class Traffic:
    """What one run sent to the warehouse."""

    statements: int
    sql_bytes: int


@dataclass
class Measured:
    """All rounds of one variant; `runs[i]` of all variants ran one after the other."""

    name: str
    project: Path
    runs: list[Run] = field(default_factory=list)
    traffic: Traffic = Traffic(0, 0)

    def median(self, quantity: Quantity) -> float:
        return median(quantity(run) for run in self.runs)

    def ratio(self, baseline: Measured, quantity: Quantity) -> float:
        """The median of the ratios within a round: what slows a whole round down cancels out."""
        return median(quantity(run) / quantity(base) for run, base in zip(self.runs, baseline.runs, strict=True))


def rehearse(variants: Sequence[Measured], tell: Callable[[str], None]) -> None:
    """Builds everything once, without latency: what a later run selects then has its parents, and dbt has parsed."""
    for variant in variants:
        dbt(variant.project, [])
        tell(f"{variant.name}: built")


def measure(variants: Sequence[Measured], select: str | None, rounds: int, tell: Callable[[str], None]) -> None:
    """A warm-up, `rounds` timed rounds, and a run that counts, of every variant; fills the variants."""
    selection = ["--select", select] if select else []
    for variant in variants:
        dbt(variant.project, selection)
        tell(f"{variant.name}: warm")
    for number in range(1, rounds + 1):
        for variant in variants:
            run = dbt(variant.project, selection)
            variant.runs.append(run)
            tell(f"{variant.name}: round {number} of {rounds}: {run.wall_seconds:.2f} s, CPU {run.cpu_seconds:.2f} s")
    for variant in variants:
        variant.traffic = count(variant.project, selection)
        tell(f"{variant.name}: {variant.traffic.statements} statements")


def dbt(project: Path, arguments: Sequence[str]) -> Run:
    """One `dbt run` as a process of its own: its wall time and its CPU time (user and system)."""
    command = [str(DBT), "run", *arguments]
    with (project / "output.txt").open("w") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=project, env={**os.environ, "DBT_PROFILES_DIR": str(project)}, stdout=output, stderr=output
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        text = (project / "output.txt").read_text()
        raise SystemExit(f"{' '.join(command)} in {project} ended with {process.returncode}:\n{text[-4000:]}")
    return Run(wall_seconds, usage.ru_utime + usage.ru_stime)


def count(project: Path, arguments: Sequence[str]) -> Traffic:
    """Counts the statements of one more run by dbt's own log; not timed, as the log itself costs."""
    log = project / "counting"
    dbt(project, [*arguments, "--log-format-file", "json", "--log-level-file", "debug", "--log-path", str(log)])
    statements = []
    for line in (log / "dbt.log").read_text().splitlines():
        event = json.loads(line)
        if event["info"]["name"] == "SQLQuery":
            statements.append(event["data"]["sql"])
    return Traffic(len(statements), sum(len(sql.encode()) for sql in statements))
