"""The least that a stream needs: one model with the hooks, under any name."""

from __future__ import annotations

import json
from pathlib import Path

from tests.streams.conftest import INSTALL
from tests.support.project import REPOSITORY, Project
from tests.support.warehouses import DuckDB

NAME = "it's \\ {} a $$ stream; -- 😀"
HOOKS = {
    "+pre-hook": [
        "{{ exec_logger_streams.validate_stream_status(var('stream_name')) }}",
        "{{ exec_logger_streams.register_process_start(this.name, var('stream_name')) }}",
    ],
    "+post-hook": [
        "{{ exec_logger_streams.register_process_completion(this.name, var('stream_name')) }}",
        "{{ exec_logger_streams.log_load_statistics(this.name) }}",
    ],
}


def test_any_name_does_and_the_open_business_date_is_loaded(tmp_path: Path) -> None:
    warehouse = DuckDB(tmp_path)
    files = {f"models/{name}.sql": "{{ config(materialized='table') }} select 1 as id" for name in ("a", "b", "c", "d")}
    config = {"vars": {"stream_name": NAME, "dcf_schema": "control"}, "models": HOOKS}
    project = Project(tmp_path / "project", warehouse, files, level="none", config=config)
    project.install_package(REPOSITORY / "streams", "exec_logger_streams")
    assert project.dbt(*INSTALL).code == 0
    assert project.dbt(*INSTALL).code == 0  # twice is as once
    name = NAME.replace("'", "''")
    warehouse.execute(
        f"insert into control.dcf_t_strm (strm_id, strm_name, strm_status) values (1, '{name}', 'ACTIVE')",
        "insert into control.dcf_t_strm_bus_dt (strm_id, strm_name, bus_dt, bus_dt_status)"
        f" values (1, '{name}', '2024-02-29', 'OPEN'), (1, '{name}', '2024-02-28', 'CLOSED')",
    )
    run = project.dbt("run")  # four threads come to one gate
    assert run.code == 0, run.output
    (instance,) = warehouse.query("select * from control.dcf_t_prcs_inst")
    assert (instance["strm_name"], instance["prcs_date"], instance["prcs_status"]) == (NAME, "2024-02-29", "COMPLETED")
    processes = warehouse.query("select * from control.dcf_t_prcs_exec_log order by prcs_name")
    assert [(one["prcs_name"], one["prcs_status"]) for one in processes] == [(name, "COMPLETED") for name in "abcd"]
    statistics = [json.loads(one["prcs_statistics"]) for one in processes]
    assert [(one["records_loaded"], one["records_processed"], one["processing_date"]) for one in statistics] == [
        (1, None, "2024-02-29")
    ] * 4


def test_an_empty_source_stops_what_is_built_from_it_through_other_models(tmp_path: Path) -> None:
    warehouse = DuckDB(tmp_path)
    files = {
        "models/scored.sql": "{{ config(materialized='table') }} select 1 as id where false",
        "models/between.sql": "select * from {{ ref('scored') }}",
        "models/fact/fact.sql": "{{ config(materialized='table') }} select * from {{ ref('between') }}",
    }
    config = {"vars": {"stream_name": NAME, "dcf_source_model": "scored"}, "models": {"shop": {"fact": HOOKS}}}
    project = Project(tmp_path / "project", warehouse, files, level="none", config=config)
    project.install_package(REPOSITORY / "streams", "exec_logger_streams")
    assert project.dbt(*INSTALL).code == 0
    name = NAME.replace("'", "''")
    warehouse.execute(f"insert into dcf_t_strm (strm_id, strm_name, strm_status) values (1, '{name}', 'ACTIVE')")
    run = project.dbt("run")
    assert run.code == 1
    assert f'No source data available for loading: {NAME} ("warehouse"."main"."scored" is empty)' in run.output
    assert warehouse.query("select table_name from information_schema.tables where table_name = 'fact'") == []
    assert warehouse.query("select * from dcf_t_prcs_inst") == []
