"""A stream that may not run stops its models before anything is written."""

from __future__ import annotations

from tests.streams.conftest import FACT, MODELS, ORCHESTRATION, STREAM, StreamProject


def stopped(stream: StreamProject, message: str) -> None:
    before = stream.rows("dcf_t_prcs_inst")
    run = stream.dbt(*MODELS)
    assert run.code == 1, run.output
    assert f"{message}: {STREAM} (" in run.output
    assert not stream.exists(FACT)
    assert not stream.exists(ORCHESTRATION)
    assert stream.rows("dcf_t_prcs_inst") == before
    assert stream.rows("dcf_t_prcs_exec_log") == []


def skipped(stream: StreamProject, status: str) -> None:
    run = stream.dbt(*MODELS)
    assert run.code == 0, run.output
    assert f"Load of {STREAM} skipped: {status}" in run.output
    (row,) = stream.rows(ORCHESTRATION)
    assert (row["orchestration_status"], row["load_execution_status"]) == (status, "SKIPPED")
    assert row["report_data"]["load_summary"]["load_completion_status"] == "SKIPPED"
    assert stream.rows(FACT) == []
    assert stream.instances()[-1] == "SKIPPED"
    assert stream.processes() == {FACT: "COMPLETED", "BCFINSG_LOAD": "SKIPPED"}
    assert stream.rows("dcf_t_data_lineage") == []


def test_gates_stop_or_skip_with_the_words_of_the_seed(stream: StreamProject) -> None:
    stream.set_status("ON_HOLD")
    stopped(stream, "Stream is not in active status")
    stream.set_status("ACTIVE")
    stream.warehouse.execute(
        "insert into dcf_t_prcs_inst (prcs_inst_id, strm_id, prcs_status, prcs_start_ts) "
        "select 7, 1490, 'RUNNING', timestamp '2999-01-01 00:00:00'"
    )
    stopped(stream, "Concurrent execution detected - stream already running")
    stream.warehouse.execute(
        "update dcf_t_prcs_inst set prcs_status = 'COMPLETED'",
        "delete from int_bcfinsg_validated",
    )
    stopped(stream, "No source data available for loading")
    failures = stream.rows("dcf_t_notifications", "notification_id")
    assert [(row["notification_type"], row["notification_status"]) for row in failures] == [("LOAD_FAILURE", "PENDING")] * 3
    stream.warehouse.execute(
        "insert into int_bcfinsg_validated select * from kept", "update int_bcfinsg_validated set data_quality_score = 69"
    )
    skipped(stream, "QUALITY_ISSUES")
    stream.warehouse.execute("update int_bcfinsg_validated set final_processing_status = 'REJECTED'")
    skipped(stream, "NO_DATA_AVAILABLE")
