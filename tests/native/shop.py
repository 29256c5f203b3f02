"""A project deployed as a dbt project object of the stand-in, with the restart installed beside its log."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from snowflake.connector.errors import ProgrammingError

from tests.snowflake_standin.client import StandIn
from tests.snowflake_standin.dbt_projects import DbtRun
from tests.support.project import DBT, Project
from tests.support.warehouses import Row, Snowflake

MENDED = "select id from {{ ref('base') }}"
BROKEN = "select nope from {{ ref('base') }}"
FILES = {
    "models/base.sql": "select 1 as id",
    "models/broken.sql": BROKEN,
    "models/we$ird.sql": "select id, '{{ var('note', '') | replace(\"'\", \"''\") }}' as note from {{ ref('broken') }}",
    "models/aside.sql": "select 2 as id",
    "tests/broken_has_rows.sql": "select 1 as x from {{ ref('broken') }} where id is null",
}
NAMES = ("broken", "broken_has_rows", "we$ird")
"""The nodes that a broken run leaves undone."""


@dataclass
class Shop:
    project: Project
    standin: StandIn
    warehouse: Snowflake
    object: str

    @classmethod
    def make(cls, standin: StandIn, folder: Path) -> Shop:
        warehouse = Snowflake(standin)
        config = {"models": {"shop": {"+materialized": "table"}}, "vars": {"execlog_row_counts": "off"}}
        project = Project(folder / "shop", warehouse, FILES, level="durable", config=config)
        shop = cls(project, standin, warehouse, f"DB.{warehouse.schema}.SHOP")
        shop.deploy()
        return shop

    def deploy(self, *, raises: bool = True) -> None:
        self.standin.register_dbt_project(self.object, self.project.folder, DBT, raises=raises)

    def execlog(self, *args: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "exec_logger", *args],
            cwd=self.project.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def sql(self, statement: str) -> str:
        """The only value of a statement's result."""
        with self.standin.connect(schema=self.warehouse.schema) as connection:
            [(value,)] = connection.cursor().execute(statement, timeout=120).fetchall()
        return str(value)

    def call(self, **arguments: Any) -> str:
        """What the procedure returned. Raises ProgrammingError with what it raised."""
        given = ", ".join(f"{name} => {_literal(value)}" for name, value in arguments.items())
        return self.sql(f"call run_dbt_auto_restart({given})")

    def error(self, **arguments: Any) -> str:
        try:
            returned = self.call(**arguments)
        except ProgrammingError as error:
            return str(error)
        raise AssertionError(f"the procedure returned {returned}")

    @contextmanager
    def runs(self) -> Iterator[list[DbtRun]]:
        """The list of the runs of dbt within the block, filled at its end."""
        before, found = len(self.standin.dbt_runs()), list[DbtRun]()
        yield found
        found += self.standin.dbt_runs()[before:]

    def copy_job(self, job_id: str, name: str, *, hours_ago: float = 0, **config: Any) -> str:
        """The rows of a job once more under another name, moved in time, its config changed; the new job's id."""
        new_id = "JOB_" + re.sub(r"\W", "_", name)
        rows = self.warehouse.query(
            "select process_execution_log_sk as sk, to_json(process_config_obj) as config from process_execution_log"
            f" where process_step_id = '{job_id}'"
        )
        changed = {**json.loads(rows[0]["config"]), "job_name": name, **config}
        columns = (
            "record_type, execution_status_name, execution_completed_ind, execution_type_name, source_obj, destination_obj,"
            " destination_data_cnt_obj, step_execution_obj, error_message_obj, deleted_ind"
        )
        moved = [
            f"dateadd('second', -{int(hours_ago * 3600)}, {column})"
            for column in ("execution_start_tmstp", "execution_end_tmstp", "insert_tmstp", "update_tmstp")
        ]
        self.warehouse.execute(
            "insert into process_execution_log (process_step_id, parent_step_id, process_config_obj, execution_start_tmstp,"
            f" execution_end_tmstp, insert_tmstp, update_tmstp, {columns})"
            f" select replace(process_step_id, '{job_id}', '{new_id}'), replace(parent_step_id, '{job_id}', '{new_id}'),"
            f" case when process_step_id = '{job_id}' then parse_json({_literal(json.dumps(changed))}) end,"
            f" {', '.join(moved)}, {columns} from process_execution_log where '{job_id}' in (process_step_id, parent_step_id)"
        )
        return new_id

    def job(self, job_id: str) -> Row:
        return next(row for row in self.project.log() if row["process_step_id"] == job_id)

    def nodes(self, job_id: str) -> dict[str, str]:
        """Status by the name of the node."""
        return {
            row["step_execution_obj"]["model_name"]: row["execution_status_name"]
            for row in self.project.log()
            if row["parent_step_id"] == job_id
        }


def _literal(value: Any) -> str:
    if value is None or isinstance(value, (int, float)):
        return "null" if value is None else str(value)
    escaped = str(value).replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
