"""The stream of the example on a warehouse, with the control tables installed and the stream ACTIVE."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import WAREHOUSES, make_warehouse
from tests.support.cron import CronProject, DuckDBInFolder
from tests.support.project import REPOSITORY
from tests.support.warehouses import Row, Warehouse

STREAM = "BCFINSG_PLAN_BALN_SEGM_LOAD"
EXAMPLE = REPOSITORY / "examples/bcfinsg"
INSTALL = ("run-operation", "exec_logger_streams.install")
FACT = "fct_plan_baln_segm_mstr"
ORCHESTRATION = "orchestrate_bcfinsg_load"


class StreamProject(CronProject):
    """The example, by the configuration that it shows."""

    def __init__(self, folder: Path, warehouse: Warehouse) -> None:
        config = yaml.safe_load((EXAMPLE / "dbt_project.yml").read_text())
        del config["profile"]
        core = config["models"]["gdw1_dbt"]["marts"]["core"]
        # spelled as in the seed; dbt's own spelling is in the example
        core["+pre_hook"], core["+post_hook"] = core.pop("+pre-hook"), core.pop("+post-hook")
        files = {
            str(path.relative_to(EXAMPLE)): path.read_text()
            for folder_ in ("models", "seeds")
            for path in sorted((EXAMPLE / folder_).rglob("*.*"))
        }
        super().__init__(folder, warehouse, files, level="none", config=config)
        self.install_package(REPOSITORY / "streams", "exec_logger_streams")

    def prepare(self, status: str = "ACTIVE") -> StreamProject:
        run = self.dbt(*INSTALL)
        assert run.code == 0, run.output
        self.warehouse.execute(
            f"insert into dcf_t_strm (strm_id, strm_name, strm_status) values (1490, '{STREAM}', '{status}')"
        )
        return self

    def set_status(self, status: str) -> None:
        self.warehouse.execute(f"update dcf_t_strm set strm_status = '{status}'")

    def rows(self, table: str, order: str = "1") -> list[Row]:
        """JSON parsed."""
        names = ("prcs_statistics", "notification_content", "load_statistics", "report_data")
        return [
            {name: json.loads(value) if name in names and isinstance(value, str) else value for name, value in row.items()}
            for row in self.warehouse.query(f"select * from {table} order by {order}")
        ]

    def exists(self, table: str) -> bool:
        return bool(
            self.warehouse.query(
                f"select 1 as one from information_schema.tables where lower(table_name) = '{table}'"
                f" and lower(table_schema) = lower('{self.warehouse.schema}')"
            )
        )

    def instances(self) -> list[str]:
        return [row["prcs_status"] for row in self.rows("dcf_t_prcs_inst", "prcs_inst_id")]

    def processes(self) -> dict[str, str]:
        return {row["prcs_name"]: row["prcs_status"] for row in self.rows("dcf_t_prcs_exec_log", "prcs_exec_id")}


def make_project(name: str, request: pytest.FixtureRequest, folder: Path) -> StreamProject:
    warehouse = DuckDBInFolder(folder / "project") if name == "duckdb" else make_warehouse(name, request, folder)
    return StreamProject(folder / "project", warehouse)


@pytest.fixture(params=WAREHOUSES)
def stream(request: pytest.FixtureRequest, tmp_path: Path) -> StreamProject:
    return make_project(request.param, request, tmp_path).prepare()


@pytest.fixture(scope="session", params=WAREHOUSES)
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> StreamProject:
    """After a good load. Change nothing of its stream."""
    project = make_project(request.param, request, tmp_path_factory.mktemp("loaded")).prepare()
    run = project.dbt("build")
    assert run.code == 0, run.output
    assert [row["notification_status"] for row in project.rows("dcf_t_notifications")] == ["PENDING"]
    return project


def output_of(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=150)[0]
