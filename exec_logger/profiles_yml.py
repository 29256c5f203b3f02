"""profiles.yml: a target's credentials, rendered and under the names that the adapters use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast, get_args

from exec_logger.errors import ExecLogError
from exec_logger.place import Kind, duckdb_name
from exec_logger.rendering import Renderer
from exec_logger.yaml_file import read_yaml

ALIASES = {"dbname": "database", "pass": "password"}
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "snowflake": ("account", "database", "schema"),
    "duckdb": (),
    "postgres": ("host", "user", "database", "schema"),
}


@dataclass(frozen=True)
class Output:
    """One entry of `outputs:`."""

    target_name: str
    kind: Kind
    credentials: dict[str, Any] = field(repr=False)
    threads: int


def default_profiles_dir() -> Path:
    """Where dbt looks without --profiles-dir."""
    here = Path.cwd()
    return here if (here / "profiles.yml").exists() else Path.home() / ".dbt"


def read_output(file: Path, profile_name: str, target_name: str | None, variables: Mapping[str, Any]) -> Output:
    """The target of that name, else the profile's own choice. What other targets need is not asked for."""
    profile = _profile(file, profile_name)
    renderer = Renderer(str(file), variables)
    name = target_name or str(renderer.render(profile.get("target", "default"), "target"))
    outputs = profile.get("outputs")
    outputs = outputs if isinstance(outputs, dict) else {}
    if not isinstance(outputs.get(name), dict):
        known = ", ".join(map(str, outputs)) or "none"
        raise ExecLogError(f"the profile {profile_name} in {file} has no target {name}. Its targets: {known}.")
    output = renderer.render(outputs[name], name)
    kind = output.pop("type", None)
    if kind not in get_args(Kind):
        raise ExecLogError(f"the target {name} is of the type {kind}; execlog works with {', '.join(get_args(Kind))}.")
    threads = output.pop("threads", None) or 1
    if not str(threads).isdecimal():
        raise ExecLogError(f"the `threads` of the target {name} in {file} are not a number. Mend it.")
    credentials = {ALIASES.get(key, key): value for key, value in output.items() if value is not None}
    if kind == "duckdb":
        credentials = {"path": ":memory:", "schema": "main", **credentials}
        credentials.setdefault("database", duckdb_name(str(credentials["path"])))
    missing = [key for key in REQUIRED[cast(Kind, kind)] if not credentials.get(key)]
    if missing:
        raise ExecLogError(f"the target {name} in {file} has no `{missing[0]}`. Add it.")
    return Output(name, cast(Kind, kind), credentials, int(threads))


def _profile(file: Path, name: str) -> Mapping[str, Any]:
    if not file.is_file():
        raise ExecLogError(f"there is no {file}. Write your dbt profile there, or name its folder with --profiles-dir.")
    profile = read_yaml(file).get(name)
    if not isinstance(profile, dict):
        raise ExecLogError(f"there is no profile {name} in {file}. Add it, or name another with --profile.")
    return profile
