"""Reads the log table, and closes the rows of a dead job. Plain SELECTs: JSON is parsed in Python.
Rows with DELETED_IND = 'Y', and those of leases, do not exist here."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from exec_logger.closing import closed_job, closed_node
from exec_logger.errors import ExecLogError, Exit
from exec_logger.records import FAILED, OK, Job, Node, Row, job_from_row, node_from_row, nodes_of_single_record
from exec_logger.warehouse import Warehouse

__all__ = [
    "EXISTS",
    "Job",
    "Node",
    "close_job",
    "job",
    "jobs",
    "last_job",
    "last_sign_of_life",
    "nodes",
    "now",
    "running_jobs",
    "with_live_counts",
]

PAGES = (20, 200, 2_000, 20_000)
"""How many jobs are read at once until enough are found; the last one over and over."""
CANDIDATES = 5
EXISTS = "coalesce(deleted_ind, 'N') <> 'Y'"
NO_LEASE = "coalesce(record_type, 'UNKNOWN') <> 'LEASE'"
IS_JOB = f"parent_step_id is null and coalesce(record_type, 'JOB') = 'JOB' and {EXISTS}"
# Not by the surrogate key alone: Snowflake's autoincrement does not grow with time.
NEWEST_FIRST = "insert_tmstp desc nulls last, execution_start_tmstp desc nulls last, process_execution_log_sk desc nulls last"
COLUMNS = (
    "process_step_id, record_type, execution_status_name, execution_start_tmstp, execution_end_tmstp, execution_type_name, "
    "source_obj, destination_obj, process_config_obj, source_data_cnt, destination_data_cnt_obj, step_execution_obj, "
    "error_message_obj, update_tmstp"
)
NO_PLAN = {
    "snowflake": "object_delete(as_object(process_config_obj), 'plan')",
    "duckdb": """json_merge_patch(process_config_obj, '{"plan": null}')""",
    "postgres": "case jsonb_typeof(process_config_obj) when 'object' then process_config_obj - 'plan' end",
}
"""The configs of many jobs without their plans, of up to 700 KB each."""
JSON_VALUE = {"snowflake": "parse_json(%s)", "duckdb": "%s::json", "postgres": "%s::jsonb"}
NOW = {
    "snowflake": "select sysdate()::timestamp_ntz as now_",
    "postgres": "select clock_timestamp() at time zone 'utc' as now_",
}


def jobs(
    warehouse: Warehouse,
    limit: int,
    *,
    name: str | None = None,
    project: str | None = None,
    target: str | None = None,
    status: str | None = None,
) -> list[Job]:
    """The newest jobs that match, newest first, without their plans."""
    found: list[Job] = []
    first_page = limit if name is project is target is None else None
    for one in _newest_jobs(warehouse, status, name, first_page):
        if len(found) == limit:
            break
        if name in (None, one.name) and project in (None, one.project_name) and target in (None, one.target_name):
            found.append(one)
    return found


def last_job(warehouse: Warehouse, *, project_name: str, target_name: str, name: str | None) -> Job | None:
    """The newest job of this project and target (and of this name), with its plan."""
    found = jobs(warehouse, 1, name=name, project=project_name, target=target_name)
    return _job_with_plan(warehouse, found[0].job_id) if found else None


def all_jobs(warehouse: Warehouse) -> Iterator[Job]:
    """All jobs, newest first, without their plans, read page by page."""
    return _newest_jobs(warehouse, None)


def running_jobs(warehouse: Warehouse, project: str | None = None, target: str | None = None) -> list[Job]:
    """All jobs that say RUNNING, newest first, without their plans."""
    running = _newest_jobs(warehouse, "RUNNING")
    return [one for one in running if project in (None, one.project_name) and target in (None, one.target_name)]


def job(warehouse: Warehouse, prefix: str) -> Job:
    """The job with this id, or this invocation id, or the only one whose invocation id begins so.
    Raises ExecLogError if there is none, or more than one."""
    wanted = prefix if prefix.startswith("JOB_") else f"JOB_{prefix}"
    found = _job_with_plan(warehouse, wanted)
    if found:
        return found
    begins = (
        f"select distinct process_step_id as job_id from {warehouse.table} where {IS_JOB} and left(process_step_id, %s) = %s"
    )
    rows = warehouse.query(f"{begins} order by process_step_id limit {CANDIDATES + 1}", (len(wanted), wanted)) if prefix else []
    found = _job_with_plan(warehouse, rows[0]["job_id"]) if len(rows) == 1 else None
    if found:
        return found
    if not rows:
        raise ExecLogError(f"no job in {warehouse.table} begins with {prefix!r}. List them with `execlog runs`.", Exit.USAGE)
    candidates = [str(row["job_id"]).removeprefix("JOB_") for row in rows[:CANDIDATES]] + ["…"] * (len(rows) > CANDIDATES)
    raise ExecLogError(f"more than one job begins with {prefix!r}: {', '.join(candidates)}. Give more of the id.", Exit.USAGE)


def nodes(warehouse: Warehouse, job_id: str) -> list[Node]:
    """The nodes of a job in the order in which they started; those that never started come last."""
    found = [node_from_row(row) for row in _node_rows(warehouse, job_id)]
    if found:
        return found
    row = _job_row(warehouse, job_id)
    return nodes_of_single_record(row) if row else []


def with_live_counts(warehouse: Warehouse, listed: Sequence[Job]) -> list[Job]:
    """The same jobs; those that run with the counts and rows of their nodes so far (their own row gets them at its end)."""
    running = [one.job_id for one in listed if one.status == "RUNNING"]
    if not running:
        return list(listed)
    counts: dict[str, Counter[str]] = {job_id: Counter() for job_id in running}
    rows: Counter[str] = Counter()
    for row in warehouse.query(
        "select parent_step_id as job_id, execution_status_name as status, count(*) as nodes_, sum(source_data_cnt) as rows_"
        f" from {warehouse.table} where parent_step_id in ({', '.join(['%s'] * len(running))}) and {NO_LEASE} and {EXISTS}"
        " group by parent_step_id, execution_status_name",
        running,
    ):
        counts[row["job_id"]][row["status"]] += int(row["nodes_"])
        rows[row["job_id"]] += int(row["rows_"] or 0)
    return [_with_counts(one, counts[one.job_id], rows[one.job_id]) if one.job_id in counts else one for one in listed]


def last_sign_of_life(warehouse: Warehouse, of: Job) -> datetime:
    """When a row of the job, its own or one of its nodes', was last written."""
    (row,) = warehouse.query(
        f"select max(update_tmstp) as seen from {warehouse.table}"
        f" where (process_step_id = %s or parent_step_id = %s) and {NO_LEASE} and {EXISTS}",
        (of.job_id, of.job_id),
    )
    seen: datetime | None = row["seen"] or of.updated_at or of.started_at
    return seen or datetime.min


def now(warehouse: Warehouse) -> datetime:
    """The time by the clock that stamps the rows: the warehouse's; on DuckDB, which runs inside dbt, the client's."""
    if warehouse.kind in NOW:
        found: datetime = warehouse.query(NOW[warehouse.kind])[0]["now_"]
        return found
    return datetime.now(timezone.utc).replace(tzinfo=None)


def close_job(warehouse: Warehouse, of: Job, *, status: str, reason: str, ended_at: datetime) -> bool:
    """Closes a job that died at about `ended_at`, and its nodes that still say RUNNING (as FAILED).
    False, and nothing is changed, where its row has been written since `of` was read."""
    row = _job_row(warehouse, of.job_id)
    if row is None:
        return False
    node_rows = _node_rows(warehouse, of.job_id)
    read = [node_from_row(node_row) for node_row in node_rows]
    values = closed_job(of, read, row, status=status, reason=reason, now=ended_at)
    times = dict.fromkeys(("execution_end_tmstp", "extract_end_tmstp"), ended_at) | {"update_tmstp": now(warehouse)}
    # the warehouse may keep more digits than Python
    unchanged = "update_tmstp >= %s and update_tmstp < %s" if of.updated_at else "update_tmstp is null"
    bounds = (of.updated_at, of.updated_at + timedelta(microseconds=1)) if of.updated_at else ()
    if not _close(warehouse, of.job_id, {"execution_status_name": status, **values, **times}, (unchanged, bounds)):
        return False
    for node, node_row in zip(read, node_rows, strict=True):
        if node.status == "RUNNING":
            closed = closed_node(node, node_row, reason=reason, now=ended_at)
            _close(warehouse, node.step_id, {"execution_status_name": "FAILED", **closed, **times})
    return True


def _close(
    warehouse: Warehouse,
    step_id: str,
    values: dict[str, Any],
    condition: tuple[str, tuple[object, ...]] = ("true", ()),
) -> int:
    """The number of rows that said RUNNING, met the condition and are now closed."""
    assigned = {**values, "execution_completed_ind": "Y"}
    words = {name: JSON_VALUE[warehouse.kind] if name.endswith("_obj") else "%s" for name in assigned}
    parameters = [json.dumps(value) if name.endswith("_obj") else value for name, value in assigned.items()]
    return warehouse.execute(
        f"update {warehouse.table} set {', '.join(f'{name} = {word}' for name, word in words.items())}"
        f" where process_step_id = %s and execution_status_name = 'RUNNING' and {EXISTS} and {condition[0]}",
        (*parameters, step_id, *condition[1]),
    )


def _newest_jobs(
    warehouse: Warehouse, status: str | None, name: str | None = None, first_page: int | None = None
) -> Iterator[Job]:
    """All jobs, newest first, read page by page, without their plans. Of those of other names, most are left out."""
    conditions, parameters = [IS_JOB], []
    if status:
        conditions.append("execution_status_name = %s")
        parameters.append(status)
    # of the name, what no JSON writes as an escape
    plain = max(re.findall("[A-Za-z0-9 _.:=-]+", name or ""), key=len, default="")
    if plain:
        conditions.append("position(%s in cast(process_config_obj as varchar)) > 0")
        parameters.append(plain)
    columns = COLUMNS.replace("process_config_obj", f"{NO_PLAN[warehouse.kind]} as process_config_obj")
    offset = 0
    sizes = [*([first_page] if first_page else []), *PAGES]
    while True:
        size = sizes.pop(0) if len(sizes) > 1 else sizes[0]
        # the plans are cut out of the rows of the page alone
        rows = warehouse.query(
            f"select {columns} from (select * from {warehouse.table} where {' and '.join(conditions)}"
            f" order by {NEWEST_FIRST} limit {size} offset {offset}) as page_ order by {NEWEST_FIRST}",
            parameters,
        )
        yield from (job_from_row(row) for row in rows)
        if len(rows) < size:
            return
        offset += size


def _job_with_plan(warehouse: Warehouse, job_id: str) -> Job | None:
    row = _job_row(warehouse, job_id)
    return job_from_row(row) if row else None


def _job_row(warehouse: Warehouse, job_id: str) -> Row | None:
    rows = warehouse.query(
        f"select {COLUMNS} from {warehouse.table} where process_step_id = %s and {IS_JOB} order by {NEWEST_FIRST} limit 1",
        (job_id,),
    )
    return rows[0] if rows else None


def _node_rows(warehouse: Warehouse, job_id: str) -> list[dict[str, Any]]:
    return warehouse.query(
        f"select {COLUMNS} from {warehouse.table} where parent_step_id = %s and {NO_LEASE} and {EXISTS}"
        " order by execution_start_tmstp nulls last, insert_tmstp, process_execution_log_sk",
        (job_id,),
    )


def _with_counts(running: Job, counts: Counter[str], rows: int) -> Job:
    return replace(
        running,
        total=max(running.total, counts.total()),
        success=sum(counts[name] for name in OK),
        failed=sum(counts[name] for name in FAILED),
        skipped=counts["SKIPPED"],
        running=counts["RUNNING"],
        rows=rows,
    )
