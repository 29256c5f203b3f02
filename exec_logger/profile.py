"""The user's own dbt profile: which warehouse dbt writes to, how to log in, and where the log stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from exec_logger.errors import ExecLogError
from exec_logger.place import Kind, LogPlace, log_place
from exec_logger.profiles_yml import Output, default_profiles_dir, read_output
from exec_logger.project import Project, find_project
from exec_logger.redact import without_secrets

DEFAULT_TABLE = "PROCESS_EXECUTION_LOG"


@dataclass(frozen=True)
class Where:
    """The options that say which project, profile and table, as given."""

    project_dir: Path | None = None
    profiles_dir: Path | None = None
    profile: str | None = None
    target: str | None = None
    connection: str | None = None
    log_database: str | None = None
    log_schema: str | None = None
    log_table: str | None = None


@dataclass(frozen=True)
class Target:
    """A target of profiles.yml, rendered, and the place of the log."""

    project_name: str
    target_name: str
    kind: Kind
    credentials: dict[str, Any] = field(repr=False)
    threads: int
    project_dir: Path
    profiles_dir: Path
    log: LogPlace
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The package's variables, where they are set, by their names without `execlog_`."""
    flags: Mapping[str, Any] = field(default_factory=dict)
    """`flags:` of dbt_project.yml."""
    packages_dir: Path = Path("dbt_packages")

    @property
    def database_file(self) -> Path | None:
        """DuckDB's file, which one process owns; None for servers, and for what DuckDB reaches over a network."""
        path = str(self.credentials.get("path", ""))
        return Path(path) if self.kind == "duckdb" and len(urlparse(path).scheme) <= 1 else None

    @property
    def one_process_owns_it(self) -> bool:
        """Whether a dbt has the database to itself from its first statement to its end."""
        return self.database_file is not None and bool(self.credentials.get("keep_open", True))


def limit(target: Target, name: str, default: float) -> float:
    """A variable of the package that is a number."""
    try:
        return float(target.settings.get(name, default))
    except (TypeError, ValueError) as error:
        raise ExecLogError(f"the variable execlog_{name} is no number. Set it to one, such as {default}.") from error


def read_target(where: Where, vars: Mapping[str, Any] | None = None) -> Target:
    """The target that dbt would take; `vars` are those of its --vars. Raises ExecLogError for whatever is missing."""
    variables = vars or {}
    project = find_project(where.project_dir, variables)
    profiles_dir = (where.profiles_dir or default_profiles_dir()).absolute()
    if where.connection:
        profile_name, output = "", _connection(where.connection, where.target)
    else:
        profile_name = _profile_name(where, project)
        output = read_output(profiles_dir / "profiles.yml", profile_name, where.target, variables)
    context = {
        **without_secrets(output.credentials), "name": output.target_name, "target_name": output.target_name,
        "profile_name": profile_name, "type": output.kind, "threads": output.threads,
    }  # fmt: skip
    return Target(
        project_name=project.name if project else "",
        target_name=output.target_name,
        kind=output.kind,
        credentials=output.credentials,
        threads=output.threads,
        project_dir=project.folder if project else Path.cwd(),
        profiles_dir=profiles_dir,
        log=_place(where, output, project, context),
        settings=project.settings(context) if project else {},
        flags=project.flags if project else {},
        packages_dir=project.packages_dir if project else Path("dbt_packages"),
    )


def _profile_name(where: Where, project: Project | None) -> str:
    if project is None:
        place = where.project_dir or f"{Path.cwd()} or a folder above it"
        raise ExecLogError(
            f"there is no dbt_project.yml in {place}. Run this in a dbt project, or name one with --project-dir."
        )
    name = where.profile or project.profile
    if not name:
        raise ExecLogError(f"{project.file} names no profile. Add `profile: <name>`, or use --profile.")
    return name


def _connection(name: str, target_name: str | None) -> Output:
    """A connection of the Snowflake connector's own connections.toml instead of a dbt profile."""
    from exec_logger.warehouses.snowflake_login import read_connection

    return Output(target_name or name, "snowflake", {**read_connection(name), "connection_name": name}, threads=1)


def _place(where: Where, output: Output, project: Project | None, target: Mapping[str, Any]) -> LogPlace:
    settings = project.settings(target) if project else {}
    database = where.log_database or settings.get("database") or target.get("database")
    schema = where.log_schema or settings.get("schema") or target.get("schema")
    table = where.log_table or settings.get("table") or DEFAULT_TABLE
    for part, option in ((database, "--log-database"), (schema, "--log-schema")):
        if not part:
            raise ExecLogError(f"the connection {where.connection} does not say where the log stands. Give {option}.")
    return log_place(output.kind, str(database), str(schema), str(table), project.quoting(target) if project else {})
