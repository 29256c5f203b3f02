from __future__ import annotations

import datetime
import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from snowflake.connector.errors import DatabaseError

from .client import StandIn
from .tasks import Task

GUARDED_INSERT = """execute immediate $$
begin
  insert into t select 1, parse_json('{"a": [1]}');
exception
  when other then
    return sqlerrm;
end
$$"""


def run(connection: Any, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.cursor().execute(sql, timeout=20).fetchall()]


def error_of(connection: Any, sql: str) -> tuple[int, str]:
    with pytest.raises(DatabaseError) as raised:
        run(connection, sql)
    return raised.value.errno, raised.value.sqlstate


def test_a_guarded_insert_returns_one_row_in_the_column_anonymous_block(connection: Any, standin: StandIn) -> None:
    cursor = connection.cursor()
    assert cursor.execute(GUARDED_INSERT, timeout=20).fetchall() == [(None,)]
    assert [column.name for column in cursor.description] == ["anonymous block"]
    assert standin.rows("select a, v:a[0]::int from t", schema="SC") == [(1, 1)]


def test_a_guarded_error_is_the_result(connection: Any) -> None:
    [(message,)] = run(connection, GUARDED_INSERT.replace("into t", "into nope"))
    assert "'NOPE' does not exist or not authorized" in message


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("insert into t values (1, parse_json('1'))", (2014, "22000")),
        ("insert into nope select 1", (2003, "42S02")),
        ("execute immediate $$ begin insert into nope select 1; end $$", (2003, "42S02")),
        ("execute immediate 'insert into nope select 1'", (2003, "42S02")),
        ("create pipe x as select 1", (1003, "42000")),
        ("call nope()", (2003, "02000")),
        ("execute task nope", (2003, "02000")),
        ("execute dbt project nope", (2003, "02000")),
        ("select $nope", (2211, "02000")),
        ("select 1; select 2", (8, "0A000")),
        ("insert into t select 1, 1, 1", (2043, "02000")),
        ("select nope from t", (904, "42000")),
    ],
)
def test_an_error_is_answered_at_once(connection: Any, sql: str, error: tuple[int, str]) -> None:
    started = time.monotonic()
    assert error_of(connection, sql) == error
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("select '$nope', \"A\" from (select 1 as a)", [("$nope", 1)]),
        ("select to_char('2026-1-2 3:4:5.12'::timestamp_ntz, 'YYYY-MM-DD HH24:MI:SS.FF6')", [("2026-01-02 03:04:05.120000",)]),
        ("select to_char('2026-01-02'::date, 'DD\"th\"MM.YY HH24MISS FF3 FF9')", [("02th01.26 000000 000 000000000",)]),
        ("select to_char(try_cast('2026-01-02 03:04' || ':05' as timestamp_ntz), 'HH24MISS')", [("030405",)]),
        ("select try_cast('soon' as timestamp_ntz)", [(None,)]),
        ("select to_varchar(5)", [("5",)]),
        ("select null::timestamp_ntz, '2026-01-02'::timestamp_ntz", [(None, datetime.datetime(2026, 1, 2))]),
        ("select current_warehouse(), current_role()", [("WH", "R")]),
        ("alter session set query_tag = 'x'", [("Statement executed successfully.",)]),
        ("execute immediate $$ begin let n int := (select count(*) from t); return n + 1; end $$", [(1,)]),
        ("execute immediate 'select ''a'' as b'", [("a",)]),
        ("select table_name from information_schema.tables", [("T",)]),
        ("select object_delete(as_object(parse_json('{\"a\": [1], \"b\": 2}')), 'a') as o", [('{"b":2}',)]),
        ("select object_delete(as_object(parse_json('[1]')), 'a') as o", [(None,)]),
    ],
)  # fmt: skip
def test_a_statement_gives_its_rows(standin: StandIn, connection: Any, sql: str, rows: list[tuple[Any, ...]]) -> None:
    with standin.connect(schema="SC", warehouse="WH", role="R") as own:
        assert run(own, sql) == rows


PROCEDURE = """create or replace procedure add_up(a float, b number(38, 0) default 2, c varchar default concat('it''s ', 'c'))
returns varchar language sql comment = 'x' execute as caller as $$
begin
  insert into t select :a, null;
  return c || (a + b);
end
$$"""


@pytest.mark.parametrize(
    ("arguments", "result"),
    [("1", "it's c3.0"), ("1, 3 - 4, 'x'", "x0.0"), ("c => null, a => 1", None), ("1, b => length('four')", "it's c5.0")],
)
def test_a_procedure_is_called_by_position_or_name_with_defaults(connection: Any, arguments: str, result: str | None) -> None:
    run(connection, PROCEDURE)
    cursor = connection.cursor()
    assert cursor.execute(f"call db.sc.add_up({arguments})", timeout=20).fetchall() == [(result,)]
    assert [column.name for column in cursor.description] == ["ADD_UP"]
    assert run(connection, "select a from t") == [(1,)]


@pytest.mark.parametrize("arguments", ["", "1, 2, 'c', 4", "1, d => 1", "1, a => 1"])
def test_a_call_needs_the_arguments_of_its_procedure(connection: Any, arguments: str) -> None:
    run(connection, PROCEDURE)
    assert error_of(connection, f"call add_up({arguments})") == (2141, "42601")


def test_a_task_runs_when_it_is_executed(connection: Any, standin: StandIn) -> None:
    run(connection, "create or replace task nightly warehouse = wh schedule = '1 minute' as insert into t select 7, null")
    run(connection, "alter task nightly resume")
    task = Task({"WAREHOUSE": "WH", "SCHEDULE": "1 minute"}, "insert into t select 7, null", started=True)
    assert standin.tasks() == {"DB.SC.NIGHTLY": task}
    run(connection, "execute task db.sc.nightly")
    assert standin.rows("select a from t", schema="SC") == [(7,)]


@pytest.mark.parametrize("raises", [True, False])
def test_a_dbt_project_runs_in_its_folder(connection: Any, standin: StandIn, tmp_path: Path, raises: bool) -> None:
    program = tmp_path / "dbt"
    program.write_text('#!/bin/sh\nshift; printf "%s|" "$PWD" "$DBT_X" "$@"; exit 3\n')
    program.chmod(0o755)
    standin.register_dbt_project("DB.SC.SHOP", tmp_path, program, raises=raises)
    command = "execute dbt project db.sc.shop args = 'run --select ''a b'' c' env_vars = ('DBT_X' = 'it''s')"
    if raises:
        assert error_of(connection, command) == (370001, "P0000")
    else:
        [(success, exception, stdout, _)] = run(connection, command)
        assert (success, exception, stdout) == (False, "exit code 3", f"{tmp_path}|it's|run|--select|a b|c|")
        block = "begin let c := 'execute dbt project shop'; execute immediate :c; let r varchar; "
        block += "select to_json(object_construct(*)) into :r from table(result_scan(:sqlid)); return r; end"
        [(told,)] = run(connection, f"execute immediate $$ {block} $$")
        assert json.loads(told)["0|1 Success"] is False
    first = standin.dbt_runs()[0]
    assert (first.args, first.env_vars, first.exit_code) == ("run --select 'a b' c", {"DBT_X": "it's"}, 3)


def test_merge_counts_its_rows_and_refuses_duplicates(connection: Any, standin: StandIn) -> None:
    merge = """merge into t as d using (select 1 as a, '{"x":1}' as v union all 
        select 2, to_varchar('2026-01-02'::date, 'YYYY')) as s
        on d.a = s.a when matched then update set d.v = parse_json('[' || s.v || ']')
        when not matched then insert (a, v) values (a, parse_json(v))"""
    assert run(connection, merge) == [(2, 0)]
    assert run(connection, merge) == [(0, 2)]
    assert standin.rows("select a, v::varchar from t order by a", schema="SC") == [(1, '[{"x":1}]'), (2, "[2026]")]
    run(connection, "insert into t select a, v from t")
    assert error_of(connection, merge.replace("select 2", "select 1")) == (100090, "42P18")


def test_temporary_tables_end_with_their_session(standin: StandIn) -> None:
    with standin.connect() as connection:
        run(connection, "create schema sc")
        run(connection, "create or replace temporary table db.sc.mine as (select 1 as a)")
        run(connection, "create or replace temporary view db.sc.my_view as (select a from db.sc.mine)")
        assert run(connection, "select a from db.sc.my_view") == [(1,)]
    assert standin.rows("select table_name from information_schema.tables", schema="SC") == []


def test_the_log_holds_the_statements_of_clients_alone(connection: Any, standin: StandIn) -> None:
    run(connection, "select 1")
    error_of(connection, "select nope")
    first, second = standin.statements()
    assert (first.n, first.sql, first.ok, first.error) == (1, "select 1", True, None)
    assert (second.n, second.sql, second.ok, second.session) == (2, "select nope", False, first.session)
    assert second.error and second.error.startswith("000904 (42000): ")
    assert first.seconds and first.seconds > 0
    standin.forget_statements()
    assert standin.count_statements() == 0


def test_latency_of_concurrent_statements_overlaps(connection: Any, standin: StandIn) -> None:
    connections = [standin.connect() for _ in range(8)]
    standin.set_latency(300)
    started = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda one: run(one, "select 1"), connections))
    assert 0.3 <= time.monotonic() - started < 1.5
    standin.set_latency(0)
    for one in connections:
        one.close()


def test_concurrent_updates_of_one_row_wait_for_each_other(connection: Any, standin: StandIn) -> None:
    run(connection, "insert into t select 0, null")
    connections = [standin.connect(schema="SC") for _ in range(6)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda one: [run(one, "update t set a = a + 1") for _ in range(10)], connections))
    for one in connections:
        one.close()
    assert standin.rows("select a from t", schema="SC") == [(60,)]


def test_the_nth_statement_fails_once(connection: Any, standin: StandIn) -> None:
    standin.fail_statement(2, code=625, sqlstate="57014", message="too many waiters")
    assert run(connection, "select 1") == [(1,)]
    assert error_of(connection, "select 1") == (625, "57014")
    assert run(connection, "select 1") == [(1,)]


def test_a_block_catches_the_fault_of_its_first_statement(connection: Any, standin: StandIn) -> None:
    standin.fail_statement(message="no privileges")
    assert run(connection, GUARDED_INSERT) == [("no privileges",)]
    assert standin.rows("select * from t", schema="SC") == []


def test_an_uncaught_fault_goes_past_the_handler(connection: Any, standin: StandIn) -> None:
    standin.fail_statement(uncaught=True)
    assert error_of(connection, GUARDED_INSERT) == (3001, "42501")
    standin.fail_matching("INSERT", uncaught=True)
    assert error_of(connection, GUARDED_INSERT) == (3001, "42501")


def test_a_pattern_fails_the_statements_inside_of_blocks(connection: Any, standin: StandIn) -> None:
    standin.fail_matching(r"^insert\s+into t\b", times=2, message="no privileges")
    assert run(connection, GUARDED_INSERT) == [("no privileges",)]
    assert error_of(connection, "insert into t select 1, null") == (3001, "42501")
    assert run(connection, GUARDED_INSERT) == [(None,)]
    standin.fail_matching("begin")
    assert run(connection, GUARDED_INSERT) == [(None,)]
    standin.fail_matching("insert")
    standin.clear_faults()
    assert run(connection, GUARDED_INSERT) == [(None,)]


def test_the_tests_own_queries_meet_no_fault(standin: StandIn) -> None:
    standin.fail_matching(".")
    assert standin.query("select 1 as One") == [{"one": 1}]


def test_a_fault_needs_a_valid_pattern(standin: StandIn) -> None:
    with pytest.raises(ValueError, match="unterminated"):
        standin.fail_matching("(")


def test_reset_empties_the_databases(standin: StandIn) -> None:
    standin.query("create table t (a int)", schema="SC")
    standin.reset()
    assert standin.rows("select table_name from information_schema.tables", schema="SC") == []
