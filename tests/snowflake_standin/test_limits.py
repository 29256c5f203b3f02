from __future__ import annotations

import pytest

from .errors import SqlError
from .limits import MAX_STATEMENT_BYTES, MAX_VALUES_ROWS, check_limits


@pytest.mark.parametrize(
    ("sql", "call"),
    [
        ("insert into t values (1, parse_json('{}'))", "parse_json('{}')"),
        ("insert into t (a) values (1), (PARSE_JSON ( '(' || 'x' ))", "PARSE_JSON ( '(' || 'x' )"),
        ("select * from values (upper(parse_json('1')::varchar))", "parse_json('1')"),
    ],
)
def test_parse_json_in_values_is_refused(sql: str, call: str) -> None:
    with pytest.raises(SqlError) as refused:
        check_limits(sql)
    error = refused.value
    assert (error.code, error.sqlstate) == (2014, "22000")
    assert error.message == f"SQL compilation error:\nInvalid expression [{call}] in VALUES clause"


@pytest.mark.parametrize(
    "sql",
    [
        "insert into t select parse_json('{}')",
        "insert into t select 'values (parse_json(1))'",
        "insert into t values (1, 'parse_json(1)')",
        "select parse_json(v) from (values (1)) as t (v)",
        "merge into t using s on t.a = s.a when not matched then insert (a, v) values (s.a, parse_json(s.v))",
        "merge into t using s on t.a = s.a when not matched then insert values (s.a, parse_json(s.v))",
    ],
)
def test_parse_json_elsewhere_is_accepted(sql: str) -> None:
    check_limits(sql)


def test_a_values_list_has_at_most_16384_rows() -> None:
    check_limits("insert into t values " + ", ".join(["((1))"] * MAX_VALUES_ROWS))
    with pytest.raises(SqlError, match="expected at most 16,384, got 16,385") as refused:
        check_limits("insert into t values " + ", ".join(["((1))"] * (MAX_VALUES_ROWS + 1)))
    assert (refused.value.code, refused.value.sqlstate) == (1795, "42601")


@pytest.mark.parametrize("character", ["a", "é", "𝄞"])
def test_a_statement_has_at_most_a_megabyte_of_text(character: str) -> None:
    size = len(character.encode())
    check_limits(character * (MAX_STATEMENT_BYTES // size))
    with pytest.raises(SqlError, match="exceeds the limit of 1,048,576"):
        check_limits(character * (MAX_STATEMENT_BYTES // size) + character)
