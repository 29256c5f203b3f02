"""The user's own dbt profile: which warehouse dbt writes to, how to log in, and where the log stands in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast, get_args
from urllib.parse import urlparse

from exec_logger.errors import ExecLogError
from exec_logger.place import Kind, LogPlace, log_place
from exec_logger.project import Project, find_project, read_yaml
from exec_logger.redact import without_secrets
from exec_logger.rendering import Renderer

DEFAULT_TABLE = "PROCESS_EXECUTION_LOG"
ALIASES = {"dbname": "database", "pass": "password"}
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "snowflake": ("account", "database", "schema"),
    "duckdb": (),
    "postgres": ("host", "user", "database", "schema"),
}


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


def read_target(where: Where, vars: Mapping[str, Any] | None = None) -> Target:
    """The target that dbt would take; `vars` are those of its --vars. Raises ExecLogError for whatever is missing."""
    variables = vars or {}
    project = find_project(where.project_dir)
    profiles_dir = (where.profiles_dir or _default_profiles_dir()).absolute()
    if where.connection:
        return _target_of_connection(where, variables, project, profiles_dir)
    if project is None:
        place = where.project_dir or f"{Path.cwd()} or a folder above it"
        raise ExecLogError(
            f"there is no dbt_project.yml in {place}. Run this in a dbt project, or name one with --project-dir."
        )
    profile_name = where.profile or project.text("profile", variables)
    if not profile_name:
        raise ExecLogError(f"{project.file} names no profile. Add `profile: <name>`, or use --profile.")
    file = profiles_dir / "profiles.yml"
    renderer = Renderer(str(file), variables)
    profile = _read_profile(file, profile_name)
    target_name = where.target or str(renderer.render(profile.get("target", "default"), "target"))
    output = renderer.render(_output(profile, profile_name, target_name), target_name)
    kind = output.pop("type", None)
    if kind not in get_args(Kind):
        supported = ", ".join(get_args(Kind))
        raise ExecLogError(f"the target {target_name} in {file} has the type {kind}; execlog works with {supported}.")
    threads = output.pop("threads", 1)
    credentials = {ALIASES.get(key, key): value for key, value in output.items() if value is not None}
    if kind == "duckdb":
        credentials = {"path": ":memory:", "schema": "main", **credentials}
        credentials.setdefault("database", duckdb_name(str(credentials["path"])))
    missing = [key for key in REQUIRED[cast(Kind, kind)] if key not in credentials]
    if missing:
        raise ExecLogError(f"the target {target_name} in {file} has no `{missing[0]}`. Add it.")
    public = {
        **without_secrets(credentials), "name": target_name, "target_name": target_name, "profile_name": profile_name,
        "type": kind, "threads": threads,
    }  # fmt: skip
    return Target(
        project_name=project.text("name", variables) or "",
        target_name=target_name,
        kind=cast(Kind, kind),
        credentials=credentials,
        threads=int(threads),
        project_dir=project.folder,
        profiles_dir=profiles_dir,
        log=_place(where, cast(Kind, kind), project, variables, public),
    )


def duckdb_name(path: str) -> str:
    """The database name that DuckDB gives a path (dbt-duckdb: DuckDBCredentials.path_derived_database_name)."""
    if path == ":memory:":
        return "memory"
    parsed = urlparse(path)
    file = Path(parsed.path).name
    if parsed.scheme in ("md", "motherduck"):
        return Path(file).stem or "my_db"
    if parsed.scheme.lower() == "ducklake":
        return urlparse(Path(file).stem).path
    return file.lstrip(".").split(".")[0]


def _target_of_connection(where: Where, variables: Mapping[str, Any], project: Project | None, profiles_dir: Path) -> Target:
    """A connection of the Snowflake connector's own connections.toml; dbt's profile is not read."""
    from exec_logger.warehouses.snowflake import read_connection

    name = str(where.connection)
    connection = read_connection(name)
    target_name = where.target or name
    public = {**without_secrets(connection), "name": target_name, "target_name": target_name, "type": "snowflake"}
    return Target(
        project_name=(project.text("name", variables) if project else None) or "",
        target_name=target_name,
        kind="snowflake",
        credentials={**connection, "connection_name": name},
        threads=1,
        project_dir=project.folder if project else Path.cwd(),
        profiles_dir=profiles_dir,
        log=_place(where, "snowflake", project, variables, public),
    )


def _place(
    where: Where, kind: Kind, project: Project | None, variables: Mapping[str, Any], target: Mapping[str, Any]
) -> LogPlace:
    settings = project.settings(variables, target) if project else {}
    database = where.log_database or settings.get("database") or target.get("database")
    schema = where.log_schema or settings.get("schema") or target.get("schema")
    table = where.log_table or settings.get("table") or DEFAULT_TABLE
    for part, option in ((database, "--log-database"), (schema, "--log-schema")):
        if not part:
            raise ExecLogError(f"it is not known where the log stands. Give {option}.")
    return log_place(kind, str(database), str(schema), str(table), project.quoting(variables, target) if project else {})


def _default_profiles_dir() -> Path:
    return Path.cwd() if (Path.cwd() / "profiles.yml").exists() else Path.home() / ".dbt"


def _read_profile(file: Path, name: str) -> Mapping[str, Any]:
    if not file.is_file():
        raise ExecLogError(f"there is no {file}. Write a dbt profile there, or name its folder with --profiles-dir.")
    profile = read_yaml(file).get(name)
    if not isinstance(profile, dict):
        raise ExecLogError(f"there is no profile {name} in {file}. Add it, or name another with --profile.")
    return profile


def _output(profile: Mapping[str, Any], profile_name: str, target_name: str) -> Mapping[str, Any]:
    outputs = profile.get("outputs")
    names = outputs if isinstance(outputs, dict) else {}
    output = names.get(target_name)
    if not isinstance(output, dict):
        known = ", ".join(str(name) for name in names) or "none"
        raise ExecLogError(f"the profile {profile_name} has no target {target_name}. Its targets: {known}.")
    return output
