"""The second package as such: its macros, its variables, its version."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import yaml

from tests.streams.conftest import StreamProject
from tests.support.cron import DuckDBInFolder
from tests.support.project import DBT, REPOSITORY

PACKAGE = REPOSITORY / "streams"
MACROS = sorted((PACKAGE / "macros").rglob("*.sql"))
SEED = """
    validate_stream_status register_process_start register_process_completion log_load_statistics
    initialize_load_orchestration finalize_load_orchestration generate_dcf_process_instance_id execute_incremental_load
    capture_load_statistics update_process_metadata manage_data_lifecycle prepare_load_report send_load_completion_report
    validate_orchestration_completion dcf_audit_columns configure_load_warehouse get_credits_consumed
"""


def test_the_macros_of_the_seed_are_there_and_documented_with_their_arguments() -> None:
    documented = {macro["name"]: macro for macro in yaml.safe_load((PACKAGE / "macros/_macros.yml").read_text())["macros"]}
    assert set(documented) == {*SEED.split(), "ready_for_loading", "close_streams", "install"}
    found = {}
    for path in MACROS:
        for name, arguments in re.findall(r"\{%-?\s*macro\s+(\w+)\((.*?)\)", path.read_text()):
            found[name] = [argument.split("=")[0].strip() for argument in arguments.split(",") if argument.strip()]
    for name, macro in documented.items():
        assert [argument["name"] for argument in macro.get("arguments", [])] == found[name]


def test_what_differs_between_warehouses_stands_in_adapters_only() -> None:
    for path in MACROS:
        if path.parent.name != "adapters":
            text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
            assert not re.search(r"target\.type|snowflake|postgres|duckdb", text), path


def test_every_variable_is_commented_in_the_project_file() -> None:
    defaults = (PACKAGE / "macros/control/stream_settings.sql").read_text()
    commented = re.findall(r"^#   (\w+): ", (PACKAGE / "dbt_project.yml").read_text(), re.M)
    assert commented == re.findall(r"^    '(\w+)':", defaults, re.M)


def test_both_packages_have_one_version() -> None:
    versions = {yaml.safe_load((folder / "dbt_project.yml").read_text())["version"] for folder in (REPOSITORY, PACKAGE)}
    assert len(versions) == 1


def test_the_example_parses_without_a_warning(tmp_path: Path) -> None:
    project = StreamProject(tmp_path, DuckDBInFolder(tmp_path))
    run = subprocess.run(
        [str(DBT), "--warn-error", "parse"],
        cwd=project.folder,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert run.returncode == 0, run.stdout
