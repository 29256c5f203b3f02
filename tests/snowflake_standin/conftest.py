from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .client import StandIn


@pytest.fixture(scope="session")
def server() -> Iterator[StandIn]:
    with StandIn.start() as started:
        yield started


@pytest.fixture
def standin(server: StandIn) -> StandIn:
    """An empty stand-in."""
    server.reset()
    return server


@pytest.fixture
def connection(standin: StandIn) -> Iterator[Any]:
    """A client with a table DB.SC.T (A INT, V VARIANT), and an empty statement log."""
    standin.query("create table t (a int, v variant)", schema="SC")
    with standin.connect(schema="SC") as opened:
        yield opened
