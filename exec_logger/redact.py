"""Keeps secrets out of what people see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

SECRET = re.compile(r"pass|secret|token|credential|api_?key|private_key$|encryption_key", re.IGNORECASE)
SHORTEST = 4
"""A shorter value is not looked for in messages: it would be found in every other word."""


def without_secrets(credentials: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in credentials.items() if not SECRET.search(key)}


def one_line(error: BaseException, credentials: Mapping[str, Any]) -> str:
    """What a driver says, up to the first line's end, without any secret of `credentials`."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    text = " ".join(lines[:2]) if lines[0].endswith(":") else lines[0]
    return hide(text.rstrip(".!"), _secrets(credentials))


def hide(text: str, values: Iterator[str]) -> str:
    for value in sorted(set(values), key=len, reverse=True):
        if len(value) >= SHORTEST:
            text = text.replace(value, "***")
    return text


def _secrets(value: Any, secret: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _secrets(item, secret or bool(SECRET.search(str(key))))
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item, secret)
    elif secret and not isinstance(value, bool):
        yield str(value)
