"""`dbt run-operation exec_logger.install`: creates, upgrades, migrates; twice is the same as once."""

from __future__ import annotations

from pathlib import Path

import yaml
from click.testing import CliRunner

from exec_logger.commands.install import command
from tests.support.project import REPOSITORY, Project
from tests.support.warehouses import Row, Warehouse

INSTALL = ("run-operation", "exec_logger.install")
SCHEMA = yaml.safe_load((REPOSITORY / "models/_sources.yml").read_text())["sources"][0]["tables"][0]["columns"]
VIEWS = [path.stem for folder in ("log", "restart") for path in (REPOSITORY / "models" / folder).glob("*.sql")]
DECLARED = [column["name"].lower() for column in SCHEMA]


def columns(warehouse: Warehouse) -> list[str]:
    rows = warehouse.query(
        "select column_name as name from information_schema.columns where lower(table_name) = 'process_execution_log'"
        f" and lower(table_schema) = lower('{warehouse.schema}') order by ordinal_position"
    )
    return [row["name"].lower() for row in rows]


def test_the_declared_the_created_and_the_inserted_columns_are_the_same(warehouse: Warehouse, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", warehouse, {"models/a.sql": "{{ config(materialized='table') }} select 1 as id"})
    assert project.dbt(*INSTALL).code == 0
    assert columns(warehouse) == DECLARED
    run = project.dbt("run")
    assert run.code == 0, run.output
    inserts = [statement for statement in run.statements if "insert (" in statement or "insert into" in statement]
    named = [_inserted(statement) for statement in inserts if "process_execution_log" in statement.lower()]
    assert len(named) == 3  # the job's start, the node's start, the MERGE
    assert DECLARED[1:] in named
    assert all(set(names) < set(DECLARED[1:]) for names in named if names != DECLARED[1:]), named  # a single row: what it has


def test_installing_twice_changes_nothing(warehouse: Warehouse, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", warehouse, {"models/a.sql": "select 1 as id"})
    assert project.dbt(*INSTALL).code == 0
    assert project.dbt("run").code == 0
    before = (columns(warehouse), project.log())
    again = project.dbt(*INSTALL)
    assert again.code == 0, again.output
    assert "is ready" in again.output
    assert (columns(warehouse), project.log()) == before


def test_a_dry_run_prints_the_ddl_and_runs_none_of_it(warehouse: Warehouse, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", warehouse, {"models/a.sql": "select 1 as id"})
    run = project.dbt("--quiet", *INSTALL, "--args", "{dry_run: true}")
    assert run.code == 0, run.output
    assert columns(warehouse) == []
    warehouse.execute(f"create schema if not exists {warehouse.schema}")
    warehouse.execute(*[statement for statement in run.output.split(";\n") if statement.strip()])
    assert columns(warehouse) == DECLARED


def test_a_dry_run_of_the_cli_prints_all_that_it_takes_to_build_the_views(warehouse: Warehouse, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", warehouse, {"models/a.sql": "select 1 as id"})
    place = ["--project-dir", str(project.folder), "--profiles-dir", str(project.folder)]
    result = CliRunner().invoke(command, [*place, "--dry-run"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert columns(warehouse) == []
    warehouse.execute(f"create schema if not exists {warehouse.schema}")
    warehouse.execute(*[statement for statement in result.stdout.split(";\n") if statement.strip()])
    for view in VIEWS:
        assert warehouse.query(f"select * from {view}") == []


def test_a_table_of_the_old_single_record_format_is_migrated(warehouse: Warehouse, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", warehouse, {"models/a.sql": "select 1 as id"})
    assert project.dbt(*INSTALL).code == 0
    warehouse.execute(
        *(["drop index process_execution_log_parent"] if warehouse.name == "postgres" else []),
        "alter table process_execution_log drop column parent_step_id",
        "alter table process_execution_log drop column record_type",
        "insert into process_execution_log (process_step_id, execution_status_name, update_tmstp, deleted_ind)"
        " select 'JOB_old', 'SUCCESS', '2025-12-10 10:05:30.123', 'N'",
    )
    (old,) = project.log()
    for _ in range(2):
        run = project.dbt(*INSTALL)
        assert run.code == 0, run.output
        assert sorted(columns(warehouse)) == sorted(DECLARED)
        assert project.log() == [_reordered({**old, "parent_step_id": None, "record_type": "JOB"}, columns(warehouse))]
    assert project.dbt("run").code == 0
    job, nodes = project.last_job()
    assert (job["execution_status_name"], len(nodes), len(project.log())) == ("SUCCESS", 1, 3)


def test_a_column_that_a_later_version_brought_is_added(warehouse: Warehouse, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", warehouse, {"models/a.sql": "select 1 as id"})
    assert project.dbt("run").code == 0
    warehouse.execute("alter table process_execution_log drop column error_message_obj")
    assert project.dbt(*INSTALL).code == 0
    assert sorted(columns(warehouse)) == sorted(DECLARED)
    assert project.dbt("run").code == 0
    assert [row["error_message_obj"] for row in project.log()] == [None, None, [], []]


def _inserted(statement: str) -> list[str]:
    start = statement.index("insert (") if "insert (" in statement else statement.index("insert into")
    names = statement[statement.index("(", start) + 1 :]
    return [name.strip() for name in names[: names.index(")")].split(",")]


def _reordered(row: Row, names: list[str]) -> Row:
    return {name: row[name] for name in names}


def test_the_views_read_where_the_command_line_says_that_the_log_stands(warehouse: Warehouse, tmp_path: Path) -> None:
    """The project names another place, and has no log there."""
    config = {"vars": {"exec_logger": {"execlog_schema": "nowhere", "execlog_table": "runs"}}}
    project = Project(tmp_path / "project", warehouse, {"models/a.sql": "select 1 as id"}, config=config)
    place = ["--project-dir", str(project.folder), "--profiles-dir", str(project.folder)]
    result = CliRunner().invoke(command, [*place, "--log-schema", warehouse.schema], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert warehouse.query("select * from execution_jobs") == []
