"""`execlog restart`."""

from __future__ import annotations

import shlex
import sys
from datetime import timedelta
from typing import Any

import click

from exec_logger.errors import ExecLogError, Exit
from exec_logger.options import Duration, dbt_option, project_options, stale_after_option
from exec_logger.output import print_json, talk
from exec_logger.profile import Where


@click.command(name="restart")
@click.argument("dbt_args", metavar="[-- DBT ARGS]", nargs=-1, type=click.UNPROCESSED)
@click.option("--job", "job_name", metavar="NAME", help="Name of the job, where the dbt command does not say it.")
@click.option("--last", is_flag=True, help="Take up the last job of this project and target, whatever its name.")
@click.option("--max-age", type=Duration("h"), help="Restart only what ended at most so long ago.  [default: 24h]")
@click.option("--max-retries", type=click.IntRange(0), help="Retries in a row before a full build.  [default: 3]")
@stale_after_option
@click.option("--no-full-build", is_flag=True, help="Do nothing where there is nothing to restart.")
@click.option("--tests-only", is_flag=True, help="Run a failed test again without the models that it tests.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object; dbt's output goes to stderr.")
@dbt_option
@project_options
def command(
    *,
    dbt_args: tuple[str, ...],
    job_name: str | None,
    last: bool,
    max_age: timedelta | None,
    max_retries: int | None,
    stale_after: timedelta | None,
    no_full_build: bool,
    tests_only: bool,
    dry_run: bool,
    as_json: bool,
    dbt: str | None,
    where: Where,
) -> int:
    """Restart the last run of a job where it stopped, or run it in full.

    If the last run failed or died, dbt runs exactly what it left undone. If it succeeded, or failed too long ago or too often,
    the dbt command after `--` runs as it is (`build` by default). The exit code is dbt's; 75 means that the job runs already.

    Example: execlog restart -- build --select tag:nightly
    """
    from exec_logger import restarting
    from exec_logger.planning import Wish

    wish = Wish(
        dbt_args=dbt_args,
        job_name=job_name,
        last=last,
        max_age=max_age,
        max_retries=max_retries,
        stale_after=stale_after,
        full_build=not no_full_build,
        tests_only=tests_only,
        dbt=dbt,
        where=where,
    )
    try:
        if dry_run:
            report = restarting.look(wish, _tell)
        else:
            report = restarting.act(wish, _tell, dbt_stdout=sys.stderr.fileno() if as_json else None)
    except ExecLogError as error:
        if error.exit_code != Exit.BUSY or not as_json:
            raise
        report = restarting.busy(str(error))
    if as_json:
        print_json(report.as_dict())
    elif dry_run:
        _print_plan(report.as_dict())
    return report.exit_code or 0


def _tell(line: str) -> None:
    talk(f"execlog: {line}")


def _print_plan(plan: dict[str, Any]) -> None:
    click.echo(f"{plan['decision']}: {plan['reason']}.")
    if plan["nodes"]:
        click.echo(f"{len(plan['nodes'])} nodes:")
    for unique_id in plan["nodes"]:
        click.echo(f"  {unique_id}")
    for unique_id in plan["dropped"]:
        click.echo(f"no longer there: {unique_id}")
    if plan["command"]:
        click.echo(shlex.join(plan["command"]))
