"""Logging never breaks, blocks or changes the user's run; with execlog_on_error: fail it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from tests.support.project import Project, Run
from tests.support.warehouses import Postgres, Snowflake, Warehouse

MODELS = {
    "models/a.sql": "{{ config(materialized='table') }} select 1 as id",
    "models/b.sql": "{{ config(materialized='table') }} select id from {{ ref('a') }}",
    "models/c.sql": "{{ config(materialized='table') }} select id from {{ ref('b') }}",
    "models/broken.sql": "{{ config(materialized='table') }} select nope from {{ ref('c') }}",
    "models/d.sql": "select id from {{ ref('broken') }}",
}
DROPS_THE_LOG = "{{ config(materialized='table', pre_hook='drop table {{ target.schema }}.process_execution_log') }}"


@pytest.fixture(params=["postgres", "snowflake"])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    """The warehouses that can catch an error."""
    from tests.conftest import make_warehouse  # noqa: PLC0415

    return make_warehouse(request.param, request, tmp_path)


def outcome(run: Run) -> tuple[int, list[tuple[str, str]]]:
    return run.code, sorted((result["unique_id"], result["status"]) for result in run.results)


def warnings_of(run: Run) -> list[str]:
    return [line for line in run.output.splitlines() if "[WARNING] exec_logger" in line]


@contextmanager
def locked_log(warehouse: Postgres) -> Iterator[None]:
    """Another session holds the log table for itself."""
    holder = psycopg2.connect(host=warehouse.host, user="postgres", dbname="postgres")
    try:
        holder.cursor().execute(f"lock table {warehouse.schema}.process_execution_log in access exclusive mode")
        yield
    finally:
        holder.close()


def run_with_and_without(folder: Path, warehouse: Warehouse, files: dict[str, str], **variables: Any) -> tuple[Run, Run]:
    """The same run without the package and with it, at level live."""
    bare = Project(folder / "bare", warehouse, files, level="none").dbt("run")
    logged = Project(folder / "logged", warehouse, files, config={"vars": variables}).dbt("run")
    return bare, logged


def test_a_log_table_dropped_in_the_middle_changes_nothing(guarded: Warehouse, tmp_path: Path) -> None:
    files = {**MODELS, "models/b.sql": "select id from {{ ref('a') }}"}
    bare = Project(tmp_path / "bare", guarded, files, level="none").dbt("run")
    files["models/b.sql"] = DROPS_THE_LOG + files["models/b.sql"]
    logged = Project(tmp_path / "logged", guarded, files).dbt("run")
    assert outcome(logged) == outcome(bare)
    (warning,) = warnings_of(logged)
    assert "incomplete" in warning
    assert "process_execution_log" in warning.lower()


def test_a_schema_that_does_not_exist_changes_nothing(guarded: Warehouse, tmp_path: Path) -> None:
    bare, logged = run_with_and_without(
        tmp_path, guarded, MODELS, execlog_schema="nowhere_to_be_found", execlog_auto_create=False
    )
    assert outcome(logged) == outcome(bare)
    assert len(warnings_of(logged)) == 1


def test_a_missing_privilege_changes_nothing(postgres_host: str, tmp_path: Path) -> None:
    warehouse = Postgres(postgres_host)
    warehouse.execute(
        f"create role {warehouse.schema} login",
        f"grant create on database postgres to {warehouse.schema}",
        f"create schema {warehouse.schema} authorization {warehouse.schema}",
    )
    owner = Project(tmp_path / "owner", warehouse, MODELS)
    assert owner.dbt("run", "--select", "a").code == 0
    rows = owner.log()
    warehouse.execute("drop table a", f"revoke all on process_execution_log from {warehouse.schema}")
    user = warehouse.schema
    warehouse.output = lambda: {**Postgres(postgres_host, warehouse.schema).output(), "user": user}  # type: ignore[method-assign]
    bare, logged = run_with_and_without(tmp_path, warehouse, MODELS)
    assert outcome(logged) == outcome(bare)
    (warning,) = warnings_of(logged)
    assert "permission denied" in warning
    assert owner.log() == rows


@pytest.mark.parametrize(
    ("code", "sqlstate", "message"),
    [
        (3001, "42501", "SQL access control error:\nInsufficient privileges to operate on table 'PROCESS_EXECUTION_LOG'"),
        (625, "57014", "Statement has locked table in another transaction; the number of waiters exceeds the 20 limit."),
        (2043, "02000", "Object does not exist, or operation cannot be performed."),
    ],
)
def test_snowflakes_own_refusals_change_nothing(
    code: int, sqlstate: str, message: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    warehouse = Snowflake(request.getfixturevalue("standin"))
    bare = Project(tmp_path / "bare", warehouse, MODELS, level="none").dbt("run")
    warehouse.standin.fail_matching(
        rf"(insert into|update|merge into)\s+\S*{warehouse.schema}\S*process_execution_log",
        code=code,
        sqlstate=sqlstate,
        message=message,
    )
    try:
        logged = Project(tmp_path / "logged", warehouse, MODELS).dbt("run")
    finally:
        warehouse.standin.clear_faults()
    assert outcome(logged) == outcome(bare)
    (warning,) = warnings_of(logged)
    assert message.split("\n", maxsplit=1)[0] in warning


def test_a_locked_log_delays_the_run_by_seconds_only_and_changes_nothing(postgres_host: str, tmp_path: Path) -> None:
    warehouse = Postgres(postgres_host)
    project = Project(tmp_path / "logged", warehouse, MODELS)
    assert project.dbt("run", "--select", "a").code == 0
    with locked_log(warehouse):
        logged = project.dbt("run")
    bare = Project(tmp_path / "bare", warehouse, MODELS, level="none").dbt("run")
    assert outcome(logged) == outcome(bare)
    (warning,) = warnings_of(logged)
    assert "lock timeout" in warning


def test_a_statement_timeout_that_hits_the_log_changes_nothing(postgres_host: str, tmp_path: Path) -> None:
    """PostgreSQL's `when others` does not catch it."""
    warehouse = Postgres(postgres_host)
    user = warehouse.schema
    warehouse.execute(f"create role {user} superuser login", f"alter role {user} set statement_timeout = '2s'")
    warehouse.output = lambda: {**Postgres(postgres_host, warehouse.schema).output(), "user": user}  # type: ignore[method-assign]
    project = Project(tmp_path / "logged", warehouse, MODELS)
    assert project.dbt("run", "--select", "a").code == 0
    with locked_log(warehouse):
        logged = project.dbt("run")
    assert logged.code == 1, logged.output
    assert sorted(result["status"] for result in logged.results) == ["error", "skipped", "success", "success", "success"]
    (warning,) = warnings_of(logged)
    assert "statement timeout" in warning


def test_live_writes_that_fail_do_not_matter_when_the_last_one_works(guarded: Warehouse, tmp_path: Path) -> None:
    files = {**MODELS, "models/a.sql": RENAMES + MODELS["models/a.sql"], "models/c.sql": RENAMES_BACK + MODELS["models/c.sql"]}
    project = Project(tmp_path / "logged", guarded, MODELS if guarded.name == "snowflake" else files)
    if guarded.name == "snowflake":
        assert project.dbt("run-operation", "exec_logger.install").code == 0
        guarded.standin.fail_matching(rf"^\s*(insert into|update)\s+\S*{guarded.schema}\S*process_execution_log")  # type: ignore[attr-defined]
    try:
        run = project.dbt("run")
    finally:
        if guarded.name == "snowflake":
            guarded.standin.clear_faults()  # type: ignore[attr-defined]
    assert run.code == 1
    (warning,) = warnings_of(run)
    assert "logged all the same" in warning
    job, rows = project.last_job()
    assert job["execution_status_name"] == "FAILED"
    assert job["process_config_obj"]["command"] == "run"
    assert {row["step_execution_obj"]["model_name"]: row["execution_status_name"] for row in rows} == {
        "a": "SUCCESS", "b": "SUCCESS", "c": "SUCCESS", "broken": "FAILED", "d": "SKIPPED",
    }  # fmt: skip


RENAMES = "{{ config(post_hook='alter table {{ target.schema }}.process_execution_log rename to away') }}"
RENAMES_BACK = "{{ config(pre_hook='alter table {{ target.schema }}.away rename to process_execution_log') }}"


def test_with_fail_the_run_fails(warehouse: Warehouse, tmp_path: Path) -> None:
    settings = {"execlog_on_error": "fail", "execlog_auto_create": False}
    project = Project(tmp_path / "project", warehouse, {"models/a.sql": "select 1 as id"}, config={"vars": settings})
    assert project.dbt("run").code != 0
    assert project.dbt("run-operation", "exec_logger.install").code == 0
    assert project.dbt("run").code == 0
    job, rows = project.last_job()
    assert (job["execution_status_name"], [row["execution_status_name"] for row in rows]) == ("SUCCESS", ["SUCCESS"])


def test_on_duckdb_a_log_table_that_is_not_there_is_a_warning(tmp_path: Path) -> None:
    from tests.support.warehouses import DuckDB  # noqa: PLC0415

    bare, logged = run_with_and_without(tmp_path, DuckDB(tmp_path), MODELS, execlog_auto_create=False)
    assert outcome(logged) == outcome(bare)
    assert len(warnings_of(logged)) == 1
