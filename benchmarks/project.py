"""Generates the dbt projects that are compared: the same models, each time with another logging."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parent.parent
PACKAGE_PARTS = ("dbt_project.yml", "packages.yml", "macros", "models")
LAYERS = 10
SNIPPET = "exec_logger_bench.yml"

START = {"sql": "{{ exec_logger.log_execution_start() }}", "transaction": False}
# no model reads it: it is there because dbt generates code for the first source that it loads, and every project has one
SOURCES = "sources: [{name: raw, tables: [{name: events, columns: [{name: id, description: The key.}]}]}]\n"
END = "{{ exec_logger.log_execution_end() }}"
ON_RUN: dict[str, Any] = {
    "on-run-start": ["{{ exec_logger.log_run_start() }}"],
    "on-run-end": ["{{ exec_logger.log_run_end(results) }}"],
}


@dataclass(frozen=True)
class Variant:
    """One way to log: a name, the dbt package that it needs, and what it adds to dbt_project.yml."""

    name: str
    package: Path | None
    config: Mapping[str, Any]


def our_variant(level: str, warehouse: str) -> Variant:
    """The hooks of one level. Snowflake runs no hook outside the transaction, so there the pre-hook is a plain one."""
    hooks: dict[str, Any] = {}
    if level in ("durable", "live"):
        hooks["+post-hook"] = [END]
    if level == "live":
        hooks["+pre-hook"] = [START if warehouse == "postgres" else START["sql"]]
    return Variant(level, REPOSITORY, {**ON_RUN, "models": {"bench": hooks}})


def peer_variant(name: str, package: Path) -> Variant:
    """Another installed package: its own hooks apply by themselves; a snippet file beside them may add to dbt_project.yml."""
    snippet = package / SNIPPET
    return Variant(name, package, yaml.safe_load(snippet.read_text()) if snippet.exists() else {})


def generate(directory: Path, variant: Variant, models: int, profile: Mapping[str, Any]) -> Path:
    """A project in `directory`, ready for `dbt run`. Returns the directory."""
    directory.mkdir(parents=True)
    project = {
        "name": "bench",
        "version": "1.0.0",
        "profile": "bench",
        "flags": {"send_anonymous_usage_stats": False},
        **variant.config,
    }
    (directory / "dbt_project.yml").write_text(yaml.safe_dump(project, sort_keys=False))
    profiles = {"bench": {"target": "bench", "outputs": {"bench": dict(profile)}}}
    (directory / "profiles.yml").write_text(yaml.safe_dump(profiles))
    write_models(directory / "models", models)
    if variant.package:
        vendor(variant.package, directory / "dbt_packages")
    return directory


def write_models(directory: Path, models: int) -> None:
    """Models in ten layers, tables and views by turns, each built of one to three models of the layer before; and a source."""
    width = max(1, models // LAYERS)
    for number in range(models):
        layer, place = min(number // width, LAYERS - 1), number % width
        parents = [name_of(layer - 1, (place + i) % width) for i in range(min(1 + number % 3, width))] if layer else []
        path = directory / f"layer_{layer}" / f"{name_of(layer, number - layer * width)}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(model_sql("view" if (layer + place) % 2 else "table", parents))
    (directory / "sources.yml").write_text(SOURCES)


def name_of(layer: int, place: int) -> str:
    return f"model_{layer}_{place:03}"


def one_model() -> str:
    """A table that nothing is built of, with parents."""
    return name_of(LAYERS - 1, 1)


def model_sql(materialized: str, parents: list[str]) -> str:
    rows = [f"select id, value from {{{{ ref('{parent}') }}}}" for parent in parents]
    rows = rows or [f"select {i} as id, {i * 7} as value" for i in range(10)]
    body = "\nunion all\n".join(rows)
    return (
        f"{{{{ config(materialized='{materialized}') }}}}\n"
        f"with input as (\n{body}\n)\nselect id, max(value) + 1 as value from input group by id\n"
    )


def vendor(package: Path, packages: Path) -> None:
    """Copies a package, and those beside it that it depends on, to where `dbt deps` would put them: no network, and a change of
    the working tree does not reach a measurement that has begun."""
    name = yaml.safe_load((package / "dbt_project.yml").read_text())["name"]
    destination = packages / name
    if destination.exists():
        return
    if package == REPOSITORY:
        destination.mkdir(parents=True)
        for part in PACKAGE_PARTS:
            source = package / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, destination / part)
    else:
        shutil.copytree(package, destination, ignore=shutil.ignore_patterns("integration_tests", ".git"))
    requirements = package / "packages.yml"
    for required in (yaml.safe_load(requirements.read_text()) or {}).get("packages") or [] if requirements.exists() else []:
        vendor(package.parent / str(required["package"]).split("/")[-1], packages)
