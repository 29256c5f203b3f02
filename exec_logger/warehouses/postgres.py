"""PostgreSQL, as dbt-postgres reaches it (dbt.adapters.postgres.connections)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exec_logger.errors import ExecLogError
from exec_logger.place import Kind, identifier
from exec_logger.profile import Target
from exec_logger.redact import one_line
from exec_logger.warehouses.base import Warehouse
from exec_logger.warehouses.drivers import driver

UNDEFINED_TABLE, UNDEFINED_COLUMN, INVALID_SCHEMA, INSUFFICIENT_PRIVILEGE = "42P01", "42703", "3F000", "42501"
OPTIONAL = ("sslmode", "sslcert", "sslkey", "sslrootcert", "keepalives_idle")


class Postgres(Warehouse):
    kind: Kind = "postgres"

    def _is_missing(self, error: Exception) -> bool:
        return getattr(error, "pgcode", None) in (UNDEFINED_TABLE, INVALID_SCHEMA)

    def _lacks_column(self, error: Exception) -> bool:
        return getattr(error, "pgcode", None) == UNDEFINED_COLUMN

    def _is_denied(self, error: Exception) -> bool:
        return getattr(error, "pgcode", None) == INSUFFICIENT_PRIVILEGE

    def _role(self) -> str:
        return str(self._credentials.get("role") or self._credentials["user"])


def connect(target: Target, *, read_only: bool) -> Postgres:
    psycopg2 = driver("psycopg2", "postgres")
    credentials = target.credentials
    try:
        connection = psycopg2.connect(**connection_arguments(credentials))
        connection.set_session(autocommit=True, readonly=read_only)
        extras = driver("psycopg2.extras", "postgres")
        extras.register_default_json(connection, loads=str)
        extras.register_default_jsonb(connection, loads=str)
        if credentials.get("role"):
            connection.cursor().execute(f"set role {identifier(str(credentials['role']), quote=False)}")
    except psycopg2.Error as error:
        place = f"{credentials['database']} at {credentials['host']} as {credentials['user']}"
        raise ExecLogError(f"cannot connect to PostgreSQL ({place}): {one_line(error, credentials)}.") from error
    return Postgres(target, connection, psycopg2.Error)


def connection_arguments(credentials: Mapping[str, Any]) -> dict[str, Any]:
    """What psycopg2.connect gets."""
    arguments = {
        "host": credentials["host"],
        "port": credentials.get("port", 5432),
        "user": credentials["user"],
        "password": credentials.get("password"),
        "dbname": credentials["database"],
        "connect_timeout": credentials.get("connect_timeout", 10),
        "application_name": "execlog",
        **{name: credentials[name] for name in OPTIONAL if credentials.get(name)},
    }
    if credentials.get("search_path"):
        arguments["options"] = "-c search_path=" + credentials["search_path"].replace(" ", "\\ ")
    return arguments
