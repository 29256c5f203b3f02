"""CREATE PROCEDURE of a Snowflake Scripting body, and the arguments of a CALL."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from .binds import Value
from .catalog import Reader
from .errors import SqlError, not_emulated
from .script_parser import Block, parse_block
from .tokens import Token, significant_tokens

CREATE = re.compile(r"\s*create\s+(or\s+replace\s+)?procedure\b", re.IGNORECASE)
CALL = re.compile(r"\s*call\b", re.IGNORECASE)


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str
    default: str | None


@dataclass(frozen=True)
class Procedure:
    name: str
    parameters: tuple[Parameter, ...]
    body: Block


def parse_create(sql: str, database: str | None, schema: str | None) -> tuple[str, Procedure]:
    """Full name and procedure. The body is parsed at once, as Snowflake does."""
    reader = Reader(significant_tokens(sql))
    reader.expect("CREATE")
    reader.skip("OR", "REPLACE")
    reader.expect("PROCEDURE")
    full_name = reader.name(database, schema)
    reader.expect("(")
    parameters = []
    while not reader.skip(")"):
        parameters.append(_parameter(sql, reader))
        reader.skip(",")
    reader.expect("RETURNS")
    reader.until("LANGUAGE")
    reader.expect("LANGUAGE")
    if not reader.skip("SQL"):
        raise not_emulated(f"a procedure in {reader.text}, only SQL")
    caller = False
    while not reader.skip("AS"):
        if reader.skip("COMMENT", "="):
            reader.string()
        else:
            reader.expect("EXECUTE", "AS")
            caller = reader.word == "CALLER"
            reader.take()
    body = parse_block(reader.string())
    if reader.text:
        raise reader.unexpected()
    if not caller:
        raise not_emulated("a procedure with its owner's rights, only EXECUTE AS CALLER")
    return full_name, Procedure(full_name.rpartition(".")[2], tuple(parameters), body)


def _parameter(sql: str, reader: Reader) -> Parameter:
    name = reader.take()
    kind = _text(sql, reader.until("DEFAULT", ",", ")"))
    default = _text(sql, reader.until(",", ")")) if reader.skip("DEFAULT") else None
    if not name.word or not kind:
        raise reader.unexpected()
    return Parameter(name.word, kind, default)


def parse_call(sql: str, database: str | None, schema: str | None) -> tuple[str, list[str], dict[str, str]]:
    """Full name, positional and named arguments, as SQL."""
    reader = Reader(significant_tokens(sql))
    reader.expect("CALL")
    full_name = reader.name(database, schema)
    reader.expect("(")
    positional: list[str] = []
    named: dict[str, str] = {}
    while not reader.skip(")"):
        found = reader.until(",", ")")
        if len(found) > 2 and found[1].text == "=>":
            named[found[0].word] = _text(sql, found[2:])
        elif named:
            raise SqlError(1003, "42000", "SQL compilation error:\npositional argument follows a named one.")
        else:
            positional.append(_text(sql, found))
        reader.skip(",")
    if reader.text:
        raise reader.unexpected()
    return full_name, positional, named


def bind_arguments(
    procedure: Procedure, positional: list[str], named: dict[str, str], evaluate: Callable[[str], Value]
) -> dict[str, Value]:
    """The values of all parameters; `evaluate` is for an SQL expression."""
    given = {parameter.name: text for parameter, text in zip(procedure.parameters, positional, strict=False)}
    known = {parameter.name: parameter for parameter in procedure.parameters}
    missing = [name for name, parameter in known.items() if parameter.default is None and name not in {**given, **named}]
    if len(positional) > len(known) or set(named) - set(known) or set(named) & set(given) or missing:
        raise SqlError(2141, "42601", f"SQL compilation error:\nInvalid argument types for function '{procedure.name}'")
    given |= named
    return {
        name: evaluate(f"cast({given.get(name, parameter.default)} as {parameter.type})") for name, parameter in known.items()
    }


def _text(sql: str, found: list[Token]) -> str:
    return sql[found[0].start : found[-1].end] if found else ""
