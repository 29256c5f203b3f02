"""A run that fails, its mending and its restart, on the example shop in a folder of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from rich.console import Console

from exec_logger import log
from exec_logger.errors import ExecLogError
from exec_logger.profile import Where, read_target
from exec_logger.records import OK
from exec_logger.warehouse import connect

HERE = Path(__file__).parent
MODEL = Path("models/marts/daily_revenue.sql")
BROKEN = "{%- set amount = 'net_amount' if var('shop_break') else 'amount_paid' -%}"
MENDED = "{%- set amount = 'amount_paid' -%}"
MARK = ".execlog-demo"


def run_demo(folder: Path) -> int:
    """Runs the demonstration in `folder`; 0 if it went as it should. Raises ExecLogError where it cannot."""
    if importlib.util.find_spec("dbt.adapters.duckdb") is None:
        raise ExecLogError("the demo runs on DuckDB. Run `pip install 'exec-logger[duckdb]'`.")
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
    folder = folder.absolute()
    _prepare(folder)
    os.chdir(folder)
    console.print(f"The example shop is in {folder}: 5 seeds, 13 models, a snapshot and their tests, on DuckDB.")
    console.rule("1. The nightly run: one model asks for a column that does not exist")
    _execlog(console, "restart", "--", "build", "--quiet", "--vars", "shop_break: true")
    console.rule("2. What the log holds of it")
    _execlog(console, "show")
    console.rule("3. What a restart would do")
    _execlog(console, "restart", "--dry-run")
    console.rule("4. The model is mended, and the run restarted")
    _mend()
    console.print(f"{MODEL}\n- {BROKEN}\n+ {MENDED}", markup=False, style="dim")
    _execlog(console, "restart", "--", "build", "--quiet")
    _execlog(console, "show")
    console.rule("5. Both runs")
    _execlog(console, "runs")
    return _conclude(console, folder)


def _prepare(folder: Path) -> None:
    """A fresh copy of the shop with this package in it: from the wheel, or from the repository."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise ExecLogError(f"{folder} holds something else. Name an empty or a new folder with --folder.")
    shutil.rmtree(folder, ignore_errors=True)
    in_wheel = (HERE / "dbt_package").is_dir()
    shop = HERE / "jaffle_shop" if in_wheel else HERE.parent / "examples" / "jaffle_shop"
    shutil.copytree(shop, folder, ignore=shutil.ignore_patterns("target", "logs", "dbt_packages", "*.duckdb"))
    (folder / MARK).touch()
    (folder / "dbt_packages").mkdir()
    (folder / "dbt_packages" / "exec_logger").symlink_to(HERE / "dbt_package" if in_wheel else HERE.parent)
    (folder / "packages.yml").write_text("packages: []  # exec_logger stands in dbt_packages already\n")


def _mend() -> None:
    MODEL.write_text(MODEL.read_text().replace(BROKEN, MENDED))


def _execlog(console: Console, *args: str) -> None:
    words = [f"'{word}'" if " " in word else word for word in args]
    console.print(f"\n$ execlog {' '.join(words)}", style="bold", markup=False)
    sys.stdout.flush()
    subprocess.run([sys.executable, "-m", "exec_logger", *args], check=False)


def _conclude(console: Console, folder: Path) -> int:
    with connect(read_target(Where()), read_only=True) as warehouse:
        newest, first = log.jobs(warehouse, 2)
        again = {node.unique_id for node in log.nodes(warehouse, newest.job_id)}
        spared = [node for node in log.nodes(warehouse, first.job_id) if node.status in OK and node.unique_id not in again]
    seconds = sum(node.seconds or 0 for node in spared)
    saved = f"The other {len(spared)}, {seconds:.1f} s of work the first time, were not run again."
    console.print(f"\nThe restart ran {len(again)} nodes. {saved}")
    console.print(f"Look around: cd {folder}; execlog show")
    return 0 if (first.status, newest.status) == ("FAILED", "SUCCESS") and spared else 1
