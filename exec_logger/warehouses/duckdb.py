"""DuckDB, as dbt-duckdb opens it (dbt.adapters.duckdb.credentials and environments)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from exec_logger.errors import ExecLogError, Exit
from exec_logger.place import Kind
from exec_logger.profile import Target
from exec_logger.redact import one_line
from exec_logger.warehouses.base import Warehouse
from exec_logger.warehouses.drivers import driver


class DuckDB(Warehouse):
    kind: Kind = "duckdb"

    def _run(self, sql: str, params: Sequence[object]) -> Any:
        if not params:
            return self._connection.execute(sql)
        translated = re.sub("%[s%]", lambda match: "?" if match[0] == "%s" else "%", sql)
        return self._connection.execute(translated, list(params))

    def _count(self, cursor: Any) -> int:
        rows = cursor.fetchall()
        counted = [column[0] for column in cursor.description or ()] == ["Count"]
        return int(rows[0][0]) if counted and rows else 0

    def _is_missing(self, error: Exception) -> bool:
        return type(error).__name__ == "CatalogException" and "does not exist" in str(error)

    def _is_denied(self, error: Exception) -> bool:
        return False

    def _role(self) -> str:
        return "the user"


def connect(target: Target, *, read_only: bool) -> DuckDB:
    path = str(target.credentials["path"])
    if target.log.database == "memory":
        raise ExecLogError(
            f"the target {target.target_name} keeps its DuckDB in memory, and nothing survives there. Give it a `path`."
        )
    _require_file(path)
    duckdb = driver("duckdb", "duckdb")
    DuckDB.errors = duckdb.Error
    try:
        connection = duckdb.connect(path, read_only=read_only and not _is_remote(path), config=_config(target.credentials))
    except duckdb.Error as error:
        raise _connection_problem(path, error, target) from error
    return DuckDB(target, connection)


def _config(credentials: dict[str, Any]) -> dict[str, Any]:
    config = dict(credentials.get("config_options") or {})
    token = credentials.get("motherduck_token") or (credentials.get("settings") or {}).get("motherduck_token")
    return {**config, "motherduck_token": token} if token else config


def _require_file(path: str) -> None:
    """DuckDB would create it."""
    if not _is_remote(path) and not Path(path).exists():
        raise ExecLogError(f"there is no database {path} yet. Run dbt or `execlog install` first.")


def _is_remote(path: str) -> bool:
    """MotherDuck, DuckLake, an object store: one letter and a colon is a drive."""
    return len(urlparse(path).scheme) > 1


def _connection_problem(path: str, error: Exception, target: Target) -> ExecLogError:
    holder = re.search(r"Conflicting lock is held in (.*?)\. See", str(error))
    if holder or "Could not set lock" in str(error):
        by = f" by {holder[1]}" if holder else ""
        return ExecLogError(f"the database {path} is locked{by}. Wait for the dbt that holds it to end.", Exit.BUSY)
    return ExecLogError(f"cannot open {path}: {one_line(error, target.credentials)}.")
