"""`execlog show`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from exec_logger.options import project_options
from exec_logger.output import Column, format_options, print_csv, print_facts, print_json, print_message, print_table, talk
from exec_logger.presentation import (
    JOB_DETAILS,
    NODE_DETAILS,
    NODE_FIELDS,
    duration_text,
    job_as_dict,
    job_seconds,
    label,
    node_as_dict,
    node_seconds,
    number_text,
    run_text,
    time_text,
    with_planned,
)
from exec_logger.profile import Where, read_target
from exec_logger.records import FAILED, Job, Node

TIMELINE_FIELDS = ("timestamp", "step_id", "step_type", "level", "title", "query_id")


@click.command(name="show")
@click.argument("job_id", metavar="[JOB]", default="")
@click.option("--failed", is_flag=True, help="Only nodes that failed.")
@click.option("--timeline", is_flag=True, help="What happened when, instead of the nodes. (JSON always has it.)")
@format_options
@project_options
def command(*, job_id: str, failed: bool, timeline: bool, output: str | None, where: Where) -> None:
    """Show one run and its nodes, in the order in which they started.

    JOB is the beginning of an invocation id, as `execlog runs` lists them; by default the newest run in the log.
    Planned nodes that never started come last, as NOT_RUN. Times are UTC.

    Example: execlog show 9dc85a6b --failed
    """
    from exec_logger import log
    from exec_logger.warehouse import connect

    with connect(read_target(where), read_only=True) as warehouse:
        newest = job_id or next((job.job_id for job in log.jobs(warehouse, 1)), None)
        if newest is None:
            talk(f"No run in {warehouse.table} yet.")
            _print_nothing(output, timeline)
            return
        (job,) = log.with_live_counts(warehouse, [log.job(warehouse, newest)])
        nodes = with_planned(job, log.nodes(warehouse, job.job_id))
        now = log.now(warehouse) if job.status == "RUNNING" else None
    if failed:
        nodes = [node for node in nodes if node.status in FAILED]
    if output == "json":
        found = [node_as_dict(node, NODE_DETAILS, now) for node in nodes]
        print_json({"job": job_as_dict(job, JOB_DETAILS, now), "nodes": found})
    elif output == "csv" and timeline:
        print_csv(_events(job, nodes, failed), TIMELINE_FIELDS)
    elif output == "csv":
        print_csv([node_as_dict(node, NODE_FIELDS, now) for node in nodes], NODE_FIELDS)
    else:
        _print(job, nodes, now, failed=failed, timeline=timeline)


def _print_nothing(output: str | None, timeline: bool) -> None:
    if output == "json":
        print_json({"job": None, "nodes": []})
    elif output == "csv":
        print_csv([], TIMELINE_FIELDS if timeline else NODE_FIELDS)


def _print(job: Job, nodes: Sequence[Node], now: datetime | None, *, failed: bool, timeline: bool) -> None:
    print_facts(_facts(job, now))
    click.echo()
    if timeline:
        _print_timeline(_events(job, nodes, failed))
    elif nodes:
        _print_nodes(nodes, now)
    elif failed:
        talk("No node failed.")
    else:
        talk("The log has no nodes of this run.")
    for title, message in _messages(job, nodes):
        print_message(title, message)


def _facts(job: Job, now: datetime | None) -> list[tuple[str, str]]:
    counts = {
        "ok": job.success, "failed": job.failed, "skipped": job.skipped, "running": job.running, "not run": job.not_run,
    }  # fmt: skip
    said = ", ".join(f"{count:,} {word}" for word, count in counts.items() if count)
    return [
        ("run", job.invocation_id),
        ("project", " on ".join(filter(None, [job.project_name, job.target_name]))),
        ("job", job.name or ""),
        ("status", f"{job.status}: {job.reason}" if job.reason else job.status),
        ("type", run_text(job) + (f" of {job.restart_of}" if job.restart_of else "")),
        ("started", f"{time_text(job.started_at)} UTC" if job.started_at else ""),
        ("duration", duration_text(job_seconds(job, now))),
        ("nodes", f"{job.total:,}: {said}" if said else f"{job.total:,}"),
        ("rows", number_text(job.rows)),
    ]


def _print_nodes(nodes: Sequence[Node], now: datetime | None) -> None:
    columns = [
        Column("record"),
        Column("name", wraps=True),
        Column("status"),
        Column("type"),
        Column("rows", right=True),
        Column("seconds", right=True),
    ]
    rows = []
    for node in nodes:
        seconds = node_seconds(node, now)
        shown_seconds = f"{seconds:,.2f}" if seconds else ""
        rows.append(
            [node.record_type, label(node), node.status, node.execution_type or "", number_text(node.rows), shown_seconds]
        )
    print_table(columns, rows)


def _print_timeline(events: Sequence[dict[str, Any]]) -> None:
    columns = [Column("time (UTC)"), Column("level"), Column("what", wraps=True), Column("query id", wraps=True)]
    print_table(columns, [[str(event[name] or "") for name in ("timestamp", "level", "title", "query_id")] for event in events])


def _events(job: Job, nodes: Sequence[Node], failed: bool) -> list[dict[str, Any]]:
    """The timelines of the job (unless only what failed is asked for) and of its nodes as one."""
    steps = [*([] if failed else [(job.job_id, job.timeline)]), *((node.step_id, node.timeline) for node in nodes)]
    events = [
        {name: entry.get(name) for name in TIMELINE_FIELDS} | {"step_id": step_id}
        for step_id, entries in steps
        for entry in entries
    ]
    return sorted(events, key=lambda event: str(event["timestamp"] or ""))


def _messages(job: Job, nodes: Sequence[Node]) -> list[tuple[str, str]]:
    """Each failed node's own message, in full, and what the job says beside those (hooks that failed, why it was closed)."""
    own = [(label(node), node.error) for node in nodes if node.error]
    told = {node.unique_id for node in nodes if node.error}
    others = [error for error in job.errors if error.get("unique_id") not in told]
    return own + [(str(error.get("model_name") or "the run"), str(error.get("message") or "")) for error in others]
