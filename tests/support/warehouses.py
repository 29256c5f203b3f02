"""The three warehouses as the tests reach them: a profile for dbt, and SQL for the assertions."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import psycopg2

from tests.snowflake_standin.client import StandIn

Row = dict[str, Any]


class Warehouse(ABC):
    """One place for a dbt project: a schema of its own, in a database of its own where that is cheap."""

    name: str
    schema: str
    """The target's schema, as SQL may write it without quotes."""

    @abstractmethod
    def output(self) -> Row:
        """The target of profiles.yml."""

    @abstractmethod
    def query(self, sql: str) -> list[Row]:
        """Rows as dicts with lower-case keys."""

    @abstractmethod
    def execute(self, *statements: str) -> None:
        """Runs and commits statements."""


@dataclass
class DuckDB(Warehouse):
    folder: Path
    name = "duckdb"
    schema = "main"

    @property
    def path(self) -> Path:
        return self.folder / "warehouse.duckdb"

    def output(self) -> Row:
        return {"type": "duckdb", "path": str(self.path), "threads": 4}

    def query(self, sql: str) -> list[Row]:
        with duckdb.connect(str(self.path)) as connection:
            return _rows(connection.execute(sql))

    def execute(self, *statements: str) -> None:
        with duckdb.connect(str(self.path)) as connection:
            for statement in statements:
                connection.execute(statement)


@dataclass
class Postgres(Warehouse):
    host: str
    schema: str = field(default_factory=lambda: f"dbt_{uuid4().hex[:12]}")
    name = "postgres"

    def output(self) -> Row:
        return {
            "type": "postgres", "host": self.host, "port": 5432, "user": "postgres", "password": "", "dbname": "postgres",
            "schema": self.schema, "threads": 4,
        }  # fmt: skip

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """In the schema, every statement committed."""
        connection = psycopg2.connect(host=self.host, user="postgres", dbname="postgres")
        try:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(f"set search_path to {self.schema}")
            yield cursor
        finally:
            connection.close()

    def query(self, sql: str) -> list[Row]:
        with self._cursor() as cursor:
            cursor.execute(sql)
            return _rows(cursor)

    def execute(self, *statements: str) -> None:
        with self._cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


@dataclass
class Snowflake(Warehouse):
    """The stand-in: see tests/snowflake_standin/README.md for what it is and is not."""

    standin: StandIn
    schema: str = field(default_factory=lambda: "DBT_" + uuid4().hex[:12].upper())
    name = "snowflake"

    def output(self) -> Row:
        return self.standin.profile(schema=self.schema)

    def query(self, sql: str) -> list[Row]:
        return self.standin.query(sql, schema=self.schema)

    def execute(self, *statements: str) -> None:
        for statement in statements:
            self.standin.query(statement, schema=self.schema)


def _rows(cursor: Any) -> list[Row]:
    if cursor.description is None:
        return []
    names = [re.sub(r"\W", "_", column[0].lower()) for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
