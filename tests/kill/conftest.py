from __future__ import annotations

import os
import random
from dataclasses import dataclass

import pytest

from tests.conftest import WAREHOUSES, make_warehouse
from tests.kill.killer import Call, Killer, kills
from tests.kill.project import TABLES, before_the_run, files
from tests.support.cron import CronProject
from tests.support.project import Level
from tests.support.warehouses import DuckDB, Row, Warehouse

SEED = int(os.environ.get("EXECLOG_KILL_SEED", "91"))
KILLS = int(os.environ.get("EXECLOG_KILLS", "4"))
"""About how many times something is killed on each warehouse."""
KILLS_A_NIGHT = min(KILLS, 6)
LEVELS: dict[str, tuple[Level, ...]] = {
    "duckdb": ("durable", "live", "run"),
    "postgres": ("live", "durable", "run"),
    "snowflake": ("durable", "live", "run"),
}
Night = tuple[str, int, Level, int]
"""Warehouse, number, hooks, how many kills."""
Tables = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, repr=False)
class Story:
    """What an undisturbed run left behind, and what a night of kills did."""

    number: int
    level: Level
    project: CronProject
    planned: frozenset[str]
    undisturbed: Tables
    tables: Tables
    calls: list[Call]
    log: list[Row]

    @property
    def hooked(self) -> frozenset[str]:
        """The planned nodes that log their own end, at this level."""
        return frozenset(node for node in self.planned if self.level != "run" and not node.startswith("test."))

    def __repr__(self) -> str:
        calls = [f"{place}: {call.kill or 'undisturbed'} -> {call.ended.code}" for place, call in enumerate(self.calls)]
        where = f"EXECLOG_KILL_SEED={SEED}: night {self.number} on {self.project.warehouse.name}, hooks {self.level}"
        return "\n".join([where, *calls])


def nights() -> list[Night]:
    """The last one, at the level that keeps nothing of a killed run but its plan, is short: it begins again after each kill."""
    rounds = max(1, round(KILLS / KILLS_A_NIGHT))
    found = [(name, number, LEVELS[name][number % 3], KILLS_A_NIGHT) for number in range(rounds) for name in WAREHOUSES]
    return [*found, ("duckdb", rounds, "run", 2)]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(night, marks=pytest.mark.xdist_group("kill_{}_{}".format(*night)), id="{}-{}-{}".format(*night))
        for night in nights()
    ],
)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    name, number, level, count = request.param
    folder = tmp_path_factory.mktemp("night")
    warehouse = make_warehouse(name, request, folder)
    project = CronProject(folder / "project", warehouse, files(warehouse, level), level=level)
    planned, undisturbed = _undisturbed(project)
    killer = Killer(project, folder / "logs")
    killer.work(kills(random.Random(f"{SEED} {name} {number}"), count, len(planned)))
    return Story(number, level, project, planned, undisturbed, _tables(warehouse), killer.calls, project.log())


def _undisturbed(project: CronProject) -> tuple[frozenset[str], Tables]:
    """One run that nobody kills, of which no trace is left in the warehouse."""
    warehouse = project.warehouse
    warehouse.execute(*before_the_run(warehouse))
    run = project.dbt("build")
    assert run.code == 0, run.output
    job, _ = project.last_job()
    tables = _tables(warehouse)
    _start_anew(warehouse)
    return frozenset(job["process_config_obj"]["plan"]), tables


def _start_anew(warehouse: Warehouse) -> None:
    if isinstance(warehouse, DuckDB):
        warehouse.path.unlink()
    else:
        warehouse.execute(f"drop schema {warehouse.schema} cascade")
    warehouse.execute(*before_the_run(warehouse))


def _tables(warehouse: Warehouse) -> Tables:
    return {
        name: sorted(
            (tuple(row.values()) for row in warehouse.query(f"select {columns} from {warehouse.schema}.{name}")), key=repr
        )
        for name, columns in TABLES.items()
    }
