"""How commands print: data to stdout, talk to stderr. Tables are drawn on a terminal and aligned text elsewhere."""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

STATUS_STYLE = {
    "SUCCESS": "green",
    "REUSED": "green",
    "WARNING": "yellow",
    "FAILED": "bold red",
    "PARTIAL_SUCCESS": "bold red",
    "RUNNING": "cyan",
    "SKIPPED": "dim",
    "NOT_RUN": "dim",
}
ESCAPE_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[@-_]?")
WRAPPED_WIDTH = 16
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Column:
    name: str
    right: bool = False
    """Numbers stand at the right."""
    wraps: bool = False
    """Whether it may be broken into lines where the terminal is narrow."""
    optional: bool = False
    """Whether it is left out there, the last one first."""


def format_options(command: Command) -> Command:
    """--json and --csv; the command gets `output`: json, csv or None."""
    command = click.option("--csv", "output", flag_value="csv", help="Print CSV.")(command)
    return click.option("--json", "output", flag_value="json", help="Print JSON.")(command)


def talk(message: str) -> None:
    click.echo(clean(message), err=True)


def print_json(value: object) -> None:
    click.echo(json.dumps(value, indent=2, default=_plain))


def print_csv(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> None:
    """The values of `names`, under a line with the names."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_csv_value(row[name]) for name in names])


def print_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    """Any text may stand in a cell. A cell that is a status is coloured."""
    if sys.stdout.isatty():
        _draw(columns, rows)
        return
    from rich.cells import cell_len

    lines = [[column.name for column in columns], *([_one_line(cell) for cell in row] for row in rows)]
    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(columns))]
    for line in lines:
        cells = []
        for column, cell, width in zip(columns, line, widths, strict=True):
            space = " " * (width - cell_len(cell))
            cells.append(space + cell if column.right else cell + space)
        click.echo("  ".join(cells).rstrip())


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Names and values, one a line."""
    shown = [(name, _one_line(value)) for name, value in facts if value]
    width = max(len(name) for name, _ in shown)
    for name, value in shown:
        _print_text(f"{name:<{width}}  ", value, STATUS_STYLE.get(value.partition(":")[0], ""))


def print_message(title: str, message: str) -> None:
    """A text of many lines under its title."""
    click.echo()
    _print_text("", f"{_one_line(title)}:", "bold red")
    for line in clean(message).strip("\n").splitlines():
        click.echo(f"  {line.rstrip()}".rstrip())


def clean(text: str) -> str:
    """Without escape sequences and other characters that act on a terminal, and without what stdout cannot encode."""
    text = CONTROL.sub("", ESCAPE_SEQUENCE.sub("", text.replace("\r\n", "\n")))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return text.encode(encoding, "replace").decode(encoding)


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())


def _print_text(label: str, text: str, style: str) -> None:
    if not sys.stdout.isatty():
        click.echo(f"{label}{text}".rstrip())
        return
    from rich.console import Console
    from rich.text import Text

    Console(soft_wrap=True).print(Text.assemble((label, "dim"), (text, style)))


def _draw(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    cells = [[_one_line(cell) for cell in row] for row in rows]
    shown = _fitting(columns, cells, console.width)
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for column in (columns[place] for place in shown):
        overflow: Literal["fold", "ellipsis"] = "fold" if column.wraps else "ellipsis"
        table.add_column(column.name, justify="right" if column.right else "left", no_wrap=not column.wraps, overflow=overflow)
    for row in cells:
        table.add_row(*(Text(row[place], style=STATUS_STYLE.get(row[place], "")) for place in shown))
    console.print(table)


def _fitting(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """The places of the columns for which the terminal has room."""
    from rich.cells import cell_len

    widths = [max(cell_len(line[place]) for line in ([c.name for c in columns], *rows)) for place in range(len(columns))]
    needed = [min(wide, WRAPPED_WIDTH) if column.wraps else wide for column, wide in zip(columns, widths, strict=True)]
    shown = list(range(len(columns)))
    optional = [place for place in shown if columns[place].optional]
    while optional and sum(needed[place] + 2 for place in shown) - 2 > width:
        shown.remove(optional.pop())
    return shown


def iso(time: datetime) -> str:
    """A time (UTC without a zone) as ISO 8601, always with microseconds."""
    return time.isoformat(timespec="microseconds") + "Z"


def _plain(value: object) -> object:
    return iso(value) if isinstance(value, datetime) else str(value)


def _csv_value(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    return json.dumps(value, default=_plain) if isinstance(value, (dict, list, tuple)) else value
