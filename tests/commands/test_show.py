"""`execlog show`."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from click.testing import CliRunner

from exec_logger.cli import cli
from exec_logger.commands.show import command
from tests.conftest import WAREHOUSES
from tests.support.history import History, history_on
from tests.support.warehouses import Row


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.xdist_group(f"history-{name}")) for name in WAREHOUSES])
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> History:
    return history_on(request.param, request, tmp_path_factory)


def iso(time: Any) -> str | None:
    return f"{time:%Y-%m-%dT%H:%M:%S.%fZ}" if time else None


def shown_node(row: Row) -> dict[str, Any]:
    """What JSON must say of a node, from its row."""
    step = row["step_execution_obj"]
    return {
        "step_id": row["process_step_id"],
        "unique_id": step["unique_id"],
        "name": step["model_name"],
        "record_type": row["record_type"],
        "status": row["execution_status_name"],
        "execution_type": row["execution_type_name"],
        "materialization": row["destination_obj"]["materialization"],
        "started_at": iso(row["execution_start_tmstp"]),
        "ended_at": iso(row["execution_end_tmstp"]),
        "updated_at": iso(row["update_tmstp"]),
        "seconds": step["execution_time_seconds"],
        "rows": row["source_data_cnt"],
        "rows_affected": next(
            (entry["query_result"]["rows_affected"] for entry in step["execution_timeline"] if "query_result" in entry), None
        ),
        "relation": row["destination_obj"]["full_name"],
        "error": row["error_message_obj"][0]["message"] if row["error_message_obj"] else None,
        "dbt_status": step["dbt_status"],
        "query_id": step["query_id_end"],
        "timeline": step["execution_timeline"],
    }


NAMES = ["done", "not_null_done_id", "broken", "behind"]


def node_rows(history: History) -> list[Row]:
    """Those of the failed run, in the order in which they ran."""
    rows = {row["step_execution_obj"]["model_name"]: row for row in history.rows() if row["parent_step_id"] == history.failed}
    return [rows[name] for name in NAMES]


def test_json_holds_the_job_and_its_nodes(history: History) -> None:
    row = next(row for row in history.rows() if row["process_step_id"] == history.failed)
    config = dict(row["process_config_obj"])
    plan = config.pop("plan")
    start, end = row["execution_start_tmstp"], row["execution_end_tmstp"]
    result = history.execlog(command, history.failed, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "job": {
            "job_id": history.failed,
            "invocation_id": history.failed.removeprefix("JOB_"),
            "project_name": "shop",
            "target_name": "test",
            "name": "build",
            "command": "build",
            "status": "FAILED",
            "run_type": "FULL_BUILD",
            "attempt_no": 1,
            "restart_of": None,
            "started_at": iso(start),
            "ended_at": iso(end),
            "updated_at": iso(row["update_tmstp"]),
            "duration_seconds": (end - start).total_seconds(),
            "rows": 2,
            "total": 4,
            "success": 2,
            "failed": 1,
            "skipped": 1,
            "running": 0,
            "not_run": 0,
            "reason": "1 of 4 nodes failed",
            "errors": row["error_message_obj"],
            "config": config,
            "plan": plan,
            "timeline": row["step_execution_obj"]["execution_timeline"],
        },
        "nodes": [shown_node(row) for row in node_rows(history)],
    }


def test_csv_has_the_nodes_without_their_timelines(history: History) -> None:
    rows = list(csv.DictReader(io.StringIO(history.execlog(command, history.failed, "--csv").stdout)))
    nodes = [shown_node(row) for row in node_rows(history)]
    for node in nodes:
        del node["timeline"]
        node["seconds"] = float(node["seconds"])
    assert rows == [{name: "" if value is None else str(value) for name, value in node.items()} for node in nodes]


def test_the_last_run_is_shown_by_default(history: History) -> None:
    assert json.loads(history.execlog(command, "--json").stdout)["job"]["job_id"] == history.passed


def test_a_pipe_gets_aligned_text_and_the_whole_messages(history: History) -> None:
    rows = node_rows(history)
    job = next(row for row in history.rows() if row["process_step_id"] == history.failed)
    duration = (job["execution_end_tmstp"] - job["execution_start_tmstp"]).total_seconds()
    seconds = [row["step_execution_obj"]["execution_time_seconds"] for row in rows]
    shown = [f"{second:.2f}" if second else "" for second in seconds]
    message = rows[2]["error_message_obj"][0]["message"]
    result = history.execlog(command, history.failed.removeprefix("JOB_")[:10])
    assert [line.rstrip() for line in result.stdout.splitlines()] == [
        f"run       {history.failed.removeprefix('JOB_')}",
        "project   shop on test",
        "job       build",
        "status    FAILED: 1 of 4 nodes failed",
        "type      full",
        f"started   {job['execution_start_tmstp']:%Y-%m-%d %H:%M:%S} UTC",
        f"duration  {duration:.2f}s",
        "nodes     4: 2 ok, 1 failed, 1 skipped",
        "rows      2",
        "",
        "record  name              status   type                rows  seconds",
        f"MODEL   done              SUCCESS  TRUNCATE_FULL_LOAD     2  {shown[0]:>7}".rstrip(),
        f"TEST    not_null_done_id  SUCCESS  DATA_TEST                 {shown[1]:>7}".rstrip(),
        f"MODEL   broken            FAILED   TRUNCATE_FULL_LOAD        {shown[2]:>7}".rstrip(),
        f"MODEL   behind            SKIPPED  VIEW_REFRESH              {shown[3]:>7}".rstrip(),
        "",
        "broken:",
        *(f"  {line}".rstrip() for line in message.splitlines()),
    ]


def test_only_what_failed(history: History) -> None:
    found = json.loads(history.execlog(command, history.failed, "--failed", "--json").stdout)
    assert [node["name"] for node in found["nodes"]] == ["broken"]
    result = history.execlog(command, history.passed, "--failed")
    assert (result.exit_code, result.stderr) == (0, "No node failed.\n")


def test_the_timeline_tells_what_happened_when(history: History) -> None:
    rows = list(csv.DictReader(io.StringIO(history.execlog(command, history.failed, "--timeline", "--csv").stdout)))
    assert list(rows[0]) == ["timestamp", "step_id", "step_type", "level", "title", "query_id"]
    times = [row["timestamp"] for row in rows]
    assert times == sorted(times)
    assert [row["title"] for row in rows if row["step_id"].partition(history.failed)[2] in ("", "_MODEL_done")] == [
        "Job Started: shop",
        "Model Started: done",
        "Model Completed: done",
        "Job Failed: shop",
    ]
    lines = history.execlog(command, history.failed, "--timeline", "--failed").stdout.splitlines()
    assert [line.split()[-3:] for line in lines[lines.index("") + 2 :][:2]] == [
        ["Model", "Started:", "broken"],
        ["Model", "Failed:", "broken"],
    ]


def test_what_was_planned_and_never_started_comes_last(history: History) -> None:
    table = history.copy(f"process_step_id not like '{history.failed}_%' or process_step_id like '%MODEL_done'")
    history.change(table, history.failed, destination_data_cnt_obj={"total_models": 4, "successful_models": 1})
    nodes = json.loads(history.execlog(command, history.failed, "--json", table=table).stdout)["nodes"]

    assert [(node["name"], node["record_type"], node["status"]) for node in nodes] == [
        ("done", "MODEL", "SUCCESS"),
        ("behind", "MODEL", "NOT_RUN"),
        ("broken", "MODEL", "NOT_RUN"),
        ("not_null_done_id", "TEST", "NOT_RUN"),
    ]


def test_what_failed_beside_the_nodes_is_told(history: History) -> None:
    table = history.copy("1 = 0")
    history.insert(
        table, process_step_id="JOB_1", record_type="JOB", execution_status_name="FAILED",
        error_message_obj=[{"unique_id": None, "model_name": None, "message": "it was\x1b[31m killed\nat noon"}],
    )  # fmt: skip
    result = history.execlog(command, table=table)
    assert result.stderr == "The log has no nodes of this run.\n"
    assert result.stdout.splitlines()[-4:] == ["", "the run:", "  it was killed", "  at noon"]


def test_an_empty_log_is_told_kindly(history: History) -> None:
    table = history.copy("1 = 0")
    with history.open(table) as warehouse:
        said = f"No run in {warehouse.table} yet.\n"
    for options, data in (([], ""), (["--json"], '{\n  "job": null,\n  "nodes": []\n}\n')):
        result = history.execlog(command, *options, table=table)
        assert (result.exit_code, result.stdout, result.stderr) == (0, data, said)


@pytest.mark.parametrize("name", ["runs", "show"])
def test_the_help_ends_with_an_example(name: str) -> None:
    assert f"Example: execlog {name} " in CliRunner().invoke(cli, [name, "--help"]).stdout
