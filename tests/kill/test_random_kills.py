"""Kill-safety: whatever is killed, and when, `execlog restart` ends the job as if nothing had happened. What dbt really did
is read from its own JSON log. EXECLOG_KILLS=60 kills more often, EXECLOG_KILL_SEED=2 at other moments."""

from __future__ import annotations

import json
import signal
from collections import Counter

from click.testing import CliRunner

from exec_logger.commands import show
from tests.kill.conftest import Story
from tests.support.warehouses import Row

OK = "SUCCESS"


def test_the_job_ends_well(story: Story) -> None:
    assert _jobs(story)[-1]["execution_status_name"] == OK


def test_after_that_there_is_nothing_to_restart(story: Story) -> None:
    last = story.calls[-1].ended
    assert (last.code, last.said) == (0, ["execlog: NOTHING: nothing to restart: the last run succeeded."])


def test_the_tables_equal_those_of_an_undisturbed_run(story: Story) -> None:
    assert story.tables == story.undisturbed


def test_no_planned_node_is_lost(story: Story) -> None:
    ran = set().union(*(call.build.ran for call in story.calls if call.build))
    assert ran >= story.planned
    logged = {_unique_id(row) for row in _node_rows(story) if row["execution_status_name"] == OK}
    assert logged >= story.planned


def test_what_had_finished_is_not_run_again(story: Story) -> None:
    done: set[str] = set()
    for place, call in enumerate(story.calls):
        if call.build:
            assert not done & call.build.ran & story.hooked, place
            done |= call.build.well


def test_only_what_was_in_flight_runs_twice(story: Story) -> None:
    builds = [call.build for call in story.calls if call.build]
    ran = Counter(node for build in builds for node in build.ran)
    in_flight = Counter(node for build in builds for node in build.in_flight)
    assert {node: ran[node] for node in story.hooked if ran[node] > 1 + in_flight[node]} == {}


def test_each_node_has_one_row_that_says_success(story: Story) -> None:
    rows = Counter(_unique_id(row) for row in _node_rows(story) if row["execution_status_name"] == OK)
    assert {node: rows[node] for node in story.hooked if rows[node] != 1} == {}


def test_show_says_of_each_attempt_what_dbt_did(story: Story) -> None:
    for call in story.calls:
        if call.build is None or not any(_is_of(call.build.invocation_id, job) for job in _jobs(story)):
            continue
        shown = _show(story, call.build.invocation_id)
        said = {node["unique_id"]: node["status"] for node in shown["nodes"]}
        well = {node for node, status in said.items() if status == OK}
        assert call.build.well & story.hooked <= well <= call.build.ran
        assert set(said) >= set(shown["job"]["plan"])
        assert len(shown["nodes"]) == len(said)


def test_no_step_id_is_doubled(story: Story) -> None:
    ids = Counter(row["process_step_id"] for row in story.log)
    assert [step_id for step_id, count in ids.items() if count > 1] == []


def test_nothing_is_left_open(story: Story) -> None:
    assert [
        row["process_step_id"] for row in story.log if row["execution_completed_ind"] == "N" and row["record_type"] != "LEASE"
    ] == []
    assert {row["execution_status_name"] for row in story.log if row["record_type"] == "LEASE"} <= {"FREE"}


def test_execlog_closes_the_job_of_a_dbt_that_died_under_it(story: Story) -> None:
    survived = [call for call in story.calls if call.kill and call.kill.victim in ("execlog's dbt", "execlog")]
    assert [step_id for call in survived for step_id in call.still_running] == []


def test_a_dbt_that_execlog_was_told_to_end_has_ended(story: Story) -> None:
    told = [call for call in story.calls if call.kill and call.kill.victim in ("execlog's dbt", "execlog")]
    assert [call.kill for call in told if call.dbt_runs] == []


def test_what_a_dead_execlog_held_is_free(story: Story) -> None:
    assert [call.kill for call in story.calls if call.ended.code == 75] == []


def test_the_exit_code_says_which_signal_it_was(story: Story) -> None:
    """dbt itself makes an exit code of its own of a SIGINT."""
    codes = [
        (call.ended.code, 128 + call.kill.number)
        for call in story.calls
        if call.kill and call.build and not call.build.ending
        if call.kill.victim == "execlog" or (call.kill.victim == "execlog's dbt" and call.kill.number != signal.SIGINT)
    ]
    assert [code for code, _ in codes] == [expected for _, expected in codes]


def test_a_restart_while_an_orphaned_dbt_runs_does_nothing(story: Story) -> None:
    codes = [call.dbt_lived_on.code for call in story.calls if call.dbt_lived_on and call.build and not call.build.ending]
    assert set(codes) <= {75}


def _jobs(story: Story) -> list[Row]:
    return [row for row in story.log if row["record_type"] == "JOB"]


def _node_rows(story: Story) -> list[Row]:
    return [row for row in story.log if row["parent_step_id"] and row["record_type"] != "LEASE"]


def _unique_id(row: Row) -> str:
    return str(row["step_execution_obj"]["unique_id"])


def _is_of(invocation_id: str, job: Row) -> bool:
    return bool(job["process_step_id"] == f"JOB_{invocation_id}")


def _show(story: Story, invocation_id: str) -> Row:
    folder = str(story.project.folder)
    args = [invocation_id, "--json", "--project-dir", folder, "--profiles-dir", folder]
    found: Row = json.loads(CliRunner().invoke(show.command, args, catch_exceptions=False).stdout)
    return found
