"""Sessions of the warehouses' own drivers, on real databases and on the Snowflake stand-in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import psycopg2
import pytest

from exec_logger.errors import ExecLogError, Exit
from exec_logger.place import duckdb_name, log_place
from exec_logger.profile import Target
from exec_logger.warehouse import connect
from exec_logger.warehouses.drivers import driver
from exec_logger.warehouses.postgres import connection_arguments
from tests.snowflake_standin.client import StandIn
from tests.support.warehouses import Postgres, Warehouse

SECRET = "hunter22"
JSON = {"duckdb": "'{\"a\":[1]}'::json", "postgres": "'{\"a\":[1]}'::jsonb", "snowflake": "parse_json('{\"a\":[1]}')"}


def make_target(output: dict[str, Any], schema: str | None = None, database: str | None = None) -> Target:
    """As read_target gives it, for a target of profiles.yml."""
    credentials = dict(output)
    kind = credentials.pop("type")
    if kind == "duckdb":
        credentials = {"schema": "main", "database": duckdb_name(credentials["path"]), **credentials}
    if kind == "postgres":
        credentials["database"] = credentials.pop("dbname")
    place = log_place(kind, database or credentials["database"], schema or credentials["schema"], "runs", {})
    return Target("shop", "dev", kind, credentials, 1, Path(), Path(), place)


@pytest.fixture
def target(warehouse: Warehouse) -> Target:
    """Each warehouse, with its schema and nothing else."""
    warehouse.execute(f"create schema if not exists {warehouse.schema}")
    return make_target(warehouse.output())


def failure(action: Callable[[], Any], code: Exit = Exit.CONFIG) -> str:
    with pytest.raises(ExecLogError) as caught:
        action()
    assert caught.value.exit_code == code
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)
    return str(caught.value)


def test_a_session_reads_writes_and_binds_the_same_way_on_every_warehouse(target: Target) -> None:
    with connect(target) as session:
        assert session.kind == target.kind
        session.execute(
            f"create table {session.table} (id integer, word varchar(100), made timestamp, doc {json_type(target)})"
        )
        literals = f"select 1, 'one', cast('2024-02-03 04:05:06.789' as timestamp), {JSON[target.kind]}"
        assert session.execute(f"insert into {session.table} {literals} union all select 2, 'it''s 100%', null, null") == 2
        assert session.execute(f"update {session.table} set word = %s where word like 'o%%'", ["un'o %s ?"]) == 1
        assert session.execute(f"update {session.table} set word = %s where id = %s", ["none", 3]) == 0
    with connect(target, read_only=True) as session:
        rows = session.query(f"select * from {session.table} order by id")
        assert session.query(f"select ID from {session.table} where word like '%00%'") == [{"id": 2}]
        assert session.query("select %s as nothing, '5%%' as percent", [None]) == [{"nothing": None, "percent": "5%"}]
    assert [{**row, "doc": row["doc"] and row["doc"].replace(" ", "")} for row in rows] == [
        {"id": 1, "word": "un'o %s ?", "made": datetime(2024, 2, 3, 4, 5, 6, 789000), "doc": '{"a":[1]}'},
        {"id": 2, "word": "it's 100%", "made": None, "doc": None},
    ]


def json_type(target: Target) -> str:
    return {"duckdb": "json", "postgres": "jsonb", "snowflake": "variant"}[target.kind]


def test_a_time_with_a_zone_comes_as_utc(target: Target) -> None:
    with connect(target) as session:
        (row,) = session.query("select current_timestamp as now")
    assert row["now"].tzinfo is None
    assert abs((row["now"] - datetime.now(timezone.utc).replace(tzinfo=None)).total_seconds()) < 60


@pytest.mark.parametrize("schema", [None, "no such schema"])
def test_a_log_table_that_is_not_there_asks_for_install(target: Target, schema: str | None) -> None:
    elsewhere = replace(target, log=replace(target.log, schema=schema or target.log.schema))
    with connect(elsewhere, read_only=True) as session:
        message = failure(lambda: session.query(f"select * from {session.table} where id = %s", [1]))
    doubt = " (Or the role R may not see it: Snowflake does not tell these apart.)" if target.kind == "snowflake" else ""
    assert message == f"there is no log table {session.table} yet. Run `execlog install`.{doubt}"


def test_a_log_table_of_an_older_version_asks_for_install(target: Target) -> None:
    with connect(target) as session:
        session.execute(f"create table {session.table} (process_step_id varchar(10))")
        message = failure(lambda: session.query(f"select parent_step_id from {session.table}"))
        assert message == f"the log table {session.table} is of an older version. Run `execlog install`."


def test_a_statement_that_fails_is_one_line_without_what_was_bound_to_it(target: Target) -> None:
    with connect(target) as session:
        message = failure(lambda: session.query("select cast(%s as integer) as n\n, 1 as m", [SECRET]))
        assert message.startswith(f"{target.kind} refuses a statement: ")
        missing = failure(lambda: session.query("select * from not_the_log"))
    assert "not_the_log" in missing.lower()
    assert "install" not in missing


def test_a_schema_of_any_name_is_one_identifier(warehouse: Warehouse) -> None:
    # the stand-in takes no quote in a name
    name = ("odd na;me " if warehouse.name == "snowflake" else 'o"dd na;me ') + uuid4().hex[:6]
    quoted = '"' + name.replace('"', '""') + '"'
    warehouse.execute(f"create schema {quoted}", f"create table {quoted}.runs as select 1 as id")
    target = make_target(warehouse.output(), schema=name)
    with connect(target if target.kind != "duckdb" else replace(target, log=replace(target.log, table="runs"))) as session:
        assert session.query(f"select id from {session.table}") == [{"id": 1}]


def test_a_driver_that_is_not_installed_is_named() -> None:
    assert failure(lambda: driver("no_such_driver", "snowflake")) == (
        "no_such_driver is not installed. Run `pip install 'exec-logger[snowflake]'`."
    )


class TestDuckDB:
    def test_a_file_that_another_process_writes_is_busy(self, tmp_path: Path) -> None:
        file = tmp_path / "ware house.duckdb"
        program = f"import duckdb, sys; c = duckdb.connect({str(file)!r}); print('open', flush=True); sys.stdin.read()"
        writer = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert writer.stdout and writer.stdin
        assert writer.stdout.readline() == b"open\n"
        try:
            for read_only in (True, False):
                message = failure(lambda: connect(duckdb_target(file), read_only=read_only), Exit.BUSY)  # noqa: B023
                assert message.startswith(f"the database {file} is locked by ")
                assert message.endswith(f"(PID {writer.pid}). Wait for the dbt that holds it to end.")
        finally:
            writer.communicate(timeout=30)

    def test_a_file_may_be_read_by_many_and_is_not_written_by_a_reader(self, tmp_path: Path) -> None:
        file = tmp_path / "w.duckdb"
        duckdb.connect(str(file)).close()
        with connect(duckdb_target(file), read_only=True) as one, connect(duckdb_target(file), read_only=True) as other:
            assert one.query("select 1 as a") == other.query("select 1 as a") == [{"a": 1}]
            assert "read-only" in failure(lambda: one.execute("create table t (a integer)"))

    @pytest.mark.parametrize("read_only", [True, False])
    def test_a_file_that_is_not_there_is_not_made(self, tmp_path: Path, read_only: bool) -> None:
        file = tmp_path / "w.duckdb"
        assert failure(lambda: connect(duckdb_target(file), read_only=read_only)) == (
            f"there is no database {file} yet. Run dbt or `execlog install` first."
        )
        assert not file.exists()

    def test_nothing_survives_in_memory(self) -> None:
        assert failure(lambda: connect(duckdb_target(Path(":memory:")))) == (
            "the target dev keeps its DuckDB in memory: nothing survives. Give it a `path`."
        )

    def test_another_file_is_no_database(self, tmp_path: Path) -> None:
        file = tmp_path / "w.duckdb"
        file.write_text("no database, but a text of some length")
        assert failure(lambda: connect(duckdb_target(file))).startswith(f"cannot open {file}: ")

    @pytest.mark.parametrize("attachment", [{"alias": "logs"}, {"alias": "logs", "options": {"block_size": 16384}}])
    def test_the_log_may_stand_in_an_attached_database(self, tmp_path: Path, attachment: dict[str, Any]) -> None:
        file = tmp_path / "it's.duckdb"
        with duckdb.connect() as connection:
            connection.execute(f"attach '{str(file).replace(chr(39), chr(39) * 2)}' as x (block_size 16384)")
            connection.execute("create table x.runs as select 1 as id")
        output = {"type": "duckdb", "path": ":memory:", "attach": [{"path": str(file), **attachment}]}
        target = make_target(output, database="logs")
        with connect(target) as session:
            assert session.execute(f"insert into {session.table} select 2") == 1
        with connect(target, read_only=True) as session:
            assert session.query(f"select count(*) as n from {session.table}") == [{"n": 2}]
            assert "read-only" in failure(lambda: session.execute(f"insert into {session.table} select 3"))


def duckdb_target(file: Path) -> Target:
    return make_target({"type": "duckdb", "path": str(file)})


class TestPostgres:
    def test_what_psycopg2_gets_is_what_dbt_gives_it(self) -> None:
        credentials = {
            "host": "h", "port": 5433, "user": "u", "password": SECRET, "database": "d", "schema": "s", "role": "r",
            "sslmode": "require", "sslcert": "c", "sslkey": "k", "sslrootcert": "rc", "keepalives_idle": 5,
            "search_path": "a, b", "connect_timeout": 3, "retries": 2,
        }  # fmt: skip
        assert connection_arguments(credentials) == {
            "host": "h", "port": 5433, "user": "u", "password": SECRET, "dbname": "d", "connect_timeout": 3,
            "application_name": "execlog", "sslmode": "require", "sslcert": "c", "sslkey": "k", "sslrootcert": "rc",
            "keepalives_idle": 5, "options": "-c search_path=a,\\ b",
        }  # fmt: skip

    def test_a_missing_privilege_is_named_with_its_table(self, postgres_host: str) -> None:
        warehouse = Postgres(postgres_host)
        role = f"reader_{uuid4().hex[:8]}"
        warehouse.execute(
            f"create schema {warehouse.schema}", f"create table {warehouse.schema}.runs (id integer)", f"create role {role}"
        )
        target = make_target({**warehouse.output(), "role": role})
        with connect(target) as session:
            message = failure(lambda: session.query(f"select * from {session.table}"))
            assert message == (
                f"{role} lacks a privilege: permission denied for schema {warehouse.schema}. "
                f"Grant SELECT on {session.table}, and USAGE on its schema, to {role}."
            )
            warehouse.execute(
                f"grant usage on schema {warehouse.schema} to {role}", f"grant select on {warehouse.schema}.runs to {role}"
            )
            assert session.query(f"select * from {session.table}") == []
            assert failure(lambda: session.execute(f"update {session.table} set id = 1")) == (
                f"{role} lacks a privilege: permission denied for table runs. "
                f"Grant SELECT and UPDATE on {session.table}, and USAGE on its schema, to {role}."
            )

    def test_a_reader_does_not_write(self, postgres_host: str) -> None:
        with connect(make_target(Postgres(postgres_host).output()), read_only=True) as session:
            assert "read-only" in failure(lambda: session.execute("create table t (a integer)"))

    def test_every_statement_is_committed_at_once(self, postgres_host: str) -> None:
        warehouse = Postgres(postgres_host)
        warehouse.execute(f"create schema {warehouse.schema}")
        with connect(make_target(warehouse.output())) as session:
            session.execute(f"create table {session.table} (a integer)")
            assert warehouse.query("select * from runs") == []

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"host": "127.0.0.1", "port": 1}, "postgres at 127.0.0.1 as postgres"),
            ({"dbname": "nowhere"}, "nowhere at {} as postgres"),
            ({"user": "nobody"}, "postgres at {} as nobody"),
        ],
    )
    def test_a_connection_that_fails_names_its_place(self, postgres_host: str, change: dict[str, Any], place: str) -> None:
        output = {**Postgres(postgres_host).output(), "password": SECRET, **change}
        message = failure(lambda: connect(make_target(output)))
        assert message.startswith(f"cannot connect to PostgreSQL ({place.format(postgres_host)}): connection to server ")

    def test_json_text_stays_text_only_in_the_session(self, postgres_host: str) -> None:
        with connect(make_target(Postgres(postgres_host).output())) as session:
            assert session.query("select '{}'::jsonb as a, '[1]'::json as b") == [{"a": "{}", "b": "[1]"}]
        with psycopg2.connect(host=postgres_host, user="postgres", dbname="postgres") as connection:
            cursor = connection.cursor()
            cursor.execute("select '{}'::jsonb")
            assert cursor.fetchone() == ({},)
        connection.close()


class TestSnowflake:
    def test_a_missing_privilege_is_named_with_its_table_and_role(self, standin: StandIn) -> None:
        standin.query("create or replace table runs (id integer)", schema="SC")
        standin.fail_matching("update", times=1)
        with connect(make_target(standin.profile())) as session:
            message = failure(lambda: session.execute(f"update {session.table} set id = %s", [1]))
        assert message == (
            "R lacks a privilege: 003001 (42501): SQL access control error: Insufficient privileges to operate on table. "
            "Grant SELECT and UPDATE on DB.SC.RUNS, and USAGE on its schema, to R."
        )

    def test_a_host_that_does_not_answer_fails_soon_and_names_its_account(self) -> None:
        output = {
            "type": "snowflake", "account": "acc", "user": "u", "password": SECRET, "database": "D", "schema": "S",
            "host": "127.0.0.1", "port": 1, "protocol": "http",
        }  # fmt: skip
        message = failure(lambda: connect(make_target(output)))
        assert message.startswith("cannot connect to Snowflake (account acc, user u): 250001")
