"""Where the log table stands, and how SQL names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal
from urllib.parse import urlparse

Kind = Literal["snowflake", "duckdb", "postgres"]

PARTS = ("database", "schema", "identifier")
"""dbt's own words in `quoting:`."""
ALIASES = {"dbname": "database"}
SQL_WORD = re.compile(r'[A-Za-z_][A-Za-z0-9_$]*|"([^"]|"")+"')


@dataclass(frozen=True)
class LogPlace:
    """The parts of the table's name as dbt would name them, and which of PARTS dbt quotes (macros/log_table/log_table.sql)."""

    database: str
    schema: str
    table: str
    quoted: frozenset[str] = frozenset()

    @property
    def sql(self) -> str:
        """The table, ready for SQL."""
        names = zip(PARTS, (self.database, self.schema, self.table), strict=True)
        return ".".join(identifier(name, quote=part in self.quoted) for part, name in names)


def log_place(kind: Kind, database: str, schema: str, table: str, quoting: Mapping[str, Any]) -> LogPlace:
    """`quoting` as in dbt_project.yml. The table's name is folded as the warehouse folds what is not quoted."""
    given = {ALIASES.get(part, part): value for part, value in quoting.items() if isinstance(value, bool)}
    quoted = frozenset(part for part in PARTS if given.get(part, kind != "snowflake"))
    return LogPlace(database, schema, table.lower() if kind == "postgres" else table.upper(), quoted)


def duckdb_name(path: str) -> str:
    """The database name that DuckDB gives a path (dbt-duckdb: DuckDBCredentials.path_derived_database_name)."""
    if path == ":memory:":
        return "memory"
    url = urlparse(path)
    file = PurePath(url.path).name
    if url.scheme in ("md", "motherduck"):
        return PurePath(file).stem or "my_db"
    if url.scheme == "ducklake":
        return urlparse(PurePath(file).stem).path
    return file.lstrip(".").split(".")[0]


def identifier(name: str, *, quote: bool) -> str:
    """The name for SQL. One that is no word is quoted in any case: unquoted it would not be SQL."""
    if not quote and SQL_WORD.fullmatch(name):
        return name
    return '"' + name.replace('"', '""') + '"'
