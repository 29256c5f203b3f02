from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from exec_logger.project_nodes import ProjectNode
from exec_logger.records import Job, Node, job_from_row, planned_node
from exec_logger.restart import Action, Decision, LastJob, Policy, Resolved, Undone, decide, remaining, resolve

NOW = datetime(2026, 1, 10, 6)
A, B, C = "model.shop.a", "model.shop.b", "model.shop.c"


def job(status: str = "FAILED", plan: tuple[str, ...] | None = (A, B), **config: Any) -> Job:
    config = {"job_name": "build", "command": "build", **config, **({} if plan is None else {"plan": list(plan)})}
    return job_from_row({"process_step_id": "JOB_1", "execution_status_name": status, "process_config_obj": config})


def node(unique_id: str, status: str) -> Node:
    return replace(planned_node("JOB_1", unique_id), status=status)


def last(of: Job, *nodes: Node, alive: bool = False, hours_ago: float = 1) -> LastJob:
    return LastJob(of, nodes, alive, NOW - timedelta(hours=hours_ago))


DECISIONS: dict[str, tuple[LastJob | None, Decision]] = {
    "no run yet": (None, Decision(Action.FULL_BUILD, "no run of this job is logged yet", 1)),
    "success": (last(job("SUCCESS")), Decision(Action.FULL_BUILD, "the last run succeeded", 1)),
    "running": (
        last(job("RUNNING", attempt_no=2), alive=True),
        Decision(Action.BUSY, "the last run JOB_1 is still running", 2),
    ),
    "dead": (
        last(job("RUNNING"), node(A, "SUCCESS")),
        Decision(Action.SELECTIVE_RETRY, "the last run died and 1 of 2 planned nodes remain", 2),
    ),
    "failed": (
        last(job(), node(A, "FAILED"), node(B, "SKIPPED")),
        Decision(Action.SELECTIVE_RETRY, "the last run failed and 2 of 2 planned nodes remain", 2),
    ),
    "failed exactly a day ago": (
        last(job(), hours_ago=24),
        Decision(Action.SELECTIVE_RETRY, "the last run failed and 2 of 2 planned nodes remain", 2),
    ),
    "failed longer ago": (
        last(job(), hours_ago=25),
        Decision(Action.FULL_BUILD, "the last run failed 25 h ago, more than 24 h", 1),
    ),
    "the third retry": (
        last(job(attempt_no=3)),
        Decision(Action.SELECTIVE_RETRY, "the last run failed and 2 of 2 planned nodes remain", 4),
    ),
    "after the third retry": (
        last(job(attempt_no=4)),
        Decision(Action.FULL_BUILD, "the last run failed and it was retry 3 of 3", 1),
    ),
    "nothing remains": (
        last(job(), node(A, "SUCCESS"), node(B, "WARNING")),
        Decision(Action.FULL_BUILD, "the last run failed but nothing of its plan remains", 1),
    ),
    "no plan, and dead": (
        last(job("RUNNING", plan=None), node(B, "FAILED")),
        Decision(Action.FULL_BUILD, "the last run died and the log does not know all that it was to run", 1),
    ),
    "no plan": (
        last(job(plan=None), node(A, "SUCCESS"), node(B, "FAILED")),
        Decision(Action.SELECTIVE_RETRY, "the last run failed and 1 failed nodes remain", 2),
    ),
}


@pytest.mark.parametrize("case", DECISIONS)
def test_the_decision_table(case: str) -> None:
    of, expected = DECISIONS[case]
    assert decide(of, NOW, Policy()) == expected


@pytest.mark.parametrize("case", [case for case, (_, expected) in DECISIONS.items() if expected.action is Action.FULL_BUILD])
def test_without_full_builds_there_is_nothing_to_restart(case: str) -> None:
    of, expected = DECISIONS[case]
    assert decide(of, NOW, Policy(full_build=False)) == Decision(Action.NOTHING, f"nothing to restart: {expected.reason}", 1)


def test_the_limits_are_the_policy_s() -> None:
    assert decide(last(job(), hours_ago=2), NOW, Policy(max_age=timedelta(hours=1))).action is Action.FULL_BUILD
    assert decide(last(job(), hours_ago=0), NOW, Policy(max_retries=0)).action is Action.FULL_BUILD


STATUSES = ["SUCCESS", "WARNING", "REUSED", "FAILED", "SKIPPED", "PARTIAL_SUCCESS", "RUNNING"]


@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.dictionaries(st.sampled_from([f"model.shop.m{i}" for i in range(12)]), st.sampled_from([*STATUSES, None])))
def test_what_remains_is_the_plan_without_what_ended_well(plan: dict[str, str | None]) -> None:
    rows = [node(unique_id, status) for unique_id, status in plan.items() if status]
    well = {unique_id for unique_id, status in plan.items() if status in ("SUCCESS", "WARNING", "REUSED")}
    left = remaining(job(plan=tuple(plan)), rows)
    assert set(left) == set(plan) - well
    assert len(left) == len(set(left))


def test_what_dbt_does_not_run_never_remains() -> None:
    plan = (A, "source.shop.raw.x", "exposure.shop.e", "metric.shop.m", "model.shop.eph")
    of = job(plan=plan, ephemeral=["model.shop.eph"])
    assert remaining(of, []) == (A,)
    assert remaining(of, [node("model.shop.eph", "SKIPPED")]) == (A,)


def test_a_failed_unit_test_remains_though_dbt_keeps_it_out_of_its_plan() -> None:
    rows = [node(A, "SKIPPED"), node("unit_test.shop.a.u", "FAILED"), node("unit_test.shop.a.v", "SUCCESS")]
    assert remaining(job(plan=(A,)), rows) == (A, "unit_test.shop.a.u")


def test_rows_of_the_old_format_remain_by_name() -> None:
    rows = [replace(node(A, "FAILED"), unique_id=None, name="a"), replace(node(B, "SUCCESS"), unique_id=None, name="b")]
    assert remaining(job(plan=None), rows) == ("a",)


def model(unique_id: str, *parents: str, kind: str = "model") -> ProjectNode:
    name = unique_id.split(".")[2]
    return ProjectNode(unique_id, kind, name, ("shop", name), parents)


T = "test.shop.t.1"
UNDONE: dict[str, Any] = {"command": "build", "failed": (), "done": (), "first_plan": None}
PROJECT = [model(A), model(B, A), model(C, B), model(T, A, kind="test"), model("unit_test.shop.c.u", C, kind="unit_test")]


def resolved(of: Job, left: tuple[str, ...], **how: Any) -> Resolved:
    about = {name: how.pop(name, default) for name, default in UNDONE.items()}
    return resolve(Undone(plan=of.plan, left=left, **about), PROJECT, **how)


def test_nodes_that_are_gone_are_dropped() -> None:
    assert resolved(job(), ("model.shop.gone", B)) == Resolved((B,), ("model.shop.gone",))


def test_a_failed_test_brings_the_model_that_it_tests() -> None:
    of = job(plan=(A, T))
    assert resolved(of, (T,), failed={T}).nodes == (T, A)
    assert resolved(of, (T,), failed={T}, tests_only=True).nodes == (T,)


def test_a_failed_test_brings_models_that_an_earlier_run_of_the_chain_planned() -> None:
    assert resolved(job(plan=(T,)), (T,), failed={T}, first_plan=(A, T)).nodes == (T, A)
    assert resolved(job(plan=(T,)), (T,), failed={T}, done={A}).nodes == (T, A)


def test_a_test_that_did_not_run_brings_nothing() -> None:
    assert resolved(job(plan=(A, T)), (T,)).nodes == (T,)


def test_a_failed_test_brings_no_model_that_was_not_planned_or_cannot_run() -> None:
    assert resolved(job(plan=(T,)), (T,), failed={T}).nodes == (T,)
    assert resolved(job(plan=(A, T)), (T,), failed={T}, command="test").nodes == (T,)


def test_a_new_parent_of_what_remains_is_run_too() -> None:
    of = job(plan=(B,))
    assert resolved(of, (B,), first_plan=(B,)) == Resolved((B, A), (), (A,))
    assert resolved(of, (B,), first_plan=(B,), selected_now={B}) == Resolved((B,), ())
    assert resolved(of, (B,), first_plan=(A, B)) == Resolved((B,), ())
    assert resolved(of, (B,)) == Resolved((B,), ())


def test_a_remaining_model_brings_the_unit_tests_that_have_not_passed() -> None:
    of = job(plan=(C,))
    assert resolved(of, (C,)) == Resolved((C, "unit_test.shop.c.u"), (), ("unit_test.shop.c.u",))
    assert resolved(of, (C,), done={"unit_test.shop.c.u"}) == Resolved((C,), ())


def test_without_a_plan_all_that_depends_on_what_failed_is_run() -> None:
    assert resolved(job(plan=None), ("a",)).nodes == (A, B, T, C, "unit_test.shop.c.u")
    assert resolved(job(plan=None), (A,), command="run").nodes == (A, B, C)
