"""Results in the form in which Snowflake's server answers them."""

from __future__ import annotations

import uuid
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow  # type: ignore[import-untyped]
from fakesnow.arrow import to_ipc, to_sf
from fakesnow.rowtype import describe_as_rowtype
from fakesnow.statement_type import DML_TYPE_IDS, SELECT

from .binds import Value, literal
from .cursor import StandInCursor

BLOCK_COLUMN = "anonymous block"


@dataclass(frozen=True)
class Result:
    table: Any
    rowtype: list[Any]
    type_id: int
    query_id: str

    def as_data(self) -> dict[str, Any]:
        """The part of the answer's `data` that holds the rows."""
        data = {
            "rowtype": self.rowtype,
            "total": self.table.num_rows,
            "returned": self.table.num_rows,
            "queryId": self.query_id,
            "statementTypeId": self.type_id,
        }
        if self.type_id in DML_TYPE_IDS:
            columns = [column.to_pylist() for column in self.table.columns]
            rowset = [[None if value is None else str(value) for value in row] for row in zip(*columns, strict=True)]
            return {**data, "queryResultFormat": "json", "rowset": rowset}
        arrow = b64encode(to_ipc(to_sf(self.table, self.rowtype))).decode()
        return {**data, "queryResultFormat": "arrow", "rowsetBase64": arrow}


def statement_result(cursor: StandInCursor, type_id: int) -> Result:
    return Result(cursor._arrow_table, describe_as_rowtype(cursor.described()), type_id, str(cursor.sfqid))


def block_result(value: Value, execute: Callable[[str], tuple[StandInCursor, int]], column: str = BLOCK_COLUMN) -> Result:
    """One row, one column: what the block or procedure returned."""
    if value is not None and not isinstance(value, str):
        cursor, _ = execute(f'select {literal(value)} as "{column}"')
        return statement_result(cursor, SELECT)
    table = pyarrow.table({column: pyarrow.array([value], pyarrow.string())})
    rowtype = describe_as_rowtype([(column, "VARCHAR", None, None, None, None)])
    return Result(table, rowtype, SELECT, str(uuid.uuid4()))
