"""`execlog notify`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from exec_logger.options import Duration, project_options
from exec_logger.output import print_json, talk
from exec_logger.profile import Where


@click.command(name="notify")
@click.option("--failures", is_flag=True, help="Also tell of jobs that failed (PROCESS_EXECUTION_LOG), each once.")
@click.option("--since", type=Duration("h"), default="24h", show_default=True, help="With --failures: not of older ones.")
@click.option(
    "--urls-file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="EXECLOG_NOTIFY_FILE",
    help="File with Apprise URLs, one a line.  [default: the words in EXECLOG_NOTIFY_URLS]",
)
@click.option("--at-once", is_flag=True, help="Also send what waits for its next attempt.")
@click.option("--dry-run", is_flag=True, help="List what would be sent, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of the messages and their status.")
@project_options
def command(
    *, failures: bool, since: timedelta, urls_file: Path | None, at_once: bool, dry_run: bool, as_json: bool, where: Where
) -> int:
    """Deliver the notifications that stand PENDING in DCF_T_NOTIFICATIONS, at least once.

    What cannot be delivered stays PENDING and is tried again by a later call: after a minute, two, four, at most an hour. The
    exit code is 1 if something could not be delivered.

    Example: EXECLOG_NOTIFY_URLS="slack://… mailto://…" execlog notify --failures
    """
    from exec_logger import outbox, streams
    from exec_logger.profile import read_target
    from exec_logger.receivers import receivers
    from exec_logger.warehouse import connect

    to = [] if dry_run else receivers(urls_file)
    failed = []
    if failures and not dry_run:
        target = read_target(where)
        with connect(target, read_only=True) as warehouse:
            failed = outbox.failed_jobs(warehouse, target.project_name, target.target_name, since)
    with streams.control(where, read_only=dry_run) as tables:
        outbox.enqueue(tables, failed)
        due = outbox.pending(tables, at_once=at_once)
        if dry_run:
            names = ("id", "type", "stream", "attempts")
            results = [{**{name: row[name] for name in names}, "status": "PENDING", "error": None} for row in due]
        else:
            results = [result for row in due if (result := outbox.deliver(tables, row, to))]
    if as_json:
        print_json(results)
    else:
        for result in results:
            error = f": {result['error']}" if result["error"] else ""
            talk(f"{result['status']} {result['type']} {result['id']} {result['stream'] or ''}".rstrip() + error)
        if not results:
            talk("nothing to send.")
    return 1 if any(result["error"] for result in results) else 0
