"""`execlog cost`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from exec_logger.options import project_options
from exec_logger.output import Column, format_options, print_csv, print_json, print_table, talk
from exec_logger.presentation import duration_text, number_text
from exec_logger.profile import Where, read_target

if TYPE_CHECKING:
    from exec_logger.costs import By, Spent

FIELDS = ("runs", "failed_runs", "seconds", "credits", "cost_usd", "wasted_seconds", "wasted_credits", "wasted_percent")


@click.command(name="cost")
@click.option("--by", type=click.Choice(["model", "job", "day"]), default="model", show_default=True, help="What to sum up.")
@click.option("--days", type=click.IntRange(1, 36500), default=30, show_default=True, help="How many days to look back.")
@click.option(
    "--limit", "-n", type=click.IntRange(1), help="How many lines to show.  [default: all days, 20 others; JSON and CSV all]"
)
@format_options
@project_options
def command(*, by: By, days: int, limit: int | None, output: str | None, where: Where) -> None:
    """Show what took the most: credits and money on Snowflake, seconds elsewhere.

    Wasted is what runs that failed have spent. Credits need the cost models: see docs/cost.md.

    Example: execlog cost --by job --days 7
    """
    from exec_logger import log
    from exec_logger.costs import spent
    from exec_logger.warehouse import connect

    target = read_target(where)
    with connect(target, read_only=True) as warehouse:
        found, note = spent(warehouse, target.log, by, log.now(warehouse) - timedelta(days=days))
    if note:
        talk(note)
    if not output and by != "day":
        limit = limit or 20
    rows: list[dict[str, Any]] = [{by: one.name, **{name: getattr(one, name) for name in FIELDS}} for one in found[:limit]]
    if output == "json":
        print_json(rows)
    elif output == "csv":
        print_csv(rows, (by, *FIELDS))
    elif rows:
        _print(by, found[:limit])
    else:
        talk(f"Nothing ran in the last {days} days.")


def _print(by: str, found: Sequence[Spent]) -> None:
    """Credits and money have columns where they are known."""
    counted = any(one.credits is not None for one in found)
    columns = [
        Column(by, wraps=True),
        Column("runs", right=True),
        Column("failed", right=True, optional=True),
        Column("time", right=True),
        *([Column("credits", right=True), Column("USD", right=True)] if counted else []),
        Column("wasted", right=True, optional=True),
    ]
    rows = [
        [
            one.name,
            number_text(one.runs),
            number_text(one.failed_runs),
            duration_text(one.seconds),
            *([_amount(one.credits, 4), _amount(one.cost_usd, 2)] if counted else []),
            "" if one.wasted_percent is None else f"{one.wasted_percent:.0f}%",
        ]
        for one in found
    ]
    print_table(columns, rows)


def _amount(amount: float | None, digits: int) -> str:
    return "" if amount is None else f"{amount:,.{digits}f}"
