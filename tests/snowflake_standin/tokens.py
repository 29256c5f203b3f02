"""Snowflake SQL text as tokens: just enough to see where strings, comments and statements end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .errors import SqlError

TOKEN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<comment>--[^\n]*|//[^\n]*|/\*.*?\*/)
  | (?P<string>'[^'\\]*(?:(?:''|\\.)[^'\\]*)*'|\$\$.*?\$\$)
  | (?P<quoted>"[^"]*(?:""[^"]*)*")
  | (?P<variable>\$[A-Za-z_]\w*)
  | (?P<word>[A-Za-z_][\w$]*)
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<mark>:=|::|=>|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def word(self) -> str:
        """The token in upper case when it is a bare word, else nothing."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(sql: str) -> Iterator[Token]:
    """All tokens, whitespace and comments included, so that their texts joined are `sql`."""
    for match in TOKEN.finditer(sql):
        kind = str(match.lastgroup)
        if kind == "mark" and match.group() in ("'", '"'):
            raise syntax_error(sql, match.start(), "an unterminated string")
        yield Token(kind, match.group(), match.start())


def significant_tokens(sql: str) -> list[Token]:
    return [token for token in tokens(sql) if token.kind not in ("space", "comment")]


def syntax_error(sql: str, position: int, unexpected: str) -> SqlError:
    line = sql.count("\n", 0, position) + 1
    column = position - (sql.rfind("\n", 0, position) + 1)
    message = f"SQL compilation error:\nsyntax error line {line} at position {column} unexpected {unexpected}."
    return SqlError(1003, "42000", message)


def string_value(literal: str) -> str:
    """The text that a '…' or $$…$$ literal stands for."""
    if literal.startswith("$$"):
        return literal[2:-2]
    return re.sub(r"''|\\(.)", _unescaped, literal[1:-1], flags=re.DOTALL)


def _unescaped(match: re.Match[str]) -> str:
    if match.group() == "''":
        return "'"
    return {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}.get(match.group(1), match.group(1))
