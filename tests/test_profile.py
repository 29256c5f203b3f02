"""What execlog reads of the user's project and profile must be what dbt reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from snowflake.connector.config_manager import CONFIG_MANAGER

from exec_logger.errors import ExecLogError, Exit
from exec_logger.place import LogPlace, duckdb_name, log_place
from exec_logger.profile import Target, Where, read_target
from exec_logger.warehouse import connect
from tests.conftest import make_warehouse
from tests.snowflake_standin.client import StandIn
from tests.support.project import Project

ALL = frozenset({"database", "schema", "identifier"})
POSTGRES = {"type": "postgres", "host": "h", "user": "u", "pass": "hunter22", "dbname": "d", "schema": "s", "threads": 3}
SNOWFLAKE = {"type": "snowflake", "account": "a", "user": "u", "password": "hunter22", "database": "D", "schema": "S"}


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home and a current folder of the test's own."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


def write(folder: Path, output: dict[str, Any] | str = POSTGRES, **project: Any) -> Path:
    """A project with the profile `p`, whose only target is `dev`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dbt_project.yml").write_text(yaml.safe_dump({"name": "shop", "profile": "p", **project}))
    profile = output if isinstance(output, str) else yaml.safe_dump({"p": {"target": "dev", "outputs": {"dev": output}}})
    (folder / "profiles.yml").write_text(profile)
    return folder


def read(folder: Path, vars: dict[str, Any] | None = None, **options: Any) -> Target:
    return read_target(Where(project_dir=folder, profiles_dir=folder, **options), vars)


def failure(folder: Path, vars: dict[str, Any] | None = None, **options: Any) -> str:
    with pytest.raises(ExecLogError) as caught:
        read(folder, vars, **options)
    assert caught.value.exit_code == Exit.CONFIG
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_target_is_read_under_the_names_of_its_adapter(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop")
    assert read(folder) == Target(
        project_name="shop",
        target_name="dev",
        kind="postgres",
        credentials={"host": "h", "user": "u", "password": "hunter22", "database": "d", "schema": "s"},
        threads=3,
        project_dir=folder,
        profiles_dir=folder,
        log=LogPlace("d", "s", "process_execution_log", ALL),
        packages_dir=folder / "dbt_packages",
    )


def test_no_secret_shows_in_the_repr(tmp_path: Path) -> None:
    assert "hunter22" not in repr(read(write(tmp_path / "shop")))


@pytest.mark.parametrize(
    ("output", "vars", "options", "table"),
    [
        (POSTGRES, {}, {}, '"d"."s"."process_execution_log"'),
        (SNOWFLAKE, {}, {}, "D.S.PROCESS_EXECUTION_LOG"),
        ({"type": "duckdb", "path": "a/my.db.duckdb"}, {}, {}, '"my"."main"."PROCESS_EXECUTION_LOG"'),
        (SNOWFLAKE, {"execlog_schema": "root"}, {}, "D.root.PROCESS_EXECUTION_LOG"),
        (SNOWFLAKE, {"execlog_schema": "root", "shop": {"execlog_schema": "own"}}, {}, "D.own.PROCESS_EXECUTION_LOG"),
        (
            SNOWFLAKE,
            {"execlog_schema": "root", "shop": {"execlog_schema": "own"}, "exec_logger": {"execlog_schema": "scoped"}},
            {},
            "D.scoped.PROCESS_EXECUTION_LOG",
        ),
        (
            SNOWFLAKE,
            {"exec_logger": {"execlog_schema": "scoped", "execlog_database": "db", "execlog_table": "runs"}},
            {"vars": {"execlog_schema": "cli"}},
            "db.cli.RUNS",
        ),
        (SNOWFLAKE, {"execlog_table": "x"}, {"vars": {"execlog_table": "cli"}, "log_table": "opt"}, "D.S.OPT"),
        (SNOWFLAKE, {"execlog_schema": "{{ target.schema }}_{{ env_var('X', 'y') }}"}, {}, "D.S_y.PROCESS_EXECUTION_LOG"),
        (SNOWFLAKE, {"execlog_schema": "{{ var('a') }}", "a": "{{ target.name }}"}, {}, "D.dev.PROCESS_EXECUTION_LOG"),
        (POSTGRES, {"execlog_schema": None}, {"log_database": "e", "log_table": "T"}, '"e"."s"."t"'),
    ],
)  # fmt: skip
def test_the_place_of_the_log_comes_from_options_then_vars_then_the_target(
    tmp_path: Path, output: dict[str, Any], vars: dict[str, Any], options: dict[str, Any], table: str
) -> None:
    assert read(write(tmp_path / "shop", output, vars=vars), **options).log.sql == table


def test_the_vars_of_dbt_1_12_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", SNOWFLAKE, quoting={"schema": "{{ var('quoted') }}"})
    (folder / "vars.yml").write_text("vars: {execlog_schema: elsewhere, quoted: true}")
    assert read(folder).log.sql == 'D."elsewhere".PROCESS_EXECUTION_LOG'


@pytest.mark.parametrize(
    ("kind", "names", "quoting", "sql"),
    [
        ("snowflake", ("db", "my schema", "t"), {}, 'db."my schema".T'),
        ("snowflake", ("db", 'a"b', "t"), {}, 'db."a""b".T'),
        ("snowflake", ("db", '"Ready"', "t"), {}, 'db."Ready".T'),
        ("snowflake", ("db", "1st; drop table x", "t"), {}, 'db."1st; drop table x".T'),
        ("snowflake", ("db", "Sc", "t"), {"schema": True, "identifier": True}, 'db."Sc"."T"'),
        ("postgres", ("db", 'a"b c', "T"), {}, '"db"."a""b c"."t"'),
        ("postgres", ("db", "sc", "T"), {"dbname": False, "schema": False}, 'db.sc."t"'),
        ("duckdb", ("a b", "main", "t"), {"database": None}, '"a b"."main"."T"'),
    ],
)  # fmt: skip
def test_a_name_is_quoted_as_dbt_quotes_it_and_any_name_is_one_identifier(
    kind: Any, names: tuple[str, str, str], quoting: dict[str, Any], sql: str
) -> None:
    assert log_place(kind, *names, quoting).sql == sql


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (":memory:", "memory"), ("x.duckdb", "x"), ("/a/b.c.duckdb", "b"), (".hidden.db", "hidden"), ("md:", "my_db"),
        ("md:shop?motherduck_token=t", "shop"), ("motherduck:shop", "shop"), ("ducklake:meta.ducklake", "meta"),
    ],
)  # fmt: skip
def test_duckdb_names_a_database_after_its_file(path: str, name: str) -> None:
    assert duckdb_name(path) == name == DuckDBCredentials.path_derived_database_name(path)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{ env_var('A') }}", "5432"),
        ("{{ env_var('A') | as_number }}", 5432),
        ("{{ env_var('A') | int + 1 }}", 5433),
        ("x{{ env_var('A') }}", "x5432"),
        ("{{ env_var('DBT_ENV_SECRET_B') }}", "s3cret"),
        ("{{ env_var('MISSING', 'default') }}", "default"),
        ("{{ 'True' | as_bool }}", True),
        ("{{ '[1, 2]' | as_native }}", [1, 2]),
        ("{{ '007' | as_text }}", "007"),
        ("{{ var('v') }}-{{ var('w', 'none') }}", "given-none"),
        ("{% if env_var('A') == '5432' %}yes{% endif %}", "yes"),
        ("no jinja {", "no jinja {"),
        (["{{ env_var('A') }}"], ["5432"]),
    ],
)
def test_a_profile_is_rendered_as_dbt_renders_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: Any, value: Any
) -> None:
    monkeypatch.setenv("A", "5432")
    monkeypatch.setenv("DBT_ENV_SECRET_B", "s3cret")
    folder = write(tmp_path / "shop", {**POSTGRES, "extra": text})
    assert read(folder, {"v": "given"}).credentials["extra"] == value


@pytest.mark.parametrize("password", ["{{", "a{%b", "{{ nothing }}"])
def test_a_password_that_looks_like_jinja_is_taken_as_it_stands(tmp_path: Path, password: str) -> None:
    assert read(write(tmp_path / "shop", {**POSTGRES, "pass": password})).credentials["password"] == password


def test_a_dotenv_file_stands_back_behind_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST_A", "real")
    (tmp_path / ".env").write_text("# HOST_B=no\nHOST_A=file\nexport HOST_B='quo ted'  # why\nHOST_C=bare # why\n")
    folder = write(
        tmp_path / "shop", {**POSTGRES, "host": "{{ env_var('HOST_A') }} {{ env_var('HOST_B') }} {{ env_var('HOST_C') }}"}
    )
    assert read(folder).credentials["host"] == "real quo ted bare"


def test_only_the_chosen_target_needs_its_environment(tmp_path: Path) -> None:
    profile = {
        "target": "{{ env_var('WHICH', 'b') }}",
        "outputs": {"a": {**POSTGRES, "host": "{{ env_var('NOT_SET') }}"}, "b": POSTGRES},
    }
    folder = write(tmp_path / "shop", yaml.safe_dump({"p": profile}))
    assert read(folder).target_name == "b"
    assert failure(folder, target="a") == (
        f"the environment variable NOT_SET is not set, and {folder}/profiles.yml needs it. Set it."
    )


def test_a_profile_that_chooses_no_target_has_the_target_default(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", yaml.safe_dump({"p": {"outputs": {"default": POSTGRES}}}))
    assert read(folder).target_name == "default"


def test_the_project_is_looked_for_upwards_and_the_profile_here_and_then_at_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = write(tmp_path / "shop")
    below = shop / "models" / "staging"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    with pytest.raises(ExecLogError, match=r"^there is no .*/home/\.dbt/profiles\.yml\. "):
        read_target(Where())
    at_home = write(tmp_path / "home" / ".dbt", {**POSTGRES, "host": "at home"})
    target = read_target(Where())
    assert (target.project_dir, target.profiles_dir, target.credentials["host"]) == (shop, at_home, "at home")
    monkeypatch.chdir(shop)
    assert read_target(Where()).profiles_dir == shop


@pytest.mark.parametrize(
    ("profiles", "project", "options", "message"),
    [
        ("q: {}", {}, {}, "there is no profile p in {}/profiles.yml. Add it, or name another with --profile."),
        ("p:", {}, {}, "there is no profile p in {}/profiles.yml. Add it, or name another with --profile."),
        ("", {}, {}, "{}/profiles.yml holds no settings. Mend it."),
        (
            "p: {outputs: {a: {}, b: {}}}",
            {},
            {"target": "c"},
            "the profile p in {}/profiles.yml has no target c. Its targets: a, b.",
        ),
        (
            "p: {}",
            {},
            {"target": "c"},
            "the profile p in {}/profiles.yml has no target c. Its targets: none.",
        ),
        (
            "p: {outputs: {default: {type: bigquery}}}",
            {},
            {},
            "the target default is of the type bigquery; execlog works with snowflake, duckdb, postgres.",
        ),
        (
            "p: {outputs: {default: {type: snowflake, account: a}}}",
            {},
            {},
            "the target default in {}/profiles.yml has no `database`. Add it.",
        ),
        (
            "p: {outputs: {default: {type: duckdb, threads: many}}}",
            {},
            {},
            "the `threads` of the target default in {}/profiles.yml are not a number. Mend it.",
        ),
        ("p:\n  password: *hunter22\n", {}, {}, "{}/profiles.yml is not valid YAML (line 2). Mend it."),
        ("p:\n\t- hunter22", {}, {}, "{}/profiles.yml is not valid YAML (line 2). Mend it."),
        ("p: {}", {"profile": None}, {}, "{}/dbt_project.yml names no profile. Add `profile: <name>`, or use --profile."),
        (
            "p: {outputs: {default: {type: postgres, host: '{{ hunter22'}}}",
            {},
            {},
            "cannot read `host` in {}/profiles.yml: its Jinja is not valid. Mend it.",
        ),
        (
            "p: {outputs: {default: {type: postgres, host: '{{ nothing }}'}}}",
            {},
            {},
            "cannot read `host` in {}/profiles.yml: 'nothing' is undefined. Mend it.",
        ),
        (
            """p: {outputs: {default: {type: postgres, port: "{{ 'hunter22' | as_number }}"}}}""",
            {},
            {},
            "cannot read `port` in {}/profiles.yml: it is not a number. Mend it.",
        ),
        (
            """p: {outputs: {default: {type: postgres, port: "{{ 'hunter22' | int(default='x') + 1 }}"}}}""",
            {},
            {},
            "cannot read `port` in {}/profiles.yml: its Jinja raises TypeError. Mend it.",
        ),
        (
            "p: {target: \"{{ var('which') }}\"}",
            {},
            {},
            "the variable which is not set, and {}/profiles.yml needs it. Give it with --vars.",
        ),
    ],
)
def test_what_is_missing_or_broken_is_said_in_one_line_that_names_no_value(
    tmp_path: Path, profiles: str, project: dict[str, Any], options: dict[str, Any], message: str
) -> None:
    folder = write(tmp_path / "shop", profiles, **project)
    assert failure(folder, **options) == message.replace("{}", str(folder), 1)


def test_a_folder_without_a_project_is_named(tmp_path: Path) -> None:
    assert failure(tmp_path / "home") == (
        f"there is no dbt_project.yml in {tmp_path}/home. Run this in a dbt project, or name one with --project-dir."
    )


CONNECTIONS = """
[ci]
account = "fakesnow"
user = "u"
password = "hunter22"
database = "DB"
schema = "CI"
host = "127.0.0.1"
port = {port}
protocol = "http"

[bare]
account = "acc"
"""


@pytest.fixture
def connections(tmp_path: Path, standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another connections.toml than the one that the connector found when it was imported."""
    file = tmp_path / "connections.toml"
    file.write_text(CONNECTIONS.format(port=standin.port))
    file.chmod(0o600)
    monkeypatch.setattr(CONFIG_MANAGER, "_slices", [replace_path(part, file) for part in CONFIG_MANAGER._slices])
    monkeypatch.setattr(CONFIG_MANAGER, "conf_file_cache", None)


def replace_path(part: Any, path: Path) -> Any:
    return part._replace(path=path) if part.section == "connections" else part


@pytest.mark.usefixtures("connections")
def test_a_connection_of_the_connector_needs_neither_profile_nor_project(tmp_path: Path) -> None:
    target = read_target(Where(connection="ci"))
    assert "hunter22" not in repr(target)
    assert (target.project_name, target.target_name, target.kind, target.threads) == ("", "ci", "snowflake", 1)
    assert (target.project_dir, target.profiles_dir) == (tmp_path, tmp_path / "home" / ".dbt")
    assert target.log == LogPlace("DB", "CI", "PROCESS_EXECUTION_LOG")
    with connect(target) as session:
        assert session.query("select current_database() as name") == [{"name": "DB"}]


@pytest.mark.usefixtures("connections")
def test_a_project_names_the_log_of_a_connection_and_an_option_names_its_target(tmp_path: Path) -> None:
    folder = write(tmp_path / "shop", vars={"execlog_database": "LOGS"})
    target = read_target(Where(project_dir=folder, connection="ci", target="prod", log_schema="META"))
    assert (target.project_name, target.target_name, target.log.sql) == ("shop", "prod", "LOGS.META.PROCESS_EXECUTION_LOG")


@pytest.mark.usefixtures("connections")
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nope", "connections.toml has no connection nope. Its connections: ci, bare."),
        ("bare", "the connection bare does not say where the log stands. Give --log-database."),
    ],
)
def test_a_connection_that_is_not_enough_is_said_to_be(name: str, message: str) -> None:
    with pytest.raises(ExecLogError) as caught:
        read_target(Where(connection=name))
    assert str(caught.value) == message


PLACE = """
{% macro place() %}{{ print('PLACE ' ~ exec_logger.log_table(exec_logger.settings()).relation) }}{% endmacro %}
"""


@pytest.mark.parametrize(
    ("name", "config", "vars"),
    [
        ("duckdb", {"vars": {"exec_logger": {"execlog_schema": "Meta Data"}, "execlog_table": "Runs"}}, {}),
        ("postgres", {"vars": {"execlog_schema": "{{ target.schema }}_meta"}, "quoting": {"database": False}}, {}),
        (
            "snowflake",
            {"vars": {"exec_logger": {"execlog_schema": "no"}}, "quoting": {"schema": True}},
            {"execlog_schema": "Cli"},
        ),
    ],
)
def test_dbt_itself_names_the_same_table(
    name: str, config: dict[str, Any], vars: dict[str, Any], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    project = Project(tmp_path / "shop", make_warehouse(name, request, tmp_path), {"macros/place.sql": PLACE}, config=config)
    output = project.dbt("run-operation", "place", "--vars", yaml.safe_dump(vars)).output
    (place,) = [line.removeprefix("PLACE ") for line in output.splitlines() if line.startswith("PLACE ")]
    assert read(project.folder, vars).log.sql == place
