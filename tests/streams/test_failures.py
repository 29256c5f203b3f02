"""A failure ends the process, the instance and the hold on the stream, and the next run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.streams.conftest import FACT, MODELS, ORCHESTRATION, STREAM, StreamProject
from tests.support.cron import DuckDBInFolder

HOSTILE = 'it\'s \\ "q" $$ ; -- {} 😀'
FACT_FILE = "models/marts/core/fct_plan_baln_segm_mstr.sql"


def test_a_failed_model_ends_its_process_and_its_instance_with_the_error(stream: StreamProject) -> None:
    good = (stream.folder / FACT_FILE).read_text()
    stream.write(FACT_FILE, good.replace("{{ config(", '{{ config(\n    post_hook="{{ fail() }}", ', 1))
    stream.write("macros/fail.sql", "{% macro fail() %}{% if execute %}" + raising(HOSTILE) + "{% endif %}{% endmacro %}")
    run = stream.dbt(*MODELS)
    assert run.code == 1, run.output
    (process,) = stream.rows("dcf_t_prcs_exec_log")
    assert (process["prcs_name"], process["prcs_status"]) == (FACT, "FAILED")
    assert HOSTILE in process["error_msg"]
    (instance,) = stream.rows("dcf_t_prcs_inst")
    assert instance["prcs_status"] == "FAILED"
    assert HOSTILE in instance["error_msg"]
    (notification,) = stream.rows("dcf_t_notifications")
    assert (notification["notification_type"], notification["notification_status"]) == ("LOAD_FAILURE", "PENDING")
    content = notification["notification_content"]
    assert (content["stream_name"], content["process_instance_id"]) == (STREAM, instance["prcs_inst_id"])
    assert [failure["model_name"] for failure in content["failures"]] == [FACT, ORCHESTRATION]
    assert HOSTILE in content["failures"][0]["message"]
    assert stream.rows("dcf_t_strm")[0]["running_inst_id"] is None
    stream.write(FACT_FILE, good)
    again = stream.dbt(*MODELS)
    assert again.code == 0, again.output
    assert stream.instances() == ["FAILED", "COMPLETED"]


def test_a_restart_of_the_orchestration_alone_takes_up_the_load_of_its_date_and_batch(tmp_path: Path) -> None:
    stream = StreamProject(tmp_path / "project", DuckDBInFolder(tmp_path / "project")).prepare().reset()
    assert stream.dbt("run", "--select", FACT).code == 0
    other = stream.dbt("run", "--select", ORCHESTRATION, "--vars", "ods_batch_id: another")
    assert other.code == 1, other.output
    assert f"Orchestration completed with errors - check execution logs: {STREAM} (load NOT_RUN)" in other.output
    run = stream.dbt("run", "--select", ORCHESTRATION, "--vars", "dcf_credits_per_hour: 4")
    assert run.code == 0, run.output
    (row,) = stream.rows(ORCHESTRATION)
    assert row["load_execution_status"] == "SUCCESS"
    summary, performance = row["report_data"]["load_summary"], row["report_data"]["performance_metrics"]
    assert performance["credits_consumed"] == pytest.approx(summary["load_duration_minutes"] / 60 * 4, abs=1e-6)
    assert summary["records_loaded_successfully"] == 10
    assert stream.instances() == ["COMPLETED", "FAILED", "COMPLETED"]


@pytest.mark.parametrize("place", ["compile", "upstream", "test"])
def test_what_fails_before_or_after_the_gate_is_a_failure_of_the_stream(stream: StreamProject, place: str) -> None:
    """A model that does not compile runs no hook, nor does one that dbt skips; a test comes after the hooks."""
    if stream.warehouse.name == "snowflake" and place != "test":
        pytest.skip("the same macros, and the stand-in is slow")
    orchestration = f"models/utils/{ORCHESTRATION}.sql"
    path, content, instances = {
        "compile": (
            orchestration,
            "{% if execute %}" + raising("no SQL") + "{% endif %}" + stream.files[orchestration],
            ["FAILED"],
        ),
        "upstream": ("models/intermediate/int_bcfinsg_validated.sql", "select nothing from nowhere", []),
        "test": ("tests/no_row.sql", f"select 1 as one from {{{{ ref('{ORCHESTRATION}') }}}}", ["FAILED"]),
    }[place]
    stream.write(path, content)
    run = stream.dbt("build", "--select", "int_bcfinsg_validated", FACT, ORCHESTRATION)
    (stream.folder / "tests/no_row.sql").unlink(missing_ok=True)
    assert run.code == 1, run.output
    assert stream.instances() == instances
    failure = stream.rows("dcf_t_notifications", "notification_id")[-1]
    assert (failure["notification_type"], failure["strm_name"]) == ("LOAD_FAILURE", STREAM)
    assert failure["notification_content"]["processing_date"] == "2024-01-15"
    failures = {one["model_name"]: one["message"] for one in failure["notification_content"]["failures"]}
    if place == "compile":
        assert "no SQL" in failures[ORCHESTRATION]
        assert stream.processes() == {FACT: "COMPLETED", ORCHESTRATION: "FAILED"}
    elif place == "upstream":
        assert sorted(failures) == [FACT, ORCHESTRATION]
        assert all("skipped: int_bcfinsg_validated has failed: " in message for message in failures.values())
    else:
        assert failures == {"no_row": "no_row: Got 1 result, configured to fail if != 0"}
        assert stream.rows("dcf_t_prcs_inst")[0]["error_msg"] == failures["no_row"]


def raising(text: str) -> str:
    escaped = "".join(f"\\U{ord(character):08x}" for character in text)
    return '{% do exceptions.raise_compiler_error("' + escaped + '") %}'
