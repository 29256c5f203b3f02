"""The exit code of `execlog restart` is dbt's, or says why no dbt was started; then stderr has one line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from filelock import FileLock

from tests.support.cron import CronProject

NEVER_RAN = ("--", "build", "--select", "unrelated")


def no_dbt_started(project: CronProject) -> bool:
    """Every dbt writes a log."""
    return not (project.folder / "logs/dbt.log").exists()


def test_a_selection_that_finds_nothing_is_not_green(lineage: CronProject) -> None:
    restart = lineage.restart("--", "build", "--select", "tag:typo")
    assert restart.code == 2
    assert "does not match any enabled nodes" in restart.stdout


def test_a_project_that_dbt_cannot_parse_ends_as_dbt_ends(lineage: CronProject) -> None:
    lineage.write("models/unrelated.sql", "{{ ref('nowhere') }}")
    assert lineage.restart(*NEVER_RAN).code == 2


def test_a_retry_in_a_project_that_dbt_cannot_parse_says_what_dbt_says(lineage: CronProject) -> None:
    lineage.write("models/unrelated.sql", "{{ ref('nowhere') }}")
    restart = lineage.restart()
    assert (restart.code, restart.stdout, len(restart.stderr.splitlines())) == (78, "", 1)
    assert restart.said[0].startswith("execlog: `dbt ls` failed: ")
    assert "depends on a node named 'nowhere' which was not found" in restart.said[0]
    assert len(lineage.jobs()) == 1


@pytest.mark.parametrize(
    ("args", "hours", "reason"),
    [((), 25, r"the last run failed 25(\.[0-9])? h ago, more than 24 h"), (NEVER_RAN, 0, "no run of this job is logged yet")],
)
def test_no_full_build_does_nothing_where_there_is_nothing_to_restart(
    args: tuple[str, ...], hours: float, reason: str, lineage: CronProject
) -> None:
    lineage.let_pass(hours=hours)
    restart = lineage.restart("--no-full-build", *args)
    assert (restart.code, restart.stdout) == (0, "")
    assert re.fullmatch(f"execlog: NOTHING: nothing to restart: {reason}.", restart.said[0])
    assert no_dbt_started(lineage)
    assert len(lineage.jobs()) == 1


def test_while_another_execlog_is_at_work_the_exit_code_is_75_in_json_too(lineage: CronProject) -> None:
    with FileLock(lineage.folder / "warehouse.duckdb.execlog.lock"):
        plain, as_json = lineage.restart(), lineage.restart("--json")
        dry = lineage.restart("--dry-run")
    reason = "another execlog is at work on the database warehouse.duckdb. Try again when it has ended."
    assert (plain.code, plain.stderr) == (75, f"execlog: {reason}\n")
    assert (dry.code, dry.stderr) == (75, f"execlog: {reason}\n")
    assert (as_json.code, as_json.report) == (
        75,
        {
            "decision": "BUSY", "reason": reason, "job": None, "attempt_no": 1, "nodes": [], "dropped": [], "command": [],
            "job_id": None, "exit_code": 75,
        },
    )  # fmt: skip
    assert no_dbt_started(lineage)


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("--", "compile"), 64, "execlog cannot restart `dbt compile`."),
        (("--max-age", "soon"), 64, "'soon' is no duration."),
        (("--dbt", "no-such-dbt"), 78, "there is no program no-such-dbt."),
        (("--target", "prod"), 78, "has no target prod."),
        (("--profile", "nobody"), 78, "there is no profile nobody in"),
    ],
)
def test_what_the_user_can_mend_is_said_in_one_line(args: tuple[str, ...], code: int, says: str, lineage: CronProject) -> None:
    restart = lineage.restart(*args)
    assert (restart.code, restart.stdout, len(restart.stderr.splitlines())) == (code, "", 1)
    assert says in restart.said[0]
    assert no_dbt_started(lineage)


def test_outside_of_a_project_there_is_nothing_to_restart(lineage: CronProject, tmp_path: Path) -> None:
    outside = CronProject.at(tmp_path)
    restart = outside.restart()
    assert (restart.code, len(restart.said)) == (78, 1)
    assert "there is no dbt_project.yml in" in restart.said[0]
