from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from exec_logger import log, pruning
from exec_logger.pruning import Pruned, prune
from exec_logger.warehouse import Warehouse as Opened
from exec_logger.warehouse import connect
from tests.support.warehouses import Warehouse
from tests.test_warehouse import make_target

NOW = datetime(2026, 3, 1)
OLD = timedelta(days=100)
COLUMNS = (
    "process_execution_log_sk integer, process_step_id varchar(500), parent_step_id varchar(500), record_type varchar(50),"
    " execution_status_name varchar(50), execution_start_tmstp timestamp, execution_end_tmstp timestamp,"
    " execution_type_name varchar(100), source_data_cnt integer, error_message_obj {json}, source_obj {json},"
    " destination_obj {json}, process_config_obj {json}, destination_data_cnt_obj {json}, step_execution_obj {json},"
    " insert_tmstp timestamp, update_tmstp timestamp, deleted_ind varchar(1)"
)
JSON = {"duckdb": "json", "postgres": "jsonb", "snowflake": "variant"}


@pytest.fixture
def opened(warehouse: Warehouse) -> Iterator[Opened]:
    """A log without rows."""
    columns = COLUMNS.format(json=JSON[warehouse.name])
    warehouse.execute(f"create schema if not exists {warehouse.schema}", f"create table {warehouse.schema}.runs ({columns})")
    with connect(make_target(warehouse.output())) as session:
        yield session


def add(opened: Opened, job_id: str, age: timedelta, *, name: str = "build", status: str = "SUCCESS", nodes: int = 2) -> None:
    """A job that ended `age` before NOW, and its nodes."""
    ended_at = NOW - age
    config = json.dumps({"job_name": name, "project_name": "shop", "target_name": "dev"})
    word = log.JSON_VALUE[opened.kind]
    for number in range(nodes + 1):
        values = {
            "process_step_id": job_id if not number else f"{job_id}_MODEL_m{number}",
            "parent_step_id": job_id if number else None,
            "record_type": "MODEL" if number else "JOB",
            "execution_status_name": status,
            "execution_start_tmstp": ended_at,
            "execution_end_tmstp": None if status == "RUNNING" else ended_at,
            "process_config_obj": None if number else config,
            "insert_tmstp": ended_at,
            "update_tmstp": ended_at,
            "deleted_ind": "N",
        }
        words = [word if column.endswith("_obj") else "%s" for column in values]
        opened.execute(f"insert into {opened.table} ({', '.join(values)}) select {', '.join(words)}", tuple(values.values()))


def left(opened: Opened, condition: str = "1 = 1") -> list[str]:
    rows = opened.query(f"select process_step_id as id from {opened.table} where {condition} order by 1")
    return [row["id"] for row in rows]


def with_nodes(*jobs: str) -> list[str]:
    return sorted(step for job in jobs for step in (job, f"{job}_MODEL_m1", f"{job}_MODEL_m2"))


@pytest.fixture
def history(opened: Opened) -> Opened:
    add(opened, "JOB_old", OLD)
    add(opened, "JOB_dead", OLD, status="RUNNING")
    add(opened, "JOB_only_hourly", OLD, name="hourly")
    add(opened, "JOB_new", timedelta(days=1))
    return opened


KEPT = ("JOB_dead", "JOB_new", "JOB_only_hourly")
BEFORE = NOW - timedelta(days=90)


def test_old_jobs_go_with_their_nodes_but_for_running_ones_and_the_last_of_a_name(history: Opened) -> None:
    assert prune(history, BEFORE) == Pruned(jobs=1, rows=3)
    assert left(history) == with_nodes(*KEPT)
    assert prune(history, BEFORE) == Pruned(jobs=0, rows=0)


def test_a_dry_run_counts_and_changes_nothing(history: Opened) -> None:
    assert prune(history, BEFORE, dry_run=True) == Pruned(jobs=1, rows=3)
    assert left(history) == with_nodes(*KEPT, "JOB_old")


def test_a_soft_deletion_marks_the_rows_and_a_later_one_takes_them(history: Opened) -> None:
    assert prune(history, BEFORE, soft=True) == Pruned(jobs=1, rows=3)
    assert left(history, "deleted_ind = 'Y'") == with_nodes("JOB_old")
    assert prune(history, BEFORE, soft=True) == Pruned(jobs=0, rows=0)
    assert prune(history, BEFORE, dry_run=True) == Pruned(jobs=1, rows=3)
    assert prune(history, BEFORE) == Pruned(jobs=1, rows=3)
    assert left(history) == with_nodes(*KEPT)


def test_what_was_marked_and_is_not_that_old_stays(history: Opened) -> None:
    history.execute(
        f"update {history.table} set deleted_ind = 'Y' where process_step_id in ('JOB_new', 'JOB_dead', 'JOB_new_MODEL_m1')"
    )
    assert prune(history, NOW - timedelta(days=300)) == Pruned(jobs=0, rows=0)
    assert prune(history, BEFORE) == Pruned(jobs=0, rows=0)  # now JOB_old is the last one of its name
    assert prune(history, NOW) == Pruned(jobs=1, rows=3)
    assert left(history) == with_nodes("JOB_dead", "JOB_old", "JOB_only_hourly")


def test_many_jobs_go_in_batches(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BATCH", 3)
    for number in range(8):
        add(opened, f"JOB_{number}", OLD + timedelta(days=number), nodes=0)
    assert prune(opened, BEFORE) == Pruned(jobs=7, rows=7)
    assert left(opened) == ["JOB_0"]
