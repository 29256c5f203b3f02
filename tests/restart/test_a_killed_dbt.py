"""A dbt that dies under execlog, and one that died alone with nothing but its on-run hooks."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
import pytest

from tests.support.cron import CronProject, DuckDBInFolder, dbt_said, ended, wait_until

HANGS = "{{ config(materialized='table') }} select count(*) as id from range(10000000) a, range(100000) b"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_where_dbt_does_not_close_its_job_execlog_does(number: signal.Signals, lineage: CronProject) -> None:
    """execlog forwards SIGTERM. Of SIGKILL it hears nothing: that hits dbt itself, as the kernel does when memory is short."""
    lineage.write("models/unrelated.sql", HANGS)
    process = lineage.start_execlog("restart", "--", "run", "--select", "unrelated")
    wait_until(lambda: dbt_said(lineage, "START sql table model", "unrelated"))
    if number == signal.SIGTERM:
        process.send_signal(number)
    else:
        (dbt,) = psutil.Process(process.pid).children()
        dbt.kill()
    restart = ended(process)
    assert restart.code == 128 + number
    job, nodes = lineage.last_job()
    assert (job["execution_status_name"], job["execution_completed_ind"], nodes) == ("FAILED", "Y", [])
    assert job["step_execution_obj"]["reason"] == (
        f"dbt ended with exit code {128 + number} before the run was complete; closed by execlog restart"
    )


def test_with_on_run_hooks_alone_the_whole_plan_of_a_killed_run_remains(tmp_path: Path) -> None:
    files = {"models/done.sql": "select 1 as id", "models/hangs.sql": HANGS + " -- {{ ref('done') }}"}
    folder = tmp_path / "project"
    project = CronProject(folder, DuckDBInFolder(folder), files, level="run")
    dbt = project.start("run")
    wait_until(lambda: dbt_said(project, "START sql table model", "hangs"))
    dbt.kill()
    dbt.communicate(timeout=30)
    plan = project.plan("--", "run")
    assert (plan["decision"], plan["reason"]) == ("SELECTIVE_RETRY", "the last run died and 2 of 2 planned nodes remain")
    assert plan["nodes"] == ["model.shop.done", "model.shop.hangs"]
