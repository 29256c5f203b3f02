"""What logging costs: `python -m benchmarks.overhead --help`."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from benchmarks.cases import BASELINE, CASES, LEVELS, Case
from benchmarks.project import Variant, generate, one_model, our_variant, peer_variant
from benchmarks.report import as_dict, as_table
from benchmarks.runs import Measured, measure, rehearse
from benchmarks.warehouses import WAREHOUSES

Peer = tuple[str, Path]


def parse_peer(text: str) -> Peer:
    """`NAME=PATH`, checked."""
    name, _, path = text.partition("=")
    if not (Path(path) / "dbt_project.yml").is_file():
        raise click.BadParameter(f"no dbt_project.yml in {path!r}. Give NAME=PATH, where PATH is an installed dbt package.")
    return name, Path(path).resolve()


@click.command()
@click.option("--case", "cases", multiple=True, type=click.Choice(list(CASES)), help="What to measure; all cases by default.")
@click.option("--level", "--levels", "levels", multiple=True, type=click.Choice(LEVELS), help="Hook levels; all by default.")
@click.option(
    "--peer",
    "peers",
    multiple=True,
    type=parse_peer,
    metavar="NAME=PATH",
    help="Measure another installed logging package, too.",
)
@click.option("--models", type=click.IntRange(10), help="Models in the project, instead of the case's own number.")
@click.option("--rounds", type=click.IntRange(1), default=7, show_default=True, help="Timed rounds after the warm-up.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the numbers to this file, too.")
def main(
    *,
    cases: Sequence[str],
    levels: Sequence[str],
    peers: Sequence[Peer],
    models: int | None,
    rounds: int,
    json_file: Path | None,
) -> None:
    """Measure what logging costs a dbt run, against the same run without logging.

    Example: python -m benchmarks.overhead --case postgres --rounds 5
    """
    talk, out = Console(stderr=True, highlight=False), Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    reports = []
    for name in cases or CASES:
        case = CASES[name] if models is None else replace(CASES[name], models=models)
        variants = [Variant(BASELINE, None, {})]
        variants += [our_variant(level, case.warehouse) for level in levels or LEVELS if case.has(level)]
        variants += [peer_variant(*peer) for peer in peers]
        measured = measure_case(case, variants, rounds, talk)
        reports.append(as_dict(case, measured))
        out.print(as_table(reports[-1], case.title))
    if json_file:
        json_file.write_text(json.dumps(reports, indent=2) + "\n")


def measure_case(case: Case, variants: Sequence[Variant], rounds: int, talk: Console) -> list[Measured]:
    """Each variant in a project and a schema of its own, on one server of the case's kind."""
    with tempfile.TemporaryDirectory(prefix="exec_logger_bench_") as temporary:
        directory = Path(temporary)
        with WAREHOUSES[case.warehouse](directory) as server:
            measured = []
            for variant in variants:
                output = {**server.output, "schema": f"bench_{variant.name}", "threads": case.threads}
                measured.append(Measured(variant.name, generate(directory / variant.name, variant, case.models, output)))
            rehearse(measured, lambda text: talk.print(f"{case.name}: {text}"))
            server.set_latency(case.latency_ms)
            measure(measured, one_model() if case.one_model else None, rounds, lambda text: talk.print(f"{case.name}: {text}"))
    return measured


if __name__ == "__main__":
    main()
