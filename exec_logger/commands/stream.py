"""`execlog stream`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from exec_logger.options import project_options
from exec_logger.output import Column, print_facts, print_json, print_table, talk
from exec_logger.presentation import time_text
from exec_logger.profile import Where

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
name_argument = click.argument("name")


@click.group(name="stream", no_args_is_help=False)
def command() -> None:
    """Look at the streams of the dbt package exec_logger_streams, and say which may run.

    Example: execlog stream list
    """


def _changing(help_text: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command NAME [--json] that changes a stream."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        named = json_option(name_argument(project_options(function)))
        return command.command(name=function.__name__.rstrip("_"), help=help_text)(named)

    return decorate


@command.command(name="list")
@json_option
@project_options
def list_(*, as_json: bool, where: Where) -> None:
    """List the streams.

    Example: execlog stream list --json
    """
    from exec_logger import streams

    with streams.control(where, read_only=True) as tables:
        found = streams.streams(tables)
    if as_json:
        print_json(found)
    elif not found:
        talk("no stream yet. Create one with `execlog stream create NAME --id N`.")
    else:
        columns = [
            Column("id", right=True),
            *(Column(name) for name in ("stream", "status", "business date", "running", "last run")),
        ]
        names = ("id", "name", "status", "business_date", "running", "last_status")
        print_table(columns, [["" if row[name] is None else str(row[name]) for name in names] for row in found])


@command.command(name="show")
@name_argument
@json_option
@project_options
def show(*, name: str, as_json: bool, where: Where) -> None:
    """Show a stream, its last instances, and the processes of the last one.

    Example: execlog stream show BCFINSG_PLAN_BALN_SEGM_LOAD
    """
    from exec_logger import streams

    with streams.control(where, read_only=True) as tables:
        found = streams.history(tables, name)
    if as_json:
        print_json(found)
        return
    facts = ("id", "name", "status", "description", "business_date", "running")
    print_facts([(fact.replace("_", " "), "" if found[fact] is None else str(found[fact])) for fact in facts])
    for title, prefix in (("instances", "prcs_inst_id"), ("processes", "prcs_name")):
        rows = found[title]
        if rows:
            click.echo()
            columns = [Column(title, wraps=True), Column("status"), Column("started (UTC)"), Column("ended (UTC)")]
            times = ("prcs_start_ts", "prcs_end_ts")
            cells = [[str(row[prefix]), str(row["prcs_status"]), *(time_text(row[time]) for time in times)] for row in rows]
            if any(row["error_msg"] for row in rows):
                columns.append(Column("error", wraps=True))
                cells = [[*line, (row["error_msg"] or "")[:200]] for line, row in zip(cells, rows, strict=True)]
            print_table(columns, cells)


@command.command(name="create")
@name_argument
@click.option("--id", "stream_id", type=int, required=True, help="STRM_ID of the stream.")
@click.option("--description", help="What it loads.")
@click.option("--hold", is_flag=True, help="ON_HOLD for now; else it is ACTIVE at once.")
@json_option
@project_options
def create(*, name: str, stream_id: int, description: str | None, hold: bool, as_json: bool, where: Where) -> None:
    """Create a stream.

    Example: execlog stream create BCFINSG_PLAN_BALN_SEGM_LOAD --id 1490
    """
    from exec_logger import streams

    with streams.control(where) as tables:
        found = streams.create(tables, name, stream_id, description, "ON_HOLD" if hold else "ACTIVE")
    _tell(found, as_json, f"{name} is {found['status']}.")


@_changing("Let a stream run.\n\nExample: execlog stream activate BCFINSG_PLAN_BALN_SEGM_LOAD")
def activate(*, name: str, as_json: bool, where: Where) -> None:
    _set_status(name, "ACTIVE", as_json, where)


@_changing(
    "Let no run of a stream begin. One that runs already goes on until its next model."
    "\n\nExample: execlog stream hold BCFINSG_PLAN_BALN_SEGM_LOAD"
)
def hold(*, name: str, as_json: bool, where: Where) -> None:
    _set_status(name, "ON_HOLD", as_json, where)


@command.command(name="start")
@name_argument
@click.option("--business-date", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The date to load from now on.")
@json_option
@project_options
def start(*, name: str, business_date: datetime, as_json: bool, where: Where) -> None:
    """Open a business date: what the stream loads where the variable run_stream_process_date does not say it.

    Example: execlog stream start BCFINSG_PLAN_BALN_SEGM_LOAD --business-date 2024-01-15
    """
    from exec_logger import streams

    with streams.control(where) as tables:
        found = streams.start(tables, name, business_date.date())
    _tell(found, as_json, f"the business date {found['business_date']} of {name} is open.")


@_changing("Close the open business date of a stream.\n\nExample: execlog stream end BCFINSG_PLAN_BALN_SEGM_LOAD")
def end(*, name: str, as_json: bool, where: Where) -> None:
    from exec_logger import streams

    with streams.control(where) as tables:
        found = streams.end(tables, name)
    _tell(found, as_json, f"{name} has no open business date any more.")


@_changing(
    "Take a stream from the run that holds it, whether or not that is dead: its instance ends FAILED."
    "\n\nExample: execlog stream release BCFINSG_PLAN_BALN_SEGM_LOAD"
)
def release(*, name: str, as_json: bool, where: Where) -> None:
    from exec_logger import streams

    with streams.control(where) as tables:
        found, closed = streams.release(tables, name)
    what = f"closed as FAILED: {', '.join(map(str, closed))}" if closed else "nothing was running"
    _tell({**found, "released": closed}, as_json, f"{name} is free ({what}).")


def _set_status(name: str, status: str, as_json: bool, where: Where) -> None:
    from exec_logger import streams

    with streams.control(where) as tables:
        found = streams.set_status(tables, name, status)
    _tell(found, as_json, f"{name} is {status}.")


def _tell(found: dict[str, Any], as_json: bool, message: str) -> None:
    if as_json:
        print_json(found)
    else:
        talk(message)
