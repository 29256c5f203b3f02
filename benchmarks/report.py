"""What was measured, as a table and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from benchmarks.cases import Case
from benchmarks.runs import Measured, cpu, wall


def as_dict(case: Case, variants: Sequence[Measured]) -> dict[str, Any]:
    """The first variant is the baseline. Times in seconds; `bar` and `met` are null where there is no bar."""
    baseline = variants[0]
    return {"case": asdict(case), "variants": [variant_as_dict(case, variant, baseline) for variant in variants]}


def variant_as_dict(case: Case, variant: Measured, baseline: Measured) -> dict[str, Any]:
    bar = case.bars.get(variant.name)
    ratio = variant.ratio(baseline, wall)
    return {
        "name": variant.name,
        "wall_seconds": variant.median(wall),
        "wall_ratio": ratio,
        "bar": bar,
        "met": None if bar is None else ratio <= bar,
        "cpu_seconds": variant.median(cpu),
        "cpu_ratio": variant.ratio(baseline, cpu),
        "statements": variant.traffic.statements,
        "statements_beyond": variant.traffic.statements - baseline.traffic.statements,
        "sql_bytes_beyond": variant.traffic.sql_bytes - baseline.traffic.sql_bytes,
        "runs": [asdict(run) for run in variant.runs],
    }


def as_table(report: dict[str, Any], title: str) -> Table:
    table = Table("logging", title=title, title_justify="left")
    for heading in ("wall s", "× none", "bar", "met", "CPU s", "× none", "statements", "beyond none", "SQL bytes beyond"):
        table.add_column(heading, justify="right")
    for variant in report["variants"]:
        table.add_row(
            variant["name"],
            f"{variant['wall_seconds']:.2f}",
            f"{variant['wall_ratio']:.3f}",
            "" if variant["bar"] is None else f"≤ {variant['bar']:.2f}",
            {None: "", True: "yes", False: "NO"}[variant["met"]],
            f"{variant['cpu_seconds']:.2f}",
            f"{variant['cpu_ratio']:.3f}",
            str(variant["statements"]),
            f"{variant['statements_beyond']:+}",
            f"{variant['sql_bytes_beyond']:+,}",
        )
    return table
