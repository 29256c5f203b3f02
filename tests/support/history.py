"""A log with a history: two real runs of dbt, which many assertions read, and copies of it to do things to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from click import Command
from click.testing import CliRunner, Result

from exec_logger.profile import Where, read_target
from exec_logger.warehouse import Warehouse as Session
from exec_logger.warehouse import connect
from tests.conftest import make_warehouse
from tests.support.project import Project
from tests.support.warehouses import Row

FILES = {
    "models/done.sql": "{{ config(materialized='table') }} select 1 as id union all select 2 as id",
    "models/hidden.sql": "{{ config(materialized='ephemeral') }} select id from {{ ref('done') }}",
    "models/broken.sql": "{{ config(materialized='table') }} select no_such_column as id from {{ ref('hidden') }}",
    "models/behind.sql": "select id from {{ ref('broken') }}",
    "models/schema.yml": "models: [{name: done, columns: [{name: id, data_tests: [not_null]}]}]",
}
LOG = "process_execution_log"
JSON_VALUE = {"duckdb": "{}::json", "postgres": "{}::jsonb", "snowflake": "parse_json({})"}


@dataclass(frozen=True)
class History:
    """First `dbt build`, which failed, then `dbt run --select done`."""

    project: Project
    failed: str
    """PROCESS_STEP_ID of the job."""
    passed: str

    @property
    def warehouse(self) -> str:
        return self.project.warehouse.name

    def where(self, table: str = LOG) -> Where:
        return Where(project_dir=self.project.folder, profiles_dir=self.project.folder, log_table=table)

    def open(self, table: str = LOG) -> Session:
        return connect(read_target(self.where(table)))

    def execlog(self, command: Command, *args: str, table: str = LOG) -> Result:
        place = ["--project-dir", str(self.project.folder), "--profiles-dir", str(self.project.folder), "--log-table", table]
        return CliRunner().invoke(command, [*place, *args], catch_exceptions=False)

    def copy(self, condition: str = "1 = 1") -> str:
        """A new table with the rows of the log that meet the condition."""
        name = f"log_{uuid4().hex[:12]}"
        self.project.warehouse.execute(f"create table {name} as select * from {LOG} where {condition}")
        return name

    def rows(self, table: str = LOG) -> list[Row]:
        return self.project.log(table)

    def change(self, table: str, step_id: str, **values: Any) -> None:
        """Updates one row."""
        assigned = ", ".join(f"{name} = {self._literal(name, value)}" for name, value in values.items())
        self.project.warehouse.execute(f"update {table} set {assigned} where process_step_id = '{step_id}'")

    def insert(self, table: str, **values: Any) -> None:
        """Inserts one row; what is not given is null."""
        literals = ", ".join(self._literal(name, value) for name, value in values.items())
        self.project.warehouse.execute(f"insert into {table} ({', '.join(values)}) select {literals}")

    def _literal(self, name: str, value: Any) -> str:
        if value is None:
            return "null"
        text = json.dumps(value) if name.endswith("_obj") else str(value)
        text = text.replace("\\", "\\\\") if self.warehouse == "snowflake" else text
        literal = "'" + text.replace("'", "''") + "'"
        return JSON_VALUE[self.warehouse].format(literal) if name.endswith("_obj") else literal


_made: dict[str, History] = {}


def history_on(name: str, request: pytest.FixtureRequest, factory: pytest.TempPathFactory) -> History:
    """The history on a warehouse, made once per test process."""
    if name not in _made:
        folder = factory.mktemp(f"history_{name}")
        project = Project(folder / "project", make_warehouse(name, request, folder), FILES)
        assert project.dbt("build").code == 1
        run = project.dbt("run", "--select", "done")
        assert run.code == 0, run.output
        failed, passed = (row["process_step_id"] for row in project.log() if row["record_type"] == "JOB")
        _made[name] = History(project, failed, passed)
    return _made[name]
