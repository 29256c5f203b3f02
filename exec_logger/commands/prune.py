"""`execlog prune`."""

from __future__ import annotations

from datetime import timedelta

import click

from exec_logger.errors import ExecLogError, Exit
from exec_logger.options import Duration, project_options
from exec_logger.output import print_json, talk
from exec_logger.profile import Where


@click.command(name="prune")
@click.option(
    "--older-than",
    type=Duration("d"),
    required=True,
    help="Delete runs that ended longer ago than this: 90d, or a number of days.",
)
@click.option("--soft", is_flag=True, help="Only mark the rows (DELETED_IND = 'Y'): commands and views leave them out.")
@click.option("--dry-run", is_flag=True, help="Count, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: jobs, rows, before.")
@project_options
def command(*, older_than: timedelta, soft: bool, dry_run: bool, as_json: bool, where: Where) -> None:
    """Delete old runs from the log, of all projects that share it.

    Whole runs only; never one that is running (see `execlog reap`), nor the last one of a job.

    Example: execlog prune --older-than 90d
    """
    from exec_logger import log
    from exec_logger.profile import read_target
    from exec_logger.pruning import prune
    from exec_logger.warehouse import connect

    with connect(read_target(where), read_only=dry_run) as warehouse:
        try:
            before = log.now(warehouse) - older_than
        except OverflowError as error:
            raise ExecLogError("--older-than reaches back beyond the calendar. Give fewer days.", Exit.USAGE) from error
        pruned = prune(warehouse, before, soft=soft, dry_run=dry_run)
    if as_json:
        print_json({"jobs": pruned.jobs, "rows": pruned.rows, "before": before})
    else:
        done = "would delete" if dry_run else "marked as deleted" if soft else "deleted"
        talk(f"{done}: {pruned.jobs:,} runs that ended before {before:%Y-%m-%d %H:%M} UTC, {pruned.rows:,} rows.")
