"""The queries printed in the documents that the project was asked for by run as printed on the Snowflake stand-in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.snowflake_standin.client import StandIn
from tests.support.project import Project
from tests.support.warehouses import Row, Snowflake

FILES = {
    "seeds/customers.csv": "id\n1\n2\n3\n",
    "models/stg_customers.sql": "{{ config(materialized='table') }} select id from {{ source('jaffle_shop', 'customers') }}"
    " union all select id from {{ ref('customers') }}",
    "models/broken.sql": "select nope from {{ ref('stg_customers') }}",
    "models/sources.yml": "sources: [{name: jaffle_shop, schema: '{{ target.schema }}', tables: [{name: customers}]}]",
}


@pytest.fixture(scope="module")
def logged(standin: StandIn, tmp_path_factory: pytest.TempPathFactory) -> tuple[Snowflake, Row]:
    warehouse = Snowflake(standin)
    project = Project(tmp_path_factory.mktemp("queries") / "project", warehouse, FILES)
    assert project.dbt("build").code == 1
    job, _ = project.last_job()
    return warehouse, job


def ask(logged: tuple[Snowflake, Row], sql: str) -> list[Row]:
    warehouse, job = logged
    here = f"{warehouse.schema}.PROCESS_EXECUTION_LOG"
    return warehouse.query(
        sql.replace("PROCESS_EXECUTION_LOG", here).replace("JOB_abc123...", job["process_step_id"]).rstrip(";\n")
    )


def plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in "[{" else value


def test_all_models_of_a_job(logged: tuple[Snowflake, Row]) -> None:
    rows = ask(logged, """
SELECT
    PROCESS_STEP_ID,
    EXECUTION_STATUS_NAME,
    EXECUTION_TYPE_NAME,
    EXECUTION_START_TMSTP,
    EXECUTION_END_TMSTP,
    SOURCE_DATA_CNT as row_count,
    STEP_EXECUTION_OBJ:model_name::string as model_name,
    DESTINATION_OBJ:database::string as database,
    DESTINATION_OBJ:schema::string as schema,
    DESTINATION_OBJ:table::string as table
FROM PROCESS_EXECUTION_LOG
WHERE PARENT_STEP_ID = 'JOB_abc123...'
  AND RECORD_TYPE = 'MODEL'
ORDER BY EXECUTION_START_TMSTP;
""")  # fmt: skip
    assert [(row["model_name"], row["execution_status_name"], row["row_count"], row["table"]) for row in rows] == [
        ("stg_customers", "SUCCESS", 6, "stg_customers"),
        ("broken", "FAILED", None, "broken"),
    ]
    assert {(row["database"], row["schema"]) for row in rows} == {("DB", logged[0].schema)}


def test_the_job_summary_of_seed_001(logged: tuple[Snowflake, Row]) -> None:
    (row,) = ask(logged, """
SELECT
    PROCESS_STEP_ID,
    EXECUTION_STATUS_NAME,
    EXECUTION_START_TMSTP,
    EXECUTION_END_TMSTP,
    SOURCE_DATA_CNT as total_rows,
    STEP_EXECUTION_OBJ:job_status::string as job_status,
    DESTINATION_DATA_CNT_OBJ:total_models::int as total_models,
    DESTINATION_DATA_CNT_OBJ:successful_models::int as successful,
    DESTINATION_DATA_CNT_OBJ:failed_models::int as failed
FROM PROCESS_EXECUTION_LOG
WHERE PROCESS_STEP_ID = 'JOB_abc123...'
  AND RECORD_TYPE = 'JOB';
""")  # fmt: skip
    assert (row["job_status"], row["total_models"], row["successful"], row["failed"], row["total_rows"]) == (
        "FAILED",
        3,
        2,
        1,
        9,
    )


def test_the_lineage_of_a_model(logged: tuple[Snowflake, Row]) -> None:
    rows = ask(logged, """
SELECT
    m.PROCESS_STEP_ID,
    m.STEP_EXECUTION_OBJ:model_name::string as model_name,
    f.value:type::string as source_type,
    f.value:name::string as source_name,
    f.value:node_id::string as node_id
FROM PROCESS_EXECUTION_LOG m,
     LATERAL FLATTEN(input => m.SOURCE_OBJ) f
WHERE m.PARENT_STEP_ID = 'JOB_abc123...'
  AND m.RECORD_TYPE = 'MODEL'
  AND m.STEP_EXECUTION_OBJ:model_name::string = 'stg_customers';
""")  # fmt: skip
    assert sorted((row["source_type"], row["source_name"], row["node_id"]) for row in rows) == [
        ("ref", "customers", "seed.shop.customers"),
        ("source", "jaffle_shop.customers", "source.shop.jaffle_shop.customers"),
    ]


def test_the_timeline_of_a_model(logged: tuple[Snowflake, Row]) -> None:
    rows = ask(logged, """
SELECT
    PROCESS_STEP_ID,
    STEP_EXECUTION_OBJ:model_name::string as model_name,
    t.value:step_number::int as step_number,
    t.value:timestamp::string as timestamp,
    t.value:step_type::string as step_type,
    t.value:title::string as title,
    t.value:query_id::string as query_id,
    t.value:query_result as query_result
FROM PROCESS_EXECUTION_LOG m,
     LATERAL FLATTEN(input => m.STEP_EXECUTION_OBJ:execution_timeline) t
WHERE m.PARENT_STEP_ID = 'JOB_abc123...'
  AND m.RECORD_TYPE = 'MODEL'
  AND m.STEP_EXECUTION_OBJ:model_name::string = 'stg_customers'
ORDER BY t.value:step_number::int;
""")  # fmt: skip
    assert [(row["step_number"], row["step_type"], row["title"]) for row in rows] == [
        (1, "MODEL_START", "Model Started: stg_customers"),
        (2, "MODEL_COMPLETE", "Model Completed: stg_customers"),
    ]
    assert all(row["query_id"] for row in rows)
    result = plain(rows[1]["query_result"])
    assert (result["rows_in_destination"], result["execution_status"]) == (6, "SUCCESS")


def test_all_failed_models(logged: tuple[Snowflake, Row]) -> None:
    (row,) = ask(logged, """
SELECT
    PARENT_STEP_ID as job_id,
    STEP_EXECUTION_OBJ:model_name::string as model_name,
    EXECUTION_START_TMSTP,
    EXECUTION_END_TMSTP,
    DESTINATION_OBJ:full_name::string as table_name,
    ERROR_MESSAGE_OBJ
FROM PROCESS_EXECUTION_LOG
WHERE RECORD_TYPE = 'MODEL'
  AND EXECUTION_STATUS_NAME = 'FAILED'
ORDER BY EXECUTION_START_TMSTP DESC;
""")  # fmt: skip
    assert (row["job_id"], row["model_name"]) == (logged[1]["process_step_id"], "broken")
    assert row["table_name"] == f"DB.{logged[0].schema}.broken"
    assert "NOPE" in plain(row["error_message_obj"])[0]["message"].upper()


def test_a_job_and_its_models_together(logged: tuple[Snowflake, Row]) -> None:
    rows = ask(logged, """
WITH job AS (
    SELECT *
    FROM PROCESS_EXECUTION_LOG
    WHERE PROCESS_STEP_ID = 'JOB_abc123...'
      AND RECORD_TYPE = 'JOB'
),
models AS (
    SELECT *
    FROM PROCESS_EXECUTION_LOG
    WHERE PARENT_STEP_ID = 'JOB_abc123...'
      AND RECORD_TYPE = 'MODEL'
)
SELECT
    j.PROCESS_STEP_ID as job_id,
    j.EXECUTION_STATUS_NAME as job_status,
    j.EXECUTION_START_TMSTP as job_start,
    j.EXECUTION_END_TMSTP as job_end,
    m.PROCESS_STEP_ID as model_id,
    m.STEP_EXECUTION_OBJ:model_name::string as model_name,
    m.EXECUTION_STATUS_NAME as model_status,
    m.SOURCE_DATA_CNT as model_row_count,
    m.EXECUTION_TYPE_NAME as execution_type
FROM job j
LEFT JOIN models m ON 1=1
ORDER BY m.EXECUTION_START_TMSTP;
""")  # fmt: skip
    assert [(row["job_status"], row["model_name"], row["execution_type"]) for row in rows] == [
        ("FAILED", "stg_customers", "TRUNCATE_FULL_LOAD"),
        ("FAILED", "broken", "VIEW_REFRESH"),
    ]


def test_the_job_summary_of_seed_000(logged: tuple[Snowflake, Row]) -> None:
    (row,) = ask(logged, """
SELECT
    PROCESS_STEP_ID,
    EXECUTION_STATUS_NAME,
    EXECUTION_START_TMSTP,
    EXECUTION_END_TMSTP,
    TIMESTAMPDIFF(SECOND, EXECUTION_START_TMSTP, EXECUTION_END_TMSTP) AS total_duration_seconds,
    DESTINATION_DATA_CNT_OBJ:total_models::INT AS total_models,
    DESTINATION_DATA_CNT_OBJ:completed::INT AS completed_models,
    DESTINATION_DATA_CNT_OBJ:failed::INT AS failed_models
FROM PROCESS_EXECUTION_LOG
WHERE EXECUTION_TYPE_NAME = 'DBT_JOB_RUN'
ORDER BY INSERT_TMSTP DESC;
""")  # fmt: skip
    assert (row["total_models"], row["completed_models"], row["failed_models"]) == (3, 2, 1)
    assert row["total_duration_seconds"] >= 0
