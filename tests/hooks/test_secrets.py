"""Values of vars under telling names are not stored, nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.project import Project
from tests.support.warehouses import DuckDB

SECRET = "hunter2 --full-refresh"


@pytest.mark.parametrize(
    ("given", "settings", "stored", "hidden"),
    [
        ({"day": 1, "DB_PASSWORD": SECRET}, {}, {"day": 1, "DB_PASSWORD": "***"}, ["DB_PASSWORD"]),
        ({"api": {"api_key": SECRET, "url": "x"}}, {}, {"api": {"api_key": "***", "url": "x"}}, ["api_key"]),
        ({"conns": [{"token": SECRET}, 1]}, {}, {"conns": [{"token": "***"}, 1]}, ["token"]),
        ({"my_pin": SECRET, "day": 1}, {"execlog_redact": ["pin$"]}, {"my_pin": "***", "day": 1}, ["my_pin"]),
        ({"day": SECRET}, {"execlog_log_vars": False}, {}, ["day"]),
    ],
)
def test_hidden_vars_are_named_but_not_stored(
    given: dict[str, object], settings: dict[str, object], stored: object, hidden: list[str], tmp_path: Path
) -> None:
    project = Project(tmp_path / "project", DuckDB(tmp_path), {"models/a.sql": "select 1 as id"}, config={"vars": settings})
    assert project.dbt("run", "--vars", json.dumps(given)).code == 0
    job, _ = project.last_job()
    assert job["process_config_obj"]["vars"] == stored
    assert job["process_config_obj"]["vars_hidden"] == hidden
    assert job["process_config_obj"]["invocation_command"].endswith("--vars ***")
    assert "hunter2" not in json.dumps(project.log(), default=str)
