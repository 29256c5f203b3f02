from __future__ import annotations

import json
from typing import Any

import pytest

from exec_logger.dbt_args import parse
from exec_logger.strict_selection import strict

EVENT = "NoNodesForSelectionCriteria"


def options(line: str, flags: dict[str, Any] | None = None) -> Any:
    given = strict(parse(line.split()), flags or {}).last("--warn-error-options")
    return None if given is None else json.loads(given)


def test_a_selection_that_finds_nothing_fails() -> None:
    assert options("build --select tag:x") == {"error": [EVENT]}
    assert options("build --selector nightly") == {"error": [EVENT]}


def test_the_options_of_the_command_are_kept() -> None:
    assert options('build -s x --warn-error-options {"error":["A"],"silence":["B"]}') == {
        "error": ["A", EVENT],
        "silence": ["B"],
    }


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ({"warn_error_options": {"silence": ["B"]}}, {"silence": ["B"], "error": [EVENT]}),
        ({"warn_error_options": {"include": ["A"], "exclude": [EVENT]}}, {"include": ["A", EVENT], "exclude": []}),
        ({"warn_error_options": {"error": "all", "warn": [EVENT, "C"]}}, {"error": "all", "warn": ["C"]}),
    ],
)
def test_the_flags_of_the_project_are_kept(flags: dict[str, Any], expected: dict[str, Any]) -> None:
    assert options("build -s x", flags) == expected


def test_the_environment_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBT_WARN_ERROR_OPTIONS", "{silence: [B]}")
    assert options("build -s x") == {"silence": ["B"], "error": [EVENT]}


@pytest.mark.parametrize("line", ["build", "build --exclude x", "build -s x --warn-error", "build -s state:modified+"])
def test_nothing_is_added_where_it_is_not_needed_or_nothing_is_a_good_answer(line: str) -> None:
    assert options(line) is None
