from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .binds import literal
from .errors import SqlError
from .tokens import string_value, tokens


@given(st.text(alphabet="ab'\"$;\\-/* \n", max_size=30))
def test_tokens_joined_are_the_text(text: str) -> None:
    sql = f"select {literal(text)} /* '; */ -- $$\n"
    assert "".join(token.text for token in tokens(sql)) == sql


@given(st.text(max_size=40))
def test_a_literal_stands_for_its_value(text: str) -> None:
    found = list(tokens(literal(text)))
    assert [token.kind for token in found] == ["string"]
    assert string_value(found[0].text) == text


@pytest.mark.parametrize("sql", ["select 'a", 'select "a', "select 'a\\'"])
def test_an_unterminated_string_is_a_syntax_error(sql: str) -> None:
    with pytest.raises(SqlError, match="unterminated"):
        list(tokens(sql))


def test_a_semicolon_in_a_string_or_a_comment_is_no_mark() -> None:
    sql = "'a;\\';b' \"c;\" $$;$$ -- ;\n/* ; */ // ;\n;"
    assert [token.start for token in tokens(sql) if token.text == ";"] == [len(sql) - 1]
