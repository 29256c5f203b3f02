from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from exec_logger.dbt_args import parse_mapping
from exec_logger.planning import yaml_text

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\\'\"{}:#%"))
SCALARS = TEXT | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none() | st.dates()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)


@settings(max_examples=200, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.dictionaries(st.text("abc_", min_size=1), VALUES, min_size=1, max_size=4))
def test_vars_mean_to_dbt_what_they_meant_to_us(variables: dict[str, Any]) -> None:
    text = yaml_text(variables)
    assert parse_mapping(text, "--vars") == variables


def test_a_date_stays_a_date() -> None:
    assert yaml_text({"day": date(2026, 1, 2)}) == "{day: 2026-01-02}"
