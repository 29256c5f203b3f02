"""`execlog runs`."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from exec_logger import log
from exec_logger.commands.runs import command, short_ids
from tests.conftest import WAREHOUSES
from tests.support.history import History, history_on

EXECLOG = Path(sys.executable).with_name("execlog")


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.xdist_group(f"history-{name}")) for name in WAREHOUSES])
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> History:
    return history_on(request.param, request, tmp_path_factory)


@pytest.fixture
def duckdb_history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> History:
    return history_on("duckdb", request, tmp_path_factory)


on_duckdb = pytest.mark.xdist_group("history-duckdb")


def listed(history: History) -> list[dict[str, Any]]:
    """What JSON must say, from the rows."""
    found = []
    for row in history.rows():
        if row["record_type"] == "JOB":
            config, start, end = row["process_config_obj"], row["execution_start_tmstp"], row["execution_end_tmstp"]
            found.append(
                {
                    "job_id": row["process_step_id"],
                    "invocation_id": config["invocation_id"],
                    "project_name": "shop",
                    "target_name": "test",
                    "name": config["job_name"],
                    "command": config["command"],
                    "status": row["execution_status_name"],
                    "run_type": "FULL_BUILD",
                    "attempt_no": 1,
                    "restart_of": None,
                    "started_at": f"{start:%Y-%m-%dT%H:%M:%S.%fZ}",
                    "ended_at": f"{end:%Y-%m-%dT%H:%M:%S.%fZ}",
                    "updated_at": f"{row['update_tmstp']:%Y-%m-%dT%H:%M:%S.%fZ}",
                    "duration_seconds": (end - start).total_seconds(),
                    "rows": 2,
                    "running": 0,
                    "not_run": 0,
                    "reason": row["step_execution_obj"]["reason"],
                }
            )
    counts = ({"total": 4, "success": 2, "failed": 1, "skipped": 1}, {"total": 1, "success": 1, "failed": 0, "skipped": 0})
    return [job | count for job, count in zip(found, counts, strict=True)][::-1]


def test_json_lists_the_jobs(history: History) -> None:
    result = history.execlog(command, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == listed(history)


def test_csv_has_the_same_fields_as_json(history: History) -> None:
    rows = list(csv.DictReader(io.StringIO(history.execlog(command, "--csv").stdout)))
    jobs = json.loads(history.execlog(command, "--json").stdout)
    assert [list(row) for row in rows] == [list(job) for job in jobs]
    assert rows == [{name: "" if value is None else str(value) for name, value in job.items()} for job in jobs]


def test_a_pipe_gets_aligned_text(history: History) -> None:
    shown = []
    for job in listed(history):
        took = f"{job['duration_seconds']:.2f}s"
        shown.append((job["invocation_id"][:8], job["started_at"][:19].replace("T", " "), f"{took:>8}"))
    (passed, passed_at, passed_took), (failed, failed_at, failed_took) = shown
    assert history.execlog(command).stdout.splitlines() == [
        "run       job                status   type  started (UTC)        duration  ok  failed  skipped  not run  rows",
        f"{passed}  run --select done  SUCCESS  full  {passed_at}  {passed_took}   1       0        0        0     2",
        f"{failed}  build              FAILED   full  {failed_at}  {failed_took}   2       1        1        0     2",
    ]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["-n", "1"], ["run --select done"]),
        (["--job", "build"], ["build"]),
        (["--status", "failed"], ["build"]),
        (["--status", "SUCCESS", "--job", "build"], []),
    ],
)
def test_options_choose(history: History, options: list[str], names: list[str]) -> None:
    result = history.execlog(command, "--json", *options)
    assert [job["name"] for job in json.loads(result.stdout)] == names
    assert result.stderr == ("" if names else f"No run in {table_of(history)} matches.\n")


def test_an_empty_log_is_told_kindly(history: History) -> None:
    table = history.copy("1 = 0")
    said = f"No run in {table_of(history, table)} yet.\n"
    for options, data in (([], ""), (["--json"], "[]\n")):
        result = history.execlog(command, *options, table=table)
        assert (result.exit_code, result.stdout, result.stderr) == (0, data, said)
    assert len(history.execlog(command, "--csv", table=table).stdout.splitlines()) == 1


def test_a_running_job_shows_its_progress_so_far(history: History) -> None:
    table = history.copy()
    history.change(
        table, history.failed, execution_status_name="RUNNING", execution_end_tmstp=None,
        destination_data_cnt_obj={"total_models": 5},
    )  # fmt: skip
    history.change(table, f"{history.failed}_MODEL_behind", execution_status_name="RUNNING")
    with history.open() as warehouse:
        now = log.now(warehouse)
    job = json.loads(history.execlog(command, "--json", table=table).stdout)[1]
    running = listed(history)[1] | {"status": "RUNNING", "ended_at": None, "total": 5, "skipped": 0, "running": 1, "not_run": 1}
    so_far = (now - datetime.fromisoformat(running["started_at"].rstrip("Z"))).total_seconds()
    assert so_far <= job["duration_seconds"] < so_far + 60
    assert job | {"duration_seconds": 0} == running | {"duration_seconds": 0}
    assert history.execlog(command, table=table).stdout.splitlines()[0].split()[-8:] == [
        "duration", "ok", "failed", "skipped", "running", "not", "run", "rows",
    ]  # fmt: skip


@on_duckdb
def test_what_differs_gets_a_column(duckdb_history: History) -> None:
    history, table = duckdb_history, duckdb_history.copy()
    history.insert(
        table, process_step_id="JOB_other", record_type="JOB", execution_status_name="RUNNING",
        process_config_obj={"project_name": "warehouse", "target_name": "prod", "run_type": "SELECTIVE_RETRY", "attempt_no": 3},
    )  # fmt: skip
    lines = history.execlog(command, table=table).stdout.splitlines()
    assert lines[0].split()[:6] == ["run", "project", "target", "job", "status", "type"]
    assert lines[3].split() == ["other", "warehouse", "prod", "RUNNING", "retry", "#2", "0", "0", "0", "0", "0"]


HOSTILE = "[red]a\x1b[31mb[/red]\nc\x07\u202e \x9b32md\x1b]0;title\x07"


@on_duckdb
def test_no_name_acts_on_the_terminal(duckdb_history: History) -> None:
    history, table = duckdb_history, duckdb_history.copy("1 = 0")
    history.insert(
        table, process_step_id="JOB_1", record_type="JOB", execution_status_name="FAILED",
        process_config_obj={"job_name": HOSTILE},
    )  # fmt: skip
    for output in (
        history.execlog(command, table=table).stdout,
        on_a_terminal(history, "runs", "--log-table", table, NO_COLOR="1"),
    ):
        assert "[red]ab[/red] c 32md" in output
    assert json.loads(history.execlog(command, "--json", table=table).stdout)[0]["name"] == HOSTILE


@on_duckdb
def test_a_terminal_gets_a_table_in_colours_unless_they_are_unwanted(duckdb_history: History) -> None:
    table = on_a_terminal(duckdb_history, "runs")
    assert "━━━" in table or "───" in table
    assert "\x1b[32mSUCCESS" in table
    assert "\x1b[1;31mFAILED" in table
    plain = on_a_terminal(duckdb_history, "runs", NO_COLOR="1")
    assert "\x1b[32m" not in plain
    assert "\x1b[1;31m" not in plain
    assert "FAILED" in plain


@on_duckdb
def test_a_narrow_terminal_gets_the_columns_that_matter_most(duckdb_history: History) -> None:
    lines = on_a_terminal(duckdb_history, "runs", NO_COLOR="1", TERM="dumb", COLUMNS="80").splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[0].split() == ["run", "job", "status", "started", "(UTC)", "duration", "ok", "failed"]
    assert [line.split()[1:3] for line in lines if "FAILED" in line] == [["build", "FAILED"]]


@on_duckdb
def test_a_reader_that_has_seen_enough_is_no_error(duckdb_history: History) -> None:
    history, table = duckdb_history, duckdb_history.copy("1 = 0")
    history.project.warehouse.execute(
        f"insert into {table} (process_step_id, record_type) select 'JOB_' || i, 'JOB' from range(5000) as numbers (i)"
    )
    arguments = f"runs -n 5000 --json --log-table {table}"
    shell = f"{EXECLOG} {arguments} | head -n 1"
    result = subprocess.run(
        ["bash", "-o", "pipefail", "-c", shell],
        cwd=history.project.folder, env=environment(history), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (result.returncode, result.stdout, result.stderr) == (0, "[\n", "")


@pytest.mark.parametrize(
    ("ids", "short"),
    [
        (["0123456789", "abcdefghij"], ["01234567", "abcdefgh"]),
        (["0123456789", "0123456788"], ["0123456789", "0123456788"]),
        (["012345678x", "012345679x"], ["012345678", "012345679"]),
        (["a", "b"], ["a", "b"]),
        (["0123456789", "0123456789"], ["01234567", "01234567"]),
    ],
)
def test_short_ids_tell_the_jobs_apart(ids: list[str], short: list[str]) -> None:
    assert short_ids(ids) == short


def table_of(history: History, table: str = "process_execution_log") -> str:
    with history.open(table) as warehouse:
        return warehouse.table


def environment(history: History) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**kept, "DBT_PROFILES_DIR": str(history.project.folder), "TERM": "xterm", "COLUMNS": "200"}


def on_a_terminal(history: History, *args: str, **variables: str) -> str:
    """What a terminal of 200 columns gets."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [EXECLOG, *args], cwd=history.project.folder, env={**environment(history), **variables}, stdout=theirs, stdin=theirs
    )
    os.close(theirs)
    output = b""
    started = datetime.now()
    try:
        while chunk := os.read(ours, 65536):
            output += chunk
            assert datetime.now() - started < timedelta(seconds=60)
    except OSError:
        pass  # Linux says so when the other side is closed
    finally:
        os.close(ours)
    assert process.wait(60) == 0
    return output.decode().replace("\r\n", "\n")
