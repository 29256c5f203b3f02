from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from exec_logger.options import project_options
from exec_logger.profile import Where


def parsed(args: list[str], environment: dict[str, str | None]) -> Where:
    seen: list[Where] = []

    @click.command()
    @click.argument("word")
    @project_options
    def command(word: str, where: Where) -> None:
        """Say where."""
        assert word == "word"
        seen.append(where)

    result = CliRunner().invoke(command, ["word", *args], env=environment, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return seen[0]


@pytest.mark.parametrize(
    ("args", "environment", "where"),
    [
        ([], {}, Where()),
        (
            [
                "--profile",
                "p",
                "-t",
                "dev",
                "--connection",
                "c",
                "--log-database",
                "d",
                "--log-schema",
                "s",
                "--log-table",
                "t",
            ],
            {},
            Where(profile="p", target="dev", connection="c", log_database="d", log_schema="s", log_table="t"),
        ),
        (
            [],
            {"DBT_PROFILE": "p", "DBT_TARGET": "t", "DBT_PROJECT_DIR": "/", "DBT_PROFILES_DIR": "/tmp"},
            Where(profile="p", target="t", project_dir=Path("/"), profiles_dir=Path("/tmp")),
        ),
        ([], {"DBT_ENGINE_TARGET": "new", "DBT_TARGET": "old"}, Where(target="new")),
        (["--target", "option"], {"DBT_ENGINE_TARGET": "new", "DBT_TARGET": "old"}, Where(target="option")),
        (
            [],
            {
                "EXECLOG_CONNECTION": "c",
                "EXECLOG_LOG_DATABASE": "d",
                "EXECLOG_LOG_SCHEMA": "s",
                "EXECLOG_LOG_TABLE": "t",
            },
            Where(connection="c", log_database="d", log_schema="s", log_table="t"),
        ),
        ([], {"DBT_TARGET": "", "DBT_PROJECT_DIR": ""}, Where()),
    ],
)
def test_an_option_wins_over_the_environment_and_dbts_newer_variable_over_its_older(
    args: list[str], environment: dict[str, str | None], where: Where
) -> None:
    assert parsed(args, environment) == where


def test_the_options_ask_for_no_driver_and_no_parser() -> None:
    """What `execlog --help` loads stays quick."""

    heavy = ["snowflake", "duckdb", "psycopg2", "jinja2", "yaml", "cryptography", "dbt"]
    program = f"import sys, exec_logger.options; print([name for name in {heavy} if name in sys.modules])"
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60).stdout
    assert output == "[]\n"
