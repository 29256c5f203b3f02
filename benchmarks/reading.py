"""How fast execlog answers on a long log: `python -m benchmarks.reading --help`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import click
import duckdb
import psycopg2
from rich.console import Console
from rich.table import Table

from benchmarks import runs, warehouses
from benchmarks.project import generate, our_variant

EXECLOG = Path(sys.executable).with_name("execlog")
SCHEMA = "bench_reading"
TABLE = f"{SCHEMA}.process_execution_log"
BAR_SECONDS = 1.0
COMMANDS = (
    ("runs",),
    ("runs", "--limit", "200"),
    ("runs", "--status", "failed"),
    ("runs", "--job", "no such job"),
    ("show",),
    ("show", "{oldest}"),
    ("show", "{prefix}"),
)
QUERIES = {
    "the last 20 jobs": "select * from {schema}.execution_jobs order by inserted_at desc nulls last limit 20",
    "this job's nodes": "select * from {schema}.execution_nodes where job_id = '{oldest}'",
    "what a restart would do": "select * from {schema}.restart_plan",
    "the last 20 of the restart history": "select * from {schema}.v_auto_restart_history order by run_started_at desc limit 20",
    "the statistics of 30 days": "select * from {schema}.execution_node_stats",
}
COPY = """
insert into {table} (
  process_step_id, parent_step_id, record_type, execution_status_name, execution_completed_ind, execution_start_tmstp,
  execution_end_tmstp, execution_type_name, extract_start_tmstp, extract_end_tmstp, source_obj, destination_obj,
  process_config_obj, source_data_cnt, destination_data_cnt_obj, step_execution_obj, error_message_obj, insert_tmstp,
  update_tmstp, deleted_ind)
select
  replace(process_step_id, job.id, job.copy_id), replace(parent_step_id, job.id, job.copy_id), record_type,
  execution_status_name, execution_completed_ind, execution_start_tmstp - job.age, execution_end_tmstp - job.age,
  execution_type_name, extract_start_tmstp - job.age, extract_end_tmstp - job.age, source_obj, destination_obj,
  process_config_obj, source_data_cnt, destination_data_cnt_obj, step_execution_obj, error_message_obj, insert_tmstp - job.age,
  update_tmstp - job.age, deleted_ind
from {table}, (
  select '{job_id}' as id, 'JOB_' || md5(i::text) as copy_id, i * interval '15 minutes' as age, i
  from generate_series(1, {copies}) as series_ (i)
) as job
order by job.i desc, process_execution_log_sk
"""
"""The rows of one real run, once more for every quarter of an hour before it."""

Execute = Callable[[str], list[tuple[Any, ...]]]


@contextmanager
def duckdb_output(directory: Path) -> Iterator[dict[str, Any]]:
    yield {"type": "duckdb", "path": str(directory / "bench.duckdb")}


@contextmanager
def postgres_output(directory: Path) -> Iterator[dict[str, Any]]:
    with warehouses.postgres(directory) as server:
        yield server.output


OUTPUTS: dict[str, Callable[[Path], AbstractContextManager[dict[str, Any]]]] = {
    "duckdb": duckdb_output,
    "postgres": postgres_output,
}


@click.command()
@click.option("--warehouse", "names", multiple=True, type=click.Choice(list(OUTPUTS)), help="Where; both by default.")
@click.option("--rows", type=click.IntRange(100), default=1_000_000, show_default=True, help="Rows in the log.")
@click.option("--models", type=click.IntRange(10), default=49, show_default=True, help="Models of each run in it.")
@click.option("--rounds", type=click.IntRange(1), default=7, show_default=True, help="Timed rounds after a warm-up.")
def main(*, names: Sequence[str], rows: int, models: int, rounds: int) -> None:
    """Measure how long `execlog runs` and `execlog show` take on a log of a million rows, as whole commands.

    Example: python -m benchmarks.reading --warehouse postgres --rounds 5
    """
    talk, out = Console(stderr=True, highlight=False), Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    for name in names or OUTPUTS:
        with tempfile.TemporaryDirectory(prefix="exec_logger_bench_") as temporary, OUTPUTS[name](Path(temporary)) as output:
            project = generate(
                Path(temporary) / "project", our_variant("durable", name), models, {**output, "schema": SCHEMA, "threads": 4}
            )
            runs.dbt(project, [])
            total, size, oldest = fill(output, rows // (models + 1))
            title = f"{name}: {total:,} rows, {size}"
            talk.print(title)
            runs.dbt(project, ["--select", "package:exec_logger", "--vars", "{execlog_models: true}"])
            out.print(as_table(title, "view", measure_views(output, oldest, rounds)))
            out.print(as_table(title, "execlog …", measure(project, oldest, rounds)))


def fill(output: dict[str, Any], jobs: int) -> tuple[int, str, str]:
    """Copies the one run in the log until there are so many. Returns the number of rows, the table's size, the oldest job."""
    with connected(output) as execute:
        total, oldest = _fill(execute, jobs)
        if output["type"] == "postgres":
            execute(f"vacuum analyze {TABLE}")
            ((size,),) = execute(f"select pg_size_pretty(pg_total_relation_size('{TABLE}'))")
            return total, str(size), oldest
    return total, f"{Path(output['path']).stat().st_size / 1e9:.1f} GB", oldest


@contextmanager
def connected(output: dict[str, Any]) -> Iterator[Execute]:
    if output["type"] == "duckdb":
        with duckdb.connect(output["path"]) as connection:
            yield lambda sql: list(connection.execute(sql).fetchall())
        return
    server = {name: output[name] for name in ("host", "port", "user", "password", "dbname")}
    connection = psycopg2.connect(**server)
    connection.autocommit = True
    cursor = connection.cursor()

    def execute(sql: str) -> list[tuple[Any, ...]]:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []

    try:
        yield execute
    finally:
        connection.close()


def measure_views(output: dict[str, Any], oldest: str, rounds: int) -> dict[str, list[float]]:
    """The seconds that each query took on an open connection."""
    seconds: dict[str, list[float]] = {}
    with connected(output) as execute:
        for number in range(rounds + 1):
            for what, query in QUERIES.items():
                start = time.perf_counter()
                execute(query.format(schema=SCHEMA, oldest=oldest))
                if number:
                    seconds.setdefault(what, []).append(time.perf_counter() - start)
    return seconds


def _fill(execute: Execute, jobs: int) -> tuple[int, str]:
    ((job_id,),) = execute(f"select process_step_id from {TABLE} where record_type = 'JOB'")
    execute(COPY.format(table=TABLE, job_id=job_id, copies=jobs - 1))
    ((total,),) = execute(f"select count(*) from {TABLE}")
    ((oldest,),) = execute(f"select process_step_id from {TABLE} where record_type = 'JOB' order by insert_tmstp limit 1")
    return total, str(oldest)


def measure(project: Path, oldest: str, rounds: int) -> dict[str, list[float]]:
    """The seconds that each command took, as a process of its own."""
    places = {"oldest": oldest, "prefix": oldest.removeprefix("JOB_")[:12]}
    seconds: dict[str, list[float]] = {}
    for number in range(rounds + 1):
        for command in (("--help",), *COMMANDS):
            took = run(project, [part.format(**places) for part in command])
            if number:
                seconds.setdefault(" ".join(command), []).append(took)
    return seconds


def run(project: Path, arguments: Sequence[str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        [str(EXECLOG), *arguments],
        cwd=project,
        env={**os.environ, "DBT_PROFILES_DIR": str(project)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def as_table(title: str, what: str, seconds: dict[str, list[float]]) -> Table:
    table = Table(title=title, title_justify="left")
    for name in (what, "median", "slowest", f"under {BAR_SECONDS:g} s"):
        table.add_column(name)
    for command, took in seconds.items():
        table.add_row(command, f"{median(took):.2f} s", f"{max(took):.2f} s", "yes" if median(took) < BAR_SECONDS else "no")
    return table


if __name__ == "__main__":
    main()
