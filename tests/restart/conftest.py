from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.cron import CronProject, template

LINEAGE = {
    "models/stg_orders.sql": "{{ config(materialized='table', tags='hourly') }} select 1 as id",
    "models/dm_reconciliation.sql": "{{ config(tags='nightly') }} select idd as id from {{ ref('stg_orders') }}",
    "models/agg_by_customer.sql": "{{ config(tags='nightly') }} select id from {{ ref('dm_reconciliation') }}",
    "models/unrelated.sql": "select 1 as id",
}
"""The example of seed 004; the one in the middle fails."""
MENDED = "{{ config(tags='nightly') }} select id from {{ ref('stg_orders') }}"


@pytest.fixture(scope="session")
def failed_lineage(tmp_path_factory: pytest.TempPathFactory) -> CronProject:
    return template("lineage", tmp_path_factory, LINEAGE)


@pytest.fixture
def lineage(failed_lineage: CronProject, tmp_path: Path) -> CronProject:
    """LINEAGE after one `dbt build`, which failed."""
    return failed_lineage.copy(tmp_path / "project")
