"""`execlog demo`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="demo")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="execlog-demo",
    show_default=True,
    help="Where the example project goes.",
)
def command(*, folder: Path) -> int:
    """Show a failed run and its restart, on an example project on DuckDB.

    Example: execlog demo --folder /tmp/execlog-demo
    """
    from exec_logger.demo import run_demo

    return run_demo(folder)
