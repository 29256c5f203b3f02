"""One of everything that dbt can run, at every level of logging, checked against dbt's own artifacts."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from tests.support.project import Level, Project
from tests.support.truth import assert_log_is_true
from tests.support.warehouses import Row, Warehouse
from tests.support.zoo import BUILD, zoo

pytestmark = pytest.mark.matrix

LEVELS: list[Level] = ["run", "durable", "live"]


def test_every_node_is_logged_truthfully_and_alike_at_every_level(warehouse: Warehouse, tmp_path: Path) -> None:
    final: dict[str, dict[str, Row]] = {}
    for level in LEVELS:
        if level != LEVELS[0]:
            warehouse.execute("drop table history")
        project = Project(tmp_path / level, warehouse, zoo(warehouse), level=level)
        project.install_package(project.folder / "cousin", "cousin")
        run = project.dbt(*BUILD, "--full-refresh")
        assert run.code == 0, run.output
        job, nodes = assert_log_is_true(project, run)
        assert "[WARNING] exec_logger" not in run.output
        final[level] = {unique_id: _timeless(row, job) for unique_id, row in nodes.items()}
        final[level]["job"] = _timeless(job, job)
    assert final["run"] == final["durable"]
    assert final["run"] == final["live"]

    rows = {unique_id: row["source_data_cnt"] for unique_id, row in final["live"].items()}
    assert rows["model.shop.a_view"] is None
    assert rows["model.shop.a_table"] == 3
    assert rows["model.shop.an_empty_table"] == 0
    assert rows["model.shop.growing"] == 3
    assert rows["seed.shop.raw"] == 3
    assert rows["snapshot.shop.history"] == 3
    assert rows["model.shop.batches"] == 2
    assert rows["test.shop.singular_warns"] is None


def test_an_incremental_model_counts_its_whole_table_on_the_next_run(warehouse: Warehouse, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", warehouse, zoo(warehouse))
    project.install_package(project.folder / "cousin", "cousin")
    select = ["--select", "+growing", "a_table", "--resource-type", "model", "seed"]
    kinds: list[tuple[str, int, int | None]] = []
    for arguments in (select, select, [*select, "--full-refresh"]):
        run = project.dbt("build", *arguments)
        assert run.code == 0, run.output
        _, nodes = assert_log_is_true(project, run)
        growing = nodes["model.shop.growing"]
        affected = growing["step_execution_obj"]["execution_timeline"][-1]["query_result"]["rows_affected"]
        kinds.append((growing["execution_type_name"], growing["source_data_cnt"], affected))
    assert [kind[:2] for kind in kinds] == [("TRUNCATE_FULL_LOAD", 3), ("INCREMENTAL_LOAD", 5), ("TRUNCATE_FULL_LOAD", 3)]
    # DuckDB reports nothing; what a CTAS reports on Snowflake depends on the version of the connector
    assert kinds[1][2] == (None if warehouse.name == "duckdb" else 2)


def _timeless(row: Row, job: Row) -> Row:
    """A row without what is different in every run: times, ids, threads, durations."""
    row = copy.deepcopy(row)
    for name in list(row):
        if name.endswith(("_tmstp", "_sk")):
            del row[name]
    for name in ("process_step_id", "parent_step_id"):
        row[name] = row[name] and row[name].replace(job["process_step_id"], "JOB")
    step = row["step_execution_obj"]
    for name in list(step):
        if name.endswith("_at") or name in ("thread_id", "execution_time_seconds", "query_id_start", "query_id_end"):
            del step[name]
    for entry in step["execution_timeline"]:
        entry["timestamp"] = entry["query_id"] = None
    if row["process_config_obj"]:
        for name in ("invocation_id", "invocation_command"):
            row["process_config_obj"].pop(name, None)
    return row
