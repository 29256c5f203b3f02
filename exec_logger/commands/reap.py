"""`execlog reap`."""

from __future__ import annotations

from datetime import timedelta

import click

from exec_logger.options import project_options, stale_after_option
from exec_logger.output import print_json, talk
from exec_logger.profile import Where


@click.command(name="reap")
@stale_after_option
@click.option("--dry-run", is_flag=True, help="Say what is dead, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print a list of the jobs that died.")
@project_options
def command(*, stale_after: timedelta | None, dry_run: bool, as_json: bool, where: Where) -> None:
    """Close the jobs of this project and target that say RUNNING and are dead, without restarting them.

    Example: execlog reap --stale-after 2h
    """
    from exec_logger.profile import read_target
    from exec_logger.reaping import reap
    from exec_logger.session import Session

    with Session(read_target(where), read_only=dry_run) as session:
        dead = reap(session, stale_after, dry_run=dry_run)
    if as_json:
        print_json(dead)
        return
    for job in dead:
        talk(f"{'dead' if dry_run else 'closed'}: {job['job_id']} ({job['name']}), last heard of at {job['ended_at']}")
    if not dead:
        talk("no dead job.")
