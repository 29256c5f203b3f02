"""The unit tests of the package run only where it is the root project (dbt_project.yml): here."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.support.project import DBT, REPOSITORY
from tests.support.warehouses import Warehouse


@pytest.mark.matrix
def test_every_view_passes_its_unit_tests_and_key_tests(warehouse: Warehouse, tmp_path: Path) -> None:
    profiles = {"exec_logger": {"target": "test", "outputs": {"test": warehouse.output()}}}
    (tmp_path / "profiles.yml").write_text(yaml.safe_dump(profiles))
    for command in (
        ["run-operation", "install"],
        ["--warn-error", "build", "--vars", "{execlog_models: true, execlog_cost_models: true}"],
    ):
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
    assert "unit tests" in process.stdout
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
            f" where lower(table_name) = '{model['name']}' and lower(table_schema) = '{warehouse.schema.lower()}'"
            " order by ordinal_position"
        )
        assert [row["column_name"].lower() for row in found] == [column["name"] for column in model["columns"]], model["name"]
        tested = [column["data_tests"] for column in model["columns"] if "data_tests" in column]
        assert tested == [["unique", "not_null"]], model["name"]
