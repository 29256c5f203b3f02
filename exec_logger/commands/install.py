"""`execlog install`."""

from __future__ import annotations

import click

from exec_logger.options import dbt_option, project_options
from exec_logger.output import talk
from exec_logger.profile import Where


@click.command(name="install")
@click.option("--dry-run", is_flag=True, help="Print the DDL of the table, and change nothing.")
@dbt_option
@project_options
def command(*, dry_run: bool, dbt: str | None, where: Where) -> None:
    """Create the log table and the views over it, or bring them up to this version.

    The dbt package has to be in the project: add it to packages.yml and run `dbt deps` first. Running it again changes nothing.

    Example: execlog install --target prod
    """
    from exec_logger.dbt import place_options
    from exec_logger.installing import build_views, install
    from exec_logger.planning import Planner, Wish

    planner = Planner(Wish(where=where, dbt=dbt))
    printed = install(planner.target, planner.dbt, planner.place_and_vars(), dry_run=dry_run)
    if dry_run:
        click.echo(printed, nl=False)
        return
    talk(f"{planner.target.log.sql} is ready.")
    for warning in build_views(planner.dbt, place_options(planner.where), planner.placed_vars(planner.args.vars)):
        talk(warning)
    talk("its views are ready.")
