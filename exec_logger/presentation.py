"""Jobs and nodes as programs get them (dicts) and as people read them (texts)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from exec_logger.records import Job, Node, planned_node

RUNNABLE = ("model", "seed", "snapshot", "test", "unit_test", "function")
"""The kinds of nodes of a plan that dbt gives a result for."""


JOB_FIELDS = (
    "job_id", "invocation_id", "project_name", "target_name", "name", "command", "status", "run_type", "attempt_no",
    "restart_of", "started_at", "ended_at", "updated_at", "duration_seconds", "rows", "total", "success", "failed", "skipped",
    "running", "not_run", "reason",
)  # fmt: skip
JOB_DETAILS = (*JOB_FIELDS, "errors", "config", "plan", "timeline")
NODE_FIELDS = (
    "step_id", "unique_id", "name", "record_type", "status", "execution_type", "materialization", "started_at", "ended_at",
    "updated_at", "seconds", "rows", "rows_affected", "relation", "error", "dbt_status", "query_id",
)  # fmt: skip
NODE_DETAILS = (*NODE_FIELDS, "timeline")


def job_as_dict(job: Job, names: Sequence[str], now: datetime | None) -> dict[str, Any]:
    """`now` is for the duration of a job that still runs."""
    return {name: job_seconds(job, now) if name == "duration_seconds" else getattr(job, name) for name in names}


def node_as_dict(node: Node, names: Sequence[str], now: datetime | None) -> dict[str, Any]:
    return {name: node_seconds(node, now) if name == "seconds" else getattr(node, name) for name in names}


def job_seconds(job: Job, now: datetime | None) -> float | None:
    """How long it took, or has taken so far."""
    return _seconds_so_far(job, now) if job.status == "RUNNING" else job.duration_seconds


def node_seconds(node: Node, now: datetime | None) -> float | None:
    """How long it took, or has taken so far."""
    return _seconds_so_far(node, now) if node.status == "RUNNING" else node.seconds


def _seconds_so_far(running: Job | Node, now: datetime | None) -> float | None:
    return max(0.0, (now - running.started_at).total_seconds()) if now and running.started_at else None


def with_planned(job: Job, nodes: Sequence[Node]) -> list[Node]:
    """The nodes, and those planned ones that have no row, if the job lacks any."""
    seen = {node.unique_id for node in nodes} | set(job.config.get("ephemeral") or ())
    planned = job.plan or () if job.not_run else ()
    missing = [one for one in planned if one not in seen and one.partition(".")[0] in RUNNABLE]
    return [*nodes, *(planned_node(job.job_id, unique_id) for unique_id in missing)]


def label(node: Node) -> str:
    """The node's name, with what makes it unique in its job: `<package>.<name>`, `<name>.v<version>`."""
    return node.step_id.partition(f"_{node.record_type}_")[2] or node.name


def run_text(job: Job) -> str:
    return "full" if job.run_type == "FULL_BUILD" else f"retry #{job.attempt_no - 1}"


def time_text(time: datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}" if time else ""


def number_text(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


def duration_text(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.2f}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m {rest:02}s" if minutes < 60 else f"{minutes // 60}h {minutes % 60:02}m"
