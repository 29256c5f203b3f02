"""The environment variables as dbt sees them: dbt ≥ 1.12 also reads a .env file, whose values stand back behind real ones."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

LINE = re.compile(r"""\s*(?:export\s+)?(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)"|(.*?))\s*(?:\s\#.*)?""")


def environment() -> Mapping[str, str]:
    here = Path.cwd()
    file = next((folder / ".env" for folder in (here, *here.parents) if (folder / ".env").is_file()), None)
    return {**_read(file), **os.environ} if file else os.environ


@cache
def _read(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(errors="replace").splitlines()
    except OSError:
        return {}
    found = (LINE.fullmatch(line) for line in lines if not line.lstrip().startswith("#"))
    return {match[1]: next(value for value in match.groups()[1:] if value is not None) for match in found if match}
