"""Full refresh, vars and the name of the job come from the run that failed; values that are not stored are asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from tests.restart.conftest import LINEAGE
from tests.support.cron import CronProject, DuckDBInFolder, Ended, shorts
from tests.support.warehouses import Row

pytestmark = pytest.mark.xdist_group("restart_carries_over")

FILES = LINEAGE | {"models/dm_reconciliation.sql": "select {{ var('column') }} as id from {{ ref('stg_orders') }}"}
SECRET = "hush-hush"


@dataclass
class Restarted:
    without_the_token: Ended
    jobs_then: int
    restart: Ended
    config: Row
    ran: dict[str, str]


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Restarted:
    folder = tmp_path_factory.mktemp("carried") / "project"
    named = {"vars": {"execlog_job_name": "nightly"}}
    project = CronProject(folder, DuckDBInFolder(folder), FILES, level="durable", config=named)
    variables = {"column": "idd", "region": "north", "api_token": SECRET}
    run = project.dbt("build", "--full-refresh", "--exclude", "unrelated", "--vars", json.dumps(variables))
    assert run.code == 1, run.output
    without = project.restart()
    jobs = len(project.jobs())
    restart = project.restart("--", "build", "--vars", json.dumps({"column": "id", "api_token": SECRET}))
    job, _ = project.last_job()
    return Restarted(without, jobs, restart, job["process_config_obj"], project.ran())


def test_vars_that_are_not_stored_are_asked_for_in_one_line(restarted: Restarted) -> None:
    asked = restarted.without_the_token
    assert (asked.code, asked.stdout) == (78, "")
    assert asked.stderr == (
        "execlog: the last run had vars whose values are not stored: api_token."
        ' Give them: execlog restart -- COMMAND --vars \'{"api_token": "…"}\'.\n'
    )
    assert restarted.jobs_then == 1


def test_the_vars_of_the_failed_run_are_used_again_and_given_ones_come_first(restarted: Restarted) -> None:
    assert restarted.restart.code == 0, restarted.restart
    assert restarted.config["vars"] == {"column": "id", "region": "north", "api_token": "***"}
    assert restarted.ran == {"model.dm_reconciliation": "SUCCESS", "model.agg_by_customer": "SUCCESS"}


def test_a_full_refresh_stays_one(restarted: Restarted) -> None:
    assert restarted.config["full_refresh"] is True


def test_a_job_is_found_by_the_name_that_the_project_gives_it(restarted: Restarted) -> None:
    assert (restarted.config["job_name"], restarted.config["attempt_no"]) == ("nightly", 2)


def test_values_of_vars_stay_out_of_what_execlog_says(restarted: Restarted) -> None:
    assert restarted.restart.said[-1].endswith(" --vars '…'")
    assert SECRET not in restarted.restart.stdout + restarted.restart.stderr


def test_the_vars_of_a_full_build_reach_dbt_as_they_were_given(lineage: CronProject) -> None:
    given = "{day: 2026-01-02, smile: 😀, tiny: 0.0000001}"
    command = lineage.plan("--job", "another", "--", "build", "--vars", given)["command"]
    assert command[1:] == ["build", "--vars", given]


def test_types_that_are_given_take_nothing_away_from_what_remains(lineage: CronProject) -> None:
    planned = lineage.plan("--job", "build", "--", "build", "--exclude-resource-type", "model", "--fail-fast")
    assert shorts(planned["nodes"]) == ["model.agg_by_customer", "model.dm_reconciliation"]
    assert planned["command"][1:3] == ["build", "--fail-fast"]
    assert "--exclude-resource-type" not in planned["command"]


def test_types_make_another_job(lineage: CronProject) -> None:
    assert lineage.plan("--", "build", "--resource-type", "model")["job"] is None
