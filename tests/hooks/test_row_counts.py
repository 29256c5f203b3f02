"""What SOURCE_DATA_CNT and DESTINATION_OBJ say where dbt's own answer is not the whole truth."""

from __future__ import annotations

from pathlib import Path

from tests.support.project import Project
from tests.support.warehouses import Warehouse


def test_rows_that_another_post_hook_took_away_are_not_counted(warehouse: Warehouse, tmp_path: Path) -> None:
    model = "{{ config(materialized='table', post_hook='delete from {{ this }} where id > 1') }}"
    files = {"models/a.sql": model + " select 1 as id union all select 2 union all select 3"}
    project = Project(tmp_path / "project", warehouse, files)
    assert project.dbt("run").code == 0
    _, (row,) = project.last_job()
    assert row["source_data_cnt"] == 1


def test_a_test_that_stores_its_failures_has_a_destination(warehouse: Warehouse, tmp_path: Path) -> None:
    files = {"models/a.sql": "select 1 as id", "tests/fails.sql": "select id from {{ ref('a') }}"}
    project = Project(tmp_path / "project", warehouse, files)
    for flags, table in (([], None), (["--store-failures"], "fails")):
        assert project.dbt("build", *flags).code == 1
        _, rows = project.last_job()
        (test,) = [row for row in rows if row["record_type"] == "TEST"]
        assert test["destination_obj"]["table"] == table
        assert test["step_execution_obj"]["failures"] == 1
