"""The job that is restarted is the last one of its name, whatever else ran since."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.cron import CronProject, shorts
from tests.support.warehouses import Row

pytestmark = pytest.mark.xdist_group("restart_in_between")

HOURLY = ("--", "run", "--select", "stg_orders", "dm_reconciliation")
RECONCILIATION = ["model.agg_by_customer", "model.dm_reconciliation"]


@dataclass
class Plans:
    nightly: Row
    hourly: Row
    adhoc: Row
    never_ran: str
    after_dbt_retry: Row


@pytest.fixture(scope="module")
def plans(failed_lineage: CronProject, tmp_path_factory: pytest.TempPathFactory) -> Plans:
    """After the nightly build, an hourly job failed, too; then a developer ran one model. At the end there was a dbt retry."""
    project = failed_lineage.copy(tmp_path_factory.mktemp("between") / "project")
    assert project.dbt(*HOURLY[1:]).code == 1
    never_ran = project.restart("--dry-run", "--", "build", "--select", "tag:weekly").stderr
    run_results = project.folder / "target/run_results.json"
    project.write("keep/run_results.json", run_results.read_text())
    assert project.dbt("run", "--select", "unrelated").code == 0
    nightly, hourly, adhoc = project.plan(), project.plan(*HOURLY), project.plan("--last")
    assert project.dbt("retry", "--state", "keep").code == 1
    return Plans(nightly, hourly, adhoc, never_ran, project.plan("--last"))


def test_neither_a_developers_run_nor_another_job_confuses_the_nightly_one(plans: Plans) -> None:
    assert (plans.nightly["decision"], plans.nightly["job"]["name"]) == ("SELECTIVE_RETRY", "build")
    assert shorts(plans.nightly["nodes"]) == RECONCILIATION


def test_the_other_job_has_its_own_remaining_nodes_and_its_own_command(plans: Plans) -> None:
    assert plans.hourly["job"]["name"] == "run --select stg_orders dm_reconciliation"
    assert shorts(plans.hourly["nodes"]) == ["model.dm_reconciliation"]
    assert plans.hourly["command"][1] == "run"


def test_last_takes_up_the_last_job_whatever_its_name(plans: Plans) -> None:
    plan = plans.after_dbt_retry
    assert (plan["decision"], plan["job"]["name"]) == ("SELECTIVE_RETRY", plans.hourly["job"]["name"])
    assert plan["command"][1] == "run"


def test_last_builds_the_last_job_in_full_if_it_succeeded(plans: Plans) -> None:
    assert plans.adhoc["decision"] == "FULL_BUILD"
    assert plans.adhoc["command"][1:4] == ["run", "--select", "unrelated"]


def test_a_job_without_a_history_is_told_of_the_one_that_failed(plans: Plans) -> None:
    assert plans.never_ran == (
        "execlog: the last job here, 'run --select stg_orders dm_reconciliation', did not succeed. To take it up, use --last.\n"
    )


def test_after_dbt_retry_what_failed_and_all_that_is_downstream_of_it_remains(plans: Plans) -> None:
    plan = plans.after_dbt_retry
    assert (plan["decision"], plan["reason"]) == ("SELECTIVE_RETRY", "the last run failed and 1 failed nodes remain")
    assert shorts(plan["nodes"]) == RECONCILIATION
