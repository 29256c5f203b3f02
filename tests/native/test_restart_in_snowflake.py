"""RUN_DBT_AUTO_RESTART itself, called on the stand-in, which starts the real dbt. The clock is moved by moving rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from snowflake.connector.errors import ProgrammingError

from tests.native.shop import BROKEN, MENDED, NAMES, Shop

pytestmark = pytest.mark.xdist_group("native")

SELECTOR = (
    "resource_type:model,package:shop,fqn:*.broke[n] resource_type:model,package:shop,fqn:*.we[!0-9A-Za-z_]ir[d]"
    " resource_type:test,package:shop,fqn:*.broken_has_row[s]"
)
VARS = """--vars '{note: it'"'"'s $$ odd}'"""
STORED_VARS = """--vars '{"note":"it'"'"'s $$ odd"}'"""
RETRY = f"build {STORED_VARS} --target 'test' --threads 4 --indirect-selection empty --select '{SELECTOR}'"


@pytest.fixture(scope="module")
def failed(shop: Shop) -> str:
    """The id of the first run, which the task started."""
    shop.project.write("models/broken.sql", BROKEN)
    with shop.runs() as runs, pytest.raises(ProgrammingError, match="dbt failed with exit code 1"):
        shop.sql("execute task nightly")
    (run,) = runs
    assert run.args == f"build {VARS} --target 'test'"
    assert run.env_vars == {"DBT_EXECLOG_JOB": "build", "DBT_EXECLOG_RUN_TYPE": "FULL_BUILD"}
    job, _ = shop.project.last_job()
    return str(job["process_step_id"])


@pytest.fixture
def idle_dbt(shop: Shop, tmp_path: Path) -> Iterator[None]:
    """A dbt that ends well and does nothing, where only the decision is of interest."""
    program = tmp_path / "dbt"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    shop.standin.register_dbt_project(shop.object, shop.project.folder, program)
    yield
    shop.deploy()


def test_the_first_run_is_a_full_build_and_its_failure_is_the_tasks(shop: Shop, failed: str) -> None:
    assert shop.nodes(failed) == {
        "aside": "SUCCESS",
        "base": "SUCCESS",
        "broken": "FAILED",
        "broken_has_rows": "SKIPPED",
        "we$ird": "SKIPPED",
    }
    config = shop.job(failed)["process_config_obj"]
    assert (config["job_name"], config["run_type"], config["attempt_no"]) == ("build", "FULL_BUILD", 1)


def test_a_failure_that_only_the_result_tells_raises_too(shop: Shop, failed: str) -> None:
    shop.copy_job(failed, "told")
    shop.deploy(raises=False)
    with shop.runs() as runs:
        assert "exec_logger: dbt failed" in shop.error(job_name="told")
    shop.deploy()
    (run,) = runs
    assert (run.exit_code, run.args) == (1, RETRY)
    job, nodes = shop.project.last_job()
    config = job["process_config_obj"]
    assert (job["execution_status_name"], config["restart_of"], config["attempt_no"]) == ("FAILED", "JOB_told", 2)
    assert len(nodes) == len(NAMES)


def test_a_retry_runs_exactly_what_remains(shop: Shop, failed: str) -> None:
    shop.copy_job(failed, "mended")
    shop.project.write("models/broken.sql", MENDED)
    with shop.runs() as runs:
        assert shop.call(job_name="mended") == f"SELECTIVE_RETRY: dbt {RETRY}"
    assert [run.env_vars for run in runs] == [
        {
            "DBT_EXECLOG_JOB": "mended",
            "DBT_EXECLOG_RUN_TYPE": "SELECTIVE_RETRY",
            "DBT_EXECLOG_ATTEMPT": "2",
            "DBT_EXECLOG_RESTART_OF": "JOB_mended",
        }
    ]
    job, _ = shop.project.last_job()
    assert shop.nodes(job["process_step_id"]) == dict.fromkeys(NAMES, "SUCCESS")
    config = job["process_config_obj"]
    assert (config["job_name"], config["run_type"], config["attempt_no"]) == ("mended", "SELECTIVE_RETRY", 2)
    assert shop.warehouse.query('select note from "WE$IRD"') == [{"note": "it's $$ odd"}]


def test_a_dead_job_is_closed_and_taken_up(shop: Shop, failed: str) -> None:
    dead = shop.copy_job(failed, "it's dead \\", hours_ago=2)
    shop.warehouse.execute(
        "update process_execution_log"
        " set execution_status_name = 'RUNNING', execution_completed_ind = 'N', execution_end_tmstp = null"
        f" where process_step_id in ('{dead}', '{dead}_MODEL_broken')"
    )
    shop.project.write("models/broken.sql", MENDED)
    assert shop.call(job_name="it's dead \\").startswith("SELECTIVE_RETRY: dbt build")
    rows = [row for row in shop.project.log() if dead in (row["process_step_id"], row["parent_step_id"])]
    closed = [row for row in rows if row["execution_status_name"] == "FAILED"]
    assert [row["record_type"] for row in closed] == ["JOB", "MODEL"]
    for row in closed:
        assert row["execution_completed_ind"] == "Y"
        assert row["execution_end_tmstp"] < row["update_tmstp"]
        assert [error["message"] for error in row["error_message_obj"]] == ["dbt died; closed by execlog"]
    # by which a restart knows that a job without a plan has left things undone that nobody knows
    assert closed[0]["step_execution_obj"]["reason"] == "dbt died; closed by execlog"
    job, _ = shop.project.last_job()
    assert (job["process_config_obj"]["job_name"], job["execution_status_name"]) == ("it's dead \\", "SUCCESS")


@pytest.mark.usefixtures("idle_dbt")
@pytest.mark.parametrize(
    ("name", "hours_ago", "attempt_no", "limits", "decision"),
    [
        ("fresh", 23.9, 3, {}, "SELECTIVE_RETRY"),
        ("spent", 1, 4, {}, "FULL_BUILD"),
        ("spent by its limit", 1, 2, {"max_retries": 1}, "FULL_BUILD"),
        ("not spent by its limit", 1, 4, {"max_retries": 4}, "SELECTIVE_RETRY"),
        ("stale", 24.1, 1, {}, "FULL_BUILD"),
        ("stale by its limit", 1, 1, {"max_retry_age_hours": 0.5}, "FULL_BUILD"),
        ("not stale by its limit", 30, 1, {"max_retry_age_hours": 48}, "SELECTIVE_RETRY"),
    ],
)
def test_the_arguments_are_the_limits(  # noqa: PLR0917
    shop: Shop, failed: str, name: str, hours_ago: float, attempt_no: int, limits: dict[str, float], decision: str
) -> None:
    job_id = shop.copy_job(failed, name, hours_ago=hours_ago, attempt_no=attempt_no)
    with shop.runs() as runs:
        returned = shop.call(job_name=name, dbt_command="build --select tag:nightly", **limits)
    args = RETRY if decision == "SELECTIVE_RETRY" else "build --select tag:nightly --target 'test'"
    variables = {"DBT_EXECLOG_JOB": name, "DBT_EXECLOG_RUN_TYPE": decision}
    if decision == "SELECTIVE_RETRY":
        variables |= {"DBT_EXECLOG_ATTEMPT": str(attempt_no + 1), "DBT_EXECLOG_RESTART_OF": job_id}
    assert returned == f"{decision}: dbt {args}"
    assert [(run.args, run.env_vars) for run in runs] == [(args, variables)]


@pytest.mark.usefixtures("idle_dbt")
def test_without_a_name_the_job_is_known_by_its_command(shop: Shop, failed: str) -> None:
    shop.copy_job(failed, "run --select base")
    assert shop.call(project_name="shop", dbt_command="run --select base").startswith("SELECTIVE_RETRY: dbt build")
    assert shop.call(dbt_command="run --select aside") == "FULL_BUILD: dbt run --select aside --target 'test'"


def test_beside_a_live_run_nothing_is_started(shop: Shop, failed: str) -> None:
    job_id = shop.copy_job(failed, "live", hours_ago=0.9)
    running = f"update process_execution_log set execution_status_name = 'RUNNING' where process_step_id = '{job_id}'"
    shop.warehouse.execute(running)
    before = shop.project.log()
    with shop.runs() as runs:
        assert shop.call(job_name="live") == f"BUSY: {job_id} still runs. Nothing was started."
    assert (runs, shop.project.log()) == ([], before)


def test_vars_whose_values_are_not_stored_raise(shop: Shop, failed: str) -> None:
    shop.copy_job(failed, "hidden", vars={"token": "***"}, vars_hidden=["token"])
    with shop.runs() as runs:
        assert "vars whose values are not stored" in shop.error(job_name="hidden")
    assert runs == []
