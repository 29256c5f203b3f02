"""What puts a restart into Snowflake itself: the arguments of the operation, and the dbt command that the task runs."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

from exec_logger.errors import ExecLogError, Exit
from exec_logger.planning import PLACE, Planner, yaml_text


@dataclass(frozen=True)
class Native:
    """What the user named."""

    dbt_project: str
    """The dbt project object, DATABASE.SCHEMA.NAME."""
    warehouse: str | None = None
    task: str | None = None
    schedule: str | None = None


def operation_arguments(native: Native, planner: Planner) -> dict[str, Any]:
    """Raises ExecLogError where the target is not on Snowflake, or where only one of task and schedule is given."""
    target = planner.target
    if target.kind != "snowflake":
        raise ExecLogError(
            f"only Snowflake runs dbt inside the warehouse, and the target {target.target_name!r} is on {target.kind}. "
            "Elsewhere, put `execlog restart` into cron.",
        )
    if bool(native.task) != bool(native.schedule):
        raise ExecLogError("--task and --schedule belong together. Give both or none.", Exit.USAGE)
    # where the project is, Snowflake knows; the target is an argument of the procedure
    args = planner.args.without(*PLACE, "--vars")
    variables = planner.placed_vars(planner.args.vars)
    if variables:
        args = args.adding("--vars", yaml_text(variables))
    return {
        "dbt_project": native.dbt_project,
        "warehouse": native.warehouse,
        "task": native.task,
        "schedule": native.schedule,
        "dbt_command": shlex.join(args.argv()),
        "job_name": str(target.settings.get("job_name") or planner.args.job_name),
    }
