"""Snowflake, through its own connector."""

from __future__ import annotations

import warnings

from exec_logger.errors import ExecLogError
from exec_logger.place import Kind
from exec_logger.profile import Target
from exec_logger.redact import one_line
from exec_logger.warehouses.base import Warehouse
from exec_logger.warehouses.snowflake_login import connection_arguments, connector

MISSING = (2003, 2043)
"""Object does not exist or not authorized; object does not exist or operation cannot be performed."""
INVALID_IDENTIFIER = 904
DENIED = 3001


class Snowflake(Warehouse):
    kind: Kind = "snowflake"

    def _is_missing(self, error: Exception) -> bool:
        return getattr(error, "errno", None) in MISSING

    def _lacks_column(self, error: Exception) -> bool:
        return getattr(error, "errno", None) == INVALID_IDENTIFIER

    def _is_denied(self, error: Exception) -> bool:
        return getattr(error, "errno", None) == DENIED

    def _role(self) -> str:
        return str(self._connection.role or self._credentials.get("role"))

    def _no_table(self) -> ExecLogError:
        error = super()._no_table()
        doubt = f"(Or the role {self._role()} may not see it: Snowflake does not tell these apart.)"
        return type(error)(f"{error} {doubt}")


def connect(target: Target) -> Snowflake:
    snowflake = connector()
    credentials = target.credentials
    arguments = connection_arguments(credentials)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of insecure_mode
            connection = snowflake.connect(**arguments)
    except snowflake.errors.Error as error:
        place = f"account {credentials.get('account')}, user {credentials.get('user')}"
        raise ExecLogError(f"cannot connect to Snowflake ({place}): {one_line(error, credentials)}.") from error
    return Snowflake(target, connection, snowflake.errors.Error)
