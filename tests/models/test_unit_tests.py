"""The package's own unit tests: with execlog_models they are part of every `dbt build`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import WAREHOUSES, make_warehouse
from tests.support.project import DBT, REPOSITORY, Project
from tests.support.warehouses import DuckDB


@pytest.mark.matrix
@pytest.mark.parametrize("name", WAREHOUSES)
def test_a_build_of_a_project_with_the_views_passes_their_tests(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    project = Project(tmp_path / "project", make_warehouse(name, request, tmp_path), {"models/a.sql": "select 1 as id"})
    build = project.dbt("build", "--vars", "{execlog_models: true, execlog_cost_models: true}")
    assert build.code == 0, build.output
    assert {"model", "test", "unit_test"} == {result["unique_id"].split(".")[0] for result in build.results}


def test_every_view_passes_its_unit_tests_and_key_tests(tmp_path: Path) -> None:
    warehouse = DuckDB(tmp_path)
    profiles = {"exec_logger": {"target": "test", "outputs": {"test": warehouse.output()}}}
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profiles))
    for command in (["run-operation", "install"], ["--warn-error", "build", "--vars", "{execlog_models: true}"]):
        process = subprocess.run(
            [str(DBT), *command, "--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")],
            cwd=REPOSITORY,
            env={
                **os.environ,
                "DBT_PROFILES_DIR": str(tmp_path),
                "DBT_SEND_ANONYMOUS_USAGE_STATS": "0",
                "PYTHONWARNINGS": "ignore",
            },
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
        assert process.returncode == 0, process.stdout
    models = {path.stem for path in (REPOSITORY / "models").rglob("*.sql")}
    described = [
        model
        for path in (REPOSITORY / "models").rglob("_*.yml")
        for model in yaml.safe_load(path.read_text()).get("models", [])
    ]
    assert {model["name"] for model in described} == models
    for model in described:
        assert model["description"].startswith("One row per "), model["name"]
    of_cost = {path.stem for path in (REPOSITORY / "models/cost").glob("*.sql")}  # see test_cost.py
    for model in (model for model in described if model["name"] not in of_cost):
        found = warehouse.query(
            "select column_name from information_schema.columns"
            f" where lower(table_name) = '{model['name']}' order by ordinal_position"
        )
        assert [row["column_name"].lower() for row in found] == [column["name"] for column in model["columns"]], model["name"]
        tested = [column["data_tests"] for column in model["columns"] if "data_tests" in column]
        assert tested == [["unique", "not_null"]], model["name"]
