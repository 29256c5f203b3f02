"""A small account whose figures are worked out on paper, and the organisation's rate sheet."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.snowflake_standin.client import StandIn
from tests.support.account_usage import HOUR, AccountUsage, comment, daily, load, log_rows, meter
from tests.support.project import Project
from tests.support.warehouses import Row, Snowflake

pytestmark = pytest.mark.matrix
DAY = datetime(2024, 3, 9)
VARS = {
    "execlog_models": True, "execlog_cost_models": True, "execlog_credit_price_usd": 2, "execlog_savings_summary_days": 99999,
}  # fmt: skip
SHEET = (
    "date date, account_locator varchar, service_type varchar, usage_type varchar, currency varchar, "
    "effective_rate number(38, 2)"
)
RATES = (
    ("2024-03-09", "FAKESNOW", "WAREHOUSE_METERING", "compute", "USD", 2.5),
    ("2024-03-09", "FAKESNOW", "STORAGE", "storage", "USD", 23),
    ("2024-03-09", "FAKESNOW", "COMPUTE", "compute", "EUR", 7),
    ("2024-03-09", "ANOTHER", "COMPUTE", "compute", "USD", 8),
    ("2024-03-10", "ANOTHER", "COMPUTE", "compute", "USD", 9),
)
BILLED = (
    ("ETL", 10, 0.9), ("ETL", 11, 1.2), ("ETL", 12, 0.3), ("BI", 22, 4), ("BI", 23, 8), ("BI", 24, 8), ("BI", 25, 8),
    ("BI", 27, 6), ("BI", 28, 1.5), ("ETL", 33, 0.1), ("ETL", 34, 0.05), ("ETL", 35, 0), ("SLEEPY", 0, 0.25), ("SLEEPY", 1, 0),
)  # fmt: skip


def account() -> AccountUsage:
    usage = AccountUsage()

    def query(
        name: str, warehouse: str | None, hour: float, execution_ms: int, text: str | None, *, cloud: float, **more: Any
    ) -> None:
        """Starts at that hour of the first day, and executes at once."""
        usage.query(warehouse, DAY + hour * HOUR, execution_ms, query_id=name, query_text=text, **more)
        row = usage.queries[-1]
        row |= {"credits_used_cloud_services": cloud, "end_time": row["start_time"] + timedelta(milliseconds=execution_ms)}

    def ours(invocation: str, node: str | None) -> str:
        return f"select 1\n/* {comment(invocation, node)} */"

    query("hour", "ETL", 10 + 1 / 6, 40 * 60_000, ours("i1", "a"), cloud=0.01)
    query("foreign", "ETL", 10 + 11 / 12, 15 * 60_000, "select 'people'", cloud=0.02)
    query("night", "BI", 22 + 2 / 3, 280 * 60_000, ours("i1", "b"), cloud=0.03, execution_status="FAIL")
    query("broken", "BI", 23.5, 60 * 60_000, 'select 1 /* {"app": "exec_logger", "invocation_id": */', cloud=0.04)
    query("instant", "ETL", 12, 0, ours("i1", "a"), cloud=0.005)
    query("nowhere", None, 12.5, 50, ours("i1", None), cloud=0.002)
    query("border", "ETL", 34 - 0.001 / 3600, 2, "select 1 /* hello */ /* {} */\n" + ours("i2", "b"), cloud=0.001)
    query("silent", "ETL", 34.5, 3, None, cloud=0.002)
    usage.queries[-1] |= {"warehouse_size": "Large"}
    query("queued", "ETL", 35, 0, ours("i2", "c"), cloud=0)
    usage.queries[-1] |= {"end_time": None, "execution_status": "QUEUED", "execution_time": None, "warehouse_size": None}
    for warehouse, hour, credits in BILLED:
        meter(usage, warehouse, DAY + hour * HOUR, credits)
    usage.daily += [daily("WAREHOUSE_METERING", DAY, 0.2, -0.15), daily("AUTO_CLUSTERING", DAY, 5, -1)]
    usage.job("i1", DAY + 10 * HOUR, "FAILED")
    usage.job("i2", DAY + 33 * HOUR, run_type="SELECTIVE_RETRY", restart_of="JOB_i1", attempt_no=2)
    usage.job("i3", DAY + 40 * HOUR)
    for invocation, name, hour, seconds, status in (
        ("i1", "a", 10, 2400.5, "SUCCESS"), ("i1", "b", 22, 17000, "FAILED"), ("i1", "c", 23, 0, "SKIPPED"),
        ("i2", "b", 33, 7, "SUCCESS"), ("i3", "a", 40, 0, "REUSED"), ("i3", "b", 40, 0, "REUSED"),
    ):  # fmt: skip
        usage.node(invocation, name, DAY + hour * HOUR, seconds, status)
    return usage


COMPUTE = {
    "hour": 0.9 * 40 / 45, "night": 4 + 8 * 60 / 90 + 8 * 60 / 90 + 8 + 6, "instant": 0, "nowhere": 0, "queued": 0,
    "border": 0.1 + 0.05 * 1 / 4,
}  # fmt: skip
# on the first day a quarter of the cloud services is billed; the second one has not been settled yet
CLOUD = {"hour": 0.0025, "night": 0.0075, "instant": 0.00125, "nowhere": 0.0005, "queued": 0, "border": 0.001}


class Built:
    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.standin = standin
        self.project = Project(folder / "project", Snowflake(standin), {}, level="run")
        assert self.project.dbt("run-operation", "exec_logger.install").code == 0
        usage = account()
        load(standin, usage)
        self.project.warehouse.execute(*log_rows(usage))
        self.sheet(f"create or replace table rate_sheet_daily ({SHEET})")
        for rate in RATES:
            self.sheet(f"insert into rate_sheet_daily values {rate}")
        self.build()

    def sheet(self, sql: str) -> None:
        self.standin.query(sql, database="SNOWFLAKE", schema="ORGANIZATION_USAGE")

    def build(self, **variables: Any) -> str:
        run = self.project.dbt("run", "--select", "package:exec_logger", "--vars", json.dumps(VARS | variables))
        assert run.code == 0, run.output
        return run.output

    def rows(self, model: str) -> list[Row]:
        return self.project.warehouse.query(f"select * from {model}")

    def queries(self) -> dict[str, Row]:
        return {row["query_id"]: row for row in self.rows("fct_model_queries") if row["query_id"]}


@pytest.fixture(scope="module")
def built(standin: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Built:
    return Built(standin, tmp_path_factory.mktemp("by_hand"))


def near(values: Any) -> Any:
    return pytest.approx(values, rel=1e-9, abs=1e-12)


def test_credits_are_those_on_paper(built: Built) -> None:
    rows = built.queries()
    assert {name: row["compute_credits"] for name, row in rows.items()} == near(COMPUTE)
    assert {name: row["cloud_services_credits"] for name, row in rows.items()} == near(CLOUD)
    others = [row for row in built.rows("fct_model_queries") if not row["query_id"]]
    assert sum(row["compute_credits"] for row in [*rows.values(), *others]) == near(sum(credits for *_, credits in BILLED))
    idle = {
        (row["warehouse_name"], row["started_at"]): row["compute_credits"] for row in others if row["query_status"] == "IDLE"
    }
    assert idle == {("ETL", DAY + 12 * HOUR): 0.3, ("BI", DAY + 28 * HOUR): 1.5, ("SLEEPY", DAY): 0.25}
    (cloud,) = [row["cloud_services_credits"] for row in others if row["query_status"] == "OTHER_CLOUD_SERVICES"]
    assert cloud == near(0.05 - (0.01 + 0.02 + 0.03 + 0.04 + 0.005 + 0.002) / 4)


def test_reports_are_those_on_paper(built: Built) -> None:
    a, b = COMPUTE["hour"] + 0.00375, COMPUTE["night"] + 0.0075
    later = COMPUTE["border"] + 0.001
    (job,) = built.rows("rpt_job_cost")
    assert [job[name] for name in ("runs", "failed_runs", "seconds", "wasted_seconds")] == [3, 1, 19407.5, 19400.5]
    assert (job["credits"], job["wasted_credits"]) == near((a + b + later + 0.0005, a + b + 0.0005))
    (saved,) = built.rows("rpt_restart_savings")
    assert [saved[name] for name in ("nodes_saved", "seconds_saved", "credits_saved")] == near([1, 2400.5, a])
    reuse = {row["node_id"]: row for row in built.rows("rpt_daily_sao_model_savings") if row["reused_count"]}
    assert {name: row["estimated_credits_saved"] for name, row in reuse.items()} == near(
        {"model.shop.a": a, "model.shop.b": (b + later) / 2}
    )
    assert {name: row["reuse_rate_percent"] for name, row in reuse.items()} == {"model.shop.a": 100, "model.shop.b": 50}
    (summary,) = built.rows("agg_savings_summary")
    # c is UNKNOWN to the log's second run, but a query of it was queued
    assert [summary[name] for name in ("reused_count", "executed_count")] == [2, 4]
    assert summary["credits_spent"] == near(a + b + later)


def test_prices_are_the_rate_sheets_for_the_days_it_has(built: Built) -> None:
    """Changes what is built."""
    price = {name: 2 if name in ("border", "queued") else 2.5 for name in COMPUTE}
    dollars = {name: price[name] * (COMPUTE[name] + CLOUD[name]) for name in COMPUTE}
    assert {name: row["cost_usd"] for name, row in built.queries().items()} == near(dollars)
    built.build(execlog_rate_sheet="")
    assert built.queries()["hour"]["cost_usd"] == near(2 * (COMPUTE["hour"] + CLOUD["hour"]))
    built.sheet("drop table rate_sheet_daily")
    assert "[WARNING]" not in built.build()
    told = built.build(execlog_rate_sheet="SNOWFLAKE.ORGANIZATION_USAGE.RATE_SHEET_DAILY")
    assert told.count("[WARNING]") == told.count("grant database role SNOWFLAKE.ORGANIZATION_BILLING_VIEWER to role R`") == 1
    assert built.queries()["hour"]["cost_usd"] == near(2 * (COMPUTE["hour"] + CLOUD["hour"]))


def test_a_late_query_changes_the_share_of_one_that_began_before_what_is_read_again(built: Built) -> None:
    """The last test of the module: it changes the data."""
    usage = account()
    usage.query("BI", DAY + 25 * HOUR, 60 * 60_000, query_id="late", query_text="select 'late'")
    usage.queries[-1] |= {"end_time": DAY + 26 * HOUR}
    load(built.standin, usage)
    built.build(execlog_cost_lookback_days=0)
    assert built.queries()["night"]["compute_credits"] == near(COMPUTE["night"] - 4)
    rows = built.rows("fct_model_queries")
    assert sum(row["compute_credits"] for row in rows) == near(sum(credits for *_, credits in BILLED))
    assert len({row["query_key"] for row in rows}) == len(rows)
