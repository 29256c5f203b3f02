"""DuckDB, as dbt-duckdb opens it (dbt.adapters.duckdb.environments)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from exec_logger.errors import ExecLogError, Exit, NoLogError
from exec_logger.place import Kind
from exec_logger.profile import Target
from exec_logger.redact import one_line
from exec_logger.warehouses.base import Warehouse
from exec_logger.warehouses.drivers import driver
from exec_logger.warehouses.duckdb_attach import attach_sql, find_attachment, secret_sql


class DuckDB(Warehouse):
    kind: Kind = "duckdb"

    def _run(self, sql: str, params: Sequence[object]) -> Any:
        if not params:
            return self._connection.execute(sql)
        return self._connection.execute(re.sub("%[s%]", lambda found: {"%s": "?", "%%": "%"}[found[0]], sql), list(params))

    def _count(self, cursor: Any) -> int:
        rows = cursor.fetchall()
        counted = [column[0] for column in cursor.description or ()] == ["Count"]
        return int(rows[0][0]) if counted and rows else 0

    def _is_missing(self, error: Exception) -> bool:
        return type(error).__name__ == "CatalogException" and "does not exist" in str(error)

    def _lacks_column(self, error: Exception) -> bool:
        return type(error).__name__ == "BinderException" and "column" in str(error)

    def _is_denied(self, error: Exception) -> bool:
        return False

    def _role(self) -> str:
        raise NotImplementedError("DuckDB knows no roles")


def connect(target: Target, *, read_only: bool) -> DuckDB:
    credentials = target.credentials
    attachment = find_attachment(target)
    path = place = str(credentials["path"])
    if path == ":memory:" and not attachment:
        raise ExecLogError(f"the target {target.target_name} keeps its DuckDB in memory: nothing survives. Give it a `path`.")
    duckdb = driver("duckdb", "duckdb")
    try:
        _require_file(path)
        # only a file can be opened to be read alone
        connection = duckdb.connect(path, read_only=read_only and _is_file(path), config=_config(credentials))
        if attachment:
            place = str(attachment["path"])
            _require_file(place)
            for secret in credentials.get("secrets") or []:
                connection.execute(secret_sql(secret))
            connection.execute(attach_sql(attachment, read_only=read_only))
    except duckdb.Error as error:
        raise _problem(place, error, credentials) from error
    return DuckDB(target, connection, duckdb.Error)


def _config(credentials: Mapping[str, Any]) -> dict[str, Any]:
    config = dict(credentials.get("config_options") or {})
    token = credentials.get("motherduck_token") or (credentials.get("settings") or {}).get("motherduck_token")
    return {**config, "motherduck_token": token} if token else config


def _is_file(path: str) -> bool:
    """Not MotherDuck, a DuckLake or an object store; one letter and a colon are a drive."""
    return path != ":memory:" and len(urlparse(path).scheme) <= 1


def _require_file(path: str) -> None:
    """DuckDB would create it."""
    if _is_file(path) and not Path(path).exists():
        raise NoLogError(f"there is no database {path} yet. Run dbt or `execlog install` first.")


def _problem(path: str, error: Exception, credentials: Mapping[str, Any]) -> ExecLogError:
    text = one_line(error, credentials)
    holder = re.search(r"(?:held|open) in (.*?\(PID \d+\))", text)
    if holder or "Could not set lock" in text:
        by = f" by {holder[1]}" if holder else ""
        return ExecLogError(f"the database {path} is locked{by}. Wait for the dbt that holds it to end.", Exit.BUSY)
    if not _is_file(path):  # a path with parameters may carry a token
        shown = re.split("[? ]", path, maxsplit=1)[0]
        path, text = shown, text.replace(path, shown)
    return ExecLogError(f"cannot open {path}: {text}.")
