"""A made-up SNOWFLAKE.ACCOUNT_USAGE and the log of the runs in it, in the Snowflake stand-in: what is usual, from a seeded
generator, and all that is odd, by hand."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.snowflake_standin.client import StandIn

DAY = datetime.combine(datetime.now().date(), datetime.min.time()) - timedelta(days=12)
HOUR = timedelta(hours=1)

CREDITS = "number(38, 9)"
QUERY_COLUMNS = {
    "query_id": "varchar", "query_text": "varchar", "execution_status": "varchar", "warehouse_name": "varchar",
    "warehouse_size": "varchar", "start_time": "timestamp_ltz", "end_time": "timestamp_ltz", "total_elapsed_time": "number",
    "compilation_time": "number", "queued_provisioning_time": "number", "queued_repair_time": "number",
    "queued_overload_time": "number", "execution_time": "number", "bytes_scanned": "number",
    "bytes_spilled_to_local_storage": "number", "bytes_spilled_to_remote_storage": "number", "partitions_scanned": "number",
    "partitions_total": "number", "rows_produced": "number", "credits_used_cloud_services": CREDITS,
}  # fmt: skip
METERING_COLUMNS = {
    "start_time": "timestamp_ltz", "end_time": "timestamp_ltz", "warehouse_name": "varchar", "credits_used": CREDITS,
    "credits_used_compute": CREDITS, "credits_used_cloud_services": CREDITS,
}  # fmt: skip
DAILY_COLUMNS = {
    "service_type": "varchar", "usage_date": "date", "credits_used_compute": CREDITS, "credits_used_cloud_services": CREDITS,
    "credits_adjustment_cloud_services": CREDITS, "credits_billed": CREDITS,
}  # fmt: skip
LOG_COLUMNS = (
    "process_step_id, parent_step_id, record_type, execution_status_name, execution_completed_ind, execution_start_tmstp, "
    "execution_end_tmstp, execution_type_name, process_config_obj, step_execution_obj, destination_obj, insert_tmstp, "
    "update_tmstp, deleted_ind"
)

Row = dict[str, Any]


@dataclass
class AccountUsage:
    """Rows by table, and the rows of the log."""

    queries: list[Row] = field(default_factory=list)
    metering: list[Row] = field(default_factory=list)
    daily: list[Row] = field(default_factory=list)
    jobs: list[Row] = field(default_factory=list)
    nodes: list[Row] = field(default_factory=list)

    def query(self, warehouse: str | None, start: datetime, execution_ms: int, comment: str | None = None, **given: Any) -> Row:
        """One query: it is compiled for 200 ms, waits for 300 ms, then executes."""
        number = len(self.queries)
        row = {
            "query_id": f"q{number:05}", "query_text": f"select {number}" + (f"\n/* {comment} */" if comment else ""),
            "execution_status": "SUCCESS", "warehouse_name": warehouse, "warehouse_size": warehouse and "X-Small",
            "start_time": start, "compilation_time": 200, "queued_provisioning_time": 100, "queued_repair_time": 0,
            "queued_overload_time": 200, "execution_time": execution_ms, "bytes_scanned": number * 10,
            "bytes_spilled_to_local_storage": number, "bytes_spilled_to_remote_storage": number % 7,
            "partitions_scanned": number % 5, "partitions_total": 5, "rows_produced": number % 11,
            "credits_used_cloud_services": (number % 13) / 10000,
        } | given  # fmt: skip
        row["total_elapsed_time"] = 500 + row["execution_time"]
        row["end_time"] = row["start_time"] + timedelta(milliseconds=row["total_elapsed_time"])
        self.queries.append(row)
        return row

    def job(self, invocation_id: str, start: datetime, status: str = "SUCCESS", **config: Any) -> None:
        self.jobs.append({"invocation_id": invocation_id, "start": start, "status": status, "config": config})

    def node(
        self, invocation_id: str, name: str, start: datetime, seconds: float, status: str = "SUCCESS", **given: Any
    ) -> None:
        row = {"invocation_id": invocation_id, "name": name, "start": start, "seconds": seconds, "status": status}
        self.nodes.append({"query_id": None, "deleted": False, **row, **given})


def comment(invocation_id: str, name: str | None, job_name: str | None = "nightly") -> str:
    node_id = f"model.shop.{name}" if name else None
    return json.dumps({"app": "exec_logger", "invocation_id": invocation_id, "node_id": node_id, "job_name": job_name})


FOREIGN = (
    None, "a plain remark", '{"app": "dbt", "node_id": "model.shop.a"}', '{"app": "exec_logger", "invocation_id": ', "[1, 2]",
    "5", "null",
    '{"app": "exec_logger"}', '"exec_logger"', '{"app": ["exec_logger"], "invocation_id": {"a": 1}}', "exec_logger } {",
)  # fmt: skip


def account_usage(seed: int = 1) -> AccountUsage:
    """Four invocations on two warehouses among the queries of others, over three days, of which a third warehouse idles."""
    usage, pick = AccountUsage(), random.Random(seed)
    usage.job("i1", DAY + 2 * HOUR)
    usage.job("i2", DAY + 26 * HOUR, "FAILED")
    usage.job("i3", DAY + 27 * HOUR, run_type="SELECTIVE_RETRY", restart_of="JOB_i2", attempt_no=2)
    usage.job("i4", DAY + 50 * HOUR)
    usage.job("i5", DAY + 51 * HOUR, job_name="adhoc")
    for invocation, name, hour, seconds, status in (
        ("i1", "a", 2, 60.5, "SUCCESS"), ("i1", "b", 2.5, 5400, "SUCCESS"), ("i1", "c", 4.2, 10, "WARNING"),
        ("i2", "a", 26, 80, "SUCCESS"), ("i2", "b", 26.1, 400, "FAILED"), ("i2", "c", 26.3, 0, "SKIPPED"),
        ("i3", "b", 27, 100, "FAILED"), ("i3", "c", 27.2, 0, "SKIPPED"),
        ("i4", "a", 50, 0, "REUSED"), ("i4", "b", 50, 33, "SUCCESS"), ("i4", "c", 50.1, 0, "REUSED"),
        ("i5", "a", 51, 0, "REUSED"), ("i5", "b", 51, 0, "REUSED"),
    ):  # fmt: skip
        start = DAY + hour * HOUR
        usage.node(invocation, name, start, seconds, status)
        if status in ("SUCCESS", "WARNING", "FAILED"):
            for part in range(3):
                share = int(seconds * 1000 * (0.1, 0.2, 0.6)[part])
                at = start + timedelta(milliseconds=part * seconds * 330)
                said = comment(invocation, name, "nightly")
                failed = "FAIL" if status == "FAILED" and part == 2 else "SUCCESS"
                usage.query(pick.choice(["WH_A", "WH_B"]), at, share, said, execution_status=failed)
        usage.query("WH_A", start, 0, comment(invocation, None))  # dbt's own: it asks what exists
    # a statement that was cut has no comment, but the log has its id
    cut = usage.query("WH_B", DAY + 50.2 * HOUR, 40_000, "...")
    usage.node("i4", "d", DAY + 50.2 * HOUR, 41, query_id=cut["query_id"])
    # of a killed run there are queries alone; of a run that was taken out of the log, too
    usage.query("WH_A", DAY + 30 * HOUR, 7_000, comment("i9", "a", "killed"))
    usage.job("gone", DAY + 31 * HOUR, deleted=True)
    usage.node("gone", "a", DAY + 31 * HOUR, 77, deleted=True)
    # across several hours, across midnight, of no time, with no warehouse, from the result cache, a semicolon at the end
    usage.query("WH_A", DAY + 8.7 * HOUR, 4 * 3_600_000, comment("i1", "b"))
    usage.query("WH_A", DAY + 23.9 * HOUR, 1_800_000, comment("i1", "c"))
    usage.query("WH_B", DAY + 9 * HOUR, 0, comment("i1", "a"))
    usage.query(None, DAY + 9 * HOUR, 500, comment("i1", "a"))
    usage.query("WH_B", DAY + 9.1 * HOUR, 500, comment("i1", "a"), warehouse_size=None)
    usage.query("WH_B", DAY + 14 * HOUR, 900, query_text=f"create table x\n/* {comment('i1', 'a')} */;")
    usage.query("WH_B", DAY + 14.3 * HOUR, 900, query_text=f"create table y\n/* {comment('i1', 'a')} */ /** a proxy's **/\n;")
    # what only speaks of our comment is not ours
    usage.query("WH_B", DAY + 14.1 * HOUR, 900, query_text=f"select '/* {comment('i1', 'a')} */' as text")
    usage.query("WH_B", DAY + 14.2 * HOUR, 900, query_text=f"/* {comment('i1', 'a')} */ select 1")
    for remark in FOREIGN:
        usage.query("WH_A", DAY + 15 * HOUR + pick.random() * HOUR, 1000, remark)
    for _ in range(150):
        usage.query(pick.choice(["WH_A", "WH_B", None]), DAY + pick.random() * 60 * HOUR, int(pick.random() ** 4 * 7_200_000))
    # an hour in which the only query took no time at all, and one in which a warehouse only idled
    usage.query("WH_D", DAY + 40 * HOUR, 0, comment("i4", "b"))
    for warehouse in ("WH_A", "WH_B", "WH_C", "WH_D"):
        for hour in range(72):
            if warehouse in ("WH_A", "WH_B") or (warehouse, hour) == ("WH_D", 40) or (warehouse == "WH_C" and hour % 9 == 0):
                meter(usage, warehouse, DAY + hour * HOUR, round(pick.random(), 6))
    meter(usage, "CLOUD_SERVICES_ONLY", DAY, 0.0)
    for day in range(3):
        date = DAY + day * 24 * HOUR
        cloud = sum(q["credits_used_cloud_services"] for q in usage.queries if q["start_time"].date() == date.date())
        used = cloud + (0.0, 0.25, 0.0)[day]  # on one day there is more than what queries used
        off = (-used, -0.4 * used, 0.0)[day]
        usage.daily.append(daily("WAREHOUSE_METERING", date, used, off))
        usage.daily.append(daily("PIPE", date, 3.0, -1.0))
    return usage


def meter(usage: AccountUsage, warehouse: str, start: datetime, credits: float) -> None:
    usage.metering.append({
        "start_time": start, "end_time": start + HOUR, "warehouse_name": warehouse, "credits_used": credits + 0.01,
        "credits_used_compute": credits, "credits_used_cloud_services": 0.01,
    })  # fmt: skip


def daily(service: str, date: datetime, used: float, off: float) -> Row:
    return {
        "service_type": service, "usage_date": date.date(), "credits_used_compute": 1.0, "credits_used_cloud_services": used,
        "credits_adjustment_cloud_services": off, "credits_billed": 1.0 + used + off,
    }  # fmt: skip


def load(standin: StandIn, usage: AccountUsage) -> None:
    """Replaces what the stand-in has as SNOWFLAKE.ACCOUNT_USAGE."""
    tables = (
        ("query_history", QUERY_COLUMNS, usage.queries),
        ("warehouse_metering_history", METERING_COLUMNS, usage.metering),
        ("metering_daily_history", DAILY_COLUMNS, usage.daily),
    )
    for table, columns, rows in tables:
        definition = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        run(standin, f"create or replace table {table} ({definition})")
        for chunk in (rows[i : i + 200] for i in range(0, len(rows), 200)):
            values = ", ".join("(" + ", ".join(literal(row[name]) for name in columns) + ")" for row in chunk)
            run(standin, f"insert into {table} ({', '.join(columns)}) values {values}")


def run(standin: StandIn, sql: str) -> None:
    standin.query(sql, database="SNOWFLAKE", schema="ACCOUNT_USAGE")


def log_rows(usage: AccountUsage) -> Sequence[str]:
    """The INSERTs of the log's rows."""
    statements = []
    for job in usage.jobs:
        config = {"job_name": "nightly", "project_name": "shop", "target_name": "test", **job["config"]}
        deleted = "Y" if config.pop("deleted", False) else "N"
        statements.append(_insert(
            f"JOB_{job['invocation_id']}", None, "JOB", job["status"], job["start"], job["start"] + HOUR, "DBT_JOB_RUN", config,
            {}, {}, deleted,
        ))  # fmt: skip
    for node in usage.nodes:
        job_id, name = f"JOB_{node['invocation_id']}", node["name"]
        end = node["start"] + timedelta(seconds=node["seconds"])
        step = {
            "model_name": name, "unique_id": f"model.shop.{name}", "execution_time_seconds": node["seconds"],
            "query_id_end": node["query_id"], "dbt_status": node["status"].lower(),
        }  # fmt: skip
        times = (None, None) if node["status"] == "SKIPPED" else (node["start"], end)
        statements.append(_insert(
            f"{job_id}_MODEL_{name}", job_id, "MODEL", node["status"], *times, "TRUNCATE_FULL_LOAD", None, step,
            {"materialization": "table"}, "Y" if node["deleted"] else "N",
        ))  # fmt: skip
    return statements


def _insert(step_id: str, parent: str | None, *rest: Any) -> str:
    kind, status, start, end, execution, *documents, deleted = rest
    values = [step_id, parent, kind, status, "Y", start, end, execution]
    texts = [literal(value) for value in values]
    texts += ["null" if document is None else f"parse_json({literal(json.dumps(document))})" for document in documents]
    at = literal(start or DAY)
    return f"insert into process_execution_log ({LOG_COLUMNS}) select {', '.join([*texts, at, at, literal(deleted)])}"


def literal(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, (int, float)):
        return repr(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"
