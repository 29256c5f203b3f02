"""Delivers what stands PENDING in DCF_T_NOTIFICATIONS, at least once: a message is SENT only after every receiver has taken it.
A crash between the two sends it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from exec_logger import log
from exec_logger.records import Job, parsed
from exec_logger.streams import Control, Row
from exec_logger.warehouses.base import Warehouse

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
LIST_LIMIT = 200
ERRORS_SHOWN = 20
GOOD = "LOAD_COMPLETION_REPORT"
FIRST = (
    "select notification_id from (select notification_id, row_number() over ("
    "partition by coalesce(case notification_type when 'JOB_FAILURE' then invocation_id end, cast(notification_id as varchar))"
    " order by case when attempt_cnt > 0 then 0 else 1 end, notification_id) as place_ from {notifications}) as placed_"
    " where place_ = 1"
)
"""Two that look at the same moment may both put a job into the outbox: the message that was tried first counts."""


@dataclass(frozen=True)
class Message:
    title: str
    body: str
    failure: bool


@dataclass(frozen=True)
class Receiver:
    """One of those who get every message; `send` gives the reason why it could not, or None."""

    fingerprint: str
    send: Callable[[Message], str | None]


def fingerprint(url: str) -> str:
    """What the table may hold of a URL, which may be a secret."""
    return hashlib.sha256(url.encode()).hexdigest()[:12]


def wait_before(attempt: int) -> timedelta:
    """How long after this attempt, counted from 1, the next one has to wait if it fails."""
    return min(FIRST_WAIT * (1 << min(attempt - 1, 10)), LONGEST_WAIT)


def failed_jobs(warehouse: Warehouse, project: str, target: str, since: timedelta) -> list[Job]:
    """Jobs of this project and target that have failed lately, oldest first."""
    bound = log.now(warehouse) - since
    jobs = log.jobs(warehouse, LIST_LIMIT, project=project, target=target, status="FAILED")
    return [job for job in reversed(jobs) if (job.ended_at or job.started_at or datetime.min) >= bound]


def enqueue(of: Control, jobs: Iterable[Job]) -> int:
    """Puts failures of jobs into the outbox that are not there yet; how many."""
    count, document = 0, log.JSON_VALUE[of.warehouse.kind]
    for job in jobs:
        now = log.now(of.warehouse)
        content = {
            "project": job.project_name, "target": job.target_name, "job": job.name, "invocation_id": job.invocation_id,
            "reason": job.reason, "failed": job.failed, "skipped": job.skipped, "total": job.total,
            "failures": list(job.errors[:ERRORS_SHOWN]),
        }  # fmt: skip
        count += of.execute(
            "insert into {notifications} (notification_type, invocation_id, notification_content, notification_status,"
            f" created_ts, attempt_cnt, updated_ts) select 'JOB_FAILURE', %s, {document}, 'PENDING', %s, 0, %s"
            " where not exists (select 1 from {notifications} where notification_type = 'JOB_FAILURE' and invocation_id = %s)",
            job.invocation_id, json.dumps(content), now, now, job.invocation_id,
        )  # fmt: skip
    if count:
        of.execute(f"delete from {{notifications}} where notification_status = 'PENDING' and notification_id not in ({FIRST})")
    return count


def pending(of: Control, *, at_once: bool) -> list[Row]:
    """The messages that may be sent now, oldest first; `at_once`: those that wait for their next attempt, too."""
    due = "" if at_once else " and (next_attempt_ts is null or next_attempt_ts <= %s)"
    return of.query(
        "select notification_id as id, notification_type as type, strm_name as stream, notification_content as content,"
        " coalesce(attempt_cnt, 0) as attempts, delivered_to, created_ts from {notifications}"
        f" where notification_status = 'PENDING'{due} and notification_id in ({FIRST})"
        f" order by notification_id limit {LIST_LIMIT}",
        *(() if at_once else (log.now(of.warehouse),)),
    )


def deliver(of: Control, row: Row, receivers: Sequence[Receiver]) -> Row | None:
    """Sends one message: id, type, stream, status, attempts, error. None where another execlog has it in hand."""
    now, attempt = log.now(of.warehouse), int(row["attempts"]) + 1
    # the next attempt is fixed before this one: whatever happens now, the message stays due
    taken = of.execute(
        "update {notifications} set attempt_cnt = %s, last_attempt_ts = %s, next_attempt_ts = %s, updated_ts = %s"
        " where notification_id = %s and notification_status = 'PENDING' and coalesce(attempt_cnt, 0) = %s",
        attempt, now, now + wait_before(attempt), now, row["id"], attempt - 1,
    )  # fmt: skip
    if not taken:
        return None
    done = set(str(row["delivered_to"] or "").split())
    errors = []
    for receiver in receivers:
        if receiver.fingerprint in done:
            continue
        error = receiver.send(message(row))
        if error is None:
            done.add(receiver.fingerprint)
            of.execute(
                "update {notifications} set delivered_to = %s where notification_id = %s",
                " ".join(sorted(done))[:4000], row["id"],
            )  # fmt: skip
        else:
            errors.append(error)
    told = "; ".join(errors)[:4000] or None
    now = log.now(of.warehouse)
    if told:
        of.execute(
            "update {notifications} set last_error = %s, updated_ts = %s where notification_id = %s", told, now, row["id"]
        )
    else:
        of.execute(
            "update {notifications} set notification_status = 'SENT', sent_ts = %s, last_error = null, next_attempt_ts = null,"
            " updated_ts = %s where notification_id = %s",
            now, now, row["id"],
        )  # fmt: skip
    status = "PENDING" if told else "SENT"
    return {"id": row["id"], "type": row["type"], "stream": row["stream"], "status": status, "attempts": attempt, "error": told}


def message(row: Row) -> Message:
    """What people get: a title, and every value of the content on a line of its own."""
    content = parsed(row["content"])
    content = content if isinstance(content, dict) else {"content": content}
    kind = str(row["type"] or "")
    about = row["stream"] or content.get("job") or content.get("invocation_id") or ""
    title = f"{kind.replace('_', ' ').capitalize()}: {about}"
    return Message(title, "\n".join(_lines(content, "")), failure=kind != GOOD)


def _lines(value: Any, indent: str) -> Iterable[str]:
    items = value.items() if isinstance(value, dict) else [(f"{number}", item) for number, item in enumerate(value, 1)]
    for key, item in items:
        name = str(key).replace("_", " ")
        if isinstance(item, (dict, list)):
            yield f"{indent}{name}:"
            yield from _lines(item, f"{indent}  ")
        else:
            yield f"{indent}{name}: {'' if item is None else item}"
