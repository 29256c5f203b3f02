"""A run that is killed leaves its plan and, with the post-hook, every model that it finished."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from tests.support.project import Level, Project
from tests.support.warehouses import DuckDB, Warehouse

SLEEP = {
    "postgres": "select 1 as id from pg_sleep(60)",
    "duckdb": "select count(*) as id from range(10000000) a, range(100000) b",
    "snowflake": "select 1 as id",
}


@pytest.mark.parametrize("level", ["durable", "live"])
def test_what_was_finished_before_the_kill_is_in_the_log(level: Level, warehouse: Warehouse, tmp_path: Path) -> None:
    files = {
        "models/done.sql": "{{ config(materialized='table') }} select 1 as id",
        "models/hanging.sql": "{{ config(materialized='table') }} " + SLEEP[warehouse.name] + " -- {{ ref('done') }}",
        "models/never.sql": "select id from {{ ref('hanging') }}",
    }
    project = Project(tmp_path / "project", warehouse, files, level=level)
    if warehouse.name == "snowflake":
        assert project.dbt("run-operation", "exec_logger.install").code == 0
        warehouse.standin.set_latency(400)  # type: ignore[attr-defined]
    try:
        process = project.start("run")
        _wait_for(project, "START sql table model", "hanging")
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
    finally:
        if warehouse.name == "snowflake":
            warehouse.standin.set_latency(0)  # type: ignore[attr-defined]
    job, nodes = project.last_job()
    assert (job["execution_status_name"], job["execution_completed_ind"]) == ("RUNNING", "N")
    assert job["process_config_obj"]["plan"] == ["model.shop.done", "model.shop.hanging", "model.shop.never"]
    assert job["destination_data_cnt_obj"]["total_models"] == 3
    statuses = {row["step_execution_obj"]["model_name"]: row["execution_status_name"] for row in nodes}
    assert statuses["done"] == "SUCCESS"
    assert "never" not in statuses
    assert set(statuses.values()) <= {"SUCCESS", "RUNNING"}
    done = next(row for row in nodes if row["step_execution_obj"]["model_name"] == "done")
    assert job["execution_start_tmstp"] <= done["execution_start_tmstp"] <= done["execution_end_tmstp"]


def test_on_run_hooks_alone_keep_the_plan_of_a_killed_run(tmp_path: Path) -> None:
    warehouse = DuckDB(tmp_path)
    files = {"models/hanging.sql": "{{ config(materialized='table') }} " + SLEEP["duckdb"]}
    project = Project(tmp_path / "project", warehouse, files, level="run")
    process = project.start("run")
    _wait_for(project, "START sql table model", "hanging")
    process.kill()
    process.communicate(timeout=30)
    job, nodes = project.last_job()
    assert (job["execution_status_name"], nodes) == ("RUNNING", [])
    assert job["process_config_obj"]["plan"] == ["model.shop.hanging"]


def _wait_for(project: Project, *words: str, seconds: float = 60) -> None:
    """Until dbt's log says it."""
    log = project.folder / "logs/dbt.log"
    deadline = time.monotonic() + seconds
    while not (log.exists() and any(all(word in line for word in words) for line in log.read_text().splitlines())):
        assert time.monotonic() < deadline, f"dbt never said {words}"
        time.sleep(0.05)
