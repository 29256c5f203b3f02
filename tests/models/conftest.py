"""A log with a history of its own (real runs, and thousands of generated ones) and the views over it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from exec_logger.commands.install import command as install
from tests.conftest import WAREHOUSES, make_warehouse
from tests.models.scenarios import Scenario, insert, scenarios
from tests.support.history import History
from tests.support.project import Project
from tests.support.warehouses import Row

FILES = {
    "seeds/raw.csv": "id\n1\n2\n",
    "models/done.sql": "{{ config(materialized='table') }} select id from {{ ref('raw') }}",
    "models/marts/dim_v1.sql": "select 1 as id",
    "models/marts/dim_v2.sql": "{{ config(materialized='table') }} select no_such_column as id from {{ ref('done') }}",
    "models/behind.sql": "select id from {{ ref('dim', v=2) }}",
    "models/tested.sql": "{{ config(materialized='table') }} select id from {{ ref('done') }}",
    "models/schema.yml": """
models:
  - {name: dim, latest_version: 2, versions: [{v: 1}, {v: 2}]}
  - {name: done, columns: [{name: id, data_tests: [not_null]}]}
  - {name: tested, columns: [{name: id, data_tests: [{accepted_values: {arguments: {values: [1]}}}]}]}
unit_tests:
  - {name: reads_done, model: tested, given: [{input: ref('done'), rows: [{id: 1}]}], expect: {rows: [{id: 1}]}}
""",
}


@dataclass(frozen=True)
class Viewed:
    project: Project
    failed: str
    """PROCESS_STEP_ID of `dbt build --full-refresh`, which failed."""
    passed: str
    """That of `dbt run --select done`."""
    scenarios: list[Scenario]

    def ask(self, sql: str) -> list[Row]:
        return self.project.warehouse.query(sql)


_made: dict[str, Viewed] = {}


def viewed_on(name: str, request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> Viewed:
    if name not in _made:
        folder = factory.mktemp(f"views_{name}")
        # a project's own ideas of where models go are not for the log's views
        config = {"models": {"exec_logger": {"+schema": "elsewhere", "+alias": "other"}}}
        project = Project(folder / "project", make_warehouse(name, request, folder), FILES, config=config)
        build = project.dbt("build", "--full-refresh", "--vars", '{"day": "it\'s"}')
        assert build.code == 1, build.output
        assert project.dbt("run", "--select", "done").code == 0
        failed, passed = (row["process_step_id"] for row in project.log() if row["record_type"] == "JOB")
        result = History(project, failed, passed).execlog(install)
        assert result.exit_code == 0, result.output
        made = scenarios(300 if name == "snowflake" else 2000)  # the stand-in takes long to insert
        insert(project.warehouse, made)
        _made[name] = Viewed(project, failed, passed, made)
    return _made[name]


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.xdist_group(f"views_{name}")) for name in WAREHOUSES])
def viewed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Viewed:
    return viewed_on(request.param, request, tmp_path_factory)


@pytest.fixture
def viewed_on_snowflake(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Viewed:
    return viewed_on("snowflake", request, tmp_path_factory)
