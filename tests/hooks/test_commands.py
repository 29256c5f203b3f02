"""Which dbt commands are logged, and what the JOB row says of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import Project
from tests.support.truth import assert_log_is_true
from tests.support.warehouses import DuckDB, Warehouse

pytestmark = pytest.mark.matrix

FILES = {
    "seeds/raw.csv": "id\n1\n2\n",
    "models/a.sql": "select id from {{ ref('raw') }}",
    "models/b.sql": "{{ config(materialized='table') }}"
    " select {{ 'nope' if var('broken', false) else 'id' }} from {{ ref('a') }}",
    "models/c.sql": "select id from {{ ref('b') }}",
    "models/schema.yml": """
models:
  - name: b
    columns: [{name: id, data_tests: [not_null]}]
sources:
  - name: outside
    schema: main
    loaded_at_field: cast('2024-01-01' as timestamp)
    freshness: {warn_after: {count: 1, period: day}}
    tables: [{name: raw}]
""",
    "snapshots/history.sql": "{% snapshot history %}{{ config(target_schema=target.schema, unique_key='id', strategy='check',"
    " check_cols='all') }} select id from {{ ref('raw') }} {% endsnapshot %}",
    "macros/hello.sql": "{% macro hello() %}{{ log('hello') }}{% endmacro %}",
}
ALL = {"seed.shop.raw", "model.shop.a", "model.shop.b", "model.shop.c", "snapshot.shop.history"}


def keep_run_results(project: Project) -> None:
    """For `dbt retry --state keep`: a run of the tests begins with none."""
    project.write("keep/run_results.json", (project.folder / "target/run_results.json").read_text())


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project", DuckDB(tmp_path), FILES)


def test_commands_that_build_are_logged_under_their_own_names(project: Project) -> None:
    for arguments, command, job_name in [
        (["seed"], "seed", "seed"),
        (["run"], "run", "run"),
        (["snapshot"], "snapshot", "snapshot"),
        (["test", "--select", "b"], "test", "test --select b"),
        (["build", "--select", "a", "b+", "--exclude", "c"], "build", "build --select a b+ --exclude c"),
    ]:
        run = project.dbt(*arguments)
        job, nodes = assert_log_is_true(project, run)
        assert run.code == 0
        config = job["process_config_obj"]
        assert (config["command"], config["job_name"]) == (command, job_name)
        assert config["plan"] == sorted(nodes)
        assert config["invocation_command"].endswith(" ".join(arguments))
        assert (config["run_type"], config["attempt_no"], config["restart_of"]) == ("FULL_BUILD", 1, None)


def test_commands_that_build_nothing_write_nothing(project: Project) -> None:
    assert project.dbt("build").code == 0
    before = project.log()
    for arguments in (
        ["parse"],
        ["compile"],
        ["docs", "generate"],
        ["source", "freshness"],
        ["ls"],
        ["run-operation", "hello"],
    ):
        project.dbt(*arguments)
    assert project.dbt("build", "--vars", "execlog_enabled: false").code == 0
    assert project.dbt("run", "--vars", "execlog_commands: [build]").code == 0
    assert project.log() == before


def test_a_retry_is_logged_without_a_plan_and_says_so(project: Project) -> None:
    failed = project.dbt("build", "--vars", "broken: true")
    assert failed.code == 1
    job, nodes = assert_log_is_true(project, failed)
    assert nodes["model.shop.b"]["execution_status_name"] == "FAILED"
    assert nodes["model.shop.c"]["execution_status_name"] == "SKIPPED"
    assert job["process_config_obj"]["vars"] == {"broken": True}
    keep_run_results(project)
    retried = project.dbt("retry", "--state", "keep", "--vars", "broken: false")
    job, nodes = assert_log_is_true(project, retried)
    assert retried.code == 0, retried.output
    config = job["process_config_obj"]
    assert "plan" not in config
    assert config["plan_omitted"] == "dbt does not say what it retries"
    assert config["command"] == "build"
    assert "retry --state keep" in config["invocation_command"]
    assert "model.shop.b" in nodes


def test_a_retry_whose_start_fails_is_no_success(project: Project) -> None:
    """dbt hands on-run-end empty results then; dbt 1.12 does so by default."""
    assert project.dbt("build", "--vars", "broken: true").code == 1
    keep_run_results(project)
    configuration = project.folder / "dbt_project.yml"
    configuration.write_text(
        configuration.read_text()
        .replace("on-run-start:\n", "on-run-start:\n- \"{{ 'select nope' if var('bad_start', false) else '' }}\"\n")
        .replace("flags:\n", "flags:\n  skip_nodes_if_on_run_start_fails: true\n")
    )
    run = project.dbt("retry", "--state", "keep", "--vars", "bad_start: true")
    assert run.code == 1, run.output
    job, nodes = project.last_job()
    assert (job["execution_status_name"], nodes) == ("FAILED", [])
    assert job["step_execution_obj"]["reason"]


def test_fail_fast_leaves_no_node_out(project: Project) -> None:
    run = project.dbt("--fail-fast", "build", "--vars", "broken: true")
    assert run.code != 0
    job, _ = assert_log_is_true(project, run)
    assert job["execution_status_name"] == "FAILED"


def test_empty_runs_are_logged(project: Project) -> None:
    run = project.dbt("build", "--empty")
    assert run.code == 0, run.output
    _, nodes = assert_log_is_true(project, run)
    assert nodes["model.shop.b"]["source_data_cnt"] == 0


def test_a_run_that_selects_nothing_leaves_no_job(project: Project) -> None:
    assert project.dbt("build").code == 0
    before = project.log()
    assert project.dbt("build", "--select", "source:outside").code == 0
    assert project.log() == before


def test_the_places_of_the_log_can_be_set(warehouse: Warehouse, tmp_path: Path) -> None:
    settings = {"execlog_schema": f"audit_{warehouse.schema}", "execlog_table": "my_log"}
    files = {"models/a.sql": "select 1 as id"}
    project = Project(tmp_path / "project", warehouse, files, config={"vars": {"exec_logger": settings}})
    run = project.dbt("run")
    assert run.code == 0, run.output
    rows = project.log(f"audit_{warehouse.schema}.my_log")
    assert [row["execution_status_name"] for row in rows] == ["SUCCESS", "SUCCESS"]
