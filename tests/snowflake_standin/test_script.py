"""Blocks, on a stand-in for the warehouse itself: it records each statement, and answers or fails as the table says."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from .binds import Value
from .errors import SqlError
from .execute_immediate import immediate_text
from .script_parser import is_block, parse_block
from .script_runner import ScriptRunner

BOOM = SqlError(2003, "42S02", "it's gone")


class Recorder:
    def __init__(self, answers: dict[str, Sequence[Value] | SqlError]) -> None:
        self.answers = answers
        self.executed: list[str] = []

    def __call__(self, sql: str) -> list[Sequence[Value]]:
        self.executed.append(sql)
        answer = self.answers.get(sql, ())
        if isinstance(answer, SqlError):
            raise answer
        return [answer] if answer else []


def run(block: str, answers: dict[str, Sequence[Value] | SqlError] | None = None) -> tuple[Value, list[str]]:
    recorder = Recorder(answers or {})
    return ScriptRunner(recorder).run(parse_block(block)), recorder.executed


def test_a_block_without_return_returns_null() -> None:
    sql = "insert into t select ';\\';''', $x -- ;"
    assert run(f'begin {sql}\n, "a;b"; end') == (None, [f'{sql}\n, "a;b"'])


@pytest.mark.parametrize("end", ["end", "end;", "END ; -- done"])
def test_a_caught_error_is_in_sqlerrm_sqlcode_and_sqlstate(end: str) -> None:
    block = f"begin delete from t; exception when other then return sqlerrm || sqlcode || sqlstate; {end}"
    handled = "select 'it''s gone' || 2003 || '42S02'"
    assert run(block, {"delete from t": BOOM, handled: ("handled",)}) == ("handled", ["delete from t", handled])


def test_sqlerrm_alone_costs_no_statement() -> None:
    block = "begin delete from t; update t set a = 1; exception when other then return sqlerrm; end"
    assert run(block, {"delete from t": BOOM}) == ("it's gone", ["delete from t"])


def test_an_error_that_no_handler_catches_keeps_its_code() -> None:
    with pytest.raises(SqlError) as raised:
        run("begin delete from t; end", {"delete from t": BOOM})
    assert raised.value is BOOM


def test_an_error_in_a_handler_goes_to_the_block_around() -> None:
    block = """begin
        begin delete from t; exception when other then delete from u; end;
        return 'not reached';
    exception when other then return sqlcode; end"""
    answers: dict[str, Sequence[Value] | SqlError] = {"delete from t": BOOM, "delete from u": SqlError(7, "x", "again")}
    assert run(block, answers) == (7, ["delete from t", "delete from u"])


def test_a_nested_block_returns_from_all() -> None:
    assert run("begin begin return null; end; delete from t; end") == (None, [])


def test_variables_are_bound_with_a_colon_in_sql_and_by_name_in_expressions() -> None:
    block = """declare n int default 1; text varchar;
    begin
        text := 'it''s';
        let m := (select max(a) from t where b = :text);
        n := n + m;
        insert into t select :n, v.value:n, :text::varchar, x:text;
        select a, b into :n, :text from t where a = :n;
        null;
        return text;
    end"""
    statements: dict[str, Sequence[Value] | SqlError] = {
        "select cast(1 as int)": (1,),
        "select cast('it''s' as varchar)": ("it's",),
        "select (select max(a) from t where b = 'it''s')": (5,),
        "select cast(1 + 5 as int)": (6,),
        "insert into t select 6, v.value:n, 'it''s'::varchar, x:text": (),
        "select a, b  from t where a = 6": (9, "new"),
    }
    assert run(block, statements) == ("new", list(statements))


def test_a_handler_does_not_see_what_let_declares() -> None:
    with pytest.raises(SqlError, match="Bind variable :n not set"):
        run(
            "begin let n := null; delete from t; exception when other then insert into t select :n; end",
            {"delete from t": BOOM},
        )


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("begin for i in 1 to 2 do delete from t; end for; end", "does not emulate FOR in a block"),
        ("begin if true then delete from t; end if; end", "unexpected 'true'"),
        ("begin raise nope; end", "there is no exception 'NOPE' to raise"),
        ("declare e exception (-1, 'x'); begin null; end", "exception number -1"),
        ("begin delete from t; exception when statement_error then null; end", "does not emulate WHEN STATEMENT_ERROR"),
        ("begin null; exception when other then null; when other then null; end", "more than one WHEN"),
        ("declare c cursor for select 1; begin null; end", "does not emulate a variable of type"),
        ("begin call p(); end", "does not emulate CALL"),
        ("begin delete from t end", "unexpected '<EOF>'"),
        ("begin end", "unexpected 'end'"),
        ("begin null; end end", "unexpected 'end'"),
        ("begin frobnicate; end", "syntax error line 1 at position 6 unexpected 'frobnicate'"),
        ("begin x := null; end", "invalid identifier 'X'"),
        ("begin let x; end", "unexpected ';'"),
    ],
)
def test_what_is_not_understood_is_refused(block: str, message: str) -> None:
    with pytest.raises(SqlError, match=message):
        run(block)


@pytest.mark.parametrize(("n", "result"), [(1, "one"), (2, "two"), (3, "many"), (4, None)])
def test_the_first_branch_whose_condition_holds_is_run(n: int, result: str | None) -> None:
    block = """begin
        if (n = case when n then 1 end) then return 'one';
        elseif (n = 2) then return 'two';
        else if (n = 3) then let x := 'many'; return x; end if; end if;
    end"""
    answers: dict[str, Sequence[Value] | SqlError] = {
        f"select ({n} = case when {n} then 1 end)": (n == 1,),
        f"select ({n} = 2)": (n == 2,),
        f"select ({n} = 3)": (n == 3,),
        **{f"select '{word}'": (word,) for word in ("one", "two", "many")},
    }
    assert ScriptRunner(Recorder(answers)).run(parse_block(block), {"N": n}) == result


def test_a_declared_exception_is_raised_with_its_number_and_message() -> None:
    with pytest.raises(SqlError) as raised:
        run("declare e exception (-20001, 'it''s late'); begin raise e; end")
    assert raised.value == SqlError(-20001, "P0001", "it's late")


def test_a_handler_can_raise_again_what_it_caught() -> None:
    with pytest.raises(SqlError) as raised:
        run("begin delete from t; exception when other then raise; end", {"delete from t": BOOM})
    assert raised.value is BOOM


def test_execute_immediate_runs_the_text_of_a_variable() -> None:
    block = "begin let s varchar := 'delete from t'; execute immediate :s; execute immediate s; end"
    assert run(block, {"select cast('delete from t' as varchar)": ("delete from t",)})[1][1:] == ["delete from t"] * 2


def test_sqlid_is_the_id_of_the_last_statement() -> None:
    block = "begin delete from t; let n := sqlid; delete from u; select 1 from v where a = :n and b = :sqlid; end"
    recorder, ids = Recorder({"select 'id1'": ("id1",)}), iter(["id1", "id2", "id3"])
    ScriptRunner(recorder, last_query_id=lambda: next(ids)).run(parse_block(block))
    assert recorder.executed[-1] == "select 1 from v where a = 'id1' and b = 'id2'"


def test_begin_transaction_opens_no_block() -> None:
    assert not is_block("begin transaction; delete from t; commit")
    assert run("begin begin transaction; delete from t; commit; end")[1] == ["begin transaction", "delete from t", "commit"]


@pytest.mark.parametrize(
    ("sql", "text"),
    [
        ("select 1", None),
        ("/* a */ Execute\n Immediate $$begin null; end$$; -- b", "begin null; end"),
        ("execute immediate 'select ''a'' \\\\ '", "select 'a' \\ "),
    ],
)
def test_execute_immediate_gives_its_text(sql: str, text: str | None) -> None:
    assert immediate_text(sql) == text
