"""Variables of a block where they stand in SQL: as `:name`, and in expressions also as `name`."""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Mapping

from .errors import SqlError, not_emulated
from .tokens import Token, tokens

Value = object


def bind_variables(sql: str, variables: Mapping[str, Value]) -> str:
    """`sql` with every `:name` replaced by the literal of its value."""
    if ":" not in sql:
        return sql
    return _replaced(sql, variables, bare=False)


def bind_expression(expression: str, variables: Mapping[str, Value]) -> str:
    """Like `bind_variables`; outside of a query a bare `name` is the variable as well."""
    return _replaced(expression, variables, bare=True)


def _replaced(sql: str, variables: Mapping[str, Value], bare: bool) -> str:
    found = list(tokens(sql))
    bare = bare and not any(token.word == "SELECT" for token in found)
    parts: list[str] = []
    index = 0
    while index < len(found):
        token = found[index]
        if _is_bind(found, index):
            name = found[index + 1].word
            if name not in variables:
                raise SqlError(2049, "42601", f"SQL compilation error:\nBind variable :{found[index + 1].text} not set.")
            parts.append(literal(variables[name]))
            index += 2
            continue
        is_variable = bare and token.word in variables and not _is_part_of_name(found, index)
        parts.append(literal(variables[token.word]) if is_variable else token.text)
        index += 1
    return "".join(parts)


def _is_bind(found: list[Token], index: int) -> bool:
    """A colon directly after a name, `)` or `]` begins a path into a VARIANT instead."""
    if found[index].text != ":" or index + 1 == len(found) or not found[index + 1].word:
        return False
    before = found[index - 1] if index else None
    return before is None or not (before.kind in ("word", "quoted") or before.text in (")", "]"))


def _is_part_of_name(found: list[Token], index: int) -> bool:
    before = found[index - 1].text if index else ""
    after = found[index + 1].text if index + 1 < len(found) else ""
    return before in (".", ":", "::") or after in (".", "(")


def literal(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float, decimal.Decimal)):
        return str(value)
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "''")
        return f"'{escaped}'"
    if isinstance(value, datetime.datetime):
        return f"'{value.isoformat(' ')}'::timestamp_{'tz' if value.tzinfo else 'ntz'}"
    if isinstance(value, datetime.date):
        return f"'{value.isoformat()}'::date"
    raise not_emulated(f"a variable with a value of type {type(value).__name__}")
