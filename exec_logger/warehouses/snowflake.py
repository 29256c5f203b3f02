"""Snowflake, as dbt-snowflake reaches it."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from exec_logger.errors import ExecLogError
from exec_logger.place import Kind
from exec_logger.profile import Target
from exec_logger.redact import one_line
from exec_logger.warehouses.base import Warehouse
from exec_logger.warehouses.drivers import driver
from exec_logger.warehouses.snowflake_login import connection_arguments

MISSING = (2003, 2043)
"""Object does not exist or not authorized; object does not exist or operation cannot be performed."""
DENIED = 3001


class Snowflake(Warehouse):
    kind: Kind = "snowflake"

    def _run(self, sql: str, params: Sequence[object]) -> Any:
        cursor = self._connection.cursor()
        cursor.execute(sql, tuple(params) or None)
        return cursor

    def _count(self, cursor: Any) -> int:
        return max(int(cursor.rowcount or 0), 0)

    def _is_missing(self, error: Exception) -> bool:
        return getattr(error, "errno", None) in MISSING

    def _is_denied(self, error: Exception) -> bool:
        return getattr(error, "errno", None) == DENIED

    def _role(self) -> str:
        return f"the role {self._connection.role or self._target.credentials.get('role')}"


def connect(target: Target) -> Snowflake:
    snowflake = _connector()
    credentials = target.credentials
    Snowflake.errors = snowflake.errors.Error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # insecure_mode
            connection = snowflake.connect(**connection_arguments(credentials))
    except snowflake.errors.Error as error:
        place = f"account {credentials.get('account')}, as {credentials.get('user')}"
        raise ExecLogError(f"cannot connect to Snowflake ({place}): {one_line(error, credentials)}.") from error
    return Snowflake(target, connection)


def read_connection(name: str) -> Mapping[str, Any]:
    """A connection of connections.toml (or config.toml), where the connector itself looks for them."""
    _connector()
    manager = driver("snowflake.connector.config_manager", "snowflake").CONFIG_MANAGER
    try:
        connections = manager["connections"]
    except Exception as error:
        raise ExecLogError(f"cannot read the connector's connections.toml ({type(error).__name__}). Mend it.") from error
    if name not in connections:
        known = ", ".join(connections) or "none"
        raise ExecLogError(f"connections.toml has no connection {name}. Its connections: {known}.")
    found: dict[str, Any] = dict(connections[name].unwrap())
    return found


def _connector() -> Any:
    # what it has to say comes as an exception too
    logging.getLogger("snowflake.connector").setLevel(logging.CRITICAL)
    return driver("snowflake.connector", "snowflake")
