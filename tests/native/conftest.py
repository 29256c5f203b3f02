from __future__ import annotations

import pytest

from tests.native.shop import Shop
from tests.snowflake_standin.client import StandIn

VARS = '{note: "it\'s $$ odd"}'


@pytest.fixture(scope="package")
def shop(standin: StandIn, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Installed by the CLI, with a task, and nothing run yet."""
    shop = Shop.make(standin, tmp_path_factory.mktemp("native"))
    native = ["--native", "--dbt-project", shop.object, "--task", "nightly", "--schedule", "USING CRON 0 6 * * * UTC"]
    installed = shop.execlog("install", *native, "--", "build", "--vars", VARS)
    assert installed.returncode == 0, installed.stderr
    return shop
