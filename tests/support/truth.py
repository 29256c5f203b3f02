"""What the log must say about a run, worked out from dbt's own artifacts (run_results.json and manifest.json)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from tests.support.project import Project, Run
from tests.support.warehouses import Row

STATUS = {
    "success": "SUCCESS", "pass": "SUCCESS", "warn": "WARNING", "error": "FAILED", "fail": "FAILED", "runtime error": "FAILED",
    "skipped": "SKIPPED", "partial success": "PARTIAL_SUCCESS", "no-op": "REUSED",
}  # fmt: skip
EXECUTION_TYPE = {
    "view": "VIEW_REFRESH", "table": "TRUNCATE_FULL_LOAD", "snapshot": "SNAPSHOT_LOAD", "seed": "SEED_LOAD",
    "test": "DATA_TEST", "unit": "UNIT_TEST", "materialized_view": "MATERIALIZED_VIEW_REFRESH",
}  # fmt: skip
FAILED = ("FAILED", "PARTIAL_SUCCESS")


def assert_log_is_true(project: Project, run: Run) -> tuple[Row, dict[str, Row]]:
    """Checks the last job and its nodes against the artifacts; returns the job and the nodes by unique_id."""
    job, rows = project.last_job()
    manifest = project.manifest()
    nodes = {**manifest["nodes"], **manifest["sources"], **manifest["unit_tests"], **manifest["exposures"]}
    by_id = {row["step_execution_obj"]["unique_id"]: row for row in rows}
    assert sorted(row["step_execution_obj"]["unique_id"] for row in rows) == sorted(r["unique_id"] for r in run.results)
    assert len({row["process_step_id"] for row in rows}) == len(rows)
    for result in run.results:
        _assert_node(job, by_id[result["unique_id"]], result, nodes, project)
    _assert_job(job, rows, run, manifest)
    return job, by_id


def _assert_node(job: Row, row: Row, result: Row, nodes: dict[str, Row], project: Project) -> None:
    node = nodes[result["unique_id"]]
    kind = node["resource_type"]
    status = STATUS[result["status"]]
    step = row["step_execution_obj"]
    name = node["name"] if node["package_name"] == "shop" else f"{node['package_name']}.{node['name']}"
    if node.get("version") is not None:
        name += f".v{node['version']}"
    assert row["process_step_id"].startswith(f"{job['process_step_id']}_{kind.upper()}_{name}")
    assert row["parent_step_id"] == job["process_step_id"]
    assert row["record_type"] == kind.upper()
    assert row["execution_status_name"] == status
    assert row["execution_completed_ind"] == "Y"
    assert row["deleted_ind"] == "N"
    assert row["process_config_sk"] is None
    _assert_times(row, result, status)

    materialized = "unit" if kind == "unit_test" else node["config"].get("materialized", kind)
    expected_type = EXECUTION_TYPE.get(materialized, materialized.upper())
    if materialized == "incremental":
        expected_type = row["execution_type_name"]
        assert expected_type in ("INCREMENTAL_LOAD", "TRUNCATE_FULL_LOAD")
    assert row["execution_type_name"] == expected_type
    stored = kind not in ("test", "unit_test", "exposure") or bool(node["config"].get("store_failures"))
    assert row["destination_obj"] == {
        "database": node.get("database", project.manifest_database() if kind == "unit_test" else None),
        "schema": node.get("schema"),
        "table": node["alias"] if stored else None,
        "materialization": materialized,
        "execution_type": expected_type,
        "full_name": ".".join(filter(None, [node.get("database"), node.get("schema"), node["alias"]])) if stored else None,
    }
    assert row["source_obj"] == {
        f"source_{number}": {
            "type": {"model": "ref", "seed": "ref", "snapshot": "ref"}.get(unique_id.split(".")[0], unique_id.split(".")[0]),
            "name": _source_name(unique_id, nodes),
            "node_id": unique_id,
        }
        for number, unique_id in enumerate(node["depends_on"].get("nodes", []), 1)
    }
    assert step["model_name"] == node["name"]
    assert step["unique_id"] == result["unique_id"]
    assert step["dbt_status"] == result["status"]
    assert step["thread_id"] == result["thread_id"]
    assert step["failures"] == result["failures"]
    assert abs(step["execution_time_seconds"] - result["execution_time"]) < 0.001
    query_id = result["adapter_response"].get("query_id")
    assert step["query_id_start"] == query_id
    assert step["query_id_end"] == query_id
    _assert_timeline(row, result, status)
    if status in FAILED:
        (error,) = row["error_message_obj"]
        assert error == {"unique_id": result["unique_id"], "model_name": node["name"], "message": result["message"]}
    else:
        assert row["error_message_obj"] == []


def _assert_times(row: Row, result: Row, status: str) -> None:
    start, end = row["execution_start_tmstp"], row["execution_end_tmstp"]
    assert (row["extract_start_tmstp"], row["extract_end_tmstp"]) == (start, end)
    assert row["insert_tmstp"] <= row["update_tmstp"]
    if not result["timing"]:
        assert (start, end) == (None, None)
        return
    assert start <= end
    ran = [datetime.fromisoformat(t[key].rstrip("Z")) for t in result["timing"] for key in ("started_at", "completed_at")]
    assert min(ran) - timedelta(seconds=1) < start < max(ran) + timedelta(seconds=1)
    assert abs((end - max(ran)).total_seconds()) < 1.5
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    assert now - timedelta(minutes=10) < end < now + timedelta(seconds=1)
    for timing in result["timing"]:
        for ours, theirs in (("started_at", "started_at"), ("completed_at", "completed_at")):
            assert row["step_execution_obj"][f"{timing['name']}_{ours}"] == timing[theirs].rstrip("Z")


def _assert_timeline(row: Row, result: Row, status: str) -> None:
    timeline = row["step_execution_obj"]["execution_timeline"]
    if not result["timing"]:
        assert timeline == []
        return
    first, last = timeline
    assert [entry["step_number"] for entry in timeline] == [1, 2]
    assert [entry["step_type"] for entry in timeline] == ["MODEL_START", "MODEL_COMPLETE"]
    assert datetime.fromisoformat(first["timestamp"]) == row["execution_start_tmstp"]
    assert datetime.fromisoformat(last["timestamp"]) == row["execution_end_tmstp"]
    assert last["query_result"]["execution_status"] == status
    assert last["query_result"]["rows_in_destination"] == row["source_data_cnt"]
    assert last["query_id"] == result["adapter_response"].get("query_id")


def _assert_job(job: Row, rows: list[Row], run: Run, manifest: Row) -> None:
    statuses = [row["execution_status_name"] for row in rows]
    failed = sum(status in FAILED for status in statuses)
    skipped = statuses.count("SKIPPED")
    done = len(statuses) - failed - skipped
    invocation_id = manifest["metadata"]["invocation_id"]
    status = "SUCCESS" if run.code == 0 else "FAILED"
    assert job["process_step_id"] == f"JOB_{invocation_id}"
    assert job["parent_step_id"] is None
    assert job["execution_status_name"] == status
    assert job["execution_completed_ind"] == "Y"
    assert job["execution_type_name"] == "DBT_JOB_RUN"
    assert job["execution_start_tmstp"] <= job["execution_end_tmstp"]
    assert job["source_obj"] == {"type": "DBT_JOB", "project_name": manifest["metadata"]["project_name"]}
    assert job["destination_data_cnt_obj"] == {
        "total_models": len(rows), "completed": done, "successful_models": done, "failed": failed, "failed_models": failed,
        "skipped_models": skipped, "running": 0,
    }  # fmt: skip
    assert job["source_data_cnt"] == sum(row["source_data_cnt"] or 0 for row in rows)
    step = job["step_execution_obj"]
    assert step["current_step"] == "JOB_COMPLETED"
    assert step["job_status"] == status
    assert step["summary"] == {"total": len(rows), "success": done, "error": failed, "skipped": skipped, "running": 0}
    assert [entry["step_type"] for entry in step["execution_timeline"]] == ["JOB_START", "JOB_COMPLETE"]
    start, end = (datetime.fromisoformat(entry["timestamp"]) for entry in step["execution_timeline"])
    assert (start, end) == (job["execution_start_tmstp"], job["execution_end_tmstp"])
    assert {error["unique_id"] for error in job["error_message_obj"]} == {
        row["step_execution_obj"]["unique_id"] for row in rows if row["execution_status_name"] in FAILED
    }
    config = job["process_config_obj"]
    assert config["invocation_id"] == invocation_id
    assert config["dbt_version"] == manifest["metadata"]["dbt_version"]


def _source_name(unique_id: str, nodes: dict[str, Any]) -> str:
    node = nodes.get(unique_id)
    if node is None:
        return ".".join(unique_id.split(".")[2:])
    return f"{node['source_name']}.{node['name']}" if node["resource_type"] == "source" else str(node["name"])
