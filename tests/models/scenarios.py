"""Generated jobs with all that a restart looks at: their rows, and what exec_logger/restart.py decides about them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from exec_logger.liveness import is_alive
from exec_logger.records import job_from_row, node_from_row
from exec_logger.restart import Decision, LastJob, Policy, decide, remaining
from tests.support.warehouses import Row, Warehouse

NODES = [
    *(f"model.shop.m{i}" for i in range(4)), "model.shop.dim.v2", "seed.shop.raw", "snapshot.cousin.history",
    "test.shop.not_null_m0_id.0123456789", "test.shop.singular", "source.shop.raw.orders", "exposure.shop.dashboard",
]  # fmt: skip
UNIT_TEST = "unit_test.shop.m0.adds_up"
STATUSES = ["SUCCESS", "WARNING", "REUSED", "FAILED", "SKIPPED", "PARTIAL_SUCCESS", "RUNNING"]
AGES = [timedelta(minutes=m) for m in (1, 20, 50, 70, 300)] + [timedelta(hours=h) for h in (23, 25, 700)]
"""None is near a limit, so that it does not matter when exactly the views are asked."""
TYPES = {
    "duckdb": {"_obj": "json", "_tmstp": "timestamp"},
    "postgres": {"_obj": "jsonb", "_tmstp": "timestamp"},
    "snowflake": {"_obj": "variant", "_tmstp": "timestamp_ntz"},
}
COLUMNS = (
    "process_step_id", "parent_step_id", "record_type", "execution_status_name", "execution_start_tmstp", "execution_end_tmstp",
    "source_obj", "process_config_obj", "step_execution_obj", "insert_tmstp", "update_tmstp", "deleted_ind",
)  # fmt: skip


@dataclass(frozen=True)
class Scenario:
    """The last job of a name, with its nodes, and rows that nobody should see."""

    name: str
    rows: list[Row]
    decision: Decision
    remaining: set[str]


def scenarios(count: int) -> list[Scenario]:
    now = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
    return [_scenario(random.Random(number), f"job {number}", now) for number in range(count)]


def _scenario(dice: random.Random, name: str, now: datetime) -> Scenario:
    age = dice.choice(AGES)
    earlier = _job(dice, name, now - age - timedelta(hours=1), now)
    newest = _job(dice, name, now - age, now)
    if dice.random() < 0.1:  # what the warehouse took in at the same time goes by its own start
        for row in earlier:
            row["insert_tmstp"] = newest[0]["insert_tmstp"]
    deleted = [{**row, "deleted_ind": "Y"} for row in _job(dice, name, now, now)]
    lease = _row(f"LEASE_{name}", None, "LEASE", "RUNNING", now, {}, process_config_obj=newest[0]["process_config_obj"])
    job, *nodes = newest
    found, known = job_from_row(job), tuple(node_from_row(row) for row in _in_order(nodes))
    seen = max(row["update_tmstp"] for row in newest)
    seen_at = (found.ended_at if found.status != "RUNNING" else None) or seen
    alive = is_alive(found, alone=False, seen_at=seen_at, now=now, stale_after=timedelta(minutes=60))
    decision = decide(LastJob(found, known, alive, seen_at), now, Policy())
    return Scenario(name, [*earlier, *newest, *deleted, lease], decision, set(remaining(found, known)))


def _job(dice: random.Random, name: str, at: datetime, now: datetime) -> list[Row]:
    number = dice.getrandbits(60)
    plan = sorted(dice.sample(NODES, dice.randint(0, len(NODES))))
    ephemeral = [unique_id for unique_id in plan if unique_id.startswith("model.") and dice.random() < 0.2]
    config: dict[str, Any] = {"project_name": "generated", "target_name": "test", "job_name": name}
    config["command"] = dice.choice(["build", "build", "run", "seed", "snapshot", "test", None])
    config |= {key: None for key in ("vars", "vars_hidden", "args", "restart_of") if dice.random() < 0.1}
    if dice.random() < 0.8:
        config |= {"plan": plan, "ephemeral": ephemeral}
    if dice.random() < 0.8:
        config["attempt_no"] = dice.randint(1, 5)
    status = dice.choice(["SUCCESS", "FAILED", "FAILED", "FAILED", "RUNNING", "RUNNING"])
    ended = at if dice.random() < 0.8 and status != "RUNNING" else None
    ids = [unique_id for unique_id in [*NODES[:9], UNIT_TEST] if dice.random() < 0.6]
    lucky = dice.random() < 0.2
    nodes = []
    for unique_id in ids:
        node_status = "SUCCESS" if lucky else dice.choice(STATUSES)
        step = {"unique_id": unique_id, "model_name": unique_id.split(".")[3 if unique_id == UNIT_TEST else 2]}
        if config.get("plan") is None and dice.random() < 0.3:
            del step["unique_id"]
        kind = unique_id.split(".")[0].upper()
        nodes.append(_row(f"JOB_{number}_{unique_id}", f"JOB_{number}", kind, node_status, at, step))
    # what is still at work writes after the job's own row
    for node in nodes[:1] if dice.random() < 0.3 else []:
        node["update_tmstp"] = max(at, now - dice.choice(AGES))
    return [_row(f"JOB_{number}", None, "JOB", status, at, {}, process_config_obj=config, execution_end_tmstp=ended), *nodes]


def _row(step_id: str, parent: str | None, kind: str, status: str, at: datetime, step: Row, **more: Any) -> Row:  # noqa: PLR0917
    return {
        "process_step_id": step_id, "parent_step_id": parent, "record_type": kind, "execution_status_name": status,
        "execution_start_tmstp": at - timedelta(minutes=5), "step_execution_obj": step,
        "insert_tmstp": at - timedelta(minutes=5), "update_tmstp": at, "deleted_ind": "N", **more,
    }  # fmt: skip


def _in_order(nodes: Iterable[Row]) -> list[Row]:
    """As log.nodes() reads them."""
    return sorted(nodes, key=lambda row: (row["execution_start_tmstp"], row["insert_tmstp"]))


def insert(warehouse: Warehouse, made: list[Scenario], batch: int = 1500) -> None:
    rows = [{name: row.get(name) for name in COLUMNS} for scenario in made for row in scenario.rows]
    names = ", ".join(COLUMNS)
    types = TYPES[warehouse.name]
    typed = {name: next((word for end, word in types.items() if name.endswith(end)), "varchar") for name in COLUMNS}
    for start in range(0, len(rows), batch):
        document = "'" + json.dumps(rows[start : start + batch], default=str) + "'"
        selected = {
            "duckdb": f"select unnest(from_json({document}, '[{json.dumps(typed)}]'), recursive := true)",
            "postgres": f"select * from jsonb_to_recordset({document}::jsonb)"
            f" as row_ ({', '.join(f'{name} {word}' for name, word in typed.items())})",
            "snowflake": f"select {', '.join(f'row_.value:{name}::{word}' for name, word in typed.items())}"
            f" from (select parse_json({document}) as rows_) as doc_, lateral flatten(input => doc_.rows_) as row_",
        }
        warehouse.execute(f"insert into process_execution_log ({names}) {selected[warehouse.name]}")
    if warehouse.name == "postgres":
        warehouse.execute("analyze process_execution_log")
