"""Reads and writes the control tables of streams (the dbt package exec_logger_streams, docs/streams.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from exec_logger import log
from exec_logger.errors import ExecLogError, Exit, NoLogError
from exec_logger.place import log_place
from exec_logger.profile import Target, Where, read_target
from exec_logger.project import find_project
from exec_logger.redact import without_secrets
from exec_logger.warehouse import Warehouse, connect

PACKAGE = "exec_logger_streams"
SHOWN_INSTANCES = 10
LONGEST_NAME = 200
"""Of STRM_NAME (streams/models/_sources.yml)."""
INSTANCE_COLUMNS = "prcs_inst_id, prcs_date, batch_id, prcs_status, prcs_start_ts, prcs_end_ts, error_msg, invocation_id"
Row = dict[str, Any]


@dataclass(frozen=True)
class Control:
    """The control tables, in a session."""

    warehouse: Warehouse
    tables: dict[str, str]
    """Their names without `dcf_t_`, ready for SQL."""
    target: Target

    def query(self, sql: str, *params: object) -> list[Row]:
        """`{strm}` stands for DCF_T_STRM, and so on."""
        return self.warehouse.query(sql.format(**self.tables), params)

    def execute(self, sql: str, *params: object) -> int:
        return self.warehouse.execute(sql.format(**self.tables), params)


TABLES = ("strm", "strm_bus_dt", "prcs_inst", "prcs_exec_log", "notifications", "data_lineage")


@contextmanager
def control(where: Where, *, read_only: bool = False) -> Iterator[Control]:
    """Raises ExecLogError where the tables are missing."""
    target = read_target(where)
    project = find_project(where.project_dir, {})
    context = {**without_secrets(target.credentials), "name": target.target_name, "type": target.kind}
    settings = project.settings(context, "dcf_", PACKAGE) if project else {}
    database = str(settings.get("database") or target.credentials.get("database") or target.log.database)
    schema = str(settings.get("schema") or target.credentials.get("schema") or target.log.schema)
    quoting = project.quoting(context) if project else {}
    places = {name: log_place(target.kind, database, schema, f"dcf_t_{name}", quoting) for name in TABLES}
    # errors of the session name the table that it is for
    with connect(replace(target, log=places["strm"]), read_only=read_only) as warehouse:
        try:
            warehouse.query(f"select strm_id from {places['strm'].sql} limit 1")
        except NoLogError as error:
            raise ExecLogError(
                f"there are no control tables of streams in {database}.{schema}. Add the dbt package {PACKAGE}, run `dbt deps`"
                " and `execlog install`."
            ) from error
        yield Control(warehouse, {name: place.sql for name, place in places.items()}, target)


def streams(of: Control, name: str | None = None) -> list[Row]:
    """All streams, or the one of this name: id, name, status, description, business_date (the open one), running (an instance),
    running_since, last_instance and last_status."""
    rows = of.query(
        "select strm_.strm_id as id, strm_.strm_name as name, strm_.strm_status as status, strm_.strm_desc as description,"
        " (select cast(max(bus_dt) as varchar) from {strm_bus_dt} bus_ where bus_.strm_name = strm_.strm_name"
        " and bus_.bus_dt_status = 'OPEN') as business_date,"
        " coalesce(strm_.running_inst_id, (select max(prcs_inst_id) from {prcs_inst} inst_ where inst_.strm_id = strm_.strm_id"
        " and inst_.prcs_status = 'RUNNING')) as running,"
        " case when strm_.running_inst_id is not null then strm_.running_since_ts end as running_since,"
        " (select max(prcs_inst_id) from {prcs_inst} inst_ where inst_.strm_id = strm_.strm_id) as last_instance"
        " from {strm} strm_" + (" where strm_.strm_name = %s" if name else "") + " order by strm_.strm_name",
        *([name] if name else []),
    )
    statuses = {
        row["id"]: row["status"]
        for row in of.query(
            "select prcs_inst_id as id, max(prcs_status) as status from {prcs_inst} where prcs_inst_id in"
            " (select max(prcs_inst_id) from {prcs_inst} group by strm_id) group by prcs_inst_id"
        )
    }
    return [{**row, "last_status": statuses.get(row["last_instance"])} for row in rows]


def stream(of: Control, name: str) -> Row:
    found = streams(of, name)
    if not found:
        raise ExecLogError(f"there is no stream {name}. List them with `execlog stream list`.", Exit.USAGE)
    return found[0]


def history(of: Control, name: str) -> Row:
    """The stream, its last instances and the processes of the last one."""
    found = stream(of, name)
    instances = of.query(
        f"select {INSTANCE_COLUMNS} from {{prcs_inst}} where strm_id = %s order by prcs_inst_id desc limit {SHOWN_INSTANCES}",
        found["id"],
    )
    processes = of.query(
        "select prcs_name, prcs_status, prcs_start_ts, prcs_end_ts, prcs_statistics, error_msg from {prcs_exec_log}"
        " where prcs_inst_id = %s order by prcs_exec_id",
        found["last_instance"],
    )
    for process in processes:
        if isinstance(process["prcs_statistics"], str):
            process["prcs_statistics"] = json.loads(process["prcs_statistics"])
    return {**found, "instances": instances, "processes": processes}


def create(of: Control, name: str, stream_id: int, description: str | None, status: str) -> Row:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise ExecLogError(f"a stream has a name of 1 to {LONGEST_NAME} characters. Give it one.", Exit.USAGE)
    clash = of.query("select strm_name from {strm} where strm_name = %s or strm_id = %s", name, stream_id)
    if clash:
        raise ExecLogError(f"the stream {clash[0]['strm_name']} has that name or id already. Choose another.", Exit.USAGE)
    now = log.now(of.warehouse)
    of.execute(
        "insert into {strm} (strm_id, strm_name, strm_status, strm_desc, created_ts, updated_ts)"
        " values (%s, %s, %s, %s, %s, %s)",
        stream_id, name, status, description, now, now,
    )  # fmt: skip
    return stream(of, name)


def set_status(of: Control, name: str, status: str) -> Row:
    stream(of, name)
    of.execute("update {strm} set strm_status = %s, updated_ts = %s where strm_name = %s", status, log.now(of.warehouse), name)
    return stream(of, name)


def start(of: Control, name: str, business_date: date) -> Row:
    """Opens the business date. One that is open already stays so; another one has to be ended first."""
    found, day, now = stream(of, name), business_date.isoformat(), log.now(of.warehouse)
    if found["business_date"] == day:
        return found
    if found["business_date"]:
        raise ExecLogError(
            f"the business date {found['business_date']} of {name} is open. End it first: `execlog stream end {name}`.",
            Exit.BUSY,
        )
    reopened = of.execute(
        "update {strm_bus_dt} set bus_dt_status = 'OPEN', start_ts = %s, end_ts = null, updated_ts = %s"
        " where strm_name = %s and bus_dt = cast(%s as date)",
        now, now, name, day,
    )  # fmt: skip
    if not reopened:
        of.execute(
            "insert into {strm_bus_dt} (strm_id, strm_name, bus_dt, bus_dt_status, start_ts, updated_ts)"
            " select %s, %s, cast(%s as date), 'OPEN', %s, %s",
            found["id"], name, day, now, now,
        )  # fmt: skip
    return stream(of, name)


def end(of: Control, name: str) -> Row:
    """Closes the open business date."""
    found, now = stream(of, name), log.now(of.warehouse)
    if not found["business_date"]:
        raise ExecLogError(f"{name} has no open business date. Open one with `execlog stream start`.", Exit.USAGE)
    if found["running"]:
        raise ExecLogError(f"{name} is running (instance {found['running']}). Wait for it to end, or release it.", Exit.BUSY)
    of.execute(
        "update {strm_bus_dt} set bus_dt_status = 'CLOSED', end_ts = %s, updated_ts = %s"
        " where strm_name = %s and bus_dt_status = 'OPEN'",
        now, now, name,
    )  # fmt: skip
    return stream(of, name)


def release(of: Control, name: str) -> tuple[Row, list[int]]:
    """Takes the stream from whoever holds it: the stream, and the instances that were closed as FAILED."""
    found, now = stream(of, name), log.now(of.warehouse)
    rows = of.query(
        "select prcs_inst_id as id from {prcs_inst} where strm_id = %s and prcs_status = 'RUNNING' order by prcs_inst_id",
        found["id"],
    )
    for table in ("prcs_exec_log", "prcs_inst"):
        of.execute(
            f"update {{{table}}} set prcs_status = 'FAILED', error_msg = %s, prcs_end_ts = %s, updated_ts = %s"
            " where prcs_status = 'RUNNING' and strm_id = %s",
            "released by hand: execlog stream release", now, now, found["id"],
        )  # fmt: skip
    of.execute("update {strm} set running_inst_id = null, updated_ts = %s where strm_name = %s", now, name)
    return stream(of, name), [int(row["id"]) for row in rows if row["id"] is not None]
