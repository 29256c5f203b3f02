"""EXECUTE DBT PROJECT: starts the real dbt on the folder that the test registered under the project's name."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from dataclasses import dataclass

from .binds import literal
from .catalog import Catalog, Reader, missing
from .errors import SqlError, not_emulated
from .tokens import significant_tokens

EXECUTE = re.compile(r"\s*execute\s+dbt\s+project\b", re.IGNORECASE)
VARIABLE = re.compile(r"DBT_[A-Z0-9_]+")
TIMEOUT_SECONDS = 120


@dataclass(frozen=True)
class DbtProject:
    folder: str
    """With dbt_project.yml and profiles.yml."""
    dbt: str
    raises: bool = True
    """False: a failed dbt is told by the result alone, as before October 2025."""


@dataclass(frozen=True)
class DbtRun:
    project: str
    args: str
    env_vars: dict[str, str]
    exit_code: int
    output: str


def execute_dbt_project(sql: str, catalog: Catalog, database: str | None, schema: str | None) -> str:
    """Runs dbt to its end; a SELECT that gives the command's result."""
    reader = Reader(significant_tokens(sql))
    reader.expect("EXECUTE", "DBT", "PROJECT")
    reader.skip("IF", "EXISTS")
    name = reader.name(database, schema)
    args, env_vars = "", {}
    while reader.text:
        if reader.skip("ARGS", "="):
            args = reader.string()
        elif reader.skip("ENV_VARS", "="):
            env_vars = _env_vars(reader)
        elif reader.word in ("DBT_VERSION", "ENVIRONMENT", "EXTERNAL_ACCESS_INTEGRATIONS", "IMPORTS", "WRITEBACK", "FROM"):
            raise not_emulated(f"{reader.word} of EXECUTE DBT PROJECT")
        else:
            raise reader.unexpected()
    if name not in catalog.dbt_projects:
        raise missing("DBT project", name)
    project = catalog.dbt_projects[name]
    run = _run(name, project, args, env_vars)
    catalog.dbt_runs.append(run)
    if run.exit_code and project.raises:
        raise SqlError(370001, "P0000", f"dbt failed with exit code {run.exit_code}: {run.output[-2000:]}")
    success = literal(run.exit_code == 0)
    exception = literal("None" if run.exit_code == 0 else f"exit code {run.exit_code}")
    return (
        f'select {success} as "0|1 Success", {exception} as exception, {literal(run.output)} as stdout, '
        "'snow://none' as output_archive_url"
    )


def _env_vars(reader: Reader) -> dict[str, str]:
    found = {}
    reader.expect("(")
    while not reader.skip(")"):
        name = reader.string()
        if not VARIABLE.fullmatch(name):
            raise SqlError(1506, "22023", f"'{name}' is no environment variable in upper case with the prefix DBT_")
        reader.expect("=")
        found[name] = reader.string()
        reader.skip(",")
    return found


def _run(name: str, project: DbtProject, args: str, env_vars: dict[str, str]) -> DbtRun:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("DBT_")}
    process = subprocess.run(
        [project.dbt, "--no-use-colors", *shlex.split(args)],
        cwd=project.folder,
        env={**inherited, "DBT_PROFILES_DIR": project.folder, "PYTHONWARNINGS": "ignore", **env_vars},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return DbtRun(name, args, env_vars, process.returncode, process.stdout)
