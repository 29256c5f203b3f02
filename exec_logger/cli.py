"""The command line of exec_logger, and the only place that exits."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from exec_logger.errors import ExecLogError, Exit

COMMANDS = ("install", "runs", "show", "cost", "restart", "reap", "prune", "stream", "notify", "demo")
"""Each is the module of its name in exec_logger/commands."""


class Commands(click.Group):
    """Imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"exec_logger.commands.{cmd_name}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="exec-logger", prog_name="execlog")
def cli() -> None:
    """Act on the log that the dbt package exec_logger writes: look at it, and restart what failed."""


def main() -> None:
    """The console script."""
    sys.exit(run(sys.argv[1:]))


def run(argv: Sequence[str]) -> int:
    """The exit code of a command line. Errors are told on stderr, in one line; a bug keeps its traceback."""
    try:
        code = cli.main(list(argv) or ["--help"], prog_name="execlog", standalone_mode=False)
        sys.stdout.flush()
    except ExecLogError as error:
        click.echo(f"execlog: {error}", err=True)
        return error.exit_code
    except click.ClickException as error:
        ctx = error.ctx if isinstance(error, click.UsageError) else None
        hint = f" Try `{ctx.command_path} --help`." if ctx else ""
        click.echo(f"execlog: {error.format_message()}{hint}", err=True)
        return Exit.USAGE if ctx else Exit.CONFIG
    except (click.Abort, KeyboardInterrupt):
        click.echo("execlog: interrupted.", err=True)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # the reader has seen enough; what is still buffered must not fail at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception:
        return _bug()
    return code if isinstance(code, int) else 0


def _bug() -> int:
    import traceback

    traceback.print_exc()
    click.echo("execlog: this is a bug. Please report it with the lines above.", err=True)
    return Exit.BUG
