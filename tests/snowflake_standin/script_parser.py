"""The small part of Snowflake Scripting that the package uses, as a tree. Everything else is refused with a clear error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from .errors import SqlError, not_emulated
from .tokens import Token, significant_tokens, string_value, syntax_error

SQL_STARTS = frozenset(
    re.findall(
        r"\w+",
        """ALTER BEGIN COMMENT COMMIT CREATE DELETE DESC DESCRIBE DROP GRANT INSERT MERGE REVOKE ROLLBACK SELECT SET SHOW START
        TRUNCATE UNDROP UNSET UPDATE USE WITH""",
    )
)
NOT_EMULATED_STARTS = frozenset(
    re.findall(
        r"\w+",
        """ASYNC AWAIT BREAK CALL CANCEL CASE CLOSE CONTINUE EXIT FETCH FOR LOOP OPEN REPEAT WHILE""",
    )
)


@dataclass(frozen=True)
class Sql:
    text: str


@dataclass(frozen=True)
class SelectInto:
    text: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Declare:
    name: str
    type: str
    expression: str


@dataclass(frozen=True)
class DeclareException:
    name: str
    code: int
    message: str


@dataclass(frozen=True)
class Raise:
    name: str
    """Empty in a handler: what it caught."""


@dataclass(frozen=True)
class If:
    branches: tuple[tuple[str | None, tuple[Statement, ...]], ...]
    """Condition and statements; ELSE has no condition."""


@dataclass(frozen=True)
class ExecuteImmediate:
    expression: str


@dataclass(frozen=True)
class Assign:
    name: str
    expression: str


@dataclass(frozen=True)
class Return:
    expression: str


@dataclass(frozen=True)
class Null:
    pass


@dataclass(frozen=True)
class Block:
    declarations: tuple[Declare | DeclareException, ...]
    body: tuple[Statement, ...]
    handler: tuple[Statement, ...] | None


Statement: TypeAlias = (
    "Sql | SelectInto | Declare | DeclareException | Assign | If | Raise | ExecuteImmediate | Return | Null | Block"
)


def is_block(text: str) -> bool:
    """Whether the text of an EXECUTE IMMEDIATE is a block, not a plain statement."""
    found = significant_tokens(text)
    return bool(found) and (found[0].word == "DECLARE" or _opens_block(found, 0))


def parse_block(text: str) -> Block:
    """Raises SqlError for a syntax error and for what is not emulated."""
    return _Parser(text).whole_block()


def _opens_block(found: list[Token], index: int) -> bool:
    after = found[index + 1] if index + 1 < len(found) else None
    if found[index].word != "BEGIN" or after is None:
        return False
    return after.text != ";" and after.word not in ("TRANSACTION", "WORK", "NAME")


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = significant_tokens(text)
        self.at = 0

    def whole_block(self) -> Block:
        block = self.block()
        self.skip(";")
        if self.at < len(self.tokens):
            raise self.unexpected()
        return block

    def block(self) -> Block:
        declarations: list[Declare | DeclareException] = []
        if self.skip_word("DECLARE"):
            while self.word() != "BEGIN":
                declarations.append(self.declaration())
        self.expect_word("BEGIN")
        body = self.statements()
        handler = self.handler() if self.skip_word("EXCEPTION") else None
        self.expect_word("END")
        return Block(tuple(declarations), body, handler)

    def handler(self) -> tuple[Statement, ...]:
        self.expect_word("WHEN")
        if self.word() != "OTHER":
            raise not_emulated(f"WHEN {self.word()} in an exception handler, only WHEN OTHER")
        self.at += 1
        self.expect_word("THEN")
        return self.statements()

    def statements(self, *ends: str) -> tuple[Statement, ...]:
        """One or more statements, each with its semicolon, up to EXCEPTION, END or one of `ends`."""
        found: list[Statement] = []
        while not found or self.word() not in ("EXCEPTION", "END", *ends):
            if self.word() == "WHEN":
                raise not_emulated("more than one WHEN in an exception handler")
            found.append(self.statement())
        return tuple(found)

    def statement(self) -> Statement:  # noqa: PLR0911 (a table of cases)
        word = self.word()
        if word == "DECLARE" or (word and _opens_block(self.tokens, self.at)):
            block = self.block()
            self.expect(";")
            return block
        if self.skip_word("LET"):
            return self.declaration()
        if self.peek(1) == ":=":
            name = self.name()
            self.expect(":=")
            return Assign(name, self.rest())
        if self.skip_word("RETURN"):
            return Return(self.rest())
        if self.skip_word("IF"):
            return self.conditional()
        if self.skip_word("RAISE"):
            return Raise(self.rest().upper() if self.peek(0) != ";" else self.nothing())
        if self.skip_word("EXECUTE"):
            self.expect_word("IMMEDIATE")
            return ExecuteImmediate(self.rest())
        if word == "NULL" and self.peek(1) == ";":
            self.at += 2
            return Null()
        if word in NOT_EMULATED_STARTS:
            raise not_emulated(f"{word} in a block")
        if word not in SQL_STARTS:
            raise self.unexpected()
        return self.sql()

    def conditional(self) -> If:
        branches: list[tuple[str | None, tuple[Statement, ...]]] = [(self.condition(), self.statements("ELSEIF", "ELSE"))]
        while self.skip_word("ELSEIF"):
            branches.append((self.condition(), self.statements("ELSEIF", "ELSE")))
        if self.skip_word("ELSE"):
            branches.append((None, self.statements()))
        self.expect_word("END")
        self.expect_word("IF")
        self.expect(";")
        return If(tuple(branches))

    def condition(self) -> str:
        """The text up to THEN, in its parentheses."""
        first, depth = self.at, 0
        if self.peek(0) != "(":
            raise self.unexpected()
        while self.at < len(self.tokens) and (depth or self.word() != "THEN"):
            depth += {"(": 1, ")": -1}.get(self.peek(0), 0)
            self.at += 1
        self.expect_word("THEN")
        return self.text_between(first, self.at - 1)

    def nothing(self) -> str:
        self.expect(";")
        return ""

    def sql(self) -> Sql | SelectInto:
        first = self.at
        text = self.rest()
        into = self.top_level("INTO", first) if self.tokens[first].word in ("SELECT", "WITH") else None
        if into is None:
            return Sql(text)
        end, self.at = self.at, into + 1
        targets = []
        while True:
            self.expect(":")
            targets.append(self.name())
            if not self.skip(","):
                break
        before = self.text[self.tokens[first].start : self.tokens[into].start]
        after = self.text[self.tokens[self.at].start : self.tokens[end - 1].start]
        self.at = end
        return SelectInto(f"{before} {after}".strip(), tuple(targets))

    def exception(self, name: str) -> DeclareException:
        """`(number, 'message');`"""
        self.expect("(")
        sign = -1 if self.skip("-") else 1
        code, message = sign * int(self.peek(0)), self.peek(2)
        self.at += 3
        self.expect(")")
        self.expect(";")
        if not -20999 <= code <= -20000:
            raise SqlError(1003, "42000", f"SQL compilation error:\nexception number {code} is not in -20999 … -20000.")
        return DeclareException(name, code, string_value(message))

    def declaration(self) -> Declare | DeclareException:
        """`name type;`, `name [type] {:= | default} expression;`"""
        name, first = self.name(), self.at
        if self.skip_word("EXCEPTION"):
            return self.exception(name)
        while self.peek(0) not in (":=", ";", "") and self.word() != "DEFAULT":
            self.at += 1
        declared_type = self.text_between(first, self.at)
        if declared_type.upper().split(" ")[0] in ("CURSOR", "RESULTSET"):
            raise not_emulated(f"a variable of type {declared_type}")
        if self.skip(";"):
            if not declared_type:
                raise syntax_error(self.text, self.tokens[self.at - 1].start, "';'")
            return Declare(name, declared_type, "null")
        if not self.skip_word("DEFAULT"):
            self.expect(":=")
        return Declare(name, declared_type, self.rest())

    def rest(self) -> str:
        """The text up to the semicolon, which is consumed."""
        first = self.at
        while self.at < len(self.tokens) and self.tokens[self.at].text != ";":
            self.at += 1
        if self.at == first:
            raise self.unexpected()
        self.expect(";")
        return self.text_between(first, self.at - 1)

    def top_level(self, word: str, first: int) -> int | None:
        depth = 0
        for index in range(first, self.at):
            depth += {"(": 1, ")": -1}.get(self.tokens[index].text, 0)
            if depth == 0 and self.tokens[index].word == word:
                return index
        return None

    def text_between(self, first: int, end: int) -> str:
        return self.text[self.tokens[first].start : self.tokens[end - 1].end] if end > first else ""

    def peek(self, ahead: int) -> str:
        return self.tokens[self.at + ahead].text if self.at + ahead < len(self.tokens) else ""

    def word(self) -> str:
        return self.tokens[self.at].word if self.at < len(self.tokens) else ""

    def name(self) -> str:
        if not self.word():
            raise self.unexpected()
        self.at += 1
        return self.tokens[self.at - 1].word

    def skip(self, text: str) -> bool:
        if self.peek(0) != text:
            return False
        self.at += 1
        return True

    def skip_word(self, word: str) -> bool:
        if self.word() != word:
            return False
        self.at += 1
        return True

    def expect(self, text: str) -> None:
        if not self.skip(text):
            raise self.unexpected()

    def expect_word(self, word: str) -> None:
        if not self.skip_word(word):
            raise self.unexpected()

    def unexpected(self) -> SqlError:
        if self.at < len(self.tokens):
            token = self.tokens[self.at]
            return syntax_error(self.text, token.start, f"'{token.text[:40]}'")
        return syntax_error(self.text, len(self.text), "'<EOF>'")
