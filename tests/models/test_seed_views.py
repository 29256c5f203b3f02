"""The queries printed in the documents that the project was asked for by, over the views, on the Snowflake stand-in, as printed
but for the names of database and schema. (What they print of the log table is in tests/adapters/test_seed_queries.py.)"""

from __future__ import annotations

import pytest
import sqlfluff
import sqlglot

from tests.models.conftest import Viewed
from tests.support.warehouses import Row

pytestmark = pytest.mark.xdist_group("views_snowflake")


def ask(viewed: Viewed, sql: str) -> list[Row]:
    schema = viewed.project.warehouse.schema
    here = sql.replace("EDW.O2C_AUDIT", schema).replace("DEV_PROVIDERPDM.PROVIDERPDM_CORE_TARGET.PROCESS_EXECUTION_LOG",
                                                        f"{schema}.EXECUTION_JOB_DOCUMENTS")  # fmt: skip
    return viewed.ask(here.strip().rstrip(";"))


def test_all_model_details_of_seed_000(viewed_on_snowflake: Viewed) -> None:
    rows = ask(viewed_on_snowflake, """
SELECT
    PROCESS_STEP_ID,
    f.value:model_name::STRING AS model_name,
    f.value:status::STRING AS status,
    f.value:start_time::TIMESTAMP_NTZ AS start_time,
    f.value:end_time::TIMESTAMP_NTZ AS end_time,
    f.value:duration_seconds::INT AS duration_seconds
FROM DEV_PROVIDERPDM.PROVIDERPDM_CORE_TARGET.PROCESS_EXECUTION_LOG,
LATERAL FLATTEN(input => STEP_EXECUTION_OBJ:models) f
WHERE PROCESS_STEP_ID = 'JOB_abc123-def456-ghi789';
""".replace("JOB_abc123-def456-ghi789", viewed_on_snowflake.passed))  # fmt: skip
    assert [(row["model_name"], row["status"], row["start_time"] <= row["end_time"]) for row in rows] == [
        ("done", "SUCCESS", True)
    ]


def test_the_job_summary_of_seed_000(viewed_on_snowflake: Viewed) -> None:
    rows = ask(viewed_on_snowflake, """
SELECT
    PROCESS_STEP_ID,
    EXECUTION_STATUS_NAME,
    EXECUTION_START_TMSTP,
    EXECUTION_END_TMSTP,
    TIMESTAMPDIFF(SECOND, EXECUTION_START_TMSTP, EXECUTION_END_TMSTP) AS total_duration_seconds,
    DESTINATION_DATA_CNT_OBJ:total_models::INT AS total_models,
    DESTINATION_DATA_CNT_OBJ:completed::INT AS completed_models,
    DESTINATION_DATA_CNT_OBJ:failed::INT AS failed_models
FROM DEV_PROVIDERPDM.PROVIDERPDM_CORE_TARGET.PROCESS_EXECUTION_LOG
WHERE EXECUTION_TYPE_NAME = 'DBT_JOB_RUN'
ORDER BY INSERT_TMSTP DESC;
""")  # fmt: skip
    assert [(row["process_step_id"], row["total_models"], row["completed_models"], row["failed_models"]) for row in rows] == [
        (viewed_on_snowflake.passed, 1, 1, 0),
        (viewed_on_snowflake.failed, 5, 3, 1),
    ]


def test_the_history_of_seed_004(viewed_on_snowflake: Viewed) -> None:
    rows = ask(viewed_on_snowflake, """
SELECT * FROM EDW.O2C_AUDIT.V_AUTO_RESTART_HISTORY
ORDER BY run_started_at DESC
LIMIT 20;
""")  # fmt: skip
    assert {"run_type", "models_executed", "failed_models", "retry_sequence"} <= set(rows[0])
    assert len(rows) == 20
    today = ask(viewed_on_snowflake, """
SELECT * FROM EDW.O2C_AUDIT.V_AUTO_RESTART_HISTORY
WHERE DATE(run_started_at) = CURRENT_DATE()
ORDER BY run_started_at DESC;
""")  # fmt: skip
    assert [row["run_type"] for row in today if row["project_name"] == "shop"] == ["🔵 FULL BUILD"] * 2


def test_the_weekly_statistics_of_seed_004(viewed_on_snowflake: Viewed) -> None:
    rows = ask(viewed_on_snowflake, """
SELECT
    DATE(run_started_at) AS date,
    COUNT(*) AS total_runs,
    SUM(CASE WHEN run_type = '🔄 SELECTIVE RETRY' THEN 1 ELSE 0 END) AS retries,
    SUM(CASE WHEN run_type = '🔵 FULL BUILD' THEN 1 ELSE 0 END) AS full_builds,
    SUM(CASE WHEN run_status = 'FAILED' THEN 1 ELSE 0 END) AS failures
FROM EDW.O2C_AUDIT.V_AUTO_RESTART_HISTORY
WHERE run_started_at > DATEADD('day', -7, CURRENT_TIMESTAMP())
GROUP BY DATE(run_started_at)
ORDER BY date DESC;
""")  # fmt: skip
    assert all(row["retries"] + row["full_builds"] == row["total_runs"] for row in rows)
    assert sum(row["failures"] for row in rows) > 0


def test_the_compute_savings_of_seed_004(viewed_on_snowflake: Viewed) -> None:
    (row,) = ask(viewed_on_snowflake, """
SELECT
    SUM(CASE WHEN run_type = '🔄 SELECTIVE RETRY'
        THEN (25 - models_run) * 10 END) AS seconds_saved,
    COUNT(CASE WHEN run_type = '🔄 SELECTIVE RETRY' THEN 1 END) AS retry_count
FROM EDW.O2C_AUDIT.V_AUTO_RESTART_HISTORY
WHERE run_started_at > DATEADD('day', -30, CURRENT_TIMESTAMP());
""")  # fmt: skip
    assert (row["seconds_saved"], row["retry_count"]) == (None, 0)


def test_the_tables_that_the_procedure_of_seed_004_joins(viewed_on_snowflake: Viewed) -> None:
    (row,) = ask(viewed_on_snowflake, """
SELECT run_status, LISTAGG(model_name || '+', ' ') AS selector
FROM EDW.O2C_AUDIT.DBT_RUN_LOG r
JOIN EDW.O2C_AUDIT.DBT_MODEL_LOG m ON r.run_id = m.run_id
WHERE m.status IN ('FAIL', 'ERROR') AND r.project_name = 'shop'
GROUP BY run_status
""")  # fmt: skip
    assert (row["run_status"], row["selector"]) == ("FAILED", "dim+")


def test_every_view_parses_in_two_snowflake_grammars(viewed_on_snowflake: Viewed) -> None:
    models = viewed_on_snowflake.project.folder / "target/run/exec_logger/models"
    compiled = [path for folder in ("log", "restart") for path in sorted((models / folder).glob("*.sql"))]
    assert len(compiled) == 12
    for path in compiled:
        sql = path.read_text()
        sqlfluff.parse(sql, dialect="snowflake")
        (parsed,) = sqlglot.parse(sql, read="snowflake")
        assert not isinstance(parsed, sqlglot.exp.Command), path.name
