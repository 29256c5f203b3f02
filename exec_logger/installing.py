"""Runs the packages' own install operations, where all DDL stands, and builds the views over the log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from exec_logger import dbt
from exec_logger.errors import ExecLogError
from exec_logger.profile import Target

OPERATION = "exec_logger.install"
NATIVE = "exec_logger.install_native"
PACKAGE = "exec_logger"
VIEWS = f"package:{PACKAGE}"
WARNING = "[WARNING] exec_logger "
STREAMS = "exec_logger_streams"


def install(target: Target, program: str, options: Sequence[str], *, dry_run: bool = False) -> str:
    """What the operation printed: the DDL with `dry_run`. Raises ExecLogError where the package is missing or dbt fails."""
    require_package(target)
    arguments = ["--args", "{dry_run: true}"] if dry_run else []
    streams = (target.packages_dir / STREAMS / "dbt_project.yml").is_file()
    operations = [OPERATION, *([f"{STREAMS}.install"] if streams else [])]
    command = [program, "run-operation", "--quiet", "--no-use-colors"]
    return "".join(dbt.output([*command, operation, *arguments, *options]) for operation in operations)


def install_native(
    target: Target, program: str, options: Sequence[str], arguments: Mapping[str, Any], *, dry_run: bool = False
) -> str:
    """What the operation printed: all its SQL with `dry_run`. Raises ExecLogError where dbt or the warehouse refuses a name."""
    require_package(target)
    given = json.dumps({**arguments, "dry_run": dry_run})
    return dbt.output([program, "run-operation", "--quiet", "--no-use-colors", NATIVE, "--args", given, *options])


def build_views(program: str, place: Sequence[str], variables: Mapping[str, Any]) -> list[str]:
    """Creates or replaces the views, with the same vars; returns what could not be had. Raises ExecLogError where dbt fails."""
    printed = dbt.output(_of_views(program, "run", place, variables))
    return [line.partition(WARNING)[2] for line in printed.splitlines() if WARNING in line]


def views_sql(target: Target, program: str, place: Sequence[str], variables: Mapping[str, Any]) -> str:
    """The SQL of the views, each after those that it reads."""
    with TemporaryDirectory() as folder:
        dbt.output([*_of_views(program, "compile", place, variables), "--target-path", folder])
        manifest = json.loads((Path(folder) / "manifest.json").read_text())
    views = {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["package_name"] == PACKAGE and node["config"]["materialized"] == "view"
    }
    grants = " copy grants" if target.kind == "snowflake" else ""
    ordered = TopologicalSorter({unique_id: node["depends_on"]["nodes"] for unique_id, node in views.items()}).static_order()
    known = [views[unique_id] for unique_id in ordered if unique_id in views]
    return "".join(
        f"create or replace view {node['relation_name']}{grants} as\n{node['compiled_code'].strip()};\n\n" for node in known
    )


def _of_views(program: str, command: str, place: Sequence[str], variables: Mapping[str, Any]) -> list[str]:
    given = json.dumps({**variables, "execlog_models": True}, default=str)
    return [program, command, "--quiet", "--no-use-colors", "--select", VIEWS, *place, "--vars", given]


def require_package(target: Target) -> None:
    """Raises ExecLogError unless `dbt deps` has put the package into the project."""
    if not (target.packages_dir / "exec_logger" / "dbt_project.yml").is_file():
        raise ExecLogError(
            f"the dbt package exec_logger is not in {target.packages_dir}. Add it to packages.yml and run `dbt deps`."
        )
