"""What `execlog restart` decides: pure functions over what the log says of the last job."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from exec_logger.project_nodes import KINDS, ProjectNode, descendants, runs_under
from exec_logger.records import OK, Job, Node


class Action(str, Enum):
    FULL_BUILD = "FULL_BUILD"
    SELECTIVE_RETRY = "SELECTIVE_RETRY"
    BUSY = "BUSY"
    NOTHING = "NOTHING"
    """Only with --no-full-build."""


@dataclass(frozen=True)
class Policy:
    max_age: timedelta = timedelta(hours=24)
    """How long ago a failed run may have ended (a dead one: given its last sign of life)."""
    max_retries: int = 3
    """Retries in a chain, until a full build starts a new one."""
    full_build: bool = True


@dataclass(frozen=True)
class LastJob:
    """The last job of the wanted name, and what the host knows of it."""

    job: Job
    nodes: tuple[Node, ...]
    alive: bool
    """Whether a RUNNING job still runs; see liveness.py."""
    seen_at: datetime
    """Its end, or its last sign of life where it has none."""


@dataclass(frozen=True)
class Decision:
    action: Action
    reason: str
    attempt_no: int
    """Of the coming run; 1 begins a chain."""


def decide(last: LastJob | None, now: datetime, policy: Policy) -> Decision:
    """The decision table of docs/restart.md; `now` and the job's times are by the same clock, UTC."""
    if last is None:
        return full_build(policy, "no run of this job is logged yet")
    job = last.job
    if job.status == "SUCCESS":
        return full_build(policy, "the last run succeeded")
    if job.status == "RUNNING" and last.alive:
        return Decision(Action.BUSY, f"the last run {job.job_id} is still running", job.attempt_no)
    what = "the last run died" if job.status == "RUNNING" else "the last run failed"
    age, retries, left = now - last.seen_at, job.attempt_no - 1, remaining(job, last.nodes)
    unknown = job.plan is None and (job.died or len(last.nodes) < job.total)
    against = (
        f"{_hours(age)} ago, more than {_hours(policy.max_age)}" if age > policy.max_age
        else f"and it was retry {retries} of {policy.max_retries}" if retries >= policy.max_retries
        else "and the log does not know all that it was to run" if unknown
        else "but nothing of its plan remains" if not left
        else None
    )  # fmt: skip
    if against:
        return full_build(policy, f"{what} {against}")
    total = len({*planned(job), *left})
    count = f"{len(left)} failed nodes remain" if job.plan is None else f"{len(left)} of {total} planned nodes remain"
    return Decision(Action.SELECTIVE_RETRY, f"{what} and {count}", job.attempt_no + 1)


def full_build(policy: Policy, reason: str) -> Decision:
    """A full build, which begins a new chain; nothing at all under --no-full-build."""
    if not policy.full_build:
        return Decision(Action.NOTHING, f"nothing to restart: {reason}", 1)
    return Decision(Action.FULL_BUILD, reason, 1)


def planned(job: Job) -> tuple[str, ...]:
    """The unique_ids of the plan that dbt runs by themselves."""
    never_run = set(job.config.get("ephemeral") or ())
    return tuple(
        unique_id
        for unique_id in job.plan or ()
        if unique_id.partition(".")[0] in KINDS["build"] and unique_id not in never_run
    )


def remaining(job: Job, nodes: Iterable[Node]) -> tuple[str, ...]:
    """What a job left undone, in the order of its plan: all that it planned less what ended well. Nodes that dbt keeps out of
    its plan (unit tests) remain if they did not end well. Without a plan: what is known not to have ended well, by unique_id,
    in rows of old formats by name."""
    found = {node.unique_id or node.name: node.status in OK for node in nodes}
    undone = [unique_id for unique_id in planned(job) if not found.pop(unique_id, False)]
    # with --fail-fast dbt skips ephemeral models, too
    never_run = job.config.get("ephemeral") or ()
    return (*undone, *(unique_id for unique_id, ok in found.items() if not ok and unique_id not in never_run))


@dataclass(frozen=True)
class Undone:
    """What a chain of runs has left undone. All nodes by unique_id."""

    command: str
    plan: Collection[str] | None
    """Of the last run."""
    left: Sequence[str]
    """remaining() of the last run."""
    failed: Collection[str]
    """Of the last run."""
    done: Collection[str]
    """What ended well in any run of the chain."""
    first_plan: Collection[str] | None
    """Of the chain's first run."""


@dataclass(frozen=True)
class Resolved:
    """The remaining nodes in the project as it is now."""

    nodes: tuple[str, ...]
    """The unique_ids to run."""
    dropped: tuple[str, ...]
    """What remained, but does not exist any more, or is not run by itself any more."""
    added: tuple[str, ...] = ()
    """Of `nodes`: those that nobody planned, but remaining ones need: new parents, and the unit tests of remaining models."""


def resolve(
    undone: Undone, project: Sequence[ProjectNode], *, tests_only: bool = False, selected_now: Collection[str] | None = None
) -> Resolved:
    """Finds what is left in the project.

    A failed test brings the models that it tests (of the plan), unless `tests_only`. A remaining model brings its unit tests,
    and the parents that the first run did not know, as far as the first run's command would select them today (`selected_now`;
    None: everything). Without a plan the descendants of what failed come, too (seed 004: `name+`).
    """
    runnable = {node.unique_id: node for node in project if runs_under(undone.command, node)}
    by_name = {node.name: node.unique_id for node in project if node.resource_type == "model"}
    ids = [unique_id if "." in unique_id else by_name.get(unique_id, unique_id) for unique_id in undone.left]
    chosen = [unique_id for unique_id in ids if unique_id in runnable]
    if undone.plan is None:
        chosen += [unique_id for unique_id in descendants(project, chosen) if unique_id in runnable]
    if not tests_only:
        chosen += [
            parent for unique_id in list(chosen) for parent in _tested(undone, runnable[unique_id]) if parent in runnable
        ]
    known = {*(undone.plan or ()), *(undone.first_plan or ()), *undone.done, *chosen}
    new = {
        unique_id: node
        for unique_id, node in runnable.items()
        if unique_id not in known and (selected_now is None or unique_id in selected_now)
    }
    added = _new_parents(new, runnable, chosen) if undone.first_plan is not None else []
    models = {*chosen, *added}
    added += [
        unique_id for unique_id, node in new.items() if node.resource_type == "unit_test" and models.intersection(node.parents)
    ]
    dropped = tuple(unique_id for unique_id in ids if unique_id not in runnable)
    return Resolved(tuple(dict.fromkeys([*chosen, *added])), dropped, tuple(added))


def _tested(undone: Undone, node: ProjectNode) -> Iterable[str]:
    """What a failed test tests, as far as this chain of runs planned it."""
    if node.resource_type != "test" or node.unique_id not in undone.failed:
        return ()
    known = {*(undone.plan or ()), *(undone.first_plan or ()), *undone.done}
    return [parent for parent in node.parents if undone.plan is None or parent in known]


def _new_parents(new: Mapping[str, ProjectNode], runnable: Mapping[str, ProjectNode], chosen: Iterable[str]) -> list[str]:
    """New nodes that the chosen ones depend on, directly or through other new nodes."""
    found: dict[str, None] = {}
    open_ = [parent for unique_id in chosen for parent in runnable[unique_id].parents]
    while open_:
        unique_id = open_.pop()
        if unique_id in new and unique_id not in found:
            found[unique_id] = None
            open_ += new[unique_id].parents
    return list(found)


def _hours(span: timedelta) -> str:
    return f"{span.total_seconds() / 3600:.1f} h".replace(".0 h", " h")
