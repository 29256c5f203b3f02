"""From what the user asked for and what the log says to a decision and the exact dbt command. Reads, and changes nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from exec_logger import dbt, log
from exec_logger.dbt_args import RESOURCE_TYPES, SELECTION, DbtArgs, bounded_id, parse, stored_args, without_hidden
from exec_logger.errors import ExecLogError
from exec_logger.liveness import is_alive
from exec_logger.profile import Where, limit, read_target
from exec_logger.project_nodes import KINDS, ProjectNode, selection
from exec_logger.records import FAILED, OK, Job
from exec_logger.restart import Action, Decision, LastJob, Policy, Resolved, Undone, decide, full_build, remaining, resolve
from exec_logger.strict_selection import strict
from exec_logger.warehouse import Warehouse

PLACE = ("--project-dir", "--profiles-dir", "--profile", "--target")
NOT_CARRIED = (*SELECTION, *RESOURCE_TYPES, *PLACE, "--vars", "--full-refresh", "--threads", "--indirect-selection")
"""Options of the given or the failed command that a retry sets itself."""
SELECTING = (*SELECTION, *RESOURCE_TYPES, "--state", "--defer-state")
LONGEST_CHAIN = 50


@dataclass(frozen=True)
class Wish:
    """What the user asked for."""

    where: Where
    dbt_args: tuple[str, ...] = ()
    job_name: str | None = None
    last: bool = False
    max_age: timedelta | None = None
    max_retries: int | None = None
    stale_after: timedelta | None = None
    full_build: bool = True
    tests_only: bool = False
    dbt: str | None = None


@dataclass(frozen=True)
class Plan:
    decision: Decision
    now: datetime
    command: tuple[str, ...] = ()
    """The argv of dbt."""
    last: LastJob | None = None
    nodes: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What the user should know besides."""


class Planner:
    """Plans one call of `execlog restart`."""

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.args = parse(wish.dbt_args)
        self.where = _where(wish.where, self.args)
        self.target = read_target(self.where, self.args.vars)
        self.dbt = dbt.find_dbt(wish.dbt)
        self.policy = Policy(
            max_age=timedelta(hours=limit(self.target, "max_retry_age_hours", 24)) if wish.max_age is None else wish.max_age,
            max_retries=int(limit(self.target, "max_retries", 3)) if wish.max_retries is None else wish.max_retries,
            full_build=wish.full_build,
        )
        usual = timedelta(minutes=limit(self.target, "stale_after_minutes", 60))
        self.stale_after = usual if wish.stale_after is None else wish.stale_after

    def job_name(self, warehouse: Warehouse) -> str:
        """As the package names the job (macros/records/job_config.sql); with --last, the name of the last one."""
        if self.wish.last:
            job = self._last_job(warehouse, None)
            if job and job.name:
                return job.name
        given = self.wish.job_name or os.environ.get("DBT_EXECLOG_JOB") or self.target.settings.get("job_name")
        return bounded_id(str(given)) if given else self.args.job_name

    def plan(self, warehouse: Warehouse, name: str) -> Plan:
        job = self._last_job(warehouse, name)
        now = log.now(warehouse)
        last = self._look_at(warehouse, job, now) if job else None
        decision = decide(last, now, self.policy)
        if last and decision.action is Action.SELECTIVE_RETRY:
            plan = self._retry(warehouse, last, decision, now)
            if plan.nodes:
                return plan
            decision = full_build(self.policy, "nothing of what the last run left undone exists any more")
            return self._full(warehouse, Plan(decision, now, last=last, dropped=plan.dropped, notes=plan.notes))
        other = self._last_job(warehouse, None) if job is None else None
        notes = (
            [f"the last job here, {other.name!r}, did not succeed. To take it up, use --last."]
            if other and other.status != "SUCCESS"
            else []
        )
        return self._full(warehouse, Plan(decision, now, last=last, notes=tuple(notes)))

    def first_build(self, reason: str) -> Plan:
        """The plan where there is no log yet."""
        decision = full_build(self.policy, reason)
        plan = Plan(decision, datetime.min)
        return replace(plan, command=self._full_command([])) if decision.action is Action.FULL_BUILD else plan

    def place_and_vars(self) -> list[str]:
        """The options that make dbt write where this reads."""
        return [*dbt.place_options(self.where), *self._vars(self.args.vars, given=self.args.last("--vars"))]

    def _last_job(self, warehouse: Warehouse, name: str | None) -> Job | None:
        return log.last_job(warehouse, project_name=self.target.project_name, target_name=self.target.target_name, name=name)

    def _look_at(self, warehouse: Warehouse, job: Job, now: datetime) -> LastJob:
        seen_at = (job.ended_at if job.status != "RUNNING" else None) or log.last_sign_of_life(warehouse, job)
        alone = self.target.one_process_owns_it
        alive = is_alive(job, alone=alone, seen_at=seen_at, now=now, stale_after=self.stale_after)
        return LastJob(job, tuple(log.nodes(warehouse, job.job_id)), alive, seen_at)

    def _chain(self, warehouse: Warehouse, job: Job) -> list[Job]:
        """The job and those that it restarted, the first run last."""
        chain = [job]
        while chain[-1].restart_of and len(chain) < LONGEST_CHAIN:
            try:
                chain.append(log.job(warehouse, chain[-1].restart_of))
            except ExecLogError:  # deleted meanwhile
                break
        return chain

    def _retry(self, warehouse: Warehouse, last: LastJob, decision: Decision, now: datetime) -> Plan:
        job, chain = last.job, self._chain(warehouse, last.job)
        options = [*dbt.place_options(self.where), *self._vars(self._carried_vars(job))]
        project = dbt.list_nodes(self.dbt, options)
        resolved = self._resolve(warehouse, last, chain, project, options)
        notes = [
            *(f"no longer in the project, so left out: {unique_id}" for unique_id in resolved.dropped),
            *(f"not in the last run's plan, but needed: {unique_id}" for unique_id in resolved.added),
        ]
        command = self._retry_command(job, project, resolved.nodes, options) if resolved.nodes else ()
        return Plan(decision, now, command, last, resolved.nodes, resolved.dropped, tuple(notes))

    def _resolve(
        self,
        warehouse: Warehouse,
        last: LastJob,
        chain: Sequence[Job],
        project: Sequence[ProjectNode],
        options: Sequence[str],
    ) -> Resolved:
        job, root = last.job, chain[-1]
        earlier = [node for one in chain[1:] for node in log.nodes(warehouse, one.job_id)]
        undone = Undone(
            command=_command(job),
            plan=job.plan,
            left=remaining(job, last.nodes),
            failed={node.unique_id for node in last.nodes if node.unique_id and node.status in FAILED},
            done={node.unique_id for node in (*last.nodes, *earlier) if node.unique_id and node.status in OK},
            first_plan=root.plan,
        )
        resolved = resolve(undone, project, tests_only=self.wish.tests_only)
        if not resolved.added:
            return resolved
        return resolve(undone, project, tests_only=self.wish.tests_only, selected_now=self._selected_now(root, options))

    def _selected_now(self, root: Job, options: Sequence[str]) -> set[str]:
        """What the command of the first run would select today; nothing where dbt cannot tell any more."""
        first = stored_args(root.config)
        selecting = [text for option in first.options if option.name in SELECTING for text in option.argv()]
        try:
            return {node.unique_id for node in dbt.list_nodes(self.dbt, [*options, *selecting], select=())}
        except ExecLogError:
            return set()

    def _retry_command(
        self, job: Job, project: Sequence[ProjectNode], nodes: Sequence[str], options: Sequence[str]
    ) -> tuple[str, ...]:
        command = _command(job)
        given = self.args.without(*NOT_CARRIED).options if self.args.command == command else ()
        stored = stored_args(job.config).without(*NOT_CARRIED, *(option.name for option in given))
        args = DbtArgs(command, (*stored.options, *given))
        if job.config.get("full_refresh") or self.args.has("--full-refresh"):
            args = args.adding("--full-refresh")
        threads = self.args.last("--threads") or job.config.get("threads")
        if threads:
            args = args.adding("--threads", str(threads))
        chosen = selection(project, nodes, command)
        args = args.adding("--indirect-selection", "empty").adding("--select", *chosen.select)
        if chosen.exclude:
            args = args.adding("--exclude", *chosen.exclude)
        return (self.dbt, *strict(args, self.target.flags).argv(), *options)

    def _full(self, warehouse: Warehouse, plan: Plan) -> Plan:
        if plan.decision.action is not Action.FULL_BUILD:
            return plan
        named_only = not self.wish.dbt_args and (self.wish.last or self.wish.job_name or os.environ.get("DBT_EXECLOG_JOB"))
        chain = self._chain(warehouse, plan.last.job) if plan.last and named_only else []
        return replace(plan, command=self._full_command(chain))

    def _full_command(self, chain: Sequence[Job]) -> tuple[str, ...]:
        """The command as given; where only the job is named, that of its first run."""
        args, variables = self.args, self._vars(self.args.vars, given=self.args.last("--vars"))
        if chain and chain[-1].run_type == "FULL_BUILD":
            job = chain[-1]
            options = stored_args(job.config).options
            args = DbtArgs(_command(job), tuple(option for option in options if option.name in SELECTING))
            variables = self._vars(self._carried_vars(job))
        args = strict(args.without(*PLACE, "--vars"), self.target.flags)
        return (self.dbt, *args.argv(), *dbt.place_options(self.where), *variables)

    def _carried_vars(self, job: Job) -> dict[str, Any]:
        return without_hidden(job.config.get("vars") or {}, self.args.vars, job.config.get("vars_hidden") or ())

    def _vars(self, variables: Mapping[str, Any], given: str | None = None) -> list[str]:
        """--vars, as `given` if that says all; else in YAML: dbt does not understand all JSON, and JSON knows no dates."""
        placed = self.placed_vars(variables)
        if given is not None and placed == variables:
            return ["--vars", given]
        return ["--vars", yaml_text(placed)] if placed else []

    def placed_vars(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The vars of the command line, with the place of the log where the user named it: dbt has to write where we read."""
        place = {
            "execlog_database": self.where.log_database,
            "execlog_schema": self.where.log_schema,
            "execlog_table": self.where.log_table,
        }
        return {**variables, **{name: value for name, value in place.items() if value is not None}}


def _where(where: Where, args: DbtArgs) -> Where:
    """The options of execlog, the dbt command's own over them."""
    project_dir, profiles_dir = args.last("--project-dir"), args.last("--profiles-dir")
    return replace(
        where,
        project_dir=Path(project_dir) if project_dir else where.project_dir,
        profiles_dir=Path(profiles_dir) if profiles_dir else where.profiles_dir,
        profile=args.last("--profile") or where.profile,
        target=args.last("--target") or where.target,
    )


def yaml_text(variables: Mapping[str, Any]) -> str:
    import yaml

    text: str = yaml.safe_dump(dict(variables), default_flow_style=True, allow_unicode=True, sort_keys=False, width=sys.maxsize)
    return text.strip()


def _command(job: Job) -> str:
    return job.command if job.command in KINDS else "build"
