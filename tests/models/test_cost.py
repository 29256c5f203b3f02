"""Every figure of the cost models, recomputed from the same data without SQL."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlfluff
import sqlglot
import yaml
from click.testing import CliRunner

from exec_logger.commands.cost import command
from tests.snowflake_standin.client import StandIn
from tests.support.account_usage import DAY, HOUR, AccountUsage, account_usage, literal, load, log_rows, run
from tests.support.project import REPOSITORY, Project
from tests.support.warehouses import Row, Snowflake

VARS = {"execlog_models": True, "execlog_cost_models": True, "execlog_credit_price_usd": 2.5}
BUILD = ("run", "--select", "package:exec_logger", "--vars", json.dumps(VARS))
OK = ("SUCCESS", "WARNING")
RAN = (*OK, "FAILED")


class Account:
    """The data, the project whose cost models were built over it, and what these have to say."""

    def __init__(self, standin: StandIn, folder: Path) -> None:
        self.standin, self.usage = standin, account_usage()
        self.project = Project(folder / "project", Snowflake(standin), {}, level="run")
        load(standin, self.usage)
        installed = self.project.dbt("run-operation", "exec_logger.install")
        assert installed.code == 0, installed.output
        self.project.warehouse.execute(*log_rows(self.usage))
        standin.forget_statements()
        built = self.project.dbt(*BUILD)
        assert built.code == 0, built.output
        self.statements = [entry.sql for entry in standin.statements()]

    def rows(self, model: str) -> list[Row]:
        return self.project.warehouse.query(f"select * from {model}")


@pytest.fixture(scope="module")
def account(standin: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Account:
    return Account(standin, tmp_path_factory.mktemp("account"))


def truth(usage: AccountUsage) -> dict[str, Any]:
    """Compute and cloud services credits by query_id, idle credits by (warehouse, hour), and what was billed in all."""
    billed = {(row["warehouse_name"], row["start_time"]): row["credits_used_compute"] for row in usage.metering}
    worked: dict[tuple[str, datetime], dict[str, float]] = defaultdict(dict)
    for query in usage.queries:
        if not query["warehouse_size"]:
            continue
        begin, end = query["end_time"] - timedelta(milliseconds=query["execution_time"]), query["end_time"]
        hour = begin.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            seconds = (min(end, hour + HOUR) - max(begin, hour)).total_seconds()
            if seconds > 0:
                worked[query["warehouse_name"], hour][query["query_id"]] = seconds
            hour += HOUR
    compute: dict[str, float] = defaultdict(float)
    for place, seconds_of in worked.items():
        for query_id, seconds in seconds_of.items():
            compute[query_id] += billed[place] * seconds / sum(seconds_of.values())
    days = {row["usage_date"]: row for row in usage.daily if row["service_type"] == "WAREHOUSE_METERING"}
    cloud = {}
    for query in usage.queries:
        day = days[query["start_time"].date()]
        used, off = day["credits_used_cloud_services"], day["credits_adjustment_cloud_services"]
        cloud[query["query_id"]] = query["credits_used_cloud_services"] * (used + off) / used
    return {
        "compute": compute,
        "cloud": cloud,
        "idle": {place: credits for place, credits in billed.items() if place not in worked and credits},
        "billed": sum(billed.values()),
        "billed_cloud": sum(d["credits_used_cloud_services"] + d["credits_adjustment_cloud_services"] for d in days.values()),
    }


def of_dbt(usage: AccountUsage) -> dict[str, tuple[str, str | None]]:
    """invocation_id and node_id by query_id: by the generator's own words, so by no parsing of comments like the models'."""
    found: dict[str, tuple[str, str | None]] = {}
    for query in usage.queries:
        lines = query["query_text"].split("\n/* ")
        if len(lines) == 2 and '"exec_logger", "invocation_id": "' in lines[1]:
            said = json.loads(lines[1].partition(" */")[0])
            found[query["query_id"]] = (said["invocation_id"], said["node_id"])
    for node in usage.nodes:
        if node["query_id"]:
            found[node["query_id"]] = (node["invocation_id"], f"model.shop.{node['name']}")
    return found


def near(value: float | None) -> Any:
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-12)


def test_every_dbt_query_has_its_figures(account: Account) -> None:
    usage, true, links = account.usage, truth(account.usage), of_dbt(account.usage)
    rows = {row["query_id"]: row for row in account.rows("fct_model_queries") if row["query_id"]}
    assert set(rows) == set(links)
    for query in usage.queries:
        if query["query_id"] not in links:
            continue
        row, (invocation_id, node_id) = rows[query["query_id"]], links[query["query_id"]]
        compute, cloud = true["compute"][query["query_id"]], true["cloud"][query["query_id"]]
        assert {name: value for name, value in row.items() if name not in ("query_key", "usage_date", "job_name")} == {
            "query_id": query["query_id"], "invocation_id": invocation_id, "node_id": node_id,
            "model_name": node_id and node_id.rpartition(".")[2], "query_status": query["execution_status"],
            "warehouse_name": query["warehouse_name"], "warehouse_size": query["warehouse_size"],
            "started_at": query["start_time"], "ended_at": query["end_time"], "compilation_seconds": 0.2, "queued_seconds": 0.3,
            "execution_seconds": near(query["execution_time"] / 1000), "bytes_scanned": query["bytes_scanned"],
            "bytes_spilled_local": query["bytes_spilled_to_local_storage"],
            "bytes_spilled_remote": query["bytes_spilled_to_remote_storage"], "partitions_scanned": query["partitions_scanned"],
            "partitions_total": query["partitions_total"], "rows_produced": query["rows_produced"],
            "compute_credits": near(compute), "cloud_services_credits": near(cloud), "cost_usd": near(2.5 * (compute + cloud)),
        }  # fmt: skip
        assert row["job_name"] == {"i5": "adhoc", "i9": "killed"}.get(invocation_id, "nightly")


def test_idle_hours_are_rows_of_their_own(account: Account) -> None:
    rows = [row for row in account.rows("fct_model_queries") if row["query_status"] == "IDLE"]
    found = {(row["warehouse_name"], row["started_at"]): row["compute_credits"] for row in rows}
    true = truth(account.usage)["idle"]
    assert ("WH_D", DAY + 40 * HOUR) in true
    assert found == {place: near(credits) for place, credits in true.items()}
    assert {row["query_id"] for row in rows} == {None}


def test_all_credits_add_up_to_what_was_metered(account: Account) -> None:
    rows, true, links = account.rows("fct_model_queries"), truth(account.usage), of_dbt(account.usage)
    assert len({row["query_key"] for row in rows}) == len(rows)
    assert sum(row["compute_credits"] for row in rows) == near(true["billed"])
    assert sum(row["cloud_services_credits"] for row in rows) == near(true["billed_cloud"])
    others = [row for row in rows if row["query_status"] == "OTHER_QUERIES"]
    foreign = [query["query_id"] for query in account.usage.queries if query["query_id"] not in links]
    assert sum(row["compute_credits"] for row in others) == near(sum(true["compute"][query_id] for query_id in foreign))
    assert sum(row["cloud_services_credits"] for row in others) == near(sum(true["cloud"][query_id] for query_id in foreign))
    (rest,) = [row for row in rows if row["query_status"] == "OTHER_CLOUD_SERVICES"]
    assert (rest["cloud_services_credits"], rest["started_at"]) == (near(0.25 * 0.6), DAY + 24 * HOUR)


def node_costs(usage: AccountUsage) -> dict[tuple[str, str], Row]:
    """Seconds, credits and status by invocation and node; nodes that only queries tell of have the status UNKNOWN."""
    true, found = truth(usage), {}
    for node in usage.nodes:
        if not node["deleted"]:
            start = None if node["status"] == "SKIPPED" else node["start"]
            found[node["invocation_id"], f"model.shop.{node['name']}"] = {
                "status": node["status"], "seconds": node["seconds"], "start": start, "credits": None, "queries": 0,
            }  # fmt: skip
    for query in usage.queries:
        link = of_dbt(usage).get(query["query_id"])
        if link and link[1]:
            entry = found.setdefault(
                (link[0], link[1]),
                {"status": "UNKNOWN", "seconds": None, "start": query["start_time"], "credits": None, "queries": 0},
            )
            credits = true["compute"][query["query_id"]] + true["cloud"][query["query_id"]]
            entry |= {"credits": (entry["credits"] or 0) + credits, "queries": entry["queries"] + 1}
    return found


def test_every_day_of_a_node_has_its_figures(account: Account) -> None:
    days: dict[tuple[Any, str, bool], Row] = defaultdict(lambda: {"runs": 0, "seconds": 0.0, "credits": 0.0})
    for (_, node_id), cost in node_costs(account.usage).items():
        if cost["status"] in (*RAN, "UNKNOWN"):
            day = days[cost["start"].date(), node_id, cost["status"] == "UNKNOWN"]
            day |= {
                "runs": day["runs"] + 1, "seconds": day["seconds"] + (cost["seconds"] or 0),
                "credits": day["credits"] + (cost["credits"] or 0),
            }  # fmt: skip
    rows = account.rows("rpt_daily_model_cost")
    assert {(row["run_date"], row["node_id"], row["project_name"] is None): row for row in rows}.keys() == days.keys()
    for row in rows:
        day = days[row["run_date"], row["node_id"], row["project_name"] is None]
        assert (row["runs"], row["seconds"] or 0) == (day["runs"], near(day["seconds"]))
        assert (row["credits"], row["cost_usd"]) == (near(day["credits"]), near(2.5 * day["credits"]))


def test_every_job_has_its_figures_and_what_failed_runs_wasted(account: Account) -> None:
    true = truth(account.usage)
    credits: dict[str, float] = defaultdict(float)
    seconds: dict[str, float] = defaultdict(float)
    for query_id, (invocation_id, _) in of_dbt(account.usage).items():
        credits[invocation_id] += true["compute"][query_id] + true["cloud"][query_id]
    for (invocation_id, _), cost in node_costs(account.usage).items():
        seconds[invocation_id] += cost["seconds"] or 0
    rows = {row["job_name"]: row for row in account.rows("rpt_job_cost")}
    assert set(rows) == {"nightly", "adhoc", "killed"}
    nightly = rows["nightly"]
    runs = ("i1", "i2", "i3", "i4")
    assert (nightly["runs"], nightly["failed_runs"]) == (4, 1)
    assert nightly["seconds"] == near(sum(seconds[run] for run in runs))
    assert nightly["credits"] == near(sum(credits[run] for run in runs))
    assert nightly["cost_usd"] == near(2.5 * sum(credits[run] for run in runs))
    assert (nightly["wasted_seconds"], nightly["wasted_credits"]) == (near(seconds["i2"]), near(credits["i2"]))
    assert nightly["wasted_percent"] == near(100 * credits["i2"] / sum(credits[run] for run in runs))
    assert (rows["killed"]["credits"], rows["killed"]["wasted_percent"]) == (near(credits["i9"]), 0)


def test_what_reuse_saved(account: Account) -> None:
    costs = node_costs(account.usage)
    rows = {
        (row["run_date"], row["node_id"]): row for row in account.rows("rpt_daily_sao_model_savings") if row["project_name"]
    }
    expected: dict[tuple[Any, str], list[int]] = defaultdict(lambda: [0, 0])
    for (_, node_id), cost in costs.items():
        if cost["status"] in (*RAN, "REUSED"):
            expected[cost["start"].date(), node_id][cost["status"] != "REUSED"] += 1
    assert set(rows) == set(expected)
    saved_in_all = 0.0
    for (date, node_id), (reused, executed) in expected.items():
        row = rows[date, node_id]
        past = [
            cost["credits"] for (_, other), cost in costs.items()
            if other == node_id and cost["status"] in RAN and cost["credits"] is not None and cost["start"].date() <= date
        ]  # fmt: skip
        average = sum(past) / len(past)
        spent = sum(
            cost["credits"] or 0 for (_, other), cost in costs.items()
            if other == node_id and cost["status"] in (*RAN, "REUSED") and cost["start"].date() == date
        )  # fmt: skip
        saved_in_all += reused * average
        assert (row["reused_count"], row["executed_count"]) == (reused, executed)
        assert row["reuse_rate_percent"] == near(100 * reused / (reused + executed))
        assert (row["credits_spent"], row["cost_spent_usd"]) == (near(spent), near(2.5 * spent))
        assert row["avg_credits_per_execution"] == near(average)
        assert (row["estimated_credits_saved"], row["estimated_cost_saved_usd"]) == (
            near(reused * average),
            near(2.5 * reused * average),
        )
        assert row["avg_cost_saved_per_reuse_usd"] == (near(2.5 * average) if reused else None)
    (summary,) = [row for row in account.rows("agg_savings_summary") if row["project_name"]]
    reused, executed = (sum(counts[number] for counts in expected.values()) for number in (0, 1))
    assert (summary["reused_count"], summary["executed_count"], summary["models_reused"]) == (reused, executed, 3)
    assert summary["reuse_rate_percent"] == near(100 * reused / (reused + executed))
    assert summary["estimated_credits_saved"] == near(saved_in_all)
    assert summary["avg_cost_saved_per_reuse_usd"] == near(2.5 * saved_in_all / reused)


def test_what_a_restart_did_not_run_again(account: Account) -> None:
    (row,) = account.rows("rpt_restart_savings")
    saved = node_costs(account.usage)["i2", "model.shop.a"]
    assert (row["invocation_id"], row["restart_of"], row["attempt_no"]) == ("i3", "JOB_i2", 2)
    assert (row["nodes_saved"], row["seconds_saved"]) == (1, 80)
    assert (row["credits_saved"], row["cost_saved_usd"]) == (near(saved["credits"]), near(2.5 * saved["credits"]))


def test_it_all_parses_in_both_grammars(account: Account) -> None:
    ours = [sql for sql in account.statements if "create" in sql[:40].lower() and account.project.warehouse.schema in sql]
    assert len(ours) >= 20
    for sql in ours:
        sqlfluff.parse(sql, dialect="snowflake")
        (parsed,) = sqlglot.parse(sql, read="snowflake")
        assert parsed is not None
        assert not isinstance(parsed, sqlglot.exp.Command)


def test_every_model_has_the_columns_that_are_described(account: Account) -> None:
    described = yaml.safe_load((REPOSITORY / "models/cost/_cost.yml").read_text())["models"]
    assert {model["name"] for model in described} == {path.stem for path in (REPOSITORY / "models/cost").glob("*.sql")}
    for model in described:
        rows = account.rows(model["name"])
        assert list(rows[0]) == [column["name"] for column in model["columns"]], model["name"]
        for column in (column["name"] for column in model["columns"] if "unique" in column.get("data_tests", [])):
            assert len({row[column] for row in rows}) == len(rows), model["name"]


def test_without_the_grant_all_is_built_and_one_message_names_it(standin: StandIn, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", Snowflake(standin), {}, level="run")
    assert project.dbt("run-operation", "exec_logger.install").code == 0
    off = project.dbt("run", "--select", "package:exec_logger", "--vars", "{execlog_models: true}")
    assert off.code == 0, off.output
    assert "fct_model_queries" not in off.output
    unreadable = VARS | {"execlog_account_usage": "NOWHERE.ACCOUNT_USAGE"}
    for _ in range(2):
        built = project.dbt("run", "--select", "package:exec_logger", "--vars", json.dumps(unreadable))
        assert built.code == 0, built.output
        grant = "grant imported privileges on database NOWHERE to role R"
        assert built.output.count(grant) == 1
    assert project.warehouse.query("select * from fct_model_queries") == []


def test_execlog_cost_shows_credits(account: Account) -> None:
    arguments = [
        "--project-dir",
        str(account.project.folder),
        "--profiles-dir",
        str(account.project.folder),
        "--json",
        "-n",
        "99",
    ]
    shown = {}
    for by in ("model", "job", "day"):
        result = CliRunner().invoke(command, [*arguments, "--by", by], catch_exceptions=False)
        assert result.stderr == ""
        shown[by] = {row[by]: row for row in json.loads(result.stdout)}
    jobs = {row["job_name"]: row for row in account.rows("rpt_job_cost")}
    assert set(shown["job"]) == set(jobs)
    for name, row in shown["job"].items():
        for field in (
            "runs",
            "failed_runs",
            "seconds",
            "credits",
            "cost_usd",
            "wasted_seconds",
            "wasted_credits",
            "wasted_percent",
        ):
            assert (row[field] or 0) == near(jobs[name][field] or 0), (name, field)
    daily = account.rows("rpt_daily_model_cost")
    for by, key in (("model", "node_id"), ("day", "run_date")):
        for name, row in shown[by].items():
            mine = [one for one in daily if str(one[key]) == name]
            assert row["runs"] == sum(one["runs"] for one in mine)
            assert row["credits"] == near(sum(one["credits"] or 0 for one in mine))


def test_late_queries_change_what_was_shared_out_and_a_second_build_nothing(account: Account) -> None:
    """The last test of the module: it changes the data."""
    before = sorted(account.rows("fct_model_queries"), key=lambda row: row["query_key"])
    again = account.project.dbt(*BUILD)
    assert again.code == 0, again.output
    # dbt-snowflake before 1.12 refuses any other tmp_relation_type for delete+insert
    built = [sql for sql in again.statements if "FCT_MODEL_QUERIES__dbt_tmp" in sql]
    assert built[0].startswith("create or replace temporary table")
    assert sorted(account.rows("fct_model_queries"), key=lambda row: row["query_key"]) == before
    late = account.usage.query("WH_C", DAY + 63.2 * HOUR, 500_000)
    names = list(late)
    run(
        account.standin, f"insert into query_history ({', '.join(names)}) values ({', '.join(literal(late[n]) for n in names)})"
    )
    assert account.project.dbt(*BUILD).code == 0
    test_idle_hours_are_rows_of_their_own(account)
    rows = account.rows("fct_model_queries")
    assert len({row["query_key"] for row in rows}) == len(rows)
    assert sum(row["compute_credits"] for row in rows) == near(truth(account.usage)["billed"])
