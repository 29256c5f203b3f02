"""Makes dbt fail where a part of the selection finds nothing: dbt only warns of it, and ends green."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from exec_logger.dbt_args import DbtArgs, parse_mapping

EVENT = "NoNodesForSelectionCriteria"
MAY_BE_EMPTY = ("state:", "result:", "source_status:")
"""Methods that select by what happened; nothing is a good answer to them."""


def strict(args: DbtArgs, flags: Mapping[str, Any]) -> DbtArgs:
    """The command with `--warn-error-options`, added to what command, environment or the project's `flags:` say."""
    words = [word for name in ("--select", "--selector") for word in args.values(name)]
    warn_error = args.has("--warn-error") or _is_true(_dbt_variable("WARN_ERROR")) or flags.get("warn_error") is True
    if not words or warn_error or any(method in word for word in words for method in MAY_BE_EMPTY):
        return args
    given = args.last("--warn-error-options") or _dbt_variable("WARN_ERROR_OPTIONS")
    options = parse_mapping(given, "--warn-error-options") if given else dict(flags.get("warn_error_options") or {})
    error = "include" if "include" in options else "error"
    if options.get(error) not in ("all", "*"):
        options[error] = [*_without_event(options.get(error)), EVENT]
    for softened in ("warn", "exclude", "silence"):
        if softened in options:
            options[softened] = _without_event(options[softened])
    return args.without("--warn-error-options").adding("--warn-error-options", json.dumps(options))


def _without_event(names: Any) -> list[str]:
    return [name for name in names or () if name != EVENT]


def _dbt_variable(name: str) -> str | None:
    """By the name that it has had since dbt 1.11, or the older one."""
    return os.environ.get(f"DBT_ENGINE_{name}") or os.environ.get(f"DBT_{name}")


def _is_true(text: str | None) -> bool:
    return (text or "").lower() in ("1", "true", "t", "yes", "y", "on")
