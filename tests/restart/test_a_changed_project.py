"""Between the failure and the restart the project changed."""

from __future__ import annotations

from tests.restart.conftest import MENDED
from tests.support.cron import CronProject, shorts

FAILED, BEHIND = "models/dm_reconciliation.sql", "models/agg_by_customer.sql"
FROM_STAGING = "select id from {{ ref('stg_orders') }}"


def delete(project: CronProject, *paths: str) -> None:
    for path in paths:
        (project.folder / path).unlink()


def test_a_failed_model_that_was_renamed_is_run_under_its_new_name(lineage: CronProject) -> None:
    delete(lineage, FAILED)
    lineage.write("models/reconciliation.sql", MENDED)
    lineage.write(BEHIND, "select id from {{ ref('reconciliation') }}")
    restart = lineage.restart()
    assert restart.code == 0, restart
    assert lineage.ran() == {"model.reconciliation": "SUCCESS", "model.agg_by_customer": "SUCCESS"}
    assert restart.said[:3] == [
        "execlog: SELECTIVE_RETRY: the last run failed and 2 of 4 planned nodes remain.",
        "execlog: no longer in the project, so left out: model.shop.dm_reconciliation",
        "execlog: not in the last run's plan, but needed: model.shop.reconciliation",
    ]


def test_a_failed_model_that_was_deleted_is_left_out(lineage: CronProject) -> None:
    delete(lineage, FAILED)
    lineage.write(BEHIND, FROM_STAGING)
    plan = lineage.plan()
    assert (plan["decision"], plan["nodes"]) == ("SELECTIVE_RETRY", ["model.shop.agg_by_customer"])
    assert plan["dropped"] == ["model.shop.dm_reconciliation"]


def test_where_all_that_remained_was_deleted_the_job_is_built_in_full(lineage: CronProject) -> None:
    delete(lineage, FAILED, BEHIND)
    plan = lineage.plan()
    assert (plan["decision"], plan["attempt_no"]) == ("FULL_BUILD", 1)
    assert plan["reason"] == "nothing of what the last run left undone exists any more"
    assert shorts(plan["dropped"]) == ["model.agg_by_customer", "model.dm_reconciliation"]
    assert plan["command"][1:] == ["build"]


def test_a_new_upstream_model_that_the_job_selects_is_run_too(lineage: CronProject) -> None:
    command = ("build", "--select", "tag:nightly")
    assert lineage.dbt(*command).code == 1
    lineage.write("models/rates.sql", "{{ config(tags='nightly') }} select 1 as id")
    lineage.write("models/of_another_job.sql", "{{ config(tags='hourly') }} select 1 as id")
    lineage.write(FAILED, MENDED + " join {{ ref('rates') }} using (id) join {{ ref('of_another_job') }} using (id)")
    plan = lineage.plan("--", *command)
    assert shorts(plan["nodes"]) == ["model.agg_by_customer", "model.dm_reconciliation", "model.rates"]
