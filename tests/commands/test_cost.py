"""execlog cost."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime, timezone

import pytest

from exec_logger.commands.cost import FIELDS, command
from exec_logger.costs import Spent, ordered, summed
from tests.conftest import WAREHOUSES
from tests.support.history import History, history_on


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.xdist_group(f"history-{name}")) for name in WAREHOUSES])
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> History:
    return history_on(request.param, request, tmp_path_factory)


def nodes(history: History) -> list[tuple[str, str, str, float]]:
    """Job, node, status and seconds of all that ran."""
    return [
        (row["parent_step_id"], step["unique_id"], row["execution_status_name"], step["execution_time_seconds"])
        for row in history.rows()
        if (step := row["step_execution_obj"])
        and row["parent_step_id"]
        and row["execution_status_name"] in ("SUCCESS", "FAILED")
    ]


def test_without_credits_the_seconds_of_each_model_are_shown(history: History) -> None:
    result = history.execlog(command, "--json")
    assert "seconds" in result.stderr
    rows = {row["model"]: row for row in json.loads(result.stdout)}
    expected: dict[str, list[float]] = {}
    for _, unique_id, _, seconds in nodes(history):
        expected.setdefault(unique_id, []).append(seconds)
    assert {name: (row["runs"], row["credits"]) for name, row in rows.items()} == {
        name: (len(seconds), None) for name, seconds in expected.items()
    }
    for name, row in rows.items():
        assert row["seconds"] == pytest.approx(sum(expected[name]))
    assert (rows["model.shop.broken"]["wasted_percent"], rows["model.shop.done"]["wasted_percent"]) == (100, 0)


def test_a_job_counts_its_runs_and_what_failed_ones_wasted(history: History) -> None:
    rows = {row["job"]: row for row in json.loads(history.execlog(command, "--by", "job", "--json").stdout)}
    assert {name: (row["runs"], row["failed_runs"], row["wasted_percent"]) for name, row in rows.items()} == {
        "build": (1, 1, 100),
        "run --select done": (1, 0, 0),
    }
    failed = sum(seconds for job, _, _, seconds in nodes(history) if job == history.failed)
    assert rows["build"]["seconds"] == pytest.approx(failed)


def test_a_day_sums_up_all_of_it_and_csv_has_the_same_fields(history: History) -> None:
    rows = list(csv.DictReader(io.StringIO(history.execlog(command, "--by", "day", "--csv").stdout)))
    assert list(rows[0]) == ["day", *FIELDS]
    assert sum(float(row["seconds"]) for row in rows) == pytest.approx(sum(seconds for *_, seconds in nodes(history)))


def test_a_table_shows_twenty_and_json_all_of_them(history: History) -> None:
    table = history.copy("1 = 0")
    for number in range(25):
        history.insert(
            table, process_step_id=f"N{number}", parent_step_id="JOB_1", record_type="MODEL", execution_status_name="SUCCESS",
            execution_start_tmstp=datetime.now(timezone.utc).replace(tzinfo=None), deleted_ind="N",
            step_execution_obj={"unique_id": f"model.shop.m{number}", "execution_time_seconds": number},
        )  # fmt: skip
    assert len(history.execlog(command, table=table).stdout.splitlines()) == 21
    assert len(history.execlog(command, "-n", "7", table=table).stdout.splitlines()) == 8
    assert len(json.loads(history.execlog(command, "--json", table=table).stdout)) == 25


def test_a_terminal_is_told_when_nothing_ran(history: History) -> None:
    result = history.execlog(command, table=history.copy("1 = 0"))
    assert result.stdout == ""
    assert result.stderr.endswith("Nothing ran in the last 30 days.\n")


def test_the_dearest_comes_first_and_what_is_unknown_stays_unknown() -> None:
    cheap, dear, unknown = Spent("cheap", 1, 0, 9.0, 1.0, 2.0), Spent("dear", 1, 0, 1.0, 2.0, 4.0), Spent("unknown", 1, 1, 5.0)
    assert [one.name for one in ordered([unknown, cheap, dear], "model")] == ["dear", "cheap", "unknown"]
    (both,) = summed([dear, Spent("dear", 2, 1, 3.0, None, None, 3.0)])
    assert both == Spent("dear", 3, 1, 4.0, 2.0, 4.0, 3.0, None)
    assert Spent("none", 0, 0, 0.0).wasted_percent is None
