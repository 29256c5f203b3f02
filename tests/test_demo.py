from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from tests.support.project import REPOSITORY

RUN = re.compile(r"^[0-9a-f]{8} +build +(SUCCESS|FAILED) +(\S+(?: #\d)?) ", re.MULTILINE)


def test_the_wheel_demonstrates_a_restart_of_what_remains_and_nothing_else(tmp_path: Path) -> None:
    """With what stands in the wheel, and nothing of this repository."""
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path], cwd=REPOSITORY, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    ZipFile(wheel).extractall(tmp_path / "installed")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed"), "PYTHONWARNINGS": "ignore"}
    demo = subprocess.run(
        [sys.executable, "-m", "exec_logger", "demo", "--folder", "shop"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert RUN.findall(demo.stdout) == [("SUCCESS", "retry #1"), ("FAILED", "full")]
    assert "The restart ran 4 nodes. The other 29, " in demo.stdout
    assert (
        tmp_path / "shop" / "dbt_packages" / "exec_logger"
    ).resolve() == tmp_path / "installed" / "exec_logger" / "dbt_package"


def test_the_demo_overwrites_nothing_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    demo = subprocess.run(
        [sys.executable, "-m", "exec_logger", "demo", "--folder", tmp_path], capture_output=True, text=True, check=False
    )
    assert demo.returncode == 78
    assert demo.stderr == f"execlog: {tmp_path} holds something else. Name an empty or a new folder with --folder.\n"
    assert (tmp_path / "mine.txt").read_text() == "mine"
