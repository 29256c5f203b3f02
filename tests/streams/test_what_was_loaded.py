"""The figures of a report where the target says no more of a load than its time, and of one batch after the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.streams.conftest import FACT, INSTALL, MODELS, ORCHESTRATION, StreamProject
from tests.support.cron import DuckDBInFolder
from tests.support.project import REPOSITORY, Project

FACT_FILE = "models/marts/core/fct_plan_baln_segm_mstr.sql"
AUDIT = ",\n    {{ exec_logger_streams.dcf_audit_columns(this.name) }}"


def report(stream: StreamProject, *options: str) -> dict[str, Any]:
    run = stream.dbt(*MODELS, *options)
    assert run.code == 0, run.output
    (row,) = stream.rows(ORCHESTRATION)
    content: dict[str, Any] = row["report_data"]
    assert row["load_statistics"]["records_loaded"] == content["load_summary"]["records_loaded_successfully"]
    return content


def test_only_what_this_run_loaded_counts(stream: StreamProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Australia/Sydney")  # of DuckDB's session
    assert AUDIT in stream.files[FACT_FILE]
    stream.write(FACT_FILE, stream.files[FACT_FILE].replace(AUDIT, ""))
    assert report(stream)["load_summary"]["records_loaded_successfully"] == 10
    assert report(stream)["load_summary"]["records_loaded_successfully"] == 10  # the same again
    stream.warehouse.execute("delete from int_bcfinsg_validated where row_id not in (1, 8)")
    second = report(stream, "--vars", "{ods_batch_id: another, run_stream_process_date: 2024-01-16}")
    assert second["load_summary"]["records_loaded_successfully"] == 2
    nothing = report(stream, "--vars", "dcf_quality_threshold: 99")
    assert nothing["load_summary"]["records_loaded_successfully"] == 0
    assert nothing["load_summary"]["load_completion_status"] == "SKIPPED"
    assert len(stream.rows(FACT)) == 12
    # the bands do not move with the threshold
    assert list(nothing["quality_metrics"].values()).count(1) == 2, nothing
    assert sum(nothing["quality_metrics"].values()) == 2


@pytest.mark.parametrize("scope", ["exec_logger_streams", "shop"])
def test_variables_may_stand_under_the_package_or_the_project(tmp_path: Path, scope: str) -> None:
    warehouse = DuckDBInFolder(tmp_path)
    hook = "{{ exec_logger_streams.validate_stream_status('a stream') }}"
    config = {
        "vars": {scope: {"dcf_schema": "control", "stream_name": "a stream", "dcf_stale_after_minutes": "60"}},
        "models": {"+pre-hook": hook},
    }
    project = Project(tmp_path, warehouse, {"models/one.sql": "select 1 as id"}, level="none", config=config)
    project.install_package(REPOSITORY / "streams", "exec_logger_streams")
    assert project.dbt(*INSTALL).code == 0
    warehouse.execute("insert into control.dcf_t_strm (strm_id, strm_name, strm_status) values (1, 'a stream', 'ACTIVE')")
    run = project.dbt("run", "--vars", json.dumps({"ods_batch_id": "B"}))
    assert run.code == 0, run.output
    (instance,) = warehouse.query("select * from control.dcf_t_prcs_inst")
    assert (instance["prcs_status"], instance["batch_id"]) == ("COMPLETED", "B")
