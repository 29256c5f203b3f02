"""`execlog runs`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from exec_logger.options import project_options
from exec_logger.output import Column, format_options, print_csv, print_json, print_table, talk
from exec_logger.presentation import JOB_FIELDS, duration_text, job_as_dict, job_seconds, number_text, run_text, time_text
from exec_logger.profile import Where, read_target
from exec_logger.records import Job

STATUSES = ("RUNNING", "SUCCESS", "FAILED")
ID_LENGTH = 8


@click.command(name="runs")
@click.option("--limit", "-n", type=click.IntRange(1), default=20, show_default=True, help="How many runs to list.")
@click.option("--job", "name", metavar="NAME", help="Only runs of this job name.")
@click.option("--status", type=click.Choice(STATUSES, case_sensitive=False), help="Only runs with this status.")
@format_options
@project_options
def command(*, limit: int, name: str | None, status: str | None, output: str | None, where: Where) -> None:
    """List the last runs in the log, newest first.

    A log that several projects or targets share is listed as a whole. Times are UTC.

    Example: execlog runs --status failed -n 5
    """
    from exec_logger import log
    from exec_logger.warehouse import connect

    with connect(read_target(where), read_only=True) as warehouse:
        jobs = log.with_live_counts(warehouse, log.jobs(warehouse, limit, name=name, status=status))
        now = log.now(warehouse) if any(job.status == "RUNNING" for job in jobs) else None
        table = warehouse.table
    if not jobs:
        talk(f"No run in {table} matches." if name or status else f"No run in {table} yet.")
    found = [job_as_dict(job, JOB_FIELDS, now) for job in jobs]
    if output == "json":
        print_json(found)
    elif output == "csv":
        print_csv(found, JOB_FIELDS)
    elif jobs:
        _print(jobs, now)


def _print(jobs: Sequence[Job], now: datetime | None) -> None:
    """Columns that say the same in every line (one project, one target, nothing running) are left out."""
    ids = short_ids([job.invocation_id for job in jobs])
    projects, targets = (len({getattr(job, name) for job in jobs}) > 1 for name in ("project_name", "target_name"))
    running = any(job.running for job in jobs)
    columns = [
        Column("run"),
        *([Column("project", wraps=True)] if projects else []),
        *([Column("target", wraps=True)] if targets else []),
        Column("job", wraps=True),
        Column("status"),
        Column("type", optional=True),
        Column("started (UTC)"),
        Column("duration", right=True),
        Column("ok", right=True),
        Column("failed", right=True),
        Column("skipped", right=True, optional=True),
        *([Column("running", right=True)] if running else []),
        Column("not run", right=True, optional=True),
        Column("rows", right=True, optional=True),
    ]
    rows = [
        [
            short_id,
            *([job.project_name or ""] if projects else []),
            *([job.target_name or ""] if targets else []),
            job.name or "",
            job.status,
            run_text(job),
            time_text(job.started_at),
            duration_text(job_seconds(job, now)),
            *(number_text(count) for count in (job.success, job.failed, job.skipped)),
            *([number_text(job.running)] if running else []),
            number_text(job.not_run),
            number_text(job.rows),
        ]
        for job, short_id in zip(jobs, ids, strict=True)
    ]
    print_table(columns, rows)


def short_ids(ids: Sequence[str]) -> list[str]:
    """Beginnings of the ids, of one length, that tell them apart."""
    longest = max(len(one) for one in ids)
    length = next((n for n in range(ID_LENGTH, longest) if len({one[:n] for one in ids}) == len(set(ids))), longest)
    return [one[:length] for one in ids]
