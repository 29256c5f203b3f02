"""Deletes old runs from the log: whole jobs, in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from exec_logger import log
from exec_logger.warehouse import Warehouse

BATCH = 500
"""Jobs per statement. Each statement takes whole jobs, so that an interruption leaves no half of one."""


@dataclass(frozen=True)
class Pruned:
    jobs: int
    rows: int
    """Of those jobs, their own rows among them."""


def prune(warehouse: Warehouse, before: datetime, *, soft: bool = False, dry_run: bool = False) -> Pruned:
    """Deletes the jobs that ended before a time, or with `soft` marks their rows DELETED_IND = 'Y'. A running job, and the last
    job of each project, target and job name, which a restart looks at, stay. Without `soft`, jobs that were marked earlier and
    ended before that time go, too."""
    jobs = _prunable(warehouse, before) + ([] if soft else _marked(warehouse, before))
    rows = 0
    for start in range(0, len(jobs), BATCH):
        batch = jobs[start : start + BATCH]
        rows += _count(warehouse, batch, soft) if dry_run else _remove(warehouse, batch, soft)
    return Pruned(len(jobs), rows)


def _prunable(warehouse: Warehouse, before: datetime) -> list[str]:
    last_of: dict[tuple[str | None, ...], str] = {}
    found = []
    for job in log.all_jobs(warehouse):
        # a page may repeat a job when another one begins meanwhile
        is_last = last_of.setdefault((job.project_name, job.target_name, job.name), job.job_id) == job.job_id
        ended_at = job.ended_at or job.updated_at or job.started_at
        if not is_last and job.status != "RUNNING" and ended_at is not None and ended_at < before:
            found.append(job.job_id)
    return list(dict.fromkeys(found))


def _marked(warehouse: Warehouse, before: datetime) -> list[str]:
    rows = warehouse.query(
        f"select process_step_id as job_id from {warehouse.table} where parent_step_id is null and {log.NO_LEASE}"
        " and deleted_ind = 'Y' and execution_status_name <> 'RUNNING' and coalesce(execution_end_tmstp, insert_tmstp) < %s",
        (before,),
    )
    return [str(row["job_id"]) for row in rows]


def _where(jobs: Sequence[str], soft: bool) -> tuple[str, Sequence[str]]:
    places = ", ".join(["%s"] * len(jobs))
    where = f"(process_step_id in ({places}) or parent_step_id in ({places}))"
    return f"{where} and {log.EXISTS}" if soft else where, [*jobs, *jobs]


def _count(warehouse: Warehouse, jobs: Sequence[str], soft: bool) -> int:
    where, parameters = _where(jobs, soft)
    (row,) = warehouse.query(f"select count(*) as n from {warehouse.table} where {where}", parameters)
    return int(row["n"])


def _remove(warehouse: Warehouse, jobs: Sequence[str], soft: bool) -> int:
    where, parameters = _where(jobs, soft)
    if not soft:
        return warehouse.execute(f"delete from {warehouse.table} where {where}", parameters)
    return warehouse.execute(
        f"update {warehouse.table} set deleted_ind = 'Y', update_tmstp = %s where {where}",
        (log.now(warehouse), *parameters),
    )
