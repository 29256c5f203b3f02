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
MODELS = ("run", "--select", FACT, ORCHESTRATION)


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
        self.files = files
        super().__init__(folder, warehouse, files, level="none", config=config)
        self.install_package(REPOSITORY / "streams", "exec_logger_streams")

    loaded = False
    """Whether it stands as after one good load."""

    def prepare(self) -> StreamProject:
        """Installs the control tables and builds what the fact reads."""
        for arguments in (INSTALL, ("build", "--select", "+int_bcfinsg_validated")):
            run = self.dbt(*arguments)
            assert run.code == 0, run.output
        self.warehouse.execute("create table kept as select * from int_bcfinsg_validated")
        return self

    def reset(self) -> StreamProject:
        """As after prepare(), with an ACTIVE stream."""
        for path, content in self.files.items():
            if (self.folder / path).read_text() != content:
                self.write(path, content)
        for added in ("macros/fail.sql", "models/staging/broken.sql"):
            (self.folder / added).unlink(missing_ok=True)
        tables = ("strm", "strm_bus_dt", "prcs_inst", "prcs_exec_log", "notifications", "data_lineage")
        self.warehouse.execute(
            *(f"delete from dcf_t_{table}" for table in tables),
            "delete from process_execution_log",
            *(f"drop table if exists {table}" for table in (FACT, ORCHESTRATION)),
            "delete from int_bcfinsg_validated",
            "insert into int_bcfinsg_validated select * from kept",
            f"insert into dcf_t_strm (strm_id, strm_name, strm_status) select 1490, '{STREAM}', 'ACTIVE'",
        )
        self.loaded = False
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


@pytest.fixture(
    scope="session", params=[pytest.param(name, marks=pytest.mark.xdist_group(f"stream_{name}")) for name in WAREHOUSES]
)
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> StreamProject:
    return make_project(request.param, request, tmp_path_factory.mktemp("stream")).prepare()


@pytest.fixture
def stream(prepared: StreamProject) -> StreamProject:
    """Ready to be loaded."""
    return prepared.reset()


@pytest.fixture
def loaded(prepared: StreamProject) -> StreamProject:
    """After a good load. Change nothing of its stream but its notification."""
    if not prepared.loaded:
        run = prepared.reset().dbt(*MODELS)
        assert run.code == 0, run.output
        assert [row["notification_status"] for row in prepared.rows("dcf_t_notifications")] == ["PENDING"]
        prepared.loaded = True
    return prepared


def output_of(process: subprocess.Popen[str]) -> str:
    return process.communicate(timeout=150)[0]
