"""Recognises EXECUTE IMMEDIATE and gives the text it executes."""

from __future__ import annotations

import re

from .errors import not_emulated
from .tokens import significant_tokens, string_value

STARTS = re.compile(r"(?:\s+|--[^\n]*|//[^\n]*|/\*.*?\*/)*execute\s+immediate\b", re.IGNORECASE | re.DOTALL)


def immediate_text(sql: str) -> str | None:
    """The executed text, or None where `sql` is another statement."""
    if not STARTS.match(sql):
        return None
    found = significant_tokens(sql)[2:]
    if found and found[-1].text == ";":
        found.pop()
    if len(found) != 1 or found[0].kind != "string":
        raise not_emulated("EXECUTE IMMEDIATE of anything but one string literal")
    return string_value(found[0].text)
