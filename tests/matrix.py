"""`make test-matrix`: the core of the suite on the other supported versions of dbt, each in an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
ADAPTERS = ["dbt-duckdb", "dbt-postgres", "dbt-snowflake", "duckdb==2.0.0"]
VERSIONS = {
    "1.10": ["dbt-core~=1.10.0", "dbt-snowflake~=1.10.0"],  # the adapter, too, as it was then
    # 1.12 depends on a parser whose released versions download from outside of the package registry
    "1.12": ["dbt-core==1.12.0", "dbt-core-experimental-parser==2.0.0a4"],
}


def main() -> int:
    failed = []
    for version, requirements in VERSIONS.items():
        folder = REPOSITORY / "build" / "matrix" / version
        if not (folder / "bin/dbt").exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            subprocess.run([str(folder / "bin/pip"), "install", "--quiet", *requirements, *ADAPTERS], check=True)
        subprocess.run([str(folder / "bin/dbt"), "--version"], check=True)
        tests = subprocess.run(
            [sys.executable, "-m", "pytest", "-m", "matrix"],
            cwd=REPOSITORY,
            env={**os.environ, "EXECLOG_TEST_DBT": str(folder / "bin/dbt")},
            check=False,
        )
        if tests.returncode:
            failed.append(version)
    sys.stderr.write(f"Failed with dbt {', '.join(failed)}.\n" if failed else "All versions passed.\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
