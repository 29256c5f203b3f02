"""What we send to Snowflake parses by two independent grammars, and stays in the limits that the stand-in checks."""

from __future__ import annotations

import re

import pytest
import sqlfluff
import sqlglot

from tests.snowflake_standin.client import StandIn
from tests.support.project import Project
from tests.support.warehouses import Snowflake

GUARD = re.compile(
    r"execute immediate \$\$\s*begin\s+(?P<inner>.*?);?\s*exception\s+when other then\s+return sqlerrm;\s*end\s*\$\$", re.S
)


@pytest.fixture(scope="module")
def sent(standin: StandIn, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """All our statements of an install and of a run at level live, with text that is hard to quote."""
    warehouse = Snowflake(standin)
    files = {
        "models/a.sql": "{{ config(materialized='table', alias='We$ird') }} select 1 as id",
        "models/b.sql": "select nope from {{ ref('a') }} -- it's \\ $$ broken",
    }
    project = Project(tmp_path_factory.mktemp("sent") / "project", warehouse, files)
    standin.forget_statements()
    assert project.dbt("run-operation", "exec_logger.install").code == 0
    assert project.dbt("run", "--vars", '{note: "it\'s $$ a \\\\ note"}').code == 1
    return [
        entry.sql
        for entry in standin.statements()
        if warehouse.schema in entry.sql and ("process_execution_log" in entry.sql.lower() or "count(*)" in entry.sql)
    ]


def test_all_kinds_of_our_statements_are_among_them(sent: list[str]) -> None:
    text = "\n".join(sent)
    for kind in ("create table if not exists", "insert into", "update ", "merge into", "count(*)"):
        assert kind in text


def test_every_statement_parses_in_sqlfluffs_snowflake_dialect(sent: list[str]) -> None:
    for statement in sent:
        sqlfluff.parse(statement, dialect="snowflake")


def test_every_statement_in_a_guard_parses_in_both_grammars(sent: list[str]) -> None:
    inner = [match["inner"] for statement in sent if (match := GUARD.search(statement))]
    assert len(inner) == len([statement for statement in sent if "execute immediate" in statement])
    for statement in inner:
        plain = re.sub(r"let counts varchar := \((.*)\);\s*return counts", r"\1", statement, flags=re.S)
        sqlfluff.parse(plain, dialect="snowflake")
        (parsed,) = sqlglot.parse(plain, read="snowflake")
        assert parsed is not None
        assert not isinstance(parsed, sqlglot.exp.Command)


def test_no_value_stands_in_a_values_list(sent: list[str]) -> None:
    """PARSE_JSON is not allowed there, and 16,384 rows are the most."""
    for statement in sent:
        for values in re.findall(r"values\s*\((.*?)\)\s*$", statement, re.S | re.M):
            assert re.fullmatch(r"(final_\.\w+(, )?)+", values)
