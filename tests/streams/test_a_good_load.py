"""What a good load leaves in the control tables, every number recomputed from the data."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import Any

from tests.streams.conftest import EXAMPLE, FACT, ORCHESTRATION, STREAM, StreamProject


def scores() -> list[tuple[int, bool]]:
    """Score and fitness of every raw row, by the rules of the example's validation."""
    found = []
    with (EXAMPLE / "seeds/raw_bcfinsg.csv").open() as file:
        for row in csv.DictReader(file):
            score = 100 - 60 * (not row["account_id"]) - 60 * (not row["balance_amount"])
            score -= 20 * (row["segment_code"] not in ("RETAIL", "SME", "CORP"))
            score -= 10 * (not row["currency_code"]) + 15 * (row["balance_date"] > "2024-01-15")
            found.append((max(score, 0), bool(row["account_id"] and row["balance_amount"])))
    return found


ALL = [score for score, _ in scores()]
READY = [score for score, fit in scores() if fit]


def as_numbers(value: Any) -> Any:
    """Snowflake and its stand-in write decimals as they like."""
    if isinstance(value, dict):
        return {key: as_numbers(item) for key, item in value.items()}
    return float(value) if isinstance(value, (int, float)) else value


def test_the_report_and_the_statistics_are_those_of_the_data(loaded: StreamProject) -> None:
    (row,) = loaded.rows(ORCHESTRATION)
    warehouse = loaded.warehouse.output().get("warehouse", "test")
    assert as_numbers(row["report_data"]) == {
        "stream_name": STREAM,
        "processing_date": "2024-01-15",
        "load_summary": {
            "total_records_processed": len(READY),
            "records_loaded_successfully": len(READY),
            "average_data_quality_score": sum(READY) / len(READY),
            "load_duration_minutes": row["report_data"]["load_summary"]["load_duration_minutes"],
            "load_completion_status": "SUCCESS",
        },
        "quality_metrics": {
            "high_quality_records": sum(score >= 85 for score in ALL),
            "medium_quality_records": sum(70 <= score < 85 for score in ALL),
            "low_quality_records": sum(score < 70 for score in ALL),
        },
        "performance_metrics": {
            "warehouse_utilized": warehouse,
            "credits_consumed": None,
            "throughput_records_per_minute": float(len(READY)),
        },
    }
    assert as_numbers(row["load_statistics"]) == {
        "records_processed": len(ALL),
        "records_loaded": len(READY),
        "quality_score_avg": sum(ALL) / len(ALL),
        "quality_score_min": min(ALL),
        "load_duration_minutes": row["load_statistics"]["load_duration_minutes"],
        "warehouse_used": warehouse,
        "processing_date": "2024-01-15",
        "batch_id": "BATCH_20240115",
    }
    assert 0 <= row["load_statistics"]["load_duration_minutes"] < 2
    assert len(loaded.rows(FACT)) == len(READY)
    notification = loaded.rows("dcf_t_notifications", "notification_id")[0]
    assert notification["notification_content"] == row["report_data"]
    assert (notification["notification_type"], notification["strm_name"]) == ("LOAD_COMPLETION_REPORT", STREAM)


def test_instance_and_processes_are_complete_and_tied_to_the_log(loaded: StreamProject) -> None:
    (job,) = loaded.jobs()
    (instance,) = [row for row in loaded.rows("dcf_t_prcs_inst") if row["strm_name"] == STREAM]
    (row,) = loaded.rows(ORCHESTRATION)
    assert instance["prcs_inst_id"] == row["process_instance_id"] == row["dcf_process_instance_id"]
    assert (instance["strm_id"], instance["strm_name"], instance["prcs_date"]) == (1490, STREAM, "2024-01-15")
    assert (instance["prcs_status"], instance["error_msg"], instance["batch_id"]) == ("COMPLETED", None, "BATCH_20240115")
    assert instance["job_step_id"] == job["process_step_id"]
    assert instance["prcs_start_ts"] <= instance["prcs_end_ts"]
    processes = loaded.rows("dcf_t_prcs_exec_log", "prcs_exec_id")
    assert loaded.processes() == {FACT: "COMPLETED", "BCFINSG_LOAD": "COMPLETED"}
    assert {process["prcs_inst_id"] for process in processes} == {instance["prcs_inst_id"]}
    assert {process["job_step_id"] for process in processes} == {job["process_step_id"]}
    assert processes[1]["prcs_statistics"] == row["load_statistics"]
    assert {**processes[0]["prcs_statistics"], "load_duration_minutes": 0} == {
        **row["load_statistics"],
        "load_duration_minutes": 0,
    }
    (held,) = [row for row in loaded.rows("dcf_t_strm") if row["strm_name"] == STREAM]
    assert (held["running_inst_id"], held["strm_status"]) == (None, "ACTIVE")


def test_lineage_is_kept_for_seven_years(loaded: StreamProject) -> None:
    (lineage,) = loaded.rows("dcf_t_data_lineage")
    assert "int_bcfinsg_validated" in lineage["source_obj"].lower()
    assert FACT in lineage["target_obj"].lower()
    assert (lineage["record_cnt"], lineage["archive_status"], lineage["lifecycle_stage"]) == (10, "COMPLETED", "ARCHIVED")
    assert lineage["retention_expiry_date"] == date.fromisoformat(str(lineage["archive_ts"])[:10]) + timedelta(days=2555)
