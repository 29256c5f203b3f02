"""What a session says about itself, and the statements about a session that have no effect here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot import Expr, exp

WITHOUT_EFFECT = re.compile(
    r"\s*(alter\s+session\s+(set|unset)\s+(?!autocommit|quoted_identifiers|timezone)|use\s+(role|warehouse|secondary\s+roles)\b)",
    re.IGNORECASE,
)
SUCCESS = "select 'Statement executed successfully.' as \"status\""
FUNCTIONS = ("CURRENT_ACCOUNT", "CURRENT_WAREHOUSE", "CURRENT_ROLE", "LAST_QUERY_ID", "SYSTEM$CANCEL_ALL_QUERIES")


def answer_about_session(node: Expr, answers: Mapping[str, str | None]) -> Expr:
    """An sqlglot transform: a call of one of FUNCTIONS becomes its answer."""
    if isinstance(node, exp.Anonymous):
        name = node.name.upper()
    elif isinstance(node, exp.Func):
        name = node.sql_name()
    else:
        return node
    if name not in answers:
        return node
    answer = answers[name]
    return exp.null() if answer is None else exp.Literal.string(answer)
