"""The rows of the log as values. Whatever a row holds (old formats, null columns, broken JSON), reading it never fails."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

Row = Mapping[str, Any]

CLOSED = "closed by execlog"
"""Part of the reason of every job that its dbt did not close."""
OK = ("SUCCESS", "WARNING", "REUSED")
FAILED = ("FAILED", "PARTIAL_SUCCESS")


@dataclass(frozen=True)
class Job:
    """One invocation of dbt. Times are UTC without a zone. What the row does not say is None."""

    job_id: str
    invocation_id: str
    project_name: str | None
    target_name: str | None
    name: str | None
    """The job name that a restart looks for; None in rows of the old formats."""
    command: str | None
    """`build`, `run`, …"""
    status: str
    """RUNNING, SUCCESS or FAILED."""
    run_type: str
    attempt_no: int
    restart_of: str | None
    started_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime | None
    rows: int | None
    total: int
    success: int
    failed: int
    skipped: int
    running: int
    reason: str | None
    errors: tuple[dict[str, Any], ...]
    """{unique_id, model_name, message} each."""
    config: dict[str, Any]
    """PROCESS_CONFIG_OBJ without the plan."""
    plan: tuple[str, ...] | None
    """The unique_ids that dbt set out to run; None where nobody knows (dbt retry, old rows), and in lists of jobs."""
    timeline: tuple[dict[str, Any], ...]

    @property
    def died(self) -> bool:
        """Whether its dbt did not close it: it says RUNNING, or we closed it."""
        return self.status == "RUNNING" or CLOSED in (self.reason or "")

    @property
    def duration_seconds(self) -> float | None:
        return _seconds(self.started_at, self.ended_at)

    @property
    def not_run(self) -> int:
        """Planned nodes of which the log says nothing yet."""
        return max(0, self.total - self.success - self.failed - self.skipped - self.running)


@dataclass(frozen=True)
class Node:
    """One node of a job. Times are UTC without a zone. What the row does not say is None."""

    step_id: str
    unique_id: str | None
    """None in rows of the old formats."""
    name: str
    record_type: str
    """MODEL, TEST, SEED, …"""
    status: str
    """RUNNING, SUCCESS, WARNING, FAILED, SKIPPED, PARTIAL_SUCCESS, REUSED; NOT_RUN for a planned node without a row."""
    execution_type: str | None = None
    materialization: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: float | None = None
    """As dbt measured it, else from start to end."""
    rows: int | None = None
    rows_affected: int | None = None
    relation: str | None = None
    error: str | None = None
    dbt_status: str | None = None
    query_id: str | None = None
    timeline: tuple[dict[str, Any], ...] = ()
    updated_at: datetime | None = None


def job_from_row(row: Row) -> Job:
    """A job from its row, keys in lower case."""
    config, counts, step = (
        _dict(row.get(name)) for name in ("process_config_obj", "destination_data_cnt_obj", "step_execution_obj")
    )
    summary = _dict(step.get("summary"))
    job_id = str(row.get("process_step_id") or "")
    plan = config.pop("plan", None)
    return Job(
        job_id=job_id,
        invocation_id=job_id.removeprefix("JOB_"),
        project_name=_text(config.get("project_name")) or _text(_dict(row.get("source_obj")).get("project_name")),
        target_name=_text(config.get("target_name")) or _text(_dict(row.get("destination_obj")).get("target_name")),
        name=_text(config.get("job_name")),
        command=_text(config.get("command")),
        status=str(row.get("execution_status_name") or "UNKNOWN"),
        run_type=_text(config.get("run_type")) or "FULL_BUILD",
        attempt_no=_int(config.get("attempt_no")) or 1,
        restart_of=_text(config.get("restart_of")),
        started_at=_time(row.get("execution_start_tmstp")),
        ended_at=_time(row.get("execution_end_tmstp")),
        updated_at=_time(row.get("update_tmstp")),
        rows=_int(row.get("source_data_cnt")),
        total=_first_int(counts.get("total_models"), summary.get("total")),
        success=_first_int(counts.get("successful_models"), counts.get("completed"), summary.get("success")),
        failed=_first_int(counts.get("failed_models"), counts.get("failed"), summary.get("error")),
        skipped=_first_int(counts.get("skipped_models"), summary.get("skipped")),
        running=_first_int(counts.get("running"), summary.get("running")),
        reason=_text(step.get("reason")),
        errors=_dicts(row.get("error_message_obj")),
        config=config,
        plan=tuple(str(unique_id) for unique_id in plan) if isinstance(plan, list) else None,
        timeline=_dicts(step.get("execution_timeline")),
    )


def node_from_row(row: Row) -> Node:
    """A node from its row, keys in lower case."""
    step, destination = _dict(row.get("step_execution_obj")), _dict(row.get("destination_obj"))
    timeline = _dicts(step.get("execution_timeline"))
    results = [_dict(entry.get("query_result")) for entry in timeline]
    messages = [text for error in _dicts(row.get("error_message_obj")) if (text := _text(error.get("message")))]
    step_id = str(row.get("process_step_id") or "")
    started_at, ended_at = _time(row.get("execution_start_tmstp")), _time(row.get("execution_end_tmstp"))
    seconds = _float(step.get("execution_time_seconds"))
    return Node(
        step_id=step_id,
        unique_id=_text(step.get("unique_id")),
        name=_text(step.get("model_name")) or step_id,
        record_type=str(row.get("record_type") or "UNKNOWN"),
        status=str(row.get("execution_status_name") or "UNKNOWN"),
        execution_type=_text(row.get("execution_type_name")),
        materialization=_text(destination.get("materialization")),
        started_at=started_at,
        ended_at=ended_at,
        seconds=_seconds(started_at, ended_at) if seconds is None else seconds,
        rows=_int(row.get("source_data_cnt")),
        rows_affected=next((count for result in results if (count := _int(result.get("rows_affected"))) is not None), None),
        relation=_text(destination.get("full_name")),
        error="\n".join(messages) or None,
        dbt_status=_text(step.get("dbt_status")),
        query_id=_text(step.get("query_id_end")) or _text(step.get("query_id_start")),
        timeline=timeline,
        updated_at=_time(row.get("update_tmstp")),
    )


def nodes_of_single_record(row: Row) -> list[Node]:
    """The nodes of a job in the first format of the log, which kept them in an array in the job's own row."""
    job_id = str(row.get("process_step_id") or "")
    return [_node_of_single_record(job_id, entry) for entry in _dicts(_dict(row.get("step_execution_obj")).get("models"))]


def _node_of_single_record(job_id: str, entry: dict[str, Any]) -> Node:
    name = _text(entry.get("model_name")) or "?"
    place = [_text(entry.get("database")), _text(entry.get("schema")), name]
    return Node(
        step_id=f"{job_id}_MODEL_{name}",
        unique_id=None,
        name=name,
        record_type="MODEL",
        status=_text(entry.get("status")) or "UNKNOWN",
        started_at=_time(entry.get("start_time")),
        ended_at=_time(entry.get("end_time")),
        seconds=_float(entry.get("duration_seconds")),
        relation=".".join(part for part in place if part),
        error=_text(entry.get("error")),
    )


def planned_node(job_id: str, unique_id: str) -> Node:
    """A node that was planned and has no row."""
    kind, _, rest = unique_id.partition(".")
    name = rest.partition(".")[2] or unique_id
    if kind == "test":
        name = name.partition(".")[0]  # the rest is a hash
    return Node(f"{job_id}_{kind.upper()}_{name}", unique_id, name, kind.upper(), "NOT_RUN")


def parsed(value: object) -> Any:
    """What a JSON column holds; None where it is null or no JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return None


def _dict(value: object) -> dict[str, Any]:
    value = parsed(value)
    return dict(value) if isinstance(value, dict) else {}


def _dicts(value: object) -> tuple[dict[str, Any], ...]:
    value = parsed(value)
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def _text(value: object) -> str | None:
    return str(value) if isinstance(value, (str, int, float)) and value != "" else None


def _int(value: object) -> int | None:
    number = _float(value)
    return None if number is None else int(number)


def _first_int(*values: object) -> int:
    return next((number for value in values if (number := _int(value)) is not None), 0)


def _float(value: object) -> float | None:
    """A finite number, whatever the driver or the JSON made of it."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _time(value: object) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value.astimezone(timezone.utc).replace(tzinfo=None) if value.tzinfo else value


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else (end - start).total_seconds()
