"""A project that has never logged anything: `execlog install`, and a restart that does without it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.cron import LOG, CronProject, Ended
from tests.support.warehouses import Row

pytestmark = pytest.mark.xdist_group("restart_first_run")


@dataclass
class Firsts:
    dry_restart: Ended
    dry_install: Ended
    database_after_them: bool
    tables_after_dry_install: list[Row]
    restart: Ended
    ran: dict[str, str]
    install: Ended
    changed_by_install: bool


@pytest.fixture(scope="module")
def firsts(failed_lineage: CronProject, tmp_path_factory: pytest.TempPathFactory) -> Firsts:
    project = failed_lineage.copy(tmp_path_factory.mktemp("first") / "project")
    (project.folder / "warehouse.duckdb").unlink()
    dry_restart = project.restart("--dry-run")
    created = (project.folder / "warehouse.duckdb").exists()
    dry_install = project.execlog("install", "--dry-run")
    tables = project.warehouse.query(f"select table_name from information_schema.tables where lower(table_name) = '{LOG}'")
    restart = project.restart()
    ran, log = project.ran(), project.log()
    install = project.execlog("install")
    return Firsts(dry_restart, dry_install, created, tables, restart, ran, install, project.log() != log)


def test_a_dry_run_without_a_log_plans_a_full_build_and_creates_no_database(firsts: Firsts) -> None:
    assert (firsts.dry_restart.code, firsts.dry_restart.stderr) == (0, "")
    decided, command = firsts.dry_restart.stdout.splitlines()
    assert decided == "FULL_BUILD: there is no log table yet."
    assert command.endswith("/dbt build")
    assert not firsts.database_after_them


def test_a_dry_install_prints_the_ddl_and_runs_none_of_it(firsts: Firsts) -> None:
    assert (firsts.dry_install.code, firsts.dry_install.stderr) == (0, "")
    assert firsts.dry_install.stdout.startswith("create ")
    assert "PROCESS_STEP_ID".lower() in firsts.dry_install.stdout.lower()
    assert firsts.tables_after_dry_install == []


def test_the_first_restart_creates_the_log_and_builds_in_full(firsts: Firsts) -> None:
    assert firsts.restart.code == 1
    assert firsts.restart.said[:2] == [
        "execlog: there is no log table yet; creating it.",
        "execlog: FULL_BUILD: no run of this job is logged yet.",
    ]
    assert firsts.ran == {
        "model.stg_orders": "SUCCESS",
        "model.dm_reconciliation": "FAILED",
        "model.agg_by_customer": "SKIPPED",
        "model.unrelated": "SUCCESS",
    }


def test_install_changes_nothing_where_the_log_is_there(firsts: Firsts) -> None:
    assert (firsts.install.code, firsts.install.stdout) == (0, "")
    assert firsts.install.stderr.rstrip().endswith("its views are ready.")
    assert not firsts.changed_by_install


def test_install_says_that_dbt_deps_is_missing(lineage: CronProject) -> None:
    (lineage.folder / "dbt_packages/exec_logger").unlink()
    install = lineage.execlog("install")
    assert (install.code, install.stdout) == (78, "")
    assert install.said == [
        f"execlog: the dbt package exec_logger is not in {lineage.folder / 'dbt_packages'}."
        " Add it to packages.yml and run `dbt deps`."
    ]
