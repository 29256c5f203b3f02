"""Text comes back as it went in, whatever is in it, through every way of writing: MERGE, INSERT and UPDATE."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.support.fake_results import literal, log_failures, log_results
from tests.support.project import Project
from tests.support.truth import assert_log_is_true
from tests.support.warehouses import Warehouse

NASTY = [
    "it's", 'say "hi"', "back\\slash", "\\", "\\'", "\\\\'", "\\u0000", "\\\\u0000", "line\nbreak\r\n\ttab",
    "$$", "a$$b$$", "$execlog$", "$1 $x ${y}", "; drop table t; --", "-- comment", "/* comment */", "/*", "*/",
    "{{ 1 / 0 }}", "{% raw %}", "{#", "%s %(x)s %(status)s %%", "%", "?", ":name", "&amp;", "😀 👨‍👩‍👧", "ünïcödé",
    "\u2028\u2029", "\u0000", "a\u0000b", "\u0001\u001f\u007f", "\ufeff", "\ufffd", "''", "''''", "", "null",
    "[]", "2024-01-01 10:00:00.000001",
]  # fmt: skip


@pytest.fixture(scope="module", params=["duckdb", "postgres", "snowflake"])
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    from tests.conftest import make_warehouse  # noqa: PLC0415 (a module-scoped twin of the warehouse fixture)

    folder = tmp_path_factory.mktemp("hostile")
    return Project(folder / "project", make_warehouse(request.param, request, folder), {})


def stored(text: str, warehouse: Warehouse) -> str:
    """PostgreSQL cannot store U+0000."""
    return text.replace("\0", "") if warehouse.name == "postgres" else text


@settings(max_examples=2, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(st.text(max_size=30), st.text(st.sampled_from("\\'\"$;-/*{}%\n\0u01"), max_size=12)),
        min_size=60,
        max_size=100,
    )
)
def test_messages_of_failed_nodes_come_back_byte_for_byte(project: Project, texts: list[str]) -> None:
    messages = NASTY + texts
    run = log_failures(project, messages)
    assert run.code == 0, run.output[-3000:]
    assert "[WARNING] exec_logger" not in run.output
    job, rows = project.last_job()
    by_name = {row["step_execution_obj"]["model_name"]: row for row in rows}
    found = [by_name[f"m{number}"]["error_message_obj"] for number in range(len(messages))]
    expected = [stored(message, project.warehouse) for message in messages]
    assert [error[0]["message"] for error in found] == expected
    assert [error["message"] for error in job["error_message_obj"]] == expected


def test_a_huge_message_is_cut_and_says_so(project: Project) -> None:
    quote_and_backslash, smile = literal("'\\"), literal("😀")
    run = log_results(project, f"[('error', {quote_and_backslash} * 1000000), ('error', {smile} * 40000)]")
    assert run.code == 0, run.output[-3000:]
    _, rows = project.last_job()
    messages = {row["step_execution_obj"]["model_name"]: row["error_message_obj"][0]["message"] for row in rows}
    assert {name: len(message) for name, message in messages.items()} == {"m0": 32000, "m1": 32000}
    assert messages["m0"].startswith("'\\" * 15000)
    assert messages["m0"].endswith(" … [2000000 characters in all]")
    assert messages["m1"].startswith("😀" * 31000)


def test_five_thousand_results_are_written_in_chunks_of_at_most_900_kb(project: Project) -> None:
    run = log_results(project, "[('error', 'it is broken')] * 5000")
    assert run.code == 0, run.output[-3000:]
    job, rows = project.last_job()
    assert len(rows) == 5000
    assert job["destination_data_cnt_obj"]["failed"] == 5000
    assert len(job["error_message_obj"]) == 501
    assert job["error_message_obj"][-1]["message"] == "4500 more nodes failed: their own rows say why"
    merges = [
        part for statement in run.statements for part in re.findall(r"merge into.*?(?=;\nmerge into|\Z)", statement, re.S)
    ]
    sizes = [len(statement.encode()) for statement in merges]
    assert len(sizes) > 5
    assert max(sizes) <= 900_000
    assert sum(sizes) > 5_000_000


def test_names_and_vars_come_back_byte_for_byte(warehouse: Warehouse, tmp_path: Path) -> None:
    alias = "a; -- b 😀 {x} %s %(status)s"
    given = {"note": 'it\'s \\ "q" $$ ; -- /* */ %s 😀 \n', "day": "2024-01-01"}
    files = {"models/a.sql": f"{{{{ config(materialized='table', alias=\"{alias}\") }}}} select 1 as id"}
    config = {"quoting": {"identifier": True}}
    for level in ("durable", "live"):
        project = Project(tmp_path / level, warehouse, files, level=level, config=config)
        run = project.dbt("run", "--vars", json.dumps(given, ensure_ascii=False), "--select", "a", "it's$$;--")
        assert run.code == 0, run.output
        job, nodes = assert_log_is_true(project, run)
        assert job["process_config_obj"]["vars"] == given
        assert job["process_config_obj"]["select"] == ["a", "it's$$;--"]
        assert nodes["model.shop.a"]["destination_obj"]["table"] == alias
        assert nodes["model.shop.a"]["source_data_cnt"] == 1
