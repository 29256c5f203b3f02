"""Real processes: of two runs of a stream one works; one that was killed gives way."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.streams.conftest import FACT, MODELS, STREAM, StreamProject, output_of
from tests.support.cron import dbt_said, wait_until
from tests.support.warehouses import Snowflake

FACT_FILE = "models/marts/core/fct_plan_baln_segm_mstr.sql"
SLOW = {
    "postgres": "cross join pg_sleep(3) as slow_",
    "duckdb": "cross join (select count(*) from range(10000000) a, range(100000) b) as slow_",
    "snowflake": "",
}
RUN_START = "{{ exec_logger.log_run_start() }}"
BARRIER = """
{% macro wait_for_the_other() %}{% if execute %}
  {% set seen = {} %}
  {% for i in range(20000) if not seen %}
    {% set count = "(select count(*) from " ~ target.schema ~ ".barrier)" %}
    {% set rest = ", pg_sleep(0.1)" if target.type == "postgres" else "" %}
    {% if run_query("select " ~ count ~ rest).rows[0][0] > 0 %}{% do seen.update({"it": true}) %}{% endif %}
  {% endfor %}
{% endif %}{% endmacro %}
"""
EARLIER = {"postgres": "{} - interval '61 minutes'", "snowflake": "dateadd(minute, -61, {})"}


@contextmanager
def slowly(stream: StreamProject) -> Iterator[None]:
    """The fact takes its time; the stand-in answers every statement late."""
    good = (stream.folder / FACT_FILE).read_text()
    stream.write(FACT_FILE, good.replace("where final_", SLOW[stream.warehouse.name] + "\nwhere final_"))
    if isinstance(stream.warehouse, Snowflake):
        stream.warehouse.standin.set_latency(150)
    try:
        yield
    finally:
        stream.write(FACT_FILE, good)
        if isinstance(stream.warehouse, Snowflake):
            stream.warehouse.standin.set_latency(0)


def test_of_two_runs_at_the_same_moment_one_works_and_the_other_stops(stream: StreamProject, tmp_path: Path) -> None:
    if stream.warehouse.name == "duckdb":
        pytest.skip("one process owns a DuckDB file")
    twin = StreamProject(tmp_path / "twin", stream.warehouse)
    stream.warehouse.execute("create table barrier (i integer)")
    with slowly(stream), slowly(twin):
        for one in (stream, twin):
            one.write("macros/barrier.sql", BARRIER)
            project = (one.folder / "dbt_project.yml").read_text()
            one.write("dbt_project.yml", project.replace(RUN_START, f"{RUN_START}{{{{ wait_for_the_other() }}}}"))
        processes = [one.start(*MODELS) for one in (stream, twin)]
        for one in (stream, twin):
            wait_until(lambda one=one: dbt_said(one, "from", "barrier"), seconds=150)  # type: ignore[misc]
        stream.warehouse.execute("insert into barrier select 1")
        outputs = [output_of(process) for process in processes]
    for one in (stream, twin):
        one.write("dbt_project.yml", project)
    stream.warehouse.execute("drop table barrier")
    assert sorted(process.returncode for process in processes) == [0, 1], "\n".join(outputs)
    lost = outputs[0] if processes[0].returncode else outputs[1]
    assert f"Concurrent execution detected - stream already running: {STREAM}" in lost
    assert stream.instances() == ["COMPLETED"]
    assert stream.processes() == {FACT: "COMPLETED", "BCFINSG_LOAD": "COMPLETED"}
    assert len(stream.rows(FACT)) == 10
    again = stream.dbt(*MODELS)
    assert again.code == 0, again.output
    ids = [row["prcs_inst_id"] for row in stream.rows("dcf_t_prcs_inst", "prcs_inst_id")]
    assert len(set(ids)) == 2


def test_a_killed_run_frees_its_stream_by_the_rule_for_dead_jobs(stream: StreamProject) -> None:
    warehouse = stream.warehouse.name
    with slowly(stream):
        process = stream.start(*MODELS)
        if warehouse == "duckdb":  # its file has one owner
            wait_until(lambda: dbt_said(stream, "insert into", "dcf_t_prcs_exec_log".upper()) and dbt_said(stream, "slow_"))
        else:
            wait_until(lambda: stream.processes() == {FACT: "RUNNING"})
        process.send_signal(signal.SIGKILL)
        output_of(process)
    assert (stream.instances(), stream.processes()) == (["RUNNING"], {FACT: "RUNNING"})
    if warehouse != "duckdb":
        run = stream.dbt(*MODELS)
        assert "Concurrent execution detected" in run.output
        times = {"dcf_t_strm": "running_since_ts", "dcf_t_prcs_inst": "updated_ts", "dcf_t_prcs_exec_log": "updated_ts"}
        for table, time in times.items():
            stream.warehouse.execute(f"update {table} set {time} = {EARLIER[warehouse].format(time)}")
    again = stream.dbt(*MODELS)
    assert again.code == 0, again.output
    assert stream.instances() == ["FAILED", "COMPLETED"]
    (dead, *_) = stream.rows("dcf_t_prcs_exec_log", "prcs_exec_id")
    assert (dead["prcs_status"], dead["error_msg"].startswith("the run died; freed by ")) == ("FAILED", True)


def test_a_run_that_execlog_closed_as_dead_frees_its_stream_at_once(stream: StreamProject) -> None:
    if stream.warehouse.name == "duckdb":
        pytest.skip("one process owns a DuckDB file")
    with slowly(stream):
        process = stream.start(*MODELS)
        wait_until(lambda: stream.processes() == {FACT: "RUNNING"})
        process.send_signal(signal.SIGKILL)
        output_of(process)
    again = stream.restart("--job", "run --select " + " ".join(MODELS[2:]), "--stale-after", "0s")
    assert again.code == 0, again.stdout
    assert stream.instances() == ["FAILED", "COMPLETED"]
    assert stream.processes() == {FACT: "COMPLETED", "BCFINSG_LOAD": "COMPLETED"}


def test_a_run_whose_stream_was_released_stops_at_its_next_model(stream: StreamProject) -> None:
    if stream.warehouse.name == "duckdb":
        pytest.skip("one process owns a DuckDB file")
    with slowly(stream):
        process = stream.start(*MODELS)
        wait_until(lambda: stream.processes() == {FACT: "RUNNING"})
        released = stream.execlog("stream", "release", STREAM, "--json")
        assert released.code == 0, released.stderr
        output = output_of(process)
    assert process.returncode == 1, output
    assert f"Stream was taken from this run: {STREAM} (" in output
    assert stream.instances() == ["FAILED"]
    assert not stream.exists("orchestrate_bcfinsg_load")
