"""`make demo`: runs the example shop on DuckDB with a model that fails, and shows what the log holds of it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

REPOSITORY = Path(__file__).parents[1]
FOLDER = REPOSITORY / "build" / "demo"
STATUS_STYLE = {"SUCCESS": "green", "WARNING": "yellow", "FAILED": "bold red", "SKIPPED": "dim"}


def main() -> int:
    console = Console(width=None if sys.stdout.isatty() else 120)
    _prepare()
    console.rule("dbt build, while daily_revenue reads a column that does not exist")
    _dbt("build", "--vars", "shop_break: true")
    job, nodes = _last_job()
    console.rule("What the log holds: one JOB row and a row per node in PROCESS_EXECUTION_LOG")
    _print_job(console, job)
    _print_nodes(console, nodes)
    for error in job["error_message_obj"]:
        console.print(f"\n[bold red]{error['model_name']}[/]: {error['message']}", highlight=False)
    console.print(f"\nThe log stands in {_database().relative_to(REPOSITORY)}", highlight=False)
    return 0 if job["execution_status_name"] == "FAILED" else 1


def _prepare() -> None:
    """A fresh copy of the example, with the package of this repository in it."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.copytree(
        REPOSITORY / "examples" / "jaffle_shop", FOLDER, ignore=shutil.ignore_patterns("target", "logs", "dbt_packages")
    )
    (FOLDER / "dbt_packages").mkdir()
    (FOLDER / "dbt_packages" / "exec_logger").symlink_to(REPOSITORY)


def _dbt(*args: str) -> None:
    dbt = Path(sys.executable).parent / "dbt"
    subprocess.run([dbt, *args], cwd=FOLDER, check=False)


def _database() -> Path:
    return FOLDER / "jaffle_shop.duckdb"


def _last_job() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with duckdb.connect(str(_database()), read_only=True) as connection:
        cursor = connection.execute(
            "select * from process_execution_log order by execution_start_tmstp, process_execution_log_sk"
        )
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row.update({name: json.loads(value) for name, value in row.items() if name.endswith("_obj") and value})
    job = [row for row in rows if row["record_type"] == "JOB"][-1]
    return job, [row for row in rows if row["parent_step_id"] == job["process_step_id"]]


def _print_job(console: Console, job: dict[str, Any]) -> None:
    counts = job["destination_data_cnt_obj"]
    table = Table(title=job["process_step_id"], title_justify="left")
    for name in ("status", "job name", "started (UTC)", "seconds", "nodes", "ok", "failed", "skipped", "rows"):
        table.add_column(name)
    table.add_row(
        _styled(job["execution_status_name"]),
        job["process_config_obj"]["job_name"],
        f"{job['execution_start_tmstp']:%Y-%m-%d %H:%M:%S}",
        _seconds(job),
        *(str(counts[name]) for name in ("total_models", "successful_models", "failed_models", "skipped_models")),
        f"{job['source_data_cnt']:,}",
    )
    console.print(table)


def _print_nodes(console: Console, nodes: list[dict[str, Any]]) -> None:
    table = Table(title="its nodes", title_justify="left")
    for name in ("record", "name", "status", "type"):
        table.add_column(name, overflow="fold")
    for name in ("rows", "seconds"):
        table.add_column(name, justify="right")
    for node in nodes:
        table.add_row(
            node["record_type"],
            node["step_execution_obj"]["model_name"],
            _styled(node["execution_status_name"]),
            node["execution_type_name"],
            "" if node["source_data_cnt"] is None else f"{node['source_data_cnt']:,}",
            _seconds(node),
        )
    console.print(table)


def _seconds(row: dict[str, Any]) -> str:
    start, end = row["execution_start_tmstp"], row["execution_end_tmstp"]
    return f"{(end - start).total_seconds():.2f}" if end else ""


def _styled(status: str) -> str:
    return f"[{STATUS_STYLE.get(status, 'default')}]{status}[/]"


if __name__ == "__main__":
    sys.exit(main())
