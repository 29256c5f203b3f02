"""How many statements each level of logging costs: the table in the README, checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import Level, Project
from tests.support.warehouses import Snowflake, Warehouse

MODELS = {
    "models/a.sql": "select 1 as id",
    "models/b.sql": "{{ config(materialized='table') }} select id from {{ ref('a') }}",
    "models/c.sql": "{{ config(materialized='incremental') }} select id from {{ ref('b') }}",
    "models/d.sql": "select id from {{ ref('c') }}",
}

UNNECESSARY = {
    "duckdb": ["create"],  # goes along with the insert
    "postgres": ["count"],  # the adapter reports what full loads wrote
    "snowflake": [],
}


@pytest.mark.parametrize(
    ("level", "settings", "ours"),
    [
        ("run", {}, ["insert", "count", "merge"]),
        ("run", {"execlog_auto_create": False}, ["insert", "count", "merge"]),
        ("run", {"execlog_auto_create": False, "execlog_row_counts": "off"}, ["insert", "merge"]),
        ("durable", {"execlog_auto_create": False, "execlog_row_counts": "off"}, ["insert"] * 5 + ["merge"]),
        ("live", {"execlog_auto_create": False, "execlog_row_counts": "off"}, ["insert"] * 5 + ["merge"] + ["update"] * 4),
        ("live", {"execlog_enabled": False}, []),
    ],
)
def test_a_run_costs_the_documented_statements(
    level: Level, settings: dict[str, object], ours: list[str], warehouse: Warehouse, tmp_path: Path
) -> None:
    project = Project(tmp_path / "project", warehouse, MODELS, level=level, config={"vars": settings})
    assert project.dbt("run-operation", "exec_logger.install").code == 0
    if isinstance(warehouse, Snowflake):
        warehouse.standin.forget_statements()
    run = project.dbt("run")
    assert run.code == 0, run.output
    sent = run.statements
    if isinstance(warehouse, Snowflake):
        sent = [entry.sql for entry in warehouse.standin.statements()]
    assert sorted(filter(None, map(_kind, sent))) == sorted(kind for kind in ours if kind not in UNNECESSARY[warehouse.name])


def _kind(statement: str) -> str | None:
    """What one of our statements does; None for a statement of dbt's own."""
    text = " ".join(statement.lower().split())
    if "count(*)" in text:
        return "count"
    if "process_execution_log" not in text:
        return None
    return next(word for word in ("merge into", "update ", "insert into", "create table") if word in text).split()[0]
