"""What the views say of real runs, on all three warehouses."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from tests.models.conftest import Viewed
from tests.support.project import REPOSITORY

VIEWS = sorted(path.stem for folder in ("log", "restart") for path in (REPOSITORY / "models" / folder).glob("*.sql"))


def parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def test_the_views_stand_beside_the_log_and_are_not_logged(viewed: Viewed) -> None:
    found = viewed.ask(
        "select table_name as name from information_schema.views"
        f" where lower(table_schema) = lower('{viewed.project.warehouse.schema}')"
    )
    assert sorted(row["name"].lower() for row in found if row["name"].lower() in VIEWS) == VIEWS
    assert viewed.ask("select * from execution_nodes where package_name = 'exec_logger'") == []


def test_a_build_of_the_views_tests_their_keys_and_leaves_our_unit_tests_out(viewed: Viewed) -> None:
    """dbt would run those of a package, too, on a database for which they were not written."""
    build = viewed.project.dbt("build", "--select", "package:exec_logger", "--vars", "{execlog_models: true}")
    assert build.code == 0, build.output
    kinds = Counter((result["unique_id"].split(".")[0], result["status"]) for result in build.results)
    assert set(kinds) == {("model", "success"), ("test", "pass")}
    assert kinds["test", "pass"] >= 2 * len(VIEWS)


def test_a_job_reads_as_it_was_called(viewed: Viewed) -> None:
    (job,) = viewed.ask(f"select * from execution_jobs where job_id = '{viewed.failed}'")
    assert (job["invocation_id"], job["project_name"], job["target_name"], job["job_name"], job["command"]) == (
        viewed.failed.removeprefix("JOB_"), "shop", "test", "build", "build",
    )  # fmt: skip
    assert (job["status"], job["is_completed"], job["run_type"], job["attempt_no"], job["is_full_refresh"]) == (
        "FAILED", True, "FULL_BUILD", 1, True,
    )  # fmt: skip
    # a unit test and the seed are nodes, too
    assert (job["nodes_total"], job["nodes_ok"], job["nodes_failed"], job["nodes_skipped"], job["nodes_running"]) == (
        9,
        6,
        2,
        1,
        0,
    )
    assert abs(float(job["duration_seconds"]) - (job["ended_at"] - job["started_at"]).total_seconds()) < 0.001
    assert parsed(job["vars"]) == {"day": "it's"}
    assert (job["target_type"], job["threads"]) == (viewed.project.warehouse.name, 4)


def test_the_nodes_of_a_job_have_typed_columns(viewed: Viewed) -> None:
    rows = {row["unique_id"]: row for row in viewed.ask(f"select * from execution_nodes where job_id = '{viewed.failed}'")}
    done = rows["model.shop.done"]
    assert (done["status"], done["node_name"], done["materialization"], done["table_name"], done["row_count"]) == (
        "SUCCESS", "done", "table", "done", 2,
    )  # fmt: skip
    assert done["compile_started_at"] <= done["execute_completed_at"]
    assert float(done["duration_seconds"]) > 0
    assert rows["model.shop.behind"]["status"] == "SKIPPED"
    assert [row["failures"] for unique_id, row in rows.items() if "accepted_values" in unique_id] == [1]


def test_the_timeline_the_lineage_and_the_errors_of_a_job(viewed: Viewed) -> None:
    of_job = f"where job_id = '{viewed.failed}'"
    events = viewed.ask(f"select * from execution_timeline {of_job} order by event_id")
    assert [(row["step_number"], row["step_type"]) for row in events if row["record_type"] == "JOB"] == [
        (1, "JOB_START"),
        (2, "JOB_COMPLETE"),
    ]
    done = [row for row in events if row["unique_id"] == "model.shop.done"]
    assert [(row["step_type"], row["rows_in_destination"]) for row in done] == [("MODEL_START", None), ("MODEL_COMPLETE", 2)]
    assert all(row["occurred_at"] is not None for row in events)
    sources = viewed.ask(f"select * from execution_lineage {of_job} and node_name = 'done'")
    assert [(row["source_type"], row["source_name"], row["source_unique_id"]) for row in sources] == [
        ("ref", "raw", "seed.shop.raw")
    ]
    errors = viewed.ask(f"select * from execution_errors {of_job} order by unique_id")
    assert [(row["record_type"], row["node_name"].split("_")[0]) for row in errors] == [("MODEL", "dim"), ("TEST", "accepted")]
    assert "no_such_column" in errors[0]["message"].lower()


def test_the_single_record_of_a_job(viewed: Viewed) -> None:
    (row,) = viewed.ask(f"select * from execution_job_documents where process_step_id = '{viewed.failed}'")
    assert parsed(row["destination_data_cnt_obj"]) == {"total_models": 5, "completed": 3, "failed": 1, "running": 0}
    step = parsed(row["step_execution_obj"])
    assert step["summary"] == {"total": 5, "success": 3, "error": 1, "running": 0}
    models = {
        model["model_name"]: model for model in step["models"] if model["status"] == "SUCCESS" and model["model_name"] != "dim"
    }
    assert set(models) == {"done", "tested"}
    assert set(models["done"]) == {
        "model_name", "database", "schema", "status", "start_time", "end_time", "duration_seconds", "error",
    }  # fmt: skip


def test_the_tables_of_the_restart_document(viewed: Viewed) -> None:
    run_id = viewed.failed.removeprefix("JOB_")
    (run,) = viewed.ask(f"select * from dbt_run_log where run_id = '{run_id}'")
    counts = (
        "models_selected",
        "models_run",
        "models_success",
        "models_failed",
        "models_skipped",
        "tests_run",
        "tests_passed",
        "tests_failed",
    )
    assert tuple(int(run[name]) for name in counts) == (5, 4, 3, 1, 1, 3, 2, 1)
    models = viewed.ask(f"select * from dbt_model_log where run_id = '{run_id}' order by log_id")
    assert [(row["model_name"], row["status"]) for row in models] == [
        ("behind", "SKIPPED"), ("dim", "SUCCESS"), ("dim", "ERROR"), ("done", "SUCCESS"), ("tested", "SUCCESS"),
    ]  # fmt: skip
    (history,) = viewed.ask(f"select * from v_auto_restart_history where run_id = '{run_id}'")
    assert (history["run_type"], history["failed_models"], history["models_executed"]) == (
        "🔵 FULL BUILD",
        "dim",
        "dim, dim, done, tested",
    )


def test_the_statistics_and_the_slowest_path(viewed: Viewed) -> None:
    stats = viewed.ask("select * from execution_node_stats where project_name = 'shop' and unique_id = 'model.shop.done'")
    assert [(int(row["runs"]), int(row["failures"]), row["is_flaky"]) for row in stats] == [(2, 0, False)]
    path = viewed.ask(f"select * from execution_slowest_path where job_id = '{viewed.failed}' order by path_position")
    assert [row["path_position"] for row in path] == list(range(1, len(path) + 1))
    assert path[0]["unique_id"] in ("seed.shop.raw", "model.shop.dim.v1")
    ended = viewed.ask(f"select max(ended_at) as last_ from execution_nodes where job_id = '{viewed.failed}'")
    assert path[-1]["ended_at"] == ended[0]["last_"]
