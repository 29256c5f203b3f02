"""The orchestration model as seed 003 prints it, with the package's prefix. Its SQL is Snowflake's; the stand-in (DuckDB)
cannot name a subquery in the SELECT that it stands in, so `source_validation` takes two steps here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.streams.conftest import MODELS, ORCHESTRATION, StreamProject

MODEL = Path(__file__).with_name("orchestrate_as_in_the_seed.sql.txt")  # dbt 2 takes any .sql file in tests for a data test


def test_the_model_of_the_seed_works_as_printed(stream: StreamProject) -> None:
    if stream.warehouse.name != "snowflake":
        pytest.skip("its SQL is Snowflake's")
    path = f"models/utils/{ORCHESTRATION}.sql"
    stream.write(path, MODEL.read_text())
    run = stream.dbt(*MODELS)
    assert run.code == 0, run.output
    (row,) = stream.rows(ORCHESTRATION)
    assert (row["orchestration_status"], row["load_execution_status"]) == ("READY_FOR_LOADING", "SUCCESS")
    assert (row["source_record_count"], float(row["avg_data_quality"])) == (10, 92.5)
    assert (row["metadata_update_status"], row["archive_status"]) == ("METADATA_UPDATED", "LIFECYCLE_MANAGED")
    assert row["report_data"]["load_summary"]["records_loaded_successfully"] == 10
    assert [sent["notification_content"] for sent in stream.rows("dcf_t_notifications")] == [row["report_data"]]
    assert stream.instances() == ["COMPLETED"]
    low = stream.dbt(*MODELS, "--vars", "dcf_quality_threshold: 95")  # the seed's own SQL asks for 70
    assert low.code == 0, low.output
    (row,) = stream.rows(ORCHESTRATION)
    assert row["load_execution_status"] == "SKIPPED"
    assert row["report_data"]["load_summary"]["records_loaded_successfully"] == 0
    assert stream.instances() == ["COMPLETED", "SKIPPED"]
