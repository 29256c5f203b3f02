from __future__ import annotations

from typing import Any

import pytest

from exec_logger.dbt_args import parse, stored_args, without_hidden
from exec_logger.errors import ExecLogError, Exit

NAMES = {
    "": "build",
    "build": "build",
    "dbt run -s a b": "run --select a b",
    "run --models a --exclude=b": "run --select a --exclude b",
    "run --select tag:x --threads 8 --vars {a:1} --fail-fast": "run --select tag:x",
    "--target build test --selector nightly -x": "test --selector nightly",
    "--fail-fast build -tprod -ssome": "build --select some",
    "build --resource-type model test --select a --empty": "build --select a --resource-type model test --empty",
    "build --select a --select b": "build --select a b",
}


@pytest.mark.parametrize("line", NAMES)
def test_the_job_is_named_as_the_package_names_it(line: str) -> None:
    assert parse(line.split()).job_name == NAMES[line]


def test_a_selection_in_one_word_is_split_at_spaces_as_in_dbt() -> None:
    assert parse(["build", "--select", "a b", "--exclude", "c"]).job_name == "build --select a b --exclude c"


def test_a_name_that_is_too_long_for_the_log_ends_in_its_hash() -> None:
    name = parse(["build", "--select", "x" * 600]).job_name
    assert len(name) == 500
    assert name != parse(["build", "--select", "x" * 601]).job_name


def test_options_keep_their_order_and_values() -> None:
    words = ["build", "--select", "a", "b", "--vars", "{d: -1}", "--full-refresh", "--empty", "--state", "old"]
    args = parse(words)
    assert args.argv() == words
    assert args.vars == {"d": -1}
    assert args.without("--select", "--vars").argv() == ["build", "--full-refresh", "--empty", "--state", "old"]


BAD = {
    (
        "compile",
    ): "execlog cannot restart `dbt compile`. Give one of build, run, seed, snapshot, test with its options after `--`.",
    ("build", "model_a"): "`model_a` belongs to no option of `dbt build`. Check the command after `--`.",
    ("build", "--vars"): "dbt's option --vars needs a value. Check the command after `--`.",
}


@pytest.mark.parametrize("words", BAD)
def test_what_dbt_could_not_run_is_a_usage_error(words: tuple[str, ...]) -> None:
    with pytest.raises(ExecLogError) as error:
        parse(words)
    assert (str(error.value), error.value.exit_code) == (BAD[words], Exit.USAGE)


@pytest.mark.parametrize("text", ["[1]", "a: b: c", "secret"])
def test_vars_that_are_no_mapping_are_a_usage_error_that_does_not_show_them(text: str) -> None:
    with pytest.raises(ExecLogError) as error:
        parse(["build", "--vars", text]).vars  # noqa: B018
    assert str(error.value) == "--vars is not a YAML mapping. Write it as --vars '{name: value}'."


def test_the_command_of_a_job_is_rebuilt_from_its_row() -> None:
    config: dict[str, Any] = {
        "command": "run", "select": ["a", "tag:b"], "exclude": ["c"], "selector": None,
        "args": {"fail_fast": True, "state": "old", "resource_types": ["model", "test"]},
    }  # fmt: skip
    expected = ["run", "--select", "a", "tag:b", "--exclude", "c", "--fail-fast", "--state", "old"]
    expected += ["--resource-type", "model", "test"]
    assert stored_args(config).argv() == expected


def test_a_selection_that_the_log_has_cut_is_asked_for() -> None:
    with pytest.raises(ExecLogError, match=r"the log did not keep the whole --select of that job\. Give its"):
        stored_args({"command": "run", "select": ["a", "… [900 in all]"]})


def test_given_vars_go_over_stored_ones() -> None:
    assert without_hidden({"a": 1, "b": 2}, {"b": 3}, []) == {"a": 1, "b": 3}
    assert without_hidden({"key": "***"}, {"key": "x"}, ["key"]) == {"key": "x"}


@pytest.mark.parametrize("stored", [{"key": "***"}, {"deep": {"key": "***"}}, {"list": [{"key": "***"}]}, {}])
def test_vars_that_were_not_stored_are_asked_for(stored: dict[str, Any]) -> None:
    with pytest.raises(ExecLogError) as error:
        without_hidden(stored, {"other": 1}, ["key"])
    assert str(error.value) == (
        "the last run had vars whose values are not stored: key. "
        """Give them: execlog restart -- COMMAND --vars '{"key": "…"}'."""
    )
