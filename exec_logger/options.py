"""Options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from exec_logger.profile import Where

Command = TypeVar("Command", bound=Callable[..., Any])

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


def project_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Which project, target and log table; the command gets them as one argument, `where`."""
    names = ("project_dir", "profiles_dir", "profile", "target", "connection", "log_database", "log_schema", "log_table")

    @wraps(command)
    def with_where(*args: Any, **options: Any) -> Any:
        where = Where(**{name: options.pop(name) for name in names})
        return command(*args, where=where, **options)

    for option in reversed(_OPTIONS):
        with_where = option(with_where)
    return with_where


class Duration(click.ParamType):  # type: ignore[type-arg]
    """`90s`, `30m`, `24h`, `2d`, or a number of the default unit; a timedelta."""

    name = "duration"

    def __init__(self, default_unit: str) -> None:
        self._unit = default_unit

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", str(value).strip())
        if not found:
            self.fail(f"{value!r} is no duration. Write 90s, 30m, 24h or 2d.", param, ctx)
        try:
            return float(found[1]) * UNITS[found[2] or self._unit]
        except OverflowError:
            self.fail(f"{value!r} is too long.", param, ctx)


UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

dbt_option = click.option("--dbt", metavar="PROGRAM", help="The dbt to run.  [default: the one beside execlog, else on PATH]")

stale_after_option = click.option(
    "--stale-after",
    type=Duration("m"),
    help="A running job of which nothing was heard for so long is dead.  [default: 60m]",
)


def _dbt(name: str) -> list[str]:
    """dbt's own variable, by the name that it has had since 1.11 and by its older name; the newer wins, as in dbt."""
    return [f"DBT_ENGINE_{name}", f"DBT_{name}"]


_OPTIONS = (
    click.option(
        "--project-dir",
        type=FOLDER,
        envvar=_dbt("PROJECT_DIR"),
        help="Folder of dbt_project.yml.  [default: the current one or the nearest above]",
    ),
    click.option(
        "--profiles-dir",
        type=FOLDER,
        envvar=_dbt("PROFILES_DIR"),
        help="Folder of profiles.yml.  [default: the current one if it has it, else ~/.dbt]",
    ),
    click.option("--profile", envvar=_dbt("PROFILE"), help="Profile to use instead of the project's."),
    click.option("--target", "-t", envvar=_dbt("TARGET"), help="Target of the profile."),
    click.option(
        "--connection",
        envvar="EXECLOG_CONNECTION",
        help="Connection of Snowflake's connections.toml, instead of a dbt profile.",
    ),
    click.option("--log-database", envvar="EXECLOG_LOG_DATABASE", help="Database of the log table."),
    click.option("--log-schema", envvar="EXECLOG_LOG_SCHEMA", help="Schema of the log table."),
    click.option("--log-table", envvar="EXECLOG_LOG_TABLE", help="Name of the log table."),
)
