"""Reading the log as jobs and nodes, and closing a dead job: what execlog decides by."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exec_logger import log
from exec_logger.errors import ExecLogError, Exit
from exec_logger.records import Job, Node, job_from_row, node_from_row, nodes_of_single_record, planned_node
from tests.conftest import WAREHOUSES
from tests.support.history import History, history_on
from tests.support.warehouses import Row


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.xdist_group(f"history-{name}")) for name in WAREHOUSES])
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> History:
    return history_on(request.param, request, tmp_path_factory)


def row_of(history: History, step_id: str, table: str = "process_execution_log") -> Row:
    return next(row for row in history.rows(table) if row["process_step_id"] == step_id)


def step(job_id: str, kind: str, name: str) -> str:
    return f"{job_id}_{kind}_{name}"


def test_jobs_are_listed_newest_first_without_their_plans(history: History) -> None:
    with history.open() as warehouse:
        newest, older = log.jobs(warehouse, 20)
        assert (newest.job_id, older.job_id) == (history.passed, history.failed)
        assert (newest.plan, older.plan) == (None, None)
        assert log.jobs(warehouse, 1) == [newest]
        assert log.jobs(warehouse, 20, name="build") == [older]
        assert log.jobs(warehouse, 20, status="FAILED") == [older]
        assert log.jobs(warehouse, 20, project="shop", target="test") == [newest, older]
        assert log.jobs(warehouse, 20, project="other") == log.jobs(warehouse, 20, target="other") == []


def test_a_job_holds_what_its_row_says(history: History) -> None:
    row = row_of(history, history.failed)
    config = dict(row["process_config_obj"])
    plan = config.pop("plan")
    with history.open() as warehouse:
        assert log.job(warehouse, history.failed) == Job(
            job_id=history.failed,
            invocation_id=history.failed.removeprefix("JOB_"),
            project_name="shop",
            target_name="test",
            name="build",
            command="build",
            status="FAILED",
            run_type="FULL_BUILD",
            attempt_no=1,
            restart_of=None,
            started_at=row["execution_start_tmstp"],
            ended_at=row["execution_end_tmstp"],
            updated_at=row["update_tmstp"],
            rows=2,
            total=4,
            success=2,
            failed=1,
            skipped=1,
            running=0,
            reason="1 of 4 nodes failed",
            errors=tuple(row["error_message_obj"]),
            config=config,
            plan=tuple(plan),
            timeline=tuple(row["step_execution_obj"]["execution_timeline"]),
        )
    assert sorted(plan)[:4] == ["model.shop.behind", "model.shop.broken", "model.shop.done", "model.shop.hidden"]
    assert len(row["error_message_obj"]) == 1


def test_a_node_holds_what_its_row_says(history: History) -> None:
    row = row_of(history, step(history.failed, "MODEL", "broken"))
    with history.open() as warehouse:
        broken = next(node for node in log.nodes(warehouse, history.failed) if node.name == "broken")
    assert broken == Node(
        step_id=step(history.failed, "MODEL", "broken"),
        unique_id="model.shop.broken",
        name="broken",
        record_type="MODEL",
        status="FAILED",
        execution_type="TRUNCATE_FULL_LOAD",
        materialization="table",
        started_at=row["execution_start_tmstp"],
        ended_at=row["execution_end_tmstp"],
        seconds=row["step_execution_obj"]["execution_time_seconds"],
        rows=None,
        rows_affected=None,
        relation=row["destination_obj"]["full_name"],
        error=row["error_message_obj"][0]["message"],
        dbt_status="error",
        query_id=row["step_execution_obj"]["query_id_end"],
        timeline=tuple(row["step_execution_obj"]["execution_timeline"]),
        updated_at=row["update_tmstp"],
    )


def test_nodes_come_in_the_order_in_which_they_started(history: History) -> None:
    with history.open() as warehouse:
        assert [(node.name, node.status) for node in log.nodes(warehouse, history.failed)] == [
            ("done", "SUCCESS"),
            ("not_null_done_id", "SUCCESS"),
            ("broken", "FAILED"),
            ("behind", "SKIPPED"),
        ]
        assert log.nodes(warehouse, "JOB_nothing") == []


def test_the_last_job_is_that_of_the_project_target_and_name(history: History) -> None:
    with history.open() as warehouse:
        last = log.last_job(warehouse, project_name="shop", target_name="test", name=None)
        build = log.last_job(warehouse, project_name="shop", target_name="test", name="build")
        assert last == log.job(warehouse, history.passed)
        assert build == log.job(warehouse, history.failed)
        assert last.plan == ("model.shop.done",)
        for project, target, name in (
            ("x", "test", None),
            ("shop", "x", None),
            ("shop", "test", "buil"),
            ("shop", "test", "ü"),
        ):
            assert log.last_job(warehouse, project_name=project, target_name=target, name=name) is None


def test_a_job_is_found_beyond_the_first_pages(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "PAGES", (1, 2))
    table = history.copy()
    for number in range(4):
        history.insert(
            table, process_step_id=f"JOB_{number}", record_type="JOB", insert_tmstp=f"2100-01-0{number + 1} 00:00:00",
            process_config_obj={"job_name": "my build", "project_name": "shop", "target_name": "test"},
        )  # fmt: skip
    with history.open(table) as warehouse:
        found = log.last_job(warehouse, project_name="shop", target_name="test", name="build")
        assert found is not None
        assert found.job_id == history.failed
        expected = ["JOB_3", "JOB_2", "JOB_1", "JOB_0", history.passed, history.failed]
        assert [job.job_id for job in log.jobs(warehouse, 99, project="shop")] == expected


def test_a_job_is_found_by_what_its_invocation_id_begins_with(history: History) -> None:
    table = history.copy()
    for job_id in ("JOB_zz1", "JOB_zz12", "JOB_zz%"):
        history.insert(table, process_step_id=job_id, record_type="JOB")
    with history.open(table) as warehouse:
        for text in (history.failed, history.failed.removeprefix("JOB_"), history.failed[: len("JOB_") + 12]):
            assert log.job(warehouse, text).job_id == history.failed
        assert log.job(warehouse, "zz1").job_id == "JOB_zz1"
        assert log.job(warehouse, "zz%").job_id == "JOB_zz%"
        with pytest.raises(ExecLogError, match="more than one job begins with 'zz': zz") as ambiguous:
            log.job(warehouse, "zz")
        assert {word.strip(",.") for word in str(ambiguous.value).split() if word.startswith("zz")} == {"zz1", "zz12", "zz%"}
        for unknown in ("nothing", ""):
            with pytest.raises(ExecLogError, match="begins with") as missing:
                log.job(warehouse, unknown)
            assert missing.value.exit_code is Exit.USAGE


def test_deleted_rows_and_leases_are_not_there(history: History) -> None:
    table = history.copy()
    history.change(table, history.passed, deleted_ind="Y")
    history.change(table, step(history.failed, "MODEL", "behind"), deleted_ind="Y")
    history.insert(table, process_step_id="LEASE_shop", record_type="LEASE", insert_tmstp="2100-01-01 00:00:00")
    with history.open(table) as warehouse:
        assert [job.job_id for job in log.jobs(warehouse, 20)] == [history.failed]
        assert "behind" not in [node.name for node in log.nodes(warehouse, history.failed)]
        assert log.last_sign_of_life(warehouse, log.job(warehouse, history.failed)) < datetime(2100, 1, 1)
        with pytest.raises(ExecLogError):
            log.job(warehouse, history.passed)


def test_a_running_job_is_counted_by_its_nodes(history: History) -> None:
    table = history.copy()
    history.change(
        table, history.failed, execution_status_name="RUNNING", execution_end_tmstp=None, source_data_cnt=0,
        destination_data_cnt_obj={"total_models": 6, "successful_models": 0, "failed_models": 0, "skipped_models": 0},
    )  # fmt: skip
    history.change(table, step(history.failed, "MODEL", "behind"), execution_status_name="RUNNING")
    with history.open(table) as warehouse:
        listed = log.jobs(warehouse, 20)
        passed, running = log.with_live_counts(warehouse, listed)
        assert log.running_jobs(warehouse) == log.running_jobs(warehouse, "shop", "test") == [listed[1]]
        assert log.running_jobs(warehouse, "other") == []
    assert passed == listed[0]
    assert running == replace(listed[1], success=2, failed=1, skipped=0, running=1, rows=2)
    assert running.not_run == 2
    assert running.duration_seconds is None


def test_the_last_sign_of_life_is_the_last_write_to_a_row_of_the_job(history: History) -> None:
    table = history.copy()
    for name, hour in (("done", 9), ("behind", 8)):
        history.change(table, step(history.failed, "MODEL", name), update_tmstp=f"2100-01-01 0{hour}:00:00.123456")
    with history.open(table) as warehouse:
        assert log.last_sign_of_life(warehouse, log.job(warehouse, history.failed)) == datetime(2100, 1, 1, 9, 0, 0, 123456)
        passed = log.job(warehouse, history.passed)
        written = [row["update_tmstp"] for row in history.rows() if row["process_step_id"].startswith(history.passed)]
        assert log.last_sign_of_life(warehouse, passed) == max(written)
        assert log.last_sign_of_life(warehouse, job_from_row({"process_step_id": "JOB_gone"})) == datetime.min


def test_now_is_utc_by_the_warehouse(history: History) -> None:
    with history.open() as warehouse:
        here = datetime.now(timezone.utc).replace(tzinfo=None)
        assert abs(log.now(warehouse) - here) < timedelta(seconds=30)


def killed(history: History, kept: tuple[str, ...] = ("done", "broken")) -> str:
    """A copy of the log in which the failed job was killed while its node `broken` ran."""
    table = history.copy()
    for row in history.rows(table):
        name = (row["step_execution_obj"] or {}).get("model_name")
        if row["parent_step_id"] == history.failed and name not in kept:
            history.project.warehouse.execute(f"delete from {table} where process_step_id = '{row['process_step_id']}'")
    open_row = {"execution_status_name": "RUNNING", "execution_completed_ind": "N", "execution_end_tmstp": None}
    history.change(
        table, history.failed, **open_row, extract_end_tmstp=None, error_message_obj=[], source_data_cnt=0,
        destination_data_cnt_obj={"total_models": 4, "completed": 0}, step_execution_obj={
            "current_step": "JOB_STARTED", "job_status": "RUNNING", "reason": None,
            "execution_timeline": [{"step_number": 1, "step_type": "JOB_START"}],
        },
    )  # fmt: skip
    history.change(
        table, step(history.failed, "MODEL", "broken"), **open_row, extract_end_tmstp=None, error_message_obj=[],
        step_execution_obj={"model_name": "broken", "unique_id": "model.shop.broken", "query_id_end": "q1", "current_step":
            "MODEL_STARTED", "execution_timeline": [{"step_number": 1, "step_type": "MODEL_START"}]},
    )  # fmt: skip
    return table


DIED = datetime(2100, 1, 1, 10, 0, 0, 250000)
DIED_TEXT = "2100-01-01 10:00:00.250000"


def test_a_dead_job_is_closed_with_its_running_nodes(history: History) -> None:
    table = killed(history)
    before = {row["process_step_id"]: row for row in history.rows(table)}
    with history.open(table) as warehouse:
        dead = log.job(warehouse, history.failed)
        started = log.now(warehouse)
        assert log.close_job(warehouse, dead, status="FAILED", reason="it's dead", ended_at=DIED)
        ended = log.now(warehouse)
    after = {row["process_step_id"]: row for row in history.rows(table)}
    ends = {
        "execution_end_tmstp": DIED,
        "extract_end_tmstp": DIED,
        "execution_status_name": "FAILED",
        "execution_completed_ind": "Y",
    }
    broken = step(history.failed, "MODEL", "broken")
    for step_id in (history.failed, broken):
        assert started <= after[step_id]["update_tmstp"] <= ended
        before[step_id] |= {**ends, "update_tmstp": after[step_id]["update_tmstp"]}
    before[history.failed] |= {
        "source_data_cnt": 2,
        "destination_data_cnt_obj": {
            "total_models": 4, "completed": 1, "successful_models": 1, "failed": 1, "failed_models": 1, "skipped_models": 0,
            "running": 0,
        },
        "step_execution_obj": {
            "current_step": "JOB_COMPLETED",
            "job_status": "FAILED",
            "reason": "it's dead",
            "summary": {"total": 4, "success": 1, "error": 1, "skipped": 0, "running": 0},
            "execution_timeline": [
                {"step_number": 1, "step_type": "JOB_START"},
                {
                    "step_number": 2, "timestamp": DIED_TEXT, "level": "Error", "step_type": "JOB_COMPLETE",
                    "title": "Job Failed: shop", "content": {"job_status": "FAILED", "reason": "it's dead"},
                },
            ],
        },
        "error_message_obj": [{"unique_id": None, "model_name": None, "message": "it's dead"}],
    }  # fmt: skip
    before[broken] |= {
        "step_execution_obj": {
            "model_name": "broken", "unique_id": "model.shop.broken", "query_id_end": "q1", "current_step": "MODEL_COMPLETED",
            "execution_timeline": [
                {"step_number": 1, "step_type": "MODEL_START"},
                {
                    "step_number": 2, "timestamp": DIED_TEXT, "level": "Error", "step_type": "MODEL_COMPLETE",
                    "title": "Model Failed: broken", "query_id": "q1",
                    "query_result": {"rows_in_destination": None, "rows_affected": None, "execution_status": "FAILED"},
                    "content": {"dbt_status": None, "adapter_code": None, "failures": None, "reason": "it's dead"},
                },
            ],
        },
        "error_message_obj": [{"unique_id": "model.shop.broken", "model_name": "broken", "message": "it's dead"}],
    }  # fmt: skip
    assert after == before


def test_a_job_that_moved_on_is_not_closed(history: History) -> None:
    table = killed(history)
    with history.open(table) as warehouse:
        dead = log.job(warehouse, history.failed)
    history.change(table, history.failed, update_tmstp="2100-01-01 00:00:00")
    before = history.rows(table)
    with history.open(table) as warehouse:
        assert not log.close_job(warehouse, dead, status="FAILED", reason="dead", ended_at=DIED)
        assert not log.close_job(warehouse, log.job(warehouse, history.passed), status="FAILED", reason="dead", ended_at=DIED)
        assert not log.close_job(warehouse, replace(dead, job_id="JOB_x"), status="FAILED", reason="dead", ended_at=DIED)
    assert history.rows(table) == before


def test_a_job_is_closed_once(history: History) -> None:
    table = killed(history)
    with history.open(table) as warehouse:
        dead = log.job(warehouse, history.failed)
        closed = [log.close_job(warehouse, dead, status="FAILED", reason=str(number), ended_at=DIED) for number in range(2)]
        assert closed == [True, False]
        assert log.job(warehouse, history.failed).reason == "0"


def test_a_row_without_any_value_but_its_id_is_a_job(history: History) -> None:
    table = history.copy("1 = 0")
    history.insert(table, process_step_id="JOB_bare")
    history.insert(table, process_step_id="JOB_odd", process_config_obj=[1], step_execution_obj="text", error_message_obj={})
    with history.open(table) as warehouse:
        assert {job.job_id: job for job in log.jobs(warehouse, 20)} == {
            "JOB_bare": job_from_row({"process_step_id": "JOB_bare"}),
            "JOB_odd": job_from_row({"process_step_id": "JOB_odd"}),
        }
        assert log.job(warehouse, "bare").status == "UNKNOWN"
        assert log.nodes(warehouse, "JOB_bare") == []


OLD: Row = {
    "process_step_id": "JOB_abc123",
    "record_type": "JOB",
    "execution_status_name": "FAILED",
    "execution_start_tmstp": "2025-12-10 10:00:00",
    "execution_end_tmstp": "2025-12-10 10:05:30",
    "source_obj": {"type": "DBT_JOB", "project_name": "dbt_fundamentals"},
    "destination_obj": {"target_name": "dev", "target_schema": "dbt_ajain"},
    "process_config_obj": {"invocation_id": "abc123", "project_name": "dbt_fundamentals", "target_name": "dev"},
    "destination_data_cnt_obj": {"total_models": 2, "completed": 1, "failed": 1, "running": 0},
    "step_execution_obj": {
        "current_step": "JOB_COMPLETED",
        "summary": {"total": 0, "success": 0, "error": 0, "running": 0},
        "models": [
            {
                "model_name": "stg", "database": "DEV_DB", "schema": "dbt_ajain", "status": "SUCCESS",
                "start_time": "2025-12-10 10:00:01.000", "end_time": "2025-12-10 10:01:15.000", "duration_seconds": 74,
                "error": None,
            },
            {"model_name": "dim", "status": "FAILED", "start_time": "once", "error": "no"},
        ],
    },
    "error_message_obj": [],
}  # fmt: skip


def test_a_job_of_the_first_format_has_the_nodes_in_its_own_row(history: History) -> None:
    table = history.copy("1 = 0")
    history.insert(table, **OLD)
    with history.open(table) as warehouse:
        job = log.job(warehouse, "abc")
        assert (job.job_id, job.project_name, job.target_name, job.name, job.plan) == (
            "JOB_abc123", "dbt_fundamentals", "dev", None, None,
        )  # fmt: skip
        assert (job.total, job.success, job.failed, job.skipped, job.not_run) == (2, 1, 1, 0, 0)
        assert job.duration_seconds == 330
        assert log.nodes(warehouse, "JOB_abc123") == [
            Node(
                step_id="JOB_abc123_MODEL_stg",
                unique_id=None,
                name="stg",
                record_type="MODEL",
                status="SUCCESS",
                started_at=datetime(2025, 12, 10, 10, 0, 1),
                ended_at=datetime(2025, 12, 10, 10, 1, 15),
                seconds=74,
                relation="DEV_DB.dbt_ajain.stg",
            ),
            Node("JOB_abc123_MODEL_dim", None, "dim", "MODEL", "FAILED", relation="dim", error="no"),
        ]


@pytest.mark.parametrize(
    ("unique_id", "record_type", "name"),
    [
        ("model.shop.orders", "MODEL", "orders"),
        ("model.shop.dim.v2", "MODEL", "dim.v2"),
        ("test.shop.not_null_orders_id.cf6c17daed", "TEST", "not_null_orders_id"),
        ("unit_test.shop.orders.adds_up", "UNIT_TEST", "orders.adds_up"),
        ("odd", "ODD", "odd"),
    ],
)
def test_a_planned_node_is_named_by_its_unique_id(unique_id: str, record_type: str, name: str) -> None:
    assert planned_node("JOB_1", unique_id) == Node(f"JOB_1_{record_type}_{name}", unique_id, name, record_type, "NOT_RUN")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["plan", "attempt_no", "execution_timeline", "query_result", "total_models", "message", "models"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)
COLUMNS = [
    "process_step_id", "record_type", "execution_status_name", "execution_start_tmstp", "execution_end_tmstp", "source_obj",
    "destination_obj", "process_config_obj", "source_data_cnt", "destination_data_cnt_obj", "step_execution_obj",
    "error_message_obj", "update_tmstp",
]  # fmt: skip


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from(COLUMNS), JSON | st.datetimes()))
def test_reading_a_row_never_fails(row: dict[str, Any]) -> None:
    job, node = job_from_row(row), node_from_row(row)
    assert job.not_run >= 0
    assert all(isinstance(text, str) for text in (job.job_id, job.status, node.step_id, node.name))
    assert all(isinstance(one, Node) for one in nodes_of_single_record(row))


def test_json_that_does_not_parse_counts_as_none() -> None:
    row = {
        "process_step_id": "JOB_1",
        "process_config_obj": '{"plan": [',
        "error_message_obj": "oops",
        "source_data_cnt": "many",
    }
    assert job_from_row(row) == job_from_row({"process_step_id": "JOB_1"})
