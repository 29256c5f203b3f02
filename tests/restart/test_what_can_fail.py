"""One `dbt build` in which a seed, a snapshot, a model, a data test and a unit test fail, and its restart."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.cron import CronProject, Ended, shorts, template
from tests.support.warehouses import Row

pytestmark = pytest.mark.xdist_group("restart_what_can_fail")

SNAPSHOT = """
{% snapshot order_history %}
{{ config(target_schema=target.schema, unique_key='id', strategy='check', check_cols='all') }}
select COLUMN as id from {{ ref('stg_orders') }}
{% endsnapshot %}
"""
FILES = {
    "seeds/orders.csv": "id\n1\n2\n",
    "seeds/rates.csv": "rate\nx\n",
    "seeds/schema.yml": "seeds: [{name: rates, config: {column_types: {rate: integer}}}]",
    "models/in_euro.sql": "select rate from {{ ref('rates') }}",
    "models/stg_orders.sql": "select id from {{ ref('orders') }}",
    "models/between.sql": "{{ config(materialized='ephemeral') }} select id from {{ ref('stg_orders') }}",
    "models/reconciliation.sql": "select idd as id from {{ ref('between') }}",
    "models/by_customer.sql": "select id from {{ ref('reconciliation') }}",
    "models/customers.sql": "{{ config(materialized='table') }} select cast(null as integer) as id",
    "models/important_customers.sql": "select id from {{ ref('customers') }}",
    "models/discounts.sql": "select id, id * 2 as discount from {{ ref('stg_orders') }}",
    "snapshots/order_history.sql": SNAPSHOT.replace("COLUMN", "idd"),
    "models/changes.sql": "select id from {{ ref('order_history') }}",
    "models/schema.yml": """
models:
  - {name: stg_orders, columns: [{name: id, data_tests: [unique]}]}
  - {name: customers, columns: [{name: id, data_tests: [not_null, unique]}]}
  - {name: by_customer, columns: [{name: id, data_tests: [not_null]}]}
unit_tests:
  - name: a_discount_is_a_tenth
    model: discounts
    given: [{input: ref('stg_orders'), rows: [{id: 10}]}]
    expect: {rows: [{id: 10, discount: 1}]}
""",
}
MENDED = {
    "seeds/rates.csv": "rate\n1\n",
    "models/reconciliation.sql": "select id from {{ ref('between') }}",
    "models/customers.sql": "{{ config(materialized='table') }} select 1 as id",
    "models/discounts.sql": "select id, cast(id / 10 as integer) as discount from {{ ref('stg_orders') }}",
    "snapshots/order_history.sql": SNAPSHOT.replace("COLUMN", "id"),
}


@dataclass
class Restarted:
    project: CronProject
    before: dict[str, str]
    tests_only: Row
    restart: Ended
    ran: dict[str, str]


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Restarted:
    project = template("what_can_fail", tmp_path_factory, FILES).copy(tmp_path_factory.mktemp("fail") / "project")
    before = project.ran()
    for path, content in MENDED.items():
        project.write(path, content)
    tests_only = project.plan("--tests-only")
    restart = project.restart()
    return Restarted(project, before, tests_only, restart, project.ran())


FAILED = {
    "seed.rates", "snapshot.order_history", "model.reconciliation", "test.not_null_customers_id",
    "unit_test.discounts",
}  # fmt: skip
SKIPPED = {
    "model.in_euro", "model.changes", "model.by_customer", "test.not_null_by_customer_id", "model.important_customers",
    "model.discounts",
}  # fmt: skip
WELL = {
    "seed.orders", "model.stg_orders", "test.unique_stg_orders_id", "model.customers", "test.unique_customers_id",
}  # fmt: skip


def test_the_run_failed_as_it_was_meant_to(restarted: Restarted) -> None:
    by_status: dict[str, set[str]] = {}
    for node, status in restarted.before.items():
        by_status.setdefault(status, set()).add(node)
    assert by_status == {"SUCCESS": WELL, "FAILED": FAILED, "SKIPPED": SKIPPED}


def test_a_restart_runs_what_failed_and_was_skipped_and_the_model_of_the_failed_test(restarted: Restarted) -> None:
    assert restarted.restart.code == 0, restarted.restart
    assert restarted.ran == dict.fromkeys(FAILED | SKIPPED | {"model.customers"}, "SUCCESS")


def test_with_tests_only_a_failed_test_comes_alone(restarted: Restarted) -> None:
    assert set(shorts(restarted.tests_only["nodes"])) == FAILED | SKIPPED


def test_what_execlog_says_is_one_line_each(restarted: Restarted) -> None:
    decided, command = restarted.restart.said
    assert decided == "execlog: SELECTIVE_RETRY: the last run failed and 11 of 16 planned nodes remain."
    assert command.startswith("execlog: /")
    assert restarted.restart.stderr.splitlines() == [decided, command]
    assert "Completed successfully" in restarted.restart.stdout
