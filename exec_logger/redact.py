"""Keeps secrets out of what people see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

SECRET = re.compile(r"pass|secret|token|credential|api_?key|private_key$|encryption_key|^key_id$", re.IGNORECASE)
SHORTEST = 4
"""A shorter value is not looked for in messages: it would be found in every other word."""


def without_secrets(credentials: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in credentials.items() if not SECRET.search(key)}


def one_line(error: BaseException | str, credentials: Mapping[str, Any]) -> str:
    """The first line that says something, without any secret of `credentials`."""
    lines = [line.strip() for line in str(error).splitlines()]
    text = next((line for line in lines if line), type(error).__name__).rstrip(".")
    for secret in sorted(set(_secrets(credentials)), key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def _secrets(value: Any, secret: bool = False) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _secrets(item, secret or bool(SECRET.search(str(key))))
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item, secret)
    elif secret and len(str(value)) >= SHORTEST:
        yield str(value)
