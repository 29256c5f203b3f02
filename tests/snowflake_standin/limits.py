"""Snowflake's limits on a statement's text that fakesnow does not know."""

from __future__ import annotations

from .errors import SqlError
from .tokens import Token, significant_tokens

MAX_STATEMENT_BYTES = 1_048_576
MAX_VALUES_ROWS = 16_384


def check_limits(sql: str) -> None:
    """Raises the SqlError with which Snowflake refuses such a text."""
    # a character is at most four bytes, so most texts need no encoding
    if len(sql) * 4 > MAX_STATEMENT_BYTES and (size := len(sql.encode())) > MAX_STATEMENT_BYTES:
        raise SqlError(
            603,
            "22000",
            f"SQL compilation error:\nstatement text of {size:,} bytes exceeds the limit of {MAX_STATEMENT_BYTES:,}",
        )
    lowered = sql.lower()
    if "values" in lowered and ("parse_json" in lowered or sql.count("(") > MAX_VALUES_ROWS):
        all_tokens = significant_tokens(sql)
        for index, token in enumerate(all_tokens):
            if token.word == "VALUES" and not _is_clause_of_merge(all_tokens, index):
                _check_values(sql, all_tokens, index + 1)


def _is_clause_of_merge(all_tokens: list[Token], values: int) -> bool:
    """Whether the VALUES belongs to `when not matched then insert (…)`, where expressions are allowed."""
    index = values - 1
    if index >= 0 and all_tokens[index].text == ")":
        depth = 1
        while depth and index > 0:
            index -= 1
            depth += {")": 1, "(": -1}.get(all_tokens[index].text, 0)
        index -= 1
    return index >= 0 and all_tokens[index].word == "INSERT"


def _check_values(sql: str, all_tokens: list[Token], first: int) -> None:
    depth = rows = 0
    for index in range(first, len(all_tokens)):
        token = all_tokens[index]
        if token.text == "(":
            rows += depth == 0
            depth += 1
            if depth > 1 and all_tokens[index - 1].word == "PARSE_JSON":
                call = sql[all_tokens[index - 1].start : _closing(all_tokens, index).end]
                raise SqlError(2014, "22000", f"SQL compilation error:\nInvalid expression [{call}] in VALUES clause")
        elif token.text == ")":
            depth -= 1
        elif depth == 0 and token.text != ",":
            break
        if depth < 0:
            break
    if rows > MAX_VALUES_ROWS:
        raise SqlError(
            1795,
            "42601",
            "SQL compilation error:\nmaximum number of expressions in a list exceeded, "
            f"expected at most {MAX_VALUES_ROWS:,}, got {rows:,}",
        )


def _closing(all_tokens: list[Token], opening: int) -> Token:
    depth = 0
    for token in all_tokens[opening:]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return token
    return all_tokens[-1]
