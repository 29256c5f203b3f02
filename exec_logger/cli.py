from __future__ import annotations

import click


@click.group()
@click.version_option(package_name="exec-logger", prog_name="execlog")
def main() -> None:
    """Act on the log that the dbt package exec_logger writes."""
