"""What an account holds besides tables: procedures, tasks and dbt projects, by their full names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import SqlError
from .tokens import Token, string_value

if TYPE_CHECKING:
    from .dbt_projects import DbtProject, DbtRun
    from .procedures import Procedure
    from .tasks import Task


@dataclass
class Catalog:
    procedures: dict[str, Procedure] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    dbt_projects: dict[str, DbtProject] = field(default_factory=dict)
    dbt_runs: list[DbtRun] = field(default_factory=list)


class Reader:
    """Reads a statement's significant tokens from left to right."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found[:-1] if found and found[-1].text == ";" else found
        self.at = 0

    @property
    def text(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    @property
    def word(self) -> str:
        return self.tokens[self.at].word if self.at < len(self.tokens) else ""

    def take(self) -> Token:
        if self.at == len(self.tokens):
            raise self.unexpected()
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, *texts: str) -> bool:
        """Whether the next tokens are these, bare words in upper case; if so, they are taken."""
        following = [token.word or token.text for token in self.tokens[self.at : self.at + len(texts)]]
        if following != list(texts):
            return False
        self.at += len(texts)
        return True

    def expect(self, *texts: str) -> None:
        if not self.skip(*texts):
            raise self.unexpected()

    def string(self) -> str:
        token = self.take()
        if token.kind != "string":
            self.at -= 1
            raise self.unexpected()
        return string_value(token.text)

    def until(self, *ends: str) -> list[Token]:
        """The tokens up to one of `ends` outside of parentheses, or to the end."""
        first, depth = self.at, 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if depth == 0 and (token.word or token.text) in ends:
                break
            depth += {"(": 1, ")": -1}.get(token.text, 0)
            self.at += 1
        return self.tokens[first : self.at]

    def name(self, database: str | None, schema: str | None) -> str:
        """The full name of an object; unquoted parts in upper case."""
        parts = [self._part()]
        while self.skip("."):
            parts.append(self._part())
        return ".".join([*[part or "" for part in (database, schema)][: 3 - len(parts)], *parts])

    def _part(self) -> str:
        token = self.take()
        if token.kind not in ("word", "quoted"):
            self.at -= 1
            raise self.unexpected()
        return token.word or token.text[1:-1].replace('""', '"')

    def unexpected(self) -> SqlError:
        text = f"'{self.text[:40]}'" if self.text else "'<EOF>'"
        return SqlError(1003, "42000", f"SQL compilation error:\nsyntax error unexpected {text}.")


def missing(kind: str, name: str) -> SqlError:
    return SqlError(2003, "02000", f"SQL compilation error:\n{kind} '{name}' does not exist or not authorized.")
