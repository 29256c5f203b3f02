"""dbt_model_executions, dbt_platform_job_runs and the query comment, from real runs of dbt on the three warehouses."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import WAREHOUSES, make_warehouse
from tests.snowflake_standin.client import StandIn
from tests.support.project import Project, Run
from tests.support.warehouses import DuckDB, Row, Snowflake

FILES = {
    "models/done.sql": "{{ config(materialized='table', tags=['daily'], meta={'since': {'year': 2024}}) }} select 1 as id",
    "models/broken.sql": "select no_such_column as id from {{ ref('done') }}",
    "models/behind.sql": "select id from {{ ref('broken') }}",
    "models/schema.yml": "models: [{name: done, columns: [{name: id, data_tests: [not_null]}]}]",
}
COMMENT = {"query-comment": {"comment": "{{ exec_logger.query_comment(node) }}", "append": True}}
CLOUD = {
    "DBT_CLOUD_ACCOUNT_ID": "1", "DBT_CLOUD_PROJECT_ID": "2", "DBT_CLOUD_JOB_ID": "3", "DBT_CLOUD_RUN_ID": "4",
    "DBT_CLOUD_ENVIRONMENT_ID": "5", "DBT_CLOUD_ENVIRONMENT_NAME": "Prod", "DBT_CLOUD_ENVIRONMENT_TYPE": "production",
    "DBT_CLOUD_INVOCATION_CONTEXT": "prod", "DBT_CLOUD_RUN_REASON": "It's time", "DBT_CLOUD_RUN_REASON_CATEGORY": "scheduled",
    "DBT_CLOUD_GIT_BRANCH": "main", "DBT_CLOUD_GIT_SHA": "abc123",
}  # fmt: skip


class Runs:
    """A build on the dbt platform, then a run outside of it, then a retry of the first, and the views over both."""

    def __init__(self, project: Project) -> None:
        self.project = project
        with pytest.MonkeyPatch.context() as patch:
            for name in ("GITHUB_SHA", "CI_COMMIT_SHA", "BITBUCKET_COMMIT", "BUILD_SOURCEVERSION"):
                patch.delenv(name, raising=False)
            for name, value in CLOUD.items():
                patch.setenv(name, value)
            self.build = project.dbt("build", "--vars", "{day: 1}")
        assert self.build.code == 1, self.build.output
        self.run = project.dbt("run", "--select", "done path:models/*.sql", "--exclude", "broken+")
        assert self.run.code == 0, self.run.output
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DBT_EXECLOG_RUN_TYPE", "SELECTIVE_RETRY")
            patch.setenv("DBT_EXECLOG_ATTEMPT", "2")
            patch.setenv("DBT_EXECLOG_RESTART_OF", project.log()[0]["process_step_id"])
            assert project.dbt("build", "--select", "broken", "behind").code == 1
        views = project.dbt("run", "--select", "package:exec_logger", "--vars", "{execlog_models: true}")
        assert views.code == 0, views.output
        self.jobs = [row["process_step_id"].removeprefix("JOB_") for row in project.log() if row["record_type"] == "JOB"]


_made: dict[str, Runs] = {}


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.xdist_group(f"cost-{name}")) for name in WAREHOUSES])
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Runs:
    name: str = request.param
    if name not in _made:
        folder = tmp_path_factory.mktemp(f"cost_{name}")
        _made[name] = Runs(Project(folder / "project", make_warehouse(name, request, folder), FILES, config=COMMENT))
    return _made[name]


def test_there_is_one_row_per_model_execution_with_the_columns_of_the_package_it_replaces(runs: Runs) -> None:
    rows = runs.project.warehouse.query(
        "select * from dbt_model_executions order by run_started_at, insert_timestamp, model_name"
    )
    log = {row["process_step_id"]: row for row in runs.project.log()}
    place = runs.project.manifest()["nodes"]
    seen = []
    for row in sorted(rows, key=lambda row: (row["run_started_at"], row["model_name"])):
        step = log[f"JOB_{row['invocation_id']}_MODEL_{row['model_name']}"]
        job = log[f"JOB_{row['invocation_id']}"]
        node = place[f"model.shop.{row['model_name']}"]
        assert list(row) == [
            "model_name", "relation_name", "model_package", "model_type", "status", "execution_time", "invocation_id",
            "query_id", "insert_timestamp", "dbt_cloud_run_id", "dbt_cloud_job_id", "dbt_cloud_project_id", "dbt_version",
            "run_started_at", "node_config",
        ]  # fmt: skip
        assert row["relation_name"] == f"{node['database']}.{node['schema']}.{node['alias']}"
        assert (row["model_package"], row["model_type"]) == ("shop", node["config"]["materialized"])
        assert row["execution_time"] == pytest.approx(step["step_execution_obj"]["execution_time_seconds"])
        assert row["query_id"] == step["step_execution_obj"]["query_id_end"]
        assert row["insert_timestamp"] == step["insert_tmstp"]
        assert row["run_started_at"] == job["execution_start_tmstp"]
        assert row["dbt_version"] == job["process_config_obj"]["dbt_version"]
        config = json.loads(row["node_config"])
        assert config.pop("meta", {}) == ({"since": {"year": 2024}} if row["model_name"] == "done" else {})
        assert config.items() <= node["config"].items()
        assert config["materialized"] == node["config"]["materialized"]
        assert "pre-hook" not in config
        seen.append((runs.jobs.index(row["invocation_id"]), row["model_name"], row["status"], row["dbt_cloud_run_id"]))
    assert seen == [
        (0, "behind", "skipped", "4"),
        (0, "broken", "error", "4"),
        (0, "done", "success", "4"),
        (1, "done", "success", None),
        (2, "behind", "skipped", None),
        (2, "broken", "error", None),
    ]
    assert {(row["dbt_cloud_job_id"], row["dbt_cloud_project_id"]) for row in rows} == {("3", "2"), (None, None)}


def test_there_is_one_row_per_invocation_with_all_that_the_platform_says_of_it(runs: Runs) -> None:
    rows = runs.project.warehouse.query("select * from dbt_platform_job_runs")
    contexts = {context["invocation_id"]: (row, context) for row in rows if (context := as_json(row.pop("dbt_run_context")))}
    (cloud_row, cloud), (row, context), _ = (contexts[job] for job in runs.jobs)
    assert len(rows) == 3
    assert cloud_row == {
        "dbt_cloud_run_id": "4", "dbt_cloud_job_id": "3", "dbt_cloud_environment_id": "5", "dbt_cloud_project_id": "2",
    }  # fmt: skip
    assert set(row.values()) == {None}
    assert cloud["dbt_cloud"] == {name.removeprefix("DBT_CLOUD_").lower(): value for name, value in CLOUD.items()}
    assert set(context["dbt_cloud"].values()) == {None}
    assert (cloud["job_name"], cloud["git_sha"]) == ("build", "abc123")
    assert (cloud["project_name"], cloud["target_name"]) == ("shop", "test")
    assert cloud["invocation_args"] | {"invocation_command": ""} == {
        "command": "build", "invocation_command": "", "select": [], "exclude": [], "selector": None, "full_refresh": False,
        "threads": 4, "vars": {"day": 1}, "args": {},
    }  # fmt: skip
    assert context["invocation_args"]["select"] == ["done", "path:models/*.sql"]
    assert context["invocation_args"]["exclude"] == ["broken+"]


def test_without_credits_the_reports_have_seconds(runs: Runs) -> None:
    took: dict[str, list[tuple[str, float, bool]]] = {job: [] for job in runs.jobs}
    for row in runs.project.log():
        if row["parent_step_id"]:
            step, ran = row["step_execution_obj"], row["execution_status_name"] != "SKIPPED"
            took[row["parent_step_id"].removeprefix("JOB_")].append((step["unique_id"], step["execution_time_seconds"], ran))
    query = runs.project.warehouse.query
    daily = {row["node_id"]: row for row in query("select * from rpt_daily_model_cost")}
    for node_id in {node_id for nodes in took.values() for node_id, _, ran in nodes if ran}:
        mine = [seconds for nodes in took.values() for name, seconds, ran in nodes if ran and name == node_id]
        row = daily.pop(node_id)
        assert (row["runs"], row["seconds"]) == (len(mine), pytest.approx(sum(mine)))
        assert (row["credits"], row["cost_usd"]) == (None, None)
    assert daily == {}
    jobs = {row["job_name"]: row for row in query("select * from rpt_job_cost")}
    for name, job in (("build", 0), ("build --select broken behind", 2)):
        seconds = pytest.approx(sum(seconds for _, seconds, _ in took[runs.jobs[job]]))
        assert (jobs[name]["seconds"], jobs[name]["wasted_seconds"], jobs[name]["wasted_percent"]) == (seconds, seconds, 100)
    (saved,) = query("select * from rpt_restart_savings")
    # the model ran once more between the two: that is its last execution
    (model,) = [seconds for _, seconds, _ in took[runs.jobs[1]]]
    (tested,) = [seconds for name, seconds, _ in took[runs.jobs[0]] if name.startswith("test.")]
    assert (saved["invocation_id"], saved["nodes_saved"]) == (runs.jobs[2], 2)
    assert (saved["seconds_saved"], saved["credits_saved"]) == (pytest.approx(model + tested), None)


def test_every_statement_of_a_node_carries_the_comment_also_if_it_fails(runs: Runs) -> None:
    names = ("build", "run --select done path:models/*.sql --exclude broken+")
    assert [row["process_config_obj"]["job_name"] for row in runs.project.log() if row["record_type"] == "JOB"][:2] == [*names]
    for number, run in enumerate((runs.build, runs.run)):
        job = {"app": "exec_logger", "invocation_id": runs.jobs[number], "job_name": names[number]}
        nodes = {entry["node_id"] for entry in comments(run)}
        assert {"model.shop.done", None} <= nodes
        assert all(entry == {**job, "node_id": entry["node_id"]} for entry in comments(run))
        for name in ("done", "broken") if number == 0 else ("done",):
            own = [sql for sql in run.statements if f"model.shop.{name}" in sql.rpartition("/*")[2]]
            assert any(f"{name}" in sql.rpartition("/*")[0] and "create" in sql.lower() for sql in own)


@pytest.mark.parametrize(
    "given",
    [
        ["run", "-s", "a", "-s", "a+ a", "--exclude=tag:x", "--threads", "2", "--vars", "{x: 1}"],
        ["--no-use-colors", "build", "--models", "a", "--resource-type", "model"],
        ["seed", "--full-refresh"],
    ],
    ids=" ".join,
)
def test_the_comment_has_the_name_that_the_log_derives_from_a_selection(given: list[str], tmp_path: Path) -> None:
    files = {"models/a.sql": "select 1 as id", "seeds/raw.csv": "id\n1\n"}
    project = Project(tmp_path / "project", DuckDB(tmp_path), files, config=COMMENT)
    run = project.dbt(*given)
    assert run.code == 0, run.output
    assert {entry["job_name"] for entry in comments(run)} == {project.last_job()[0]["process_config_obj"]["job_name"]}


def test_a_name_that_would_end_the_comment_or_be_filled_in_by_a_seed_does_not(standin: StandIn, tmp_path: Path) -> None:
    files = {"models/a.sql": "select 1 as id", "seeds/raw.csv": "id\n1\n"}
    project = Project(tmp_path / "project", Snowflake(standin), files, config=COMMENT)
    name = "nightly at 100% */ drop /* 'it''s' \u00fc %s"
    run = project.dbt("build", "--vars", json.dumps({"execlog_job_name": name}))
    assert run.code == 0, run.output
    assert {entry["job_name"] for entry in comments(run)} == {name}
    assert project.last_job()[0]["process_config_obj"]["job_name"] == name


def comments(run: Run) -> list[Row]:
    """Read as the models read them: what stands behind the last `/*` of a statement."""
    found = []
    for sql in run.statements:
        _, mark, comment = sql.rpartition("/*")
        if mark and "exec_logger" in comment:
            # dbt's log shows a seed's statement with dots behind it
            found.append(json.loads(comment.rstrip(" ;\n.").removesuffix("*/")))
    return found


def as_json(value: Any) -> Row:
    found: Row = json.loads(value) if isinstance(value, str) else value
    assert not isinstance(found, datetime)
    return found
