"""Finds and closes jobs that died while they said RUNNING."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from exec_logger import log
from exec_logger.liveness import is_alive
from exec_logger.profile import limit
from exec_logger.records import CLOSED
from exec_logger.session import Session


def reap(session: Session, stale_after: timedelta | None = None, *, dry_run: bool = False) -> Sequence[dict[str, Any]]:
    """The dead jobs of this project and target, now closed as FAILED: job_id, name, ended_at (their last sign of life)."""
    warehouse, target = session.warehouse, session.target
    now = log.now(warehouse)
    if stale_after is None:
        stale_after = timedelta(minutes=limit(target, "stale_after_minutes", 60))
    dead = []
    for job in log.running_jobs(warehouse, target.project_name, target.target_name):
        seen_at = log.last_sign_of_life(warehouse, job)
        if is_alive(job, alone=target.one_process_owns_it, seen_at=seen_at, now=now, stale_after=stale_after):
            continue
        reason = f"dbt died; {CLOSED} reap"
        if dry_run or log.close_job(warehouse, job, status="FAILED", reason=reason, ended_at=seen_at):
            dead.append({"job_id": job.job_id, "name": job.name, "ended_at": f"{seen_at.isoformat()}Z"})
    return dead
