"""The databases of one life of the stand-in (until the next reset), and connections to them."""

from __future__ import annotations

from typing import Any

from fakesnow.fakes import FakeSnowflakeConnection
from fakesnow.instance import FakeSnow

from .catalog import Catalog
from .cursor import StandInCursor
from .session_variables import SessionVariables


class StandInConnection(FakeSnowflakeConnection):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.variables = SessionVariables()
        self.warehouse: str | None = None
        self.role: str | None = None
        self.last_query_id: str | None = None
        self.drops_at_end: list[str] = []
        self.catalog = Catalog()

    def cursor(self, cursor_class: Any = None) -> StandInCursor:
        return StandInCursor(conn=self, duck_conn=self._duck_conn, use_dict_result=False)

    def answers(self) -> dict[str, str | None]:
        """What the functions about the session say."""
        return {
            "CURRENT_ACCOUNT": "FAKESNOW",
            "CURRENT_WAREHOUSE": self.warehouse,
            "CURRENT_ROLE": self.role,
            "LAST_QUERY_ID": self.last_query_id,
            "SYSTEM$CANCEL_ALL_QUERIES": "0 queries cancelled.",
        }

    def end(self) -> None:
        for drop in self.drops_at_end:
            self.cursor().run(drop)
        self._duck_conn.close()


class StandInSnow(FakeSnow):  # type: ignore[misc]
    """Connecting creates the database, for want of an account to set up; a schema has to be created, as on Snowflake."""

    def __init__(self) -> None:
        super().__init__()
        self.catalog = Catalog()

    def connect(
        self, database: str | None = None, schema: str | None = None, nop_regexes: Any = None, **kwargs: Any
    ) -> StandInConnection:
        connection = StandInConnection(
            self.duck_conn.cursor(), self.results_cache, database, schema, create_database=True, create_schema=False, **kwargs
        )
        connection.catalog = self.catalog
        return connection
