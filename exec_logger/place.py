"""Where the log table stands, and how SQL names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["snowflake", "duckdb", "postgres"]

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")


@dataclass(frozen=True)
class LogPlace:
    """The parts of the table's name as dbt would name them, and which of them dbt quotes (macros/log_table/log_table.sql)."""

    database: str
    schema: str
    table: str
    quoted: frozenset[str] = frozenset()
    """Of database, schema and identifier, dbt's own words in `quoting:`."""

    @property
    def sql(self) -> str:
        """The table, ready for SQL."""
        parts = {"database": self.database, "schema": self.schema, "identifier": self.table}
        return ".".join(_identifier(part, quote=name in self.quoted) for name, part in parts.items())


def log_place(kind: Kind, database: str, schema: str, table: str, quoting: Mapping[str, Any]) -> LogPlace:
    """`quoting` as in dbt_project.yml. The table's name is folded as the warehouse folds what is not quoted."""
    aliases = {"dbname": "database", "project": "database", "dataset": "schema", "table": "identifier"}
    given = {aliases.get(name, name): value for name, value in quoting.items() if isinstance(value, bool)}
    parts = ("database", "schema", "identifier")
    quoted = frozenset(part for part in parts if given.get(part, kind != "snowflake"))
    return LogPlace(database, schema, table.lower() if kind == "postgres" else table.upper(), quoted)


def _identifier(name: str, *, quote: bool) -> str:
    # what dbt leaves unquoted and is no plain word would not be SQL; text that brings its own quotes would
    if not quote and (PLAIN.fullmatch(name) or re.fullmatch(r'"([^"]|"")+"', name)):
        return name
    return '"' + name.replace('"', '""') + '"'
