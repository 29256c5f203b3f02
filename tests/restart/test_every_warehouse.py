"""One story on each warehouse: a nightly job is killed; of two restarts at the same moment one works, and fails at another
model; that is mended and restarted; then dead jobs are reaped."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.conftest import WAREHOUSES, make_warehouse
from tests.support.cron import LOG, CronProject, DuckDBInFolder, Ended, dbt_said, ended, wait_until
from tests.support.warehouses import Row, Warehouse

SLOW = {
    "postgres": "select 1 as id from pg_sleep(60)",
    "duckdb": "select count(*) as id from range(10000000) a, range(100000) b",
    # the stand-in's statements take no time, so there are many of them
    "snowflake": "{{ config(pre_hook=['select 1'] * 400) }} select 1 as id",
}
TABLE = "{{ config(materialized='table') }} "
FILES = {
    "models/done.sql": TABLE + "select 1 as id",
    "models/broken.sql": "select idd as id from {{ ref('slow') }}",
    "models/behind.sql": "select id from {{ ref('broken') }}",
}
TEXT = {
    "duckdb": ("process_config_obj::varchar", "{}::json"),
    "postgres": ("process_config_obj::text", "{}::jsonb"),
    "snowflake": ("to_json(process_config_obj)", "parse_json({})"),
}
NIGHTLY = {"DBT_EXECLOG_JOB": "nightly"}


@dataclass
class Story:
    project: CronProject
    while_it_runs: list[Ended] = field(default_factory=list)
    dry_reap: list[Row] = field(default_factory=list)
    at_once: list[Ended] = field(default_factory=list)
    after_the_kill: dict[str, str] = field(default_factory=dict)
    restarted: Ended | None = None
    jobs: list[Row] = field(default_factory=list)
    """The JOB rows before the reaping."""
    reaped: Ended | None = None
    unreaped: dict[str, str] = field(default_factory=dict)
    """The statuses of the RUNNING jobs after it."""

    @property
    def alone(self) -> bool:
        """One process owns DuckDB's file: who can open it knows that no dbt runs."""
        return self.project.warehouse.name == "duckdb"


@pytest.fixture(
    scope="module", params=[pytest.param(name, marks=pytest.mark.xdist_group(f"restart_{name}")) for name in WAREHOUSES]
)
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("story") / "project"
    warehouse = DuckDBInFolder(folder) if request.param == "duckdb" else make_warehouse(request.param, request, folder)
    slow = {"models/slow.sql": TABLE + SLOW[warehouse.name] + " -- {{ ref('done') }}"}
    story = Story(project := CronProject(folder, warehouse, FILES | slow, level="durable"))

    kill_at_slow(story)
    project.let_pass(hours=61 / 60)
    story.dry_reap = json.loads(project.execlog("reap", "--dry-run", "--json").stdout)
    project.write("models/slow.sql", TABLE + "select id from {{ ref('done') }}")
    processes = [project.start_execlog("restart", "--job", "nightly") for _ in range(2)]
    story.at_once = sorted(map(ended, processes), key=lambda one: one.code)
    story.after_the_kill = project.ran()
    project.write("models/broken.sql", "select id from {{ ref('slow') }}")
    story.restarted = project.restart("--job", "nightly", "--json")
    story.jobs = project.jobs()
    reap(story)
    return story


def kill_at_slow(story: Story) -> None:
    project = story.project
    dbt = project.start("run", **NIGHTLY)
    wait_until(lambda: dbt_said(project, "START sql table model", "slow"))
    if project.warehouse.name != "snowflake":  # where it would be over too soon
        story.while_it_runs.append(project.restart("--job", "nightly"))
    dbt.send_signal(signal.SIGKILL)
    dbt.communicate(timeout=30)
    if project.warehouse.name == "snowflake":
        story.while_it_runs.append(project.restart("--job", "nightly"))
    if project.warehouse.name == "postgres":  # else it would go on without dbt for a minute
        project.warehouse.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(60)%'"
            " and pid <> pg_backend_pid()"
        )


def reap(story: Story) -> None:
    """The first and the last job say RUNNING again: the one has not been heard of for 61 minutes, the other just now, but its
    process is gone. Besides there are one that somebody else's dbt wrote just now, and one of another project."""
    project, (killed, _, last) = story.project, story.jobs
    warehouse = project.warehouse
    running = {"execution_status_name": "'RUNNING'", "execution_completed_ind": "'N'", "execution_end_tmstp": "null"}
    change(warehouse, killed, update_tmstp="execution_end_tmstp", **running)
    change(warehouse, last, **running)
    times = {name: f"(select max({name}) from {LOG})" for name in ("execution_start_tmstp", "insert_tmstp", "update_tmstp")}
    text, of_text = TEXT[warehouse.name]
    other_project = of_text.format(f"replace({text}, '\"shop\"', '\"other\"')")
    copy(warehouse, killed, process_step_id="'JOB_alive'", **times)
    copy(warehouse, killed, process_step_id="'JOB_elsewhere'", process_config_obj=other_project)
    story.reaped = project.execlog("reap", "--json")
    story.unreaped = {job["process_step_id"]: job["execution_status_name"] for job in project.jobs()}


def change(warehouse: Warehouse, job: Row, **values: str) -> None:
    changed = ", ".join(f"{name} = {value}" for name, value in values.items())
    warehouse.execute(f"update {LOG} set {changed} where process_step_id = '{job['process_step_id']}'")


def copy(warehouse: Warehouse, job: Row, **values: str) -> None:
    names = [name for name in job if name != "process_execution_log_sk"]
    copied = ", ".join(values.get(name, name) for name in names)
    warehouse.execute(
        f"insert into {LOG} ({', '.join(names)}) select {copied} from {LOG} where process_step_id = '{job['process_step_id']}'"
    )


def test_while_a_job_runs_a_restart_does_nothing(story: Story) -> None:
    (busy,) = story.while_it_runs
    assert (busy.code, busy.stdout, len(busy.said)) == (75, "", 1)
    assert ("is locked by" if story.alone else "is still running") in busy.said[0]


def test_reap_in_a_dry_run_names_the_killed_job_and_leaves_it(story: Story) -> None:
    (dead,) = story.dry_reap
    assert dead == {"job_id": story.jobs[0]["process_step_id"], "name": "nightly", "ended_at": dead["ended_at"]}
    assert story.jobs[0]["step_execution_obj"]["reason"] == "dbt died; closed by execlog restart"


def test_a_killed_run_is_restarted_with_what_it_had_not_finished(story: Story) -> None:
    assert story.after_the_kill == {"model.slow": "SUCCESS", "model.broken": "FAILED", "model.behind": "SKIPPED"}
    killed, restarted, _ = story.jobs
    config = restarted["process_config_obj"]
    assert (config["command"], config["restart_of"], config["attempt_no"]) == ("run", killed["process_step_id"], 2)


def test_the_killed_job_is_closed(story: Story) -> None:
    killed = story.jobs[0]
    assert (killed["execution_status_name"], killed["execution_completed_ind"]) == ("FAILED", "Y")
    assert killed["execution_end_tmstp"] >= killed["execution_start_tmstp"]
    assert killed["destination_data_cnt_obj"]["total_models"] == 4


def test_of_two_restarts_at_the_same_moment_one_works_and_the_other_says_so(story: Story) -> None:
    works, gives_way = story.at_once
    assert (works.code, gives_way.code) == (1, 75), (works, gives_way)
    assert (gives_way.stdout, len(gives_way.said)) == ("", 1)
    assert len(story.jobs) == 3  # killed, restarted once, restarted again


def test_a_failed_restart_is_restarted_in_turn(story: Story) -> None:
    assert story.restarted is not None
    report = story.restarted.report
    assert (story.restarted.code, report["exit_code"], report["attempt_no"]) == (0, 0, 3)
    assert report["nodes"] == ["model.shop.behind", "model.shop.broken"]
    assert report["job_id"] == story.jobs[2]["process_step_id"]
    assert story.jobs[2]["execution_status_name"] == "SUCCESS"


def test_reap_closes_the_dead_jobs_of_the_project_and_only_those(story: Story) -> None:
    assert story.reaped is not None
    killed, failed, last = (job["process_step_id"] for job in story.jobs)
    reaped = [job["job_id"] for job in json.loads(story.reaped.stdout)]
    assert sorted(reaped) == sorted([killed, last, *(["JOB_alive"] if story.alone else [])])
    expected: dict[str, Any] = dict.fromkeys([killed, failed, last], "FAILED")
    assert story.unreaped == expected | {"JOB_alive": "FAILED" if story.alone else "RUNNING", "JOB_elsewhere": "RUNNING"}
