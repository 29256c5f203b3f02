"""The SQL of a restart inside Snowflake: its text, its grammar, and who may ask for it."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlfluff
import sqlglot
from snowflake.connector.errors import ProgrammingError
from snowflake.connector.util_text import split_statements

from tests.native.shop import Shop
from tests.snowflake_standin.procedures import parse_create
from tests.snowflake_standin.script_parser import Assign, Block, Declare, If, Return, SelectInto, Sql, Statement
from tests.support.project import Project
from tests.support.warehouses import DuckDB

pytestmark = pytest.mark.xdist_group("native")

GOLDEN = Path(__file__).parent / "install_native.txt"
"""Not .sql: dbt 2 takes every such file under tests/ for a data test."""


@pytest.fixture(scope="module")
def printed(shop: Shop) -> str:
    """All that `execlog install --native --dry-run` prints, where the log exists."""
    native = ["--native", "--dbt-project", 'DB.DBT."My shop\'s"', "--warehouse", "NIGHT_WH"]
    native += ["--task", "nightly", "--schedule", "USING CRON 0 6 * * * UTC", "--dry-run"]
    run = shop.execlog(
        "install",
        *native,
        "--",
        "build",
        "--select",
        "tag:nightly",
        "--target",
        "test",
        "--vars",
        "{note: it's, day: 2026-01-01}",
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.replace(shop.warehouse.schema, "LOGS")


@pytest.fixture(scope="module")
def statements(printed: str) -> list[str]:
    return [sql.rstrip(";\n") for sql, _ in split_statements(io.StringIO(printed), remove_comments=True) if sql.strip()]


def test_the_dry_run_prints_this_text_and_the_views(printed: str) -> None:
    views = re.compile(r"^create or replace view (?:.|\n)*?;\n\n", re.M)
    assert views.sub("", printed) == GOLDEN.read_text()
    assert "create or replace view DB.LOGS.RESTART_PLAN copy grants as\n" in printed


def test_what_it_prints_can_be_run(shop: Shop, statements: list[str]) -> None:
    """In a schema of its own, where the table has to be made before it can be migrated."""
    elsewhere = f"{shop.warehouse.schema}_RUN"
    shop.warehouse.execute(f"create schema {elsewhere}")
    for statement in sorted(statements, key=lambda text: not text.startswith("create table")):
        shop.warehouse.execute(statement.replace("LOGS", elsewhere))
    task = shop.standin.tasks()[f"DB.{elsewhere}.NIGHTLY"]
    assert (task.options["WAREHOUSE"], task.started) == ("NIGHT_WH", True)
    with pytest.raises(ProgrammingError, match=r"DBT project 'DB\.DBT\.My shop's' does not exist"):
        shop.sql(f"call {elsewhere}.run_dbt_auto_restart()")


def test_the_grants_can_be_run_without_their_comment_signs(printed: str) -> None:
    grants = [line.removeprefix("-- ").rstrip(";") for line in printed.splitlines() if line.startswith("-- grant ")]
    assert len(grants) == 10
    for grant in grants:
        if " on dbt project " not in grant:  # newer than both grammars
            sqlfluff.parse(grant, dialect="snowflake")


def test_every_statement_parses_in_sqlfluffs_snowflake_dialect(statements: list[str]) -> None:
    for statement in statements:
        sqlfluff.parse(statement, dialect="snowflake")


def test_the_statements_of_the_body_parse_in_both_grammars(statements: list[str]) -> None:
    (procedure,) = (statement for statement in statements if statement.startswith("create or replace procedure"))
    found = list(_sql(parse_create(procedure, "DB", "LOGS")[1].body))
    assert len(found) > 20
    for text in found:
        sqlfluff.parse(text, dialect="snowflake")
        (parsed,) = sqlglot.parse(text, read="snowflake")
        assert parsed is not None
        assert not isinstance(parsed, sqlglot.exp.Command), text


def test_only_a_target_on_snowflake_can_have_it(tmp_path: Path) -> None:
    project = Project(tmp_path / "shop", DuckDB(tmp_path), {"models/a.sql": "select 1 as id"}, level="run")
    command = [sys.executable, "-m", "exec_logger", "install", "--native", "--dbt-project", "A.B.C"]
    run = subprocess.run(command, cwd=project.folder, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (78, "")
    assert run.stderr == (
        "execlog: only Snowflake runs dbt inside the warehouse, and the target 'test' is on duckdb."
        " Elsewhere, put `execlog restart` into cron.\n"
    )
    operation = project.dbt("run-operation", "exec_logger.install_native", "--args", "{dbt_project: A.B.C}")
    assert operation.code == 1
    assert "exec_logger: only Snowflake runs dbt inside the warehouse" in operation.output


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--native"], "--native needs --dbt-project"),
        (["--task", "nightly"], "need --native. Add it."),
        (["--", "build"], "need --native. Add it."),
        (["--native", "--dbt-project", "A.B.C", "--task", "x"], "--task and --schedule belong together"),
        (["--native", "--dbt-project", "A.B.C", "--", "compile"], "execlog cannot restart `dbt compile`"),
    ],
)
def test_what_does_not_fit_together_is_a_usage_error(shop: Shop, args: list[str], message: str) -> None:
    run = shop.execlog("install", *args)
    assert (run.returncode, run.stdout) == (64, "")
    assert message in run.stderr


def test_a_name_that_is_none_is_refused(shop: Shop) -> None:
    run = shop.execlog("install", "--native", "--dbt-project", "A.B.C; drop table x", "--dry-run")
    assert run.returncode == 78
    assert "dbt_project is not a name of the form DATABASE.SCHEMA.NAME: A.B.C; drop table x." in run.stderr


def _sql(statement: Statement) -> Iterator[str]:
    """The SQL within a block, expressions as SELECTs."""
    if isinstance(statement, Block):
        for part in (*statement.declarations, *statement.body, *(statement.handler or ())):
            yield from _sql(part)
    elif isinstance(statement, If):
        for condition, body in statement.branches:
            yield from [f"select {condition}"] if condition else []
            for part in body:
                yield from _sql(part)
    elif isinstance(statement, SelectInto | Sql):
        yield statement.text
    elif isinstance(statement, Declare | Assign | Return):
        yield f"select {statement.expression}"
