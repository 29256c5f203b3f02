"""The package as such: its size, its docs, its place, and the versions of dbt that read it."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from exec_logger.dbt import list_nodes
from exec_logger.project_nodes import ProjectNode
from tests.support.project import DBT, REPOSITORY, Project
from tests.support.warehouses import DuckDB

MACROS = sorted((REPOSITORY / "macros").rglob("*.sql"))
PUBLIC = {
    "log_run_start", "log_execution_start", "log_execution_end", "log_run_end", "query_comment", "install", "install_native",
}  # fmt: skip
V2 = "2.0.0a4"


def names_in(path: Path) -> list[str]:
    return re.findall(r"\{%-?\s*macro\s+(\w+)\(", path.read_text())


def test_a_logging_run_loads_at_most_sixty_macros() -> None:
    """Every installed macro costs every node of every user's run, about 0.011 ms."""
    assert len([name for path in MACROS for name in names_in(path)]) <= 60


def test_no_macro_has_two_definitions() -> None:
    names = [name for path in MACROS for name in names_in(path)]
    assert sorted(names) == sorted(set(names))


def test_public_macros_are_documented_with_their_arguments() -> None:
    documented = {macro["name"]: macro for macro in yaml.safe_load((REPOSITORY / "macros/_macros.yml").read_text())["macros"]}
    assert set(documented) == PUBLIC
    for path in MACROS:
        for name, arguments in re.findall(r"\{%-?\s*macro\s+(\w+)\((.*?)\)", path.read_text()):
            if name in PUBLIC:
                given = [argument.split("=")[0].strip() for argument in arguments.split(",") if argument.strip()]
                assert [argument["name"] for argument in documented[name].get("arguments", [])] == given


def test_what_differs_between_warehouses_stands_in_adapters_only() -> None:
    for path in MACROS:
        if path.parent.name not in ("adapters", "native"):  # nothing but Snowflake runs dbt itself
            assert not re.search(
                r"target\.type|snowflake|postgres|duckdb", re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.S)
            )


def test_every_variable_is_commented_in_the_project_file() -> None:
    defaults = (REPOSITORY / "macros/settings.sql").read_text()
    names = set(re.findall(r'"(\w+)":', defaults)) | set(re.findall(r"'(\w+)': target", defaults))
    commented = re.findall(r"^#   execlog_(\w+):", (REPOSITORY / "dbt_project.yml").read_text(), re.M)
    assert sorted(commented) == sorted(names)


def test_the_version_stands_once() -> None:
    project = yaml.safe_load((REPOSITORY / "dbt_project.yml").read_text())
    assert importlib.metadata.version("exec-logger") == project["version"]
    assert project["sources"]["exec_logger"]["+meta"]["package_version"] == project["version"]
    assert f"## {project['version']}" in (REPOSITORY / "CHANGELOG.md").read_text()


@pytest.mark.matrix
def test_the_package_and_the_example_parse_without_a_warning(tmp_path: Path) -> None:
    for name, run in _parses(tmp_path, DBT).items():
        assert run.returncode == 0, f"{name}: {run.stdout}"


def test_where_an_adapter_is_not_supported_a_project_runs_without_the_log(tmp_path: Path) -> None:
    """As on an adapter without a file in macros/adapters/: here DuckDB, once it is taken off the list."""
    package = tmp_path / "package"
    for part in ("macros", "models"):
        shutil.copytree(REPOSITORY / part, package / part)
    shutil.copy(REPOSITORY / "dbt_project.yml", package)
    dialect = package / "macros/adapters/dialect.sql"
    dialect.write_text(dialect.read_text().replace("['snowflake', 'duckdb', 'postgres']", "['snowflake', 'postgres']"))
    project = Project(tmp_path / "project", DuckDB(tmp_path), {"models/a.sql": "select 1 as id"}, level="none")
    project.install_package(package)
    run = project.dbt("run", "--vars", "{execlog_enabled: false}")
    assert run.code == 0, run.output


@pytest.fixture(scope="module")
def dbt_v2(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The executable of dbt 2; skips where its wheel is not to be had."""
    folder = tmp_path_factory.mktemp("v2")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, timeout=100)
    command = [str(folder / "bin/pip"), "install", "--quiet", "--no-deps", f"dbt-core=={V2}"]
    if subprocess.run(command, capture_output=True, timeout=250, check=False).returncode:
        pytest.skip(f"dbt-core {V2} cannot be installed here")
    return folder / "bin" / "dbt"


def test_dbt_2_parses_the_package_and_the_example_without_a_warning_of_ours(dbt_v2: Path, tmp_path: Path) -> None:
    for name, run in _parses(tmp_path, dbt_v2).items():
        assert run.returncode == 0, f"{name}: {run.stdout}"
        assert "exec_logger" not in run.stdout or "warning" not in run.stdout.lower(), f"{name}: {run.stdout}"


def test_dbt_2_lists_the_nodes_that_a_restart_looks_up(dbt_v2: Path, tmp_path: Path) -> None:
    project = Project(tmp_path, DuckDB(tmp_path), {"models/marts/a.sql": "select 1 as id"}, level="durable")
    nodes = list_nodes(str(dbt_v2), ["--project-dir", str(project.folder), "--profiles-dir", str(project.folder)])
    assert nodes == [ProjectNode("model.shop.a", "model", "a", ("shop", "marts", "a"), ())]


def _parses(folder: Path, dbt: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """`dbt parse --warn-error` of a project with all hooks, and of the example."""
    own = Project(
        folder / "own", DuckDB(folder), {"models/a.sql": "select 1 as id"}, config={"flags": {"validate_macro_args": True}}
    )
    for kind in ("seeds/s.csv", "snapshots/n.sql"):
        own.write(kind, "id\n1\n" if kind.endswith("csv") else SNAPSHOT)
    example = folder / "example"
    ignore = ("target", "logs", "dbt_packages", "*.duckdb")
    subprocess.run(["cp", "-r", str(REPOSITORY / "examples/jaffle_shop"), str(example)], check=True)
    for name in ignore[:3]:
        subprocess.run(["rm", "-rf", str(example / name)], check=True)
    (example / "dbt_packages").mkdir()
    (example / "dbt_packages/exec_logger").symlink_to(REPOSITORY)
    (example / "packages.yml").write_text(f"packages: [{{local: {REPOSITORY}}}]\n")
    own.write("packages.yml", f"packages: [{{local: {REPOSITORY}}}]\n")
    return {
        path.name: subprocess.run(
            [str(dbt), "--warn-error", "parse"],
            cwd=path,
            env={**os.environ, "DBT_PROFILES_DIR": str(path), "PYTHONWARNINGS": "ignore"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        for path in (own.folder, example)
    }


SNAPSHOT = """
{% snapshot n %}{{ config(target_schema='main', unique_key='id', strategy='check', check_cols='all') }}
select id from {{ ref('s') }}{% endsnapshot %}
"""


def test_what_the_docs_say_of_commands_and_variables_is_generated() -> None:
    files = ["README.md", "docs/restart.md", "docs/streams.md"]
    check = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", *files], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert check.returncode == 0, f"run `cog -r {' '.join(files)}`: {check.stdout}{check.stderr}"
