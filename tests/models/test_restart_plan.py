"""One rule, two hosts: what `execlog restart` decides in Python, the view restart_plan decides in the warehouse."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from typing import Any

from tests.models.conftest import Viewed


def parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def test_the_view_decides_as_execlog_does(viewed: Viewed) -> None:
    plans = viewed.ask("select * from restart_plan where project_name = 'generated'")
    told = {
        row["job_name"]: (row["decision"], int(row["next_attempt_no"]), row["reason"].split(" more than ")[0]) for row in plans
    }
    expected = {
        scenario.name: (
            scenario.decision.action.value,
            scenario.decision.attempt_no,
            # the view does not say how many hours ago
            scenario.decision.reason.split(", more than ")[0].rsplit(" ", 3)[0]
            if ", more than " in scenario.decision.reason
            else scenario.decision.reason,
        )
        for scenario in viewed.scenarios
    }
    assert told == expected
    assert min(Counter(decision for decision, _, _ in told.values()).values()) > len(told) / 20


def test_the_view_finds_the_remaining_nodes_that_execlog_finds(viewed: Viewed) -> None:
    plans = viewed.ask("select * from restart_plan where project_name = 'generated' and last_status <> 'SUCCESS'")
    found = {row["job_name"]: set(parsed(row["remaining_nodes"]) or ()) for row in plans}
    assert found == {scenario.name: scenario.remaining for scenario in viewed.scenarios if scenario.name in found}
    assert len(found) > len(viewed.scenarios) / 2
    assert all(int(row["remaining_count"]) == len(found[row["job_name"]]) for row in plans)


def test_the_command_line_of_the_view_runs_exactly_what_remains(viewed: Viewed) -> None:
    (row,) = viewed.ask("select * from restart_plan where project_name = 'shop' and job_name = 'build'")
    assert (row["decision"], row["last_job_id"]) == ("SELECTIVE_RETRY", viewed.failed)
    left = {
        "model.shop.dim.v2",
        "model.shop.behind",
        "test.shop.accepted_values_tested_id__1",
    }
    assert {unique_id.removesuffix("." + unique_id.split(".")[-1]) if unique_id.startswith("test.") else unique_id
            for unique_id in parsed(row["remaining_nodes"])} == left  # fmt: skip
    words = shlex.split(row["command_line"])
    assert [word for word in words if word.startswith("--")] == [
        "--full-refresh", "--vars", "--target", "--threads", "--indirect-selection", "--select",
    ]  # fmt: skip
    assert json.loads(words[words.index("--vars") + 1]) == {"day": "it's"}
    listed = viewed.project.dbt(
        "ls", "--quiet", "--output", "json", "--output-keys", "unique_id", *words[words.index("--indirect-selection") :]
    )
    assert listed.code == 0, listed.output
    ran = {json.loads(line)["unique_id"] for line in listed.output.splitlines() if line.startswith("{")}
    # the failed test brings its model
    assert ran == {*parsed(row["remaining_nodes"]), "model.shop.tested"}
