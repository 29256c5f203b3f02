"""What nodes, jobs and days cost: in seconds from the log alone, in credits from the cost models where these are built."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from exec_logger import log
from exec_logger.errors import ExecLogError
from exec_logger.place import LogPlace
from exec_logger.records import OK, job_from_row, node_from_row
from exec_logger.warehouse import Warehouse

By = Literal["model", "job", "day"]
RAN = ("SUCCESS", "WARNING", "FAILED", "PARTIAL_SUCCESS")
NODE_COLUMNS = (
    "process_step_id, parent_step_id, record_type, execution_status_name, execution_start_tmstp, execution_end_tmstp, "
    "step_execution_obj"
)


@dataclass(frozen=True)
class Spent:
    """What one run, or all runs of one name, spent. Credits and money are None where nobody counts them."""

    name: str
    runs: int
    failed_runs: int
    seconds: float
    credits: float | None = None
    cost_usd: float | None = None
    wasted_seconds: float = 0.0
    """By runs that failed."""
    wasted_credits: float | None = None

    @property
    def wasted_percent(self) -> float | None:
        """The share of the credits, or, where there are none, of the seconds, that failed runs had."""
        if self.credits:
            return 100 * (self.wasted_credits or 0) / self.credits
        return 100 * self.wasted_seconds / self.seconds if self.seconds else None


def spent(warehouse: Warehouse, place: LogPlace, by: By, since: datetime) -> tuple[list[Spent], str | None]:
    """Sums per model, job or day, the dearest first (days: the newest), and why there are no credits, if there are none."""
    if warehouse.kind != "snowflake":
        note = f"{warehouse.kind} keeps no account of credits: these are seconds."
        return ordered(summed(_of_log(warehouse, by, since)), by), note
    try:
        found = ordered(summed(_of_models(warehouse, place, by, since)), by)
    except ExecLogError:
        return ordered(summed(_of_log(warehouse, by, since)), by), NOT_BUILT
    return found, None if not found or any(one.credits is not None for one in found) else NOT_BUILT


NOT_BUILT = (
    "there are no credits, so these are seconds. Have an ACCOUNTADMIN run `grant imported privileges on database SNOWFLAKE to "
    "role <yours>`, set the variable execlog_cost_models to true, and run `execlog install`."
)


def summed(runs: Iterable[Spent]) -> list[Spent]:
    """One value per name."""
    found: dict[str, Spent] = {}
    for run in runs:
        known = found.get(run.name)
        found[run.name] = _sum(known, run) if known else run
    return list(found.values())


def ordered(found: Sequence[Spent], by: By) -> list[Spent]:
    if by == "day":
        return sorted(found, key=lambda one: one.name, reverse=True)
    return sorted(found, key=lambda one: (-(one.cost_usd or 0), -one.seconds, one.name))


def _sum(one: Spent, other: Spent) -> Spent:
    return Spent(
        one.name,
        one.runs + other.runs,
        one.failed_runs + other.failed_runs,
        one.seconds + other.seconds,
        _plus(one.credits, other.credits),
        _plus(one.cost_usd, other.cost_usd),
        one.wasted_seconds + other.wasted_seconds,
        _plus(one.wasted_credits, other.wasted_credits),
    )


def _plus(one: float | None, other: float | None) -> float | None:
    return one if other is None else other if one is None else one + other


def _run(name: str, status: str, seconds: float, credits: float | None = None, cost_usd: float | None = None) -> Spent:
    failed = status not in (*OK, "RUNNING", "UNKNOWN")
    wasted = (seconds, credits) if failed else (0.0, None if credits is None else 0.0)
    return Spent(name, 1, int(failed), seconds, credits, cost_usd, *wasted)


def _of_models(warehouse: Warehouse, place: LogPlace, by: By, since: datetime) -> list[Spent]:
    """One value per run, from models/cost."""
    model, name, condition = {
        "job": ("execution_job_costs", "coalesce(job_name, '')", "true"),
        "model": ("execution_node_costs", "node_id", "is_executed"),
        "day": ("execution_node_costs", "run_date", "is_executed"),
    }[by]
    view = replace(place, table=model.upper()).sql
    rows = warehouse.query(
        f"select {name} as name_, status, seconds, credits, cost_usd from {view} where {condition} and started_at >= %s",
        (since,),
    )
    return [
        _run(str(row["name_"]), row["status"], float(row["seconds"] or 0), _number(row["credits"]), _number(row["cost_usd"]))
        for row in rows
    ]


def _of_log(warehouse: Warehouse, by: By, since: datetime) -> list[Spent]:
    """One value per run, from the log table: of a job, the seconds are those of its nodes."""
    rows = warehouse.query(
        f"select {NODE_COLUMNS} from {warehouse.table} where parent_step_id is not null and record_type <> 'LEASE'"
        f" and execution_start_tmstp >= %s and {log.EXISTS}",
        (since,),
    )
    nodes = [(row["parent_step_id"], node_from_row(row)) for row in rows]
    ran = [(job_id, node) for job_id, node in nodes if node.status in RAN]
    if by != "job":
        return [
            _run((node.unique_id or node.name) if by == "model" else _day(node.started_at), node.status, node.seconds or 0)
            for _, node in ran
        ]
    seconds: dict[str, float] = {}
    for job_id, node in ran:
        seconds[job_id] = seconds.get(job_id, 0) + (node.seconds or 0)
    config = log.NO_PLAN[warehouse.kind]
    jobs = warehouse.query(
        f"select process_step_id, execution_status_name, {config} as process_config_obj from {warehouse.table}"
        f" where {log.IS_JOB} and execution_start_tmstp >= %s",
        (since,),
    )
    return [_run(job.name or "", job.status, seconds.get(job.job_id, 0)) for job in map(job_from_row, jobs)]


def _day(time: datetime | None) -> str:
    return date.isoformat(time.date()) if time else ""


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
