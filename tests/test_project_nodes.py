from __future__ import annotations

from collections.abc import Sequence

import pytest
from dbt.graph.selector_methods import is_selected_node
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from exec_logger.errors import ExecLogError
from exec_logger.project_nodes import ProjectNode, Selection, descendants, selection


def node(unique_id: str, fqn: str, *parents: str, version: str | None = None) -> ProjectNode:
    kind = unique_id.partition(".")[0]
    parts = tuple(fqn.split("/"))
    return ProjectNode(unique_id, kind, parts[-1], parts, parents, version=version)


def selected(project: Sequence[ProjectNode], chosen: Selection) -> set[str]:
    """What dbt itself makes of a selection (graph/selector_spec.py and selector_methods.py), as far as we write them."""
    return union(project, chosen.select) - union(project, chosen.exclude)


def union(project: Sequence[ProjectNode], selectors: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for selector in selectors:
        assert " " not in selector
        matches = {one.unique_id for one in project}
        for part in selector.split(","):
            method, _, value = part.partition(":")
            if method == "resource_type":
                matches &= {one.unique_id for one in project if one.resource_type == value}
            else:
                assert method == "fqn"
                matches &= {
                    one.unique_id
                    for one in project
                    if is_selected_node(list(one.fqn), value, one.version is not None)
                    or is_selected_node(list(one.fqn[1:]), value, one.version is not None)
                }
        assert matches, f"{selector} matches nothing"
        found |= matches
    return found


SHOP = [
    node("model.shop.a", "shop/marts/a"),
    node("model.shop.b", "shop/marts/b"),
    node("model.shop.marts", "shop/marts"),
    node("test.shop.marts.1", "shop/marts/marts"),
    node("model.shop.dim.v1", "shop/dims/dim/v1", version="1"),
    node("model.shop.dim.v2", "shop/dims/dim/v2", version="2"),
    node("model.lib.a", "lib/marts/a"),
    node("model.lib.dim.v1", "lib/dim/v1", version="1"),
    node("model.shop.my", "shop/my marts/x, y+1"),
    node("seed.shop.b", "shop/b"),
    node("test.shop.a.2", "shop/a"),
    node("model.shop.dotted.name", "shop/marts/dotted.name"),
]
IDS = [one.unique_id for one in SHOP]


@settings(max_examples=300, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.sets(st.sampled_from(IDS), min_size=1))
def test_a_selection_names_exactly_the_wanted_nodes(wanted: set[str]) -> None:
    assert selected(SHOP, selection(SHOP, wanted, "build")) == wanted


PARTS = st.sampled_from(["a", "b", "a b", "shop", "a.b", "a_b", "v1", "é", "[x]", "a,b", "+a", "@b", "1+", "x:y"])


@st.composite
def projects(draw: st.DrawFn) -> list[ProjectNode]:
    paths = draw(
        st.sets(
            st.tuples(st.sampled_from(["model", "test"]), st.lists(PARTS, min_size=1, max_size=3).map(tuple)),
            min_size=1,
            max_size=9,
        )
    )
    found = []
    for number, (kind, path) in enumerate(sorted(paths)):
        versioned = kind == "model" and len(path) > 1 and path[-1] == "v1"
        found.append(
            ProjectNode(f"{kind}.shop.{number}", kind, path[-1], ("shop", *path), (), version="1" if versioned else None)
        )
    return found


@settings(max_examples=300, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(projects(), st.data())
def test_a_selection_is_exact_in_any_project_or_refused(project: list[ProjectNode], data: st.DataObject) -> None:
    wanted = data.draw(st.sets(st.sampled_from([one.unique_id for one in project]), min_size=1))
    try:
        chosen = selection(project, wanted, "build")
    except ExecLogError as error:
        assert "cannot be told apart" in str(error)
        return
    assert selected(project, chosen) == wanted


def test_a_folder_of_which_everything_is_wanted_is_one_selector() -> None:
    project = [node(f"model.shop.m{i}", f"shop/marts/m{i}") for i in range(5000)] + [node("model.shop.s", "shop/staging/s")]
    wanted = {one.unique_id for one in project if one.name != "s"}
    assert selection(project, wanted, "run") == Selection(("fqn:shop.marts",))


def test_what_the_command_does_not_run_does_not_stand_in_the_way() -> None:
    project = [node("model.shop.a", "shop/a"), node("model.shop.b", "shop/b"), node("test.shop.t.1", "shop/t")]
    assert selection(project, {"model.shop.a", "model.shop.b"}, "run") == Selection(("fqn:shop",))
    assert selection(project, {"model.shop.a"}, "build") == Selection(("fqn:shop.a",))


def test_where_nearly_all_is_wanted_the_few_others_are_excluded() -> None:
    project = [node(f"model.shop.m{i}", f"shop/m{i}") for i in range(100)] + [node("test.shop.t.1", "shop/t")]
    wanted = {one.unique_id for one in project} - {"model.shop.m7"}
    assert selection(project, wanted, "build") == Selection(("resource_type:model", "resource_type:test"), ("fqn:shop.m7",))


def test_a_node_that_the_command_does_not_run_is_an_error() -> None:
    with pytest.raises(ExecLogError, match=r"dbt run does not run test\.shop\.t\.1\."):
        selection([node("test.shop.t.1", "shop/t")], {"test.shop.t.1"}, "run")


def test_descendants_are_all_that_depends_on_them_nearest_first() -> None:
    project = [node("model.shop.c", "c", "model.shop.b"), node("model.shop.b", "b", "model.shop.a"), node("model.shop.x", "x")]
    assert descendants(project, ["model.shop.a"]) == ["model.shop.b", "model.shop.c"]
