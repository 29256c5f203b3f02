"""The examples of seed 004, on one project and one clock: Monday's run fails, and so do its restarts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest

from tests.restart.conftest import MENDED
from tests.support.cron import CronProject, Ended, shorts
from tests.support.warehouses import Row

pytestmark = pytest.mark.xdist_group("restart_week")

DAY = 24


@dataclass
class Week:
    project: CronProject
    restarts: list[Ended] = field(default_factory=list)
    ran: list[dict[str, str]] = field(default_factory=list)
    thursday_at_7: Row = field(default_factory=dict)
    after_three_retries: Row = field(default_factory=dict)
    mended: Ended | None = None
    after_success: Row = field(default_factory=dict)

    def restart(self) -> Ended:
        restart = self.project.restart("--json")
        self.restarts.append(restart)
        self.ran.append(self.project.ran())
        return restart


@pytest.fixture(scope="module")
def week(failed_lineage: CronProject, tmp_path_factory: pytest.TempPathFactory) -> Week:
    """Monday 6:00 the build fails; the restarts of Tuesday, Wednesday and Thursday 6:00 fail, too; then the model is mended."""
    week = Week(project := failed_lineage.copy(tmp_path_factory.mktemp("week") / "project"))
    for _ in ("Tuesday", "Wednesday"):
        project.let_pass(hours=DAY - 0.1)
        week.restart()
    project.let_pass(hours=DAY + 1)
    week.thursday_at_7 = project.plan()
    project.let_pass(hours=-1.1)
    week.restart()
    week.after_three_retries = project.plan()
    project.write("models/dm_reconciliation.sql", MENDED)
    week.mended = week.restart()
    week.after_success = project.plan("--no-full-build")
    return week


def test_a_restart_runs_only_what_failed_and_what_is_downstream_of_it(week: Week) -> None:
    still_broken = {"model.dm_reconciliation": "FAILED", "model.agg_by_customer": "SKIPPED"}
    assert week.ran[:3] == [still_broken] * 3


def test_dbts_exit_code_passes_through(week: Week) -> None:
    assert [restart.code for restart in week.restarts] == [1, 1, 1, 0]


def test_each_retry_continues_the_chain_until_a_full_build_begins_a_new_one(week: Week) -> None:
    ids = [job["process_step_id"] for job in week.project.jobs()]
    configs = [job["process_config_obj"] for job in week.project.jobs()]
    assert [(one["run_type"], one["attempt_no"], one["restart_of"], one["job_name"]) for one in configs] == [
        ("FULL_BUILD", 1, None, "build"),
        ("SELECTIVE_RETRY", 2, ids[0], "build"),
        ("SELECTIVE_RETRY", 3, ids[1], "build"),
        ("SELECTIVE_RETRY", 4, ids[2], "build"),
        ("FULL_BUILD", 1, None, "build"),
    ]


def test_a_failure_of_more_than_24_hours_ago_is_built_in_full(week: Week) -> None:
    plan = week.thursday_at_7
    assert plan["decision"] == "FULL_BUILD"
    assert re.fullmatch(r"the last run failed 25(\.[0-9])? h ago, more than 24 h", plan["reason"])
    assert (plan["nodes"], plan["command"][1:], plan["attempt_no"]) == ([], ["build"], 1)


def test_after_three_retries_the_job_is_built_in_full(week: Week) -> None:
    plan = week.after_three_retries
    assert (plan["decision"], plan["reason"]) == ("FULL_BUILD", "the last run failed and it was retry 3 of 3")
    assert week.ran[3] == dict.fromkeys(
        ["model.stg_orders", "model.dm_reconciliation", "model.agg_by_customer", "model.unrelated"], "SUCCESS"
    )


def test_the_report_of_a_restart_is_whole(week: Week) -> None:
    monday, tuesday, *_ = week.project.jobs()
    report = week.restarts[0].report
    assert report == {
        "decision": "SELECTIVE_RETRY",
        "reason": "the last run failed and 2 of 4 planned nodes remain",
        "job": {
            "id": monday["process_step_id"],
            "name": "build",
            "status": "FAILED",
            "ended_at": report["job"]["ended_at"],
            "age_seconds": pytest.approx(23.9 * 3600, abs=60),
            "attempt_no": 1,
        },
        "attempt_no": 2,
        "nodes": ["model.shop.agg_by_customer", "model.shop.dm_reconciliation"],
        "dropped": [],
        "command": report["command"],
        "job_id": tuesday["process_step_id"],
        "exit_code": 1,
    }
    assert report["command"][1:] == [
        "build", "--threads", "4", "--indirect-selection", "empty",
        "--select", "fqn:shop.agg_by_customer", "fqn:shop.dm_reconciliation",
        "--warn-error-options", '{"error": ["NoNodesForSelectionCriteria"]}',
    ]  # fmt: skip


def test_with_json_dbts_output_goes_to_stderr(week: Week) -> None:
    assert [line for line in week.restarts[0].said if not line.startswith("execlog: /")] == [
        "execlog: SELECTIVE_RETRY: the last run failed and 2 of 4 planned nodes remain."
    ]
    assert "ERROR creating sql view model" in week.restarts[0].stderr


def test_after_a_success_there_is_nothing_to_restart(week: Week) -> None:
    plan = week.after_success
    assert (plan["decision"], plan["reason"]) == ("NOTHING", "nothing to restart: the last run succeeded")
    assert (plan["nodes"], plan["command"]) == ([], [])


def test_only_the_last_run_counts_not_the_failures_before_it(week: Week) -> None:
    assert shorts(week.after_success["nodes"]) == []
    assert week.after_success["job"]["id"] == week.project.jobs()[-1]["process_step_id"]
