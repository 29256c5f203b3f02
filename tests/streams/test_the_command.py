"""`execlog stream`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from exec_logger.cli import cli
from exec_logger.errors import ExecLogError
from tests.streams.conftest import FACT, STREAM, StreamProject
from tests.support.cron import DuckDBInFolder
from tests.support.project import Project

HOSTILE = 'it\'s \\ "q" $$ ; -- {} %s 😀'


def execlog(project: Project, *args: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.chdir(project.folder)
    arguments = [*args, "--profiles-dir", str(project.folder)]
    return CliRunner().invoke(cli, arguments, catch_exceptions=False, standalone_mode=False)


def test_a_stream_from_its_creation_to_its_release(loaded: StreamProject, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(*args: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(execlog(loaded, "stream", *args, "--json", monkeypatch=monkeypatch).stdout)
        return found

    created = {
        "id": 7, "name": HOSTILE, "status": "ON_HOLD", "description": HOSTILE, "business_date": None, "running": None,
        "running_since": None, "last_instance": None, "last_status": None,
    }  # fmt: skip
    assert call("create", HOSTILE, "--id", "7", "--description", HOSTILE, "--hold") == created
    assert call("activate", HOSTILE) == {**created, "status": "ACTIVE"}
    assert call("hold", HOSTILE) == created
    for _ in range(2):
        assert call("start", HOSTILE, "--business-date", "2024-01-15") == {**created, "business_date": "2024-01-15"}
    with pytest.raises(ExecLogError, match=r"the business date 2024-01-15 of .* is open"):
        call("start", HOSTILE, "--business-date", "2024-01-16")
    loaded.warehouse.execute(
        "insert into dcf_t_prcs_inst (prcs_inst_id, strm_id, prcs_status) select 70, 7, 'RUNNING'",
        "insert into dcf_t_prcs_exec_log (prcs_inst_id, strm_id, prcs_name, prcs_status) select 70, 7, 'p', 'RUNNING'",
        "update dcf_t_strm set running_inst_id = 70 where strm_id = 7",
    )
    with pytest.raises(ExecLogError, match="is running"):
        call("end", HOSTILE)
    released = {**created, "business_date": "2024-01-15", "last_instance": 70, "last_status": "FAILED"}
    assert call("release", HOSTILE) == {**released, "released": [70]}
    assert call("release", HOSTILE) == {**released, "released": []}
    assert call("end", HOSTILE) == {**released, "business_date": None}
    (process,) = call("show", HOSTILE)["processes"]
    assert process == {
        "prcs_name": "p", "prcs_status": "FAILED", "prcs_start_ts": None, "prcs_end_ts": process["prcs_end_ts"],
        "prcs_statistics": None, "error_msg": "released by hand: execlog stream release",
    }  # fmt: skip
    with pytest.raises(ExecLogError, match="has that name or id already"):
        call("create", "another", "--id", "7")
    for name in (" ", "x" * 201):
        with pytest.raises(ExecLogError, match="a name of 1 to 200 characters"):
            call("create", name, "--id", "8")
    with pytest.raises(ExecLogError, match="there is no stream nobody"):
        call("hold", "nobody")
    listed = json.loads(execlog(loaded, "stream", "list", "--json", monkeypatch=monkeypatch).stdout)
    assert [(row["name"], row["status"], row["last_status"]) for row in listed] == [
        (STREAM, "ACTIVE", "COMPLETED"),
        (HOSTILE, "ON_HOLD", "FAILED"),
    ]
    text = execlog(loaded, "stream", "list", monkeypatch=monkeypatch).stdout.splitlines()
    assert text[0].split() == ["id", "stream", "status", "business", "date", "running", "last", "run"]
    assert text[1].split() == ["1490", STREAM, "ACTIVE", "COMPLETED"]
    text = execlog(loaded, "stream", "show", HOSTILE, monkeypatch=monkeypatch).stdout.splitlines()
    assert [line.endswith("released by hand: execlog stream release") for line in text[-5:]] == [
        False,
        True,
        False,
        False,
        True,
    ]
    text = execlog(loaded, "stream", "show", STREAM, monkeypatch=monkeypatch).stdout.splitlines()
    assert [line.split()[:2] for line in text if FACT in line or "BCFINSG_LOAD" in line] == [
        [FACT, "COMPLETED"],
        ["BCFINSG_LOAD", "COMPLETED"],
    ]


def test_missing_tables_are_named_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warehouse = DuckDBInFolder(tmp_path)
    project = Project(tmp_path, warehouse, {}, level="none")
    warehouse.execute("select 1")
    with pytest.raises(ExecLogError, match=r"there are no control tables of streams in warehouse\.main"):
        execlog(project, "stream", "list", monkeypatch=monkeypatch)
