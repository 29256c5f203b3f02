"""`execlog install`."""

from __future__ import annotations

import click

from exec_logger.errors import ExecLogError, Exit
from exec_logger.options import dbt_option, project_options
from exec_logger.output import talk
from exec_logger.profile import Where


@click.command(name="install")
@click.argument("dbt_args", metavar="[-- DBT COMMAND]", nargs=-1, type=click.UNPROCESSED)
@click.option("--native", is_flag=True, help="Also put the restart into Snowflake: a procedure, and a task that calls it.")
@click.option("--dbt-project", metavar="DB.SCHEMA.NAME", help="With --native: the dbt project object that it executes.")
@click.option("--warehouse", help="With --native: the task's warehouse.  [default: the target's]")
@click.option("--task", metavar="NAME", help="With --native: the task that runs the dbt command.  [default: none]")
@click.option("--schedule", metavar="TEXT", help="With --task: when, such as 'USING CRON 0 6 * * * UTC'.")
@click.option("--dry-run", is_flag=True, help="Print the SQL of table, views, procedure, task and grants, and change nothing.")
@dbt_option
@project_options
def command(
    *,
    dbt_args: tuple[str, ...],
    native: bool,
    dbt_project: str | None,
    warehouse: str | None,
    task: str | None,
    schedule: str | None,
    dry_run: bool,
    dbt: str | None,
    where: Where,
) -> None:
    """Create the log table and the views over it, or bring them up to this version.

    The dbt package has to be in the project: add it to packages.yml and run `dbt deps` first. Running it again changes nothing.
    With --native dbt on Snowflake restarts itself: docs/snowflake.md.

    Example: execlog install --target prod
    """
    from exec_logger.dbt import place_options
    from exec_logger.installing import build_views, install, install_native, views_sql
    from exec_logger.native import Native, operation_arguments
    from exec_logger.planning import Planner, Wish

    if not native and (dbt_args or dbt_project or warehouse or task or schedule):
        raise ExecLogError(
            "a dbt command, --dbt-project, --warehouse, --task and --schedule need --native. Add it.", Exit.USAGE
        )
    if native and not dbt_project:
        raise ExecLogError(
            "--native needs --dbt-project DB.SCHEMA.NAME: the project as `snow dbt deploy` named it.", Exit.USAGE
        )
    planner = Planner(Wish(where=where, dbt=dbt, dbt_args=dbt_args))
    arguments = operation_arguments(Native(dbt_project, warehouse, task, schedule), planner) if dbt_project else None
    place, views = planner.place_and_vars(), place_options(planner.where)
    variables = planner.placed_vars(planner.args.vars)
    printed = install(planner.target, planner.dbt, place, dry_run=dry_run)
    if dry_run:
        click.echo(printed, nl=False)
        click.echo(views_sql(planner.target, planner.dbt, views, variables), nl=False)
    else:
        talk(f"{planner.target.log.sql} is ready.")
        for warning in build_views(planner.dbt, views, variables):
            talk(warning)
        talk("its views are ready.")
    if arguments:
        printed = install_native(planner.target, planner.dbt, place, arguments, dry_run=dry_run)
        click.echo(printed, nl=False)
        if not dry_run:
            talk(f"RUN_DBT_AUTO_RESTART{f' and the task {task}' if task else ''} of {dbt_project}: ready.")
