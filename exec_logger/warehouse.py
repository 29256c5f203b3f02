"""Opens a session on the warehouse that holds the log. The drivers are imported in connect: Snowflake's takes half a second."""

from __future__ import annotations

from exec_logger.profile import Target
from exec_logger.warehouses import duckdb, postgres, snowflake
from exec_logger.warehouses.base import Warehouse

__all__ = ["Warehouse", "connect"]


def connect(target: Target, *, read_only: bool = False) -> Warehouse:
    """A session of the warehouse's own driver; a context manager that closes it."""
    if target.kind == "snowflake":
        return snowflake.connect(target)
    if target.kind == "postgres":
        return postgres.connect(target, read_only=read_only)
    return duckdb.connect(target, read_only=read_only)
