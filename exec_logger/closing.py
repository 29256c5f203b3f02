"""What the rows of a dead job become when its log is closed for it. Pure: no SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from exec_logger.records import FAILED, OK, Job, Node, Row, parsed


def closed_job(job: Job, nodes: Sequence[Node], row: Row, *, status: str, reason: str, now: datetime) -> dict[str, Any]:
    """The JSON columns and the row count of the job's row. Nodes that still run count as failed."""
    counts = Counter(node.status for node in nodes)
    total = max(job.total, len(nodes))
    success = sum(counts[name] for name in OK)
    failed = sum(counts[name] for name in (*FAILED, "RUNNING"))
    skipped = counts["SKIPPED"]
    step = _dict(row.get("step_execution_obj"))
    entry = {
        "step_number": len(job.timeline) + 1,
        "timestamp": _timestamp(now),
        "level": "Info" if status == "SUCCESS" else "Error",
        "step_type": "JOB_COMPLETE",
        "title": f"Job {'Completed' if status == 'SUCCESS' else 'Failed'}: {job.project_name or job.job_id}",
        "content": {"job_status": status, "reason": reason},
    }
    return {
        "source_data_cnt": sum(node.rows or 0 for node in nodes),
        "destination_data_cnt_obj": {
            "total_models": total,
            "completed": success,
            "successful_models": success,
            "failed": failed,
            "failed_models": failed,
            "skipped_models": skipped,
            "running": 0,
        },
        "step_execution_obj": {
            **step,
            "current_step": "JOB_COMPLETED",
            "job_status": status,
            "reason": reason,
            "summary": {"total": total, "success": success, "error": failed, "skipped": skipped, "running": 0},
            "execution_timeline": [*job.timeline, entry],
        },
        "error_message_obj": [*job.errors, {"unique_id": None, "model_name": None, "message": reason}],
    }


def closed_node(node: Node, row: Row, *, reason: str, now: datetime) -> dict[str, Any]:
    """The JSON columns of a node that still says RUNNING."""
    entry = {
        "step_number": len(node.timeline) + 1,
        "timestamp": _timestamp(now),
        "level": "Error",
        "step_type": "MODEL_COMPLETE",
        "title": f"{node.record_type.replace('_', ' ').title()} Failed: {node.name}",
        "query_id": node.query_id,
        "query_result": {"rows_in_destination": None, "rows_affected": None, "execution_status": "FAILED"},
        "content": {"dbt_status": None, "adapter_code": None, "failures": None, "reason": reason},
    }
    return {
        "step_execution_obj": {
            **_dict(row.get("step_execution_obj")),
            "current_step": "MODEL_COMPLETED",
            "execution_timeline": [*node.timeline, entry],
        },
        "error_message_obj": [{"unique_id": node.unique_id, "model_name": node.name, "message": reason}],
    }


def _timestamp(time: datetime) -> str:
    """As the package writes times into JSON."""
    return time.isoformat(" ", timespec="microseconds")


def _dict(value: object) -> dict[str, Any]:
    value = parsed(value)
    return value if isinstance(value, dict) else {}
