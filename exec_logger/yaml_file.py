"""dbt's YAML files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exec_logger.errors import ExecLogError


def read_yaml(file: Path) -> dict[str, Any]:
    """A file whose root is a mapping. Errors name a line, never what stands in it."""
    import yaml

    try:
        content = yaml.load(file.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise ExecLogError(f"cannot read {file}: {error.strerror}.") from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        raise ExecLogError(f"{file} is not valid YAML{line}. Mend it.") from error
    if not isinstance(content, dict):
        raise ExecLogError(f"{file} holds no settings. Mend it.")
    return content


def mapping(value: Any) -> Mapping[str, Any]:
    """The value, or an empty mapping where a file leaves it out."""
    return value if isinstance(value, Mapping) else {}
